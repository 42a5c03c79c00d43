"""Filter and what belongs to it."""

from typing import Literal

import msgspec

ContextName = Literal["home", "notifications", "public", "thread", "account"]
ActionName = Literal["warn", "hide", "blur"]


class FilterKeyword(msgspec.Struct, frozen=True):
    """Words that a filter looks for."""

    id: str
    keyword: str
    whole_word: bool


class FilterStatus(msgspec.Struct, frozen=True):
    """A single post that is filed under a filter."""

    id: str
    status_id: str


class FilterHead(msgspec.Struct, frozen=True, kw_only=True):
    """A filter without what it looks for, as it stands in what it matched."""

    id: str
    title: str
    context: tuple[ContextName, ...]
    expires_at: str | None
    filter_action: ActionName


class Filter(FilterHead, frozen=True, kw_only=True):
    """A filter with all that it looks for."""

    keywords: tuple[FilterKeyword, ...]
    statuses: tuple[FilterStatus, ...]


class FilterResult(msgspec.Struct, frozen=True):
    """That a filter matches a post, and by what."""

    filter: FilterHead
    keyword_matches: tuple[str, ...] | None
    status_matches: tuple[str, ...] | None


class FilterV1(msgspec.Struct, frozen=True, kw_only=True):
    """A keyword with its filter, in the form before Mastodon 4."""

    id: str
    phrase: str
    context: tuple[ContextName, ...]
    whole_word: bool
    expires_at: str | None
    irreversible: bool
