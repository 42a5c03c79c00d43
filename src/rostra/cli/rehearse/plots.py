"""The plots of a rehearsal: a line for each way."""

from collections.abc import Callable, Sequence
from math import log10
from typing import Final

from rostra.cli.rehearse.measure import Outcome
from rostra.cli.rehearse.plan import DECISION_MS, START, TARGET, Way
from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.kernel.plot import Axis, Frame, Line, counted, linear
from rostra.kernel.plot import plot as drawn

_COLOURS: Final = {
    Way.LIST: "#c2410c",
    Way.ROSTRA: "#0f766e",
    Way.TAKEOVER: "#4f46e5",
    Way.SCREENED: "#be185d",
}
NAMES: Final = {
    Way.LIST: "plain list",
    Way.ROSTRA: "Rostra",
    Way.TAKEOVER: "Rostra later",
    Way.SCREENED: "screened",
}
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1c1917}.t{font-size:16px;font-weight:600}"
    ".g{stroke:#d6d3d1}.b{fill:#fafaf9}"
    "@media(prefers-color-scheme:dark){text{fill:#f5f5f4}.g{stroke:#44403c}.b{fill:#1c1917}}"
)
Outcomes = dict[Way, Outcome]


def days(end: int) -> Axis:
    """The days of the week."""
    count = (end - START) // DAY
    return linear("day", count, [(day, str(day)) for day in range(count + 1)])


def spans() -> Axis:
    """From half a minute to ten days, each step as wide as it is many times longer."""
    least, most = DECISION_MS, 10 * DAY
    named = {
        DECISION_MS: "30 s",
        5 * MINUTE: "5 min",
        HOUR: "1 h",
        6 * HOUR: "6 h",
        DAY: "1 day",
        10 * DAY: "10 days",
    }

    def place(value: float) -> float:
        return log10(min(most, max(least, value)) / least) / log10(most / least)

    return Axis("time since the first report", place, list(named.items()))


def plot(title: str, across: Axis, up: Axis, lines: Sequence[Line]) -> str:
    """The drawing, as a file of its own."""
    return drawn(title, across, up, lines, Frame(style=_STYLE))


def drawings(outcomes: Outcomes) -> dict[str, str]:
    """Every plot by the name of its file."""
    end = next(iter(outcomes.values())).end
    return {
        "backlog.svg": _backlog(outcomes, end),
        "calls.svg": _calls(outcomes),
        "looks.svg": _calls(outcomes, looked=True),
        "decisions.svg": _decisions(outcomes, end),
        "letters.svg": _letters(outcomes, end),
    }


def _lines(
    outcomes: Outcomes, points: Callable[[Outcome], list[tuple[float, float]]]
) -> list[Line]:
    return [Line(NAMES[way], _COLOURS[way], points(each)) for way, each in outcomes.items()]


def _backlog(outcomes: Outcomes, end: int) -> str:
    most = max(max(each.open_reports) for each in outcomes.values())
    lines = _lines(
        outcomes, lambda each: [(hour / 24, n) for hour, n in enumerate(each.open_reports)]
    )
    return plot("Reports that wait", days(end), counted("reports", most), lines)


def _calls(outcomes: Outcomes, *, looked: bool = False) -> str:
    def points(each: Outcome) -> list[tuple[float, float]]:
        whole = len(each.judged) or 1
        times = [call.looked_at if looked else call.acted_at for call in each.judged]
        spans_ = sorted(
            at - call.told_at for at, call in zip(times, each.judged, strict=True) if at
        )
        found: list[tuple[float, float]] = [(DECISION_MS, 0)]
        for number, span in enumerate(spans_, 1):
            # As many points as can be seen.
            if number % max(1, len(spans_) // 300) == 0 or number == len(spans_):
                found.append((span, 100 * number / whole))
        return found

    what = "looked at" if looked else "acted on"
    up = linear("share", 100, [(n, f"{n} %") for n in (0, 25, 50, 75, 95)])
    target = Line("the hour", "#78716c", [(TARGET, 0), (TARGET, 100)])
    lines = [*_lines(outcomes, points), target]
    return plot(f"Calls to violence {what}, by the time since the first report", spans(), up, lines)


def _decisions(outcomes: Outcomes, end: int) -> str:
    def points(each: Outcome) -> list[tuple[float, float]]:
        hours = range((end - START) // HOUR + 1)
        made, count = sorted(each.decided_at), 0
        found: list[tuple[float, float]] = []
        for hour in hours:
            while count < len(made) and made[count] <= START + hour * HOUR:
                count += 1
            found.append((hour / 24, count))
        return found

    most = max(len(each.decided_at) for each in outcomes.values())
    lines = _lines(outcomes, points)
    return plot("Decisions that people have made", days(end), counted("decisions", most), lines)


def _letters(outcomes: Outcomes, end: int) -> str:
    """How many letters wait for an answer past their deadline or not."""

    def points(each: Outcome) -> list[tuple[float, float]]:
        return [
            (
                hour / 24,
                sum(
                    a.at <= START + hour * HOUR
                    and (not a.answered_at or a.answered_at > START + hour * HOUR)
                    for a in each.answers
                ),
            )
            for hour in range((end - START) // HOUR + 1)
        ]

    most = max((len(each.answers) for each in outcomes.values()), default=1)
    lines = _lines(outcomes, points)
    return plot(
        "Letters from the host without an answer", days(end), counted("letters", most), lines
    )
