"""How moderation keeps pace, as its page in the console shows it."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from markupsafe import Markup

from rostra.web.views.console import ConsolePage
from rostra.web.views.forms import Form, Option
from rostra.web.views.parts import Tab


class PaceRow(msgspec.Struct, frozen=True, kw_only=True):
    """The pace of a category, in words; `-` where nothing was done."""

    name: str
    url: str = ""
    arrived: int
    cleared: int
    open: int
    late: int
    looked: str
    look_met: str
    decided: str
    decision_met: str


class HourRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a drawing shows of an hour, in numbers. UTC ms."""

    at: int
    arrived: int
    cleared: int
    open: int


class MeasureView(msgspec.Struct, frozen=True, kw_only=True):
    """A measure against a flood."""

    name: str
    words: str
    agreed: str = ""
    """What was agreed to; empty: nothing."""
    until: int = 0
    """It is in force until then (UTC ms)."""


class LogLine(msgspec.Struct, frozen=True):
    """Something that was agreed or switched. UTC ms."""

    at: int
    words: str


class SurgeView(msgspec.Struct, frozen=True, kw_only=True):
    """All of them, and whether the viewer may switch them."""

    measures: Sequence[MeasureView] = ()
    log: Sequence[LogLine] = ()
    options: Sequence[Option] = ()
    may: bool = False


class PacePage(ConsolePage, frozen=True, kw_only=True):
    """What came, what was done, how long it took, what is late."""

    template: ClassVar[str] = "console/pace.html"
    title: ClassVar[str] = "Pace"

    windows: Sequence[Tab]
    rows: Sequence[PaceRow]
    hours: Sequence[HourRow]
    drawings: Sequence[Markup]
    alarms: Sequence[tuple[str, bool, str]]
    """What each says, whether a target is missed already, and where its cases are."""
    forecast: str
    unsure: str = ""
    worst: str = ""
    worst_url: str = ""
    counted_at: int = 0
    surge: SurgeView = SurgeView()
    terms: Form = Form(values={"hours": "24", "most": "100"})
