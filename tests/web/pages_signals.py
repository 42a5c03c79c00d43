"""The page of signals in the console, with sample data."""

from typing import Final

from msgspec.structs import replace
from tests.web import samples as s
from tests.web.pages_console import team_shell
from tests.web.samples import Sample

from rostra.safety.signals.model import Cost, Finding, Material, Takes
from rostra.safety.tallies.model import Doing, Harm, Span
from rostra.safety.tallies.reckon import added, by_version
from rostra.web.console import signal_plots as plots
from rostra.web.console.signals_page import day_rows, drawn, harm_rows, signal_rows, week_rows
from rostra.web.views.console_signals_page import SignalsPage

_LOW: Final = (9_000, 600, 150, 80, 40, 30, 20, 12, 9, 4)
_WORDS: Final = ("violence", "hate", "harassment", "spam")


class _Model:
    """What is asked, though never by these pages."""

    name = "text_model"
    version = "2026-11-27"
    cost = Cost.MICROSECONDS
    takes = Takes.TEXT | Takes.LINK

    def judge(self, material: Material) -> Finding | None:
        """Nothing."""
        del material
        return None


def _doing(name: str, version: str, at: int) -> Doing:
    harms = {
        harm: Harm(
            tenths=tuple(count // (place + 1) + at for count in _LOW),
            above=9 * (place + 1) + at % 7,
        )
        for place, harm in enumerate((*_WORDS, "self_harm"))
    }
    return Doing(
        signal=name, version=version, times={38: 9_000 + at, 44: 800}, found=9_800, above=120 + at,
        failed=at % 3, caught=40 + at, overdone=12, missed=3 + at % 5, passed=9, harms=harms,
    )  # fmt: skip


def _spans(how_many: int, step: int) -> list[Span]:
    first = s.NOW // s.DAY * s.DAY - (how_many - 1) * step
    return [
        Span(
            at=first + at * step,
            together=_doing("", "", at),
            signals=(
                _doing("lists", "4", at),
                _doing("text_model", _Model.version, 3 * at),
                _doing(s.HOSTILE, s.LONG_WORD, 2 * at),
            ),
        )
        for at in range(how_many)
    ]


def signal_pages() -> list[Sample]:
    """With much, with signals that were never asked, and with nothing."""
    days, weeks = _spans(7, s.DAY), _spans(13, 7 * s.DAY)
    together = added([day.together for day in days])
    harms = sorted(together.harms)
    page = SignalsPage(
        tabs=s.tabs("Queue", "Decisions", "Screening"), parts=s.tabs("Signals", "Rules"),
        windows=s.tabs("Since yesterday", "The last 7 days", "The last 30 days"),
        since=days[0].at, signals=signal_rows(together, by_version(days), (_Model(),)),
        weeks=week_rows(weeks), harms=harms,
        agreement=(plots.agreement(weeks), plots.decided(weeks)),
        days=day_rows(days, harms), spread=harm_rows(together, harms), counted_at=s.NOW,
        drawings=(plots.above(days, harms), plots.spread(together, harms)),
    )  # fmt: skip
    bare = replace(
        page, weeks=(), harms=(), days=(), spread=(), drawings=(), counted_at=0,
        agreement=drawn(plots.agreement(()), plots.decided(())),
    )  # fmt: skip
    new = replace(bare, signals=signal_rows(Doing(), (), (_Model(),)))
    return [
        Sample("console-signals", team_shell(), page),
        Sample("console-signals-new", team_shell(), new),
        Sample("console-signals-none", team_shell(), replace(bare, signals=())),
    ]
