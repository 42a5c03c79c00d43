"""Versions of the rules, as pages and decisions see them."""

import msgspec


class RuleText(msgspec.Struct, frozen=True):
    """A rule as it was: its words, and what explains it."""

    id: int
    text: str
    hint: str


class Version(msgspec.Struct, frozen=True):
    """The rules from a time on (UTC ms), in their order."""

    number: int
    rules: tuple[RuleText, ...]
    created_at: int


class Change(msgspec.Struct, frozen=True):
    """Something that a version brought: what happened, to which rule, and its words before."""

    what: str
    text: str = ""
    before: str = ""
