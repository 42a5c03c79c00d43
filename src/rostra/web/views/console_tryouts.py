"""Rules tried on the past, as their pages in the console show them."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.console import ConsolePage
from rostra.web.views.forms import Form, Option


class TryoutRow(msgspec.Struct, frozen=True, kw_only=True):
    """A try-out in a list; what was caught is in words, empty until it is known."""

    url: str
    what: str
    state: str
    state_words: str
    at: int
    by: str
    found: str = ""


class TryoutsPage(ConsolePage, frozen=True, kw_only=True):
    """The try-outs of a rule, and a form for another one."""

    template: ClassVar[str] = "console/tryouts.html"
    title: ClassVar[str] = "Try it on the past"

    name: str
    rule_url: str
    url: str
    may: bool = False
    form: Form = Form()
    versions: Sequence[Option] = ()
    beside: Sequence[Option] = ()
    tryouts: Sequence[TryoutRow] = ()


class SampleView(msgspec.Struct, frozen=True, kw_only=True):
    """A post that was caught and is still there for everybody."""

    url: str
    by: str
    words: str


class CaughtView(msgspec.Struct, frozen=True, kw_only=True):
    """Posts that have in common who would have caught them."""

    anchor: str
    title: str
    posts: int
    members: int
    samples: Sequence[SampleView] = ()


class SideView(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule would have said; shares and costs in words, `-`: not known."""

    name: str
    caught: int
    share: str
    members: int
    skipped: int
    missing: str
    right: int
    wrong: int
    precision: str
    found: int
    sought: int
    recall: str
    cost: str


class TryoutPage(ConsolePage, frozen=True, kw_only=True):
    """How far a try-out is, or what came of it.

    Attributes:
        state: its name in the API.
        may_cancel: it is not over, and they may give it up.
    """

    template: ClassVar[str] = "console/tryout.html"
    title: ClassVar[str] = "Tried on the past"

    name: str
    what: str
    url: str
    back: str
    since: int
    until: int
    by: str
    state: str
    state_words: str
    total: int = 0
    done: int = 0
    failure: str = ""
    may_cancel: bool = False
    facts: Sequence[tuple[str, str]] = ()
    sides: Sequence[SideView] = ()
    caught: Sequence[CaughtView] = ()
