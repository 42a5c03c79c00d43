"""The record and the team in the console: the ledger, its check, exports, who does what."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.console import ConsolePage
from rostra.web.views.forms import Form, Option


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the ledger."""

    seq: int
    at: int
    words: str
    url: str = ""
    """What it was written for."""
    hash: str


class PointView(msgspec.Struct, frozen=True, kw_only=True):
    """The newest checkpoint."""

    seq: int
    at: int
    key: str


class LedgerPage(ConsolePage, frozen=True, kw_only=True):
    """The ledger, the newest line first. Fields of `export`: since, until."""

    template: ClassVar[str] = "console/ledger.html"
    title: ClassVar[str] = "Ledger"

    count: int
    lines: Sequence[LineView]
    point: PointView | None = None
    key: str = ""
    older_url: str = ""
    check_url: str = ""
    """Where the newest lines are checked."""
    export: Form = Form()


class CheckPage(ConsolePage, frozen=True, kw_only=True):
    """What a check of some lines has found."""

    template: ClassVar[str] = "console/ledger_check.html"
    title: ClassVar[str] = "Check of the ledger"

    first: int
    last: int
    count: int
    points: int
    findings: Sequence[str] = ()
    next_url: str = ""


class ExportPage(ConsolePage, frozen=True, kw_only=True):
    """Statements of reasons for the EU's database, a batch at a time."""

    template: ClassVar[str] = "console/export.html"
    title: ClassVar[str] = "Statements of reasons"

    since: str
    until: str
    count: int
    file_url: str
    next_url: str = ""


class MateView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of the team, or somebody who could be."""

    id: str
    url: str
    acct: str
    name: str
    role: str
    duties: Sequence[str] = ()
    categories: Sequence[str] = ()
    may: Sequence[str] = ()


class TeamPage(ConsolePage, frozen=True, kw_only=True):
    """The team. Field of `form`: who."""

    template: ClassVar[str] = "console/team.html"
    title: ClassVar[str] = "Team"

    team: Sequence[MateView]
    can_change: bool = False
    form: Form = Form()


class MatePage(ConsolePage, frozen=True, kw_only=True):
    """One of the team. Fields of `form`: duty_…, category_…."""

    template: ClassVar[str] = "console/mate.html"

    mate: MateView
    duties: Sequence[Option]
    categories: Sequence[Option]
    form: Form

    def called(self) -> str:
        """Name them."""
        return f"Duties of @{self.mate.acct}"
