"""Lists for screening in the console: all of them, one with its entries, a text that is tried."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.console import ConsolePage
from rostra.web.views.forms import Form, Option


class ListRow(msgspec.Struct, frozen=True, kw_only=True):
    """A list in the table of them."""

    name: str
    url: str
    kind: str
    harm: str
    score: int
    enabled: bool
    count: int
    note: str
    changed_at: int


class EntryRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry; times are UTC ms, `ends_at` 0: never."""

    id: str
    text: str
    reason: str
    by: str
    at: int
    ends_at: int


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of which list."""

    name: str
    url: str
    entry: str
    harm: str
    score: int


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """A text that lists were tried on: its pieces, each with whether something was found in it."""

    passages: Sequence[tuple[str, bool]]
    matches: Sequence[Match]


class ListsPage(ConsolePage, frozen=True, kw_only=True):
    """All lists. Fields of `form`, for a new one: name, kind, harm, score, note."""

    template: ClassVar[str] = "console/lists.html"
    title: ClassVar[str] = "Lists for screening"

    lists: Sequence[ListRow]
    kinds: Sequence[Option]
    harms: Sequence[Option]
    form: Form = Form()
    text: str = ""
    tried: Tried | None = None
    can_change: bool = False


class ListPage(ConsolePage, frozen=True, kw_only=True):
    """One list. Fields of `about`: harm, score, enabled, note; of `form`: content, reason."""

    template: ClassVar[str] = "console/list.html"
    title: ClassVar[str] = "A list for screening"

    row: ListRow
    entries: Sequence[EntryRow]
    harms: Sequence[Option]
    about: Form
    form: Form = Form()
    older_url: str = ""
    """Where further entries are; empty: these are the last."""
    can_change: bool = False
