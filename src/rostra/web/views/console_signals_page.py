"""How signals do, as their page in the console shows it."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from markupsafe import Markup

from rostra.web.views.console import ConsolePage
from rostra.web.views.parts import Tab


class SignalRow(msgspec.Struct, frozen=True, kw_only=True):
    """A signal by one of its versions; what is a share or a time is in words, `-`: none yet.

    Attributes:
        kind: what it looks at and what it may cost; empty: it judges no more.
    """

    name: str
    version: str = ""
    kind: str = ""
    here: bool = True
    asked: int = 0
    found: int = 0
    above: int = 0
    rate: str = "-"
    failed: int = 0
    median: str = "-"
    p95: str = "-"
    decided: int = 0
    agreement: str = "-"


class WeekRow(msgspec.Struct, frozen=True, kw_only=True):
    """A signal in a week that begins then (UTC ms), whatever its versions."""

    at: int
    signal: str
    asked: int
    above: int
    caught: int
    overdone: int
    missed: int
    passed: int
    agreement: str


class DayRow(msgspec.Struct, frozen=True, kw_only=True):
    """A day that begins then (UTC ms): what was judged, and how much of it reached a harm."""

    at: int
    asked: int
    above: Sequence[tuple[int, str]] = ()


class HarmRow(msgspec.Struct, frozen=True, kw_only=True):
    """How many scores of a harm lay in each tenth."""

    name: str
    scored: int
    tenths: Sequence[int]


class SignalsPage(ConsolePage, frozen=True, kw_only=True):
    """Each signal with what it finds, how long it takes, and whether people agree."""

    template: ClassVar[str] = "console/signals.html"
    title: ClassVar[str] = "Signals"

    windows: Sequence[Tab]
    since: int
    signals: Sequence[SignalRow] = ()
    weeks: Sequence[WeekRow] = ()
    agreement: Sequence[Markup] = ()
    harms: Sequence[str] = ()
    days: Sequence[DayRow] = ()
    spread: Sequence[HarmRow] = ()
    drawings: Sequence[Markup] = ()
    counted_at: int = 0
