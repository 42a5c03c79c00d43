"""How signals do: what they find, how long that takes, whether people agree; by day and by week."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from markupsafe import Markup

from rostra.http.response import Response
from rostra.kernel.errors import NotFound
from rostra.network.edge import Reader
from rostra.safety.screening.present import present
from rostra.safety.signals.model import Cost, Signal, Takes
from rostra.safety.tallies import access
from rostra.safety.tallies.access import History
from rostra.safety.tallies.model import Doing, Span
from rostra.safety.tallies.reckon import added, by_signal, by_version
from rostra.safety.team.model import Permission
from rostra.web.call import PageCall
from rostra.web.console import signal_plots
from rostra.web.console.common import look_of, tabs, who
from rostra.web.console.screening_menu import SCREENING, parts
from rostra.web.route import GET, MEMBER, Route
from rostra.web.views.console_signals_page import DayRow, HarmRow, SignalRow, SignalsPage, WeekRow
from rostra.web.views.parts import Tab

_HERE: Final = f"{SCREENING}/signals"
_WINDOWS: Final = {
    "day": ("Since yesterday", 2),
    "week": ("The last 7 days", 7),
    "month": ("The last 30 days", 30),
}
_DRAWN: Final = 7  # days at least
_WEEKS: Final = 13
_TAKES: Final = {
    Takes.TEXT: "words",
    Takes.LINK: "links",
    Takes.IMAGE: "pictures",
    Takes.ACCOUNT: "the author",
}
_COSTS: Final = {
    Cost.MICROSECONDS: "always asked",
    Cost.MILLISECONDS: "asked where others are unsure",
    Cost.SLOW: "asked later",
}
_MS: Final = 1_000
_SECOND: Final = 1_000_000


class SignalsParams(msgspec.Struct, frozen=True, kw_only=True):
    """How far to look back."""

    window: str = "week"


async def show(call: PageCall[SignalsParams]) -> Response:
    """The page."""
    window = call.params.window
    if window not in _WINDOWS:
        raise NotFound("no such window")
    async with call.read() as reader:
        actor = await who(call, reader)
        actor.require(Permission.RECORD)
        here = await present(call.services, reader)
    _, how_many = _WINDOWS[window]

    async def work(reader: Reader) -> tuple[History, History]:
        return (
            await access.days(call.services, reader, max(how_many, _DRAWN)),
            await access.weeks(call.services, reader, _WEEKS),
        )

    days, weeks = await call.services.db.slowly(work)
    within = days.spans[-how_many:]
    together = added([day.together for day in within])
    harms = _harms(together)
    page = SignalsPage(
        tabs=tabs("screening", actor),
        parts=parts("signals", actor),
        look=look_of(call.request),
        windows=tuple(
            Tab(label=label, url=f"{_HERE}?window={name}", current=name == window)
            for name, (label, _) in _WINDOWS.items()
        ),
        since=within[0].at,
        signals=signal_rows(together, by_version(within), here),
        weeks=week_rows(weeks.spans),
        agreement=drawn(signal_plots.agreement(weeks.spans), signal_plots.decided(weeks.spans)),
        harms=[_words(harm) for harm in harms],
        days=day_rows(days.spans, harms),
        spread=harm_rows(together, harms),
        drawings=drawn(signal_plots.above(days.spans, harms), signal_plots.spread(together, harms)),
        counted_at=weeks.counted_until,
    )
    return await call.page(page)


def drawn(*drawings: Markup) -> list[Markup]:
    """Those with something on them."""
    return [each for each in drawings if each]


def _harms(together: Doing) -> list[str]:
    """Those that were scored: what was above its threshold most first."""
    return sorted(together.harms, key=lambda harm: (-together.harms[harm].above, harm))


def signal_rows(
    together: Doing, doings: Iterable[Doing], here: Sequence[Signal]
) -> list[SignalRow]:
    """All together, then each signal by version; those that judge now and were never asked too."""
    known = {(each.name, each.version): each for each in here}
    found = {(each.signal, each.version): each for each in doings}
    rows = [_row(together, None)] if found else []
    for who_ in sorted(found.keys() | known.keys()):
        doing = found.get(who_) or Doing(signal=who_[0], version=who_[1])
        rows.append(_row(doing, known.get(who_)))
    return rows


def _row(doing: Doing, signal: Signal | None) -> SignalRow:
    return SignalRow(
        name=_words(doing.signal) or "All together",
        version=doing.version,
        kind=_kind(signal) if signal else "",
        here=signal is not None or not doing.signal,
        asked=doing.asked,
        found=doing.found,
        above=doing.above,
        rate=_share(doing.rate),
        failed=doing.failed,
        median=took(doing.median_us),
        p95=took(doing.p95_us),
        decided=doing.decided,
        agreement=_share(doing.agreement),
    )


def _kind(signal: Signal) -> str:
    """What it looks at, and when it is asked."""
    seen = [words for taken, words in _TAKES.items() if signal.takes & taken]
    return f"{', '.join(seen)}; {_COSTS[signal.cost]}"


def week_rows(weeks: Sequence[Span]) -> list[WeekRow]:
    """Each signal in each week in which it was asked or decided about, the latest first."""
    return [
        WeekRow(
            at=week.at,
            signal=_words(each.signal),
            asked=each.asked,
            above=each.above,
            caught=each.caught,
            overdone=each.overdone,
            missed=each.missed,
            passed=each.passed,
            agreement=_share(each.agreement),
        )
        for week in reversed(weeks)
        for each in by_signal(week.signals)
    ]


def day_rows(days: Sequence[Span], harms: Sequence[str]) -> list[DayRow]:
    """Each day on which something was judged, the latest first."""
    return [
        DayRow(
            at=day.at,
            asked=day.together.asked,
            above=[_of(day.together, harm) for harm in harms],
        )
        for day in reversed(days)
        if day.together.asked
    ]


def _of(together: Doing, harm: str) -> tuple[int, str]:
    found = together.harms.get(harm)
    count = found.above if found else 0
    return count, _share(count / together.asked)


def harm_rows(together: Doing, harms: Sequence[str]) -> list[HarmRow]:
    """How the scores of each harm are spread."""
    return [
        HarmRow(
            name=_words(harm),
            scored=together.harms[harm].scored,
            tenths=together.harms[harm].tenths,
        )
        for harm in harms
    ]


def took(us: int | None) -> str:
    """A time in words."""
    if us is None:
        return "-"
    if us < _MS:
        return f"{us} µs"
    return f"{us / _MS:.1f} ms" if us < _SECOND else f"{us / _SECOND:.1f} s"


def _share(share: float | None) -> str:
    """Only what is wholly so is called 100 %."""
    if share is None:
        return "-"
    return f"{int(share * 1000) / 10:g} %"


def _words(name: str) -> str:
    return name.replace("_", " ")


ROUTES: tuple[Route[Any], ...] = (Route(GET, _HERE, show, MEMBER, params=SignalsParams),)
