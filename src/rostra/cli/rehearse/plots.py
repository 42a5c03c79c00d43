"""Plots as SVG, drawn by hand: a line for each way, readable in light and dark."""

from collections.abc import Callable, Sequence
from html import escape
from math import ceil, log10
from typing import Final, NamedTuple

from rostra.cli.rehearse.measure import Outcome
from rostra.cli.rehearse.plan import DECISION_MS, START, TARGET, Way
from rostra.kernel.clock import DAY, HOUR, MINUTE

_WIDTH, _HEIGHT = 760, 380
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 24, 56, 52
_COLOURS: Final = {Way.LIST: "#c2410c", Way.ROSTRA: "#0f766e", Way.TAKEOVER: "#4f46e5"}
NAMES: Final = {
    Way.LIST: "plain list",
    Way.ROSTRA: "Rostra",
    Way.TAKEOVER: "Rostra later",
}
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1c1917}.t{font-size:16px;font-weight:600}"
    ".g{stroke:#d6d3d1}.b{fill:#fafaf9}"
    "@media(prefers-color-scheme:dark){text{fill:#f5f5f4}.g{stroke:#44403c}.b{fill:#1c1917}}"
)
Outcomes = dict[Way, Outcome]


class Line(NamedTuple):
    """One line: what it is called, its colour, its points."""

    name: str
    colour: str
    points: Sequence[tuple[float, float]]


class Axis(NamedTuple):
    """Where a value stands along an axis (0 to 1), and which are marked."""

    name: str
    place: Callable[[float], float]
    marks: Sequence[tuple[float, str]]


def linear(name: str, most: float, marks: Sequence[tuple[float, str]]) -> Axis:
    """An axis from nothing to the most."""
    return Axis(name, lambda value: min(1.0, max(0.0, value / most)), marks)


def counted(name: str, most: float) -> Axis:
    """An axis of whole numbers."""
    step = _step(max(1.0, most))
    top = step * ceil(max(1.0, most) / step)
    marks = [(step * at, f"{step * at:,.0f}") for at in range(round(top / step) + 1)]
    return linear(name, top, marks)


def _step(most: float) -> float:
    rough = most / 5
    power = 10 ** int(log10(rough)) if rough >= 1 else 1
    return float(next(power * n for n in (1, 2, 5, 10) if power * n >= rough))


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
    """The drawing."""
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def x(value: float) -> float:
        return _LEFT + wide * across.place(value)

    def y(value: float) -> float:
        return _TOP + high * (1 - up.place(value))

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<rect class="b" width="{_WIDTH}" height="{_HEIGHT}"/>',
        f'<text class="t" x="{_LEFT}" y="24">{escape(title)}</text>',
    ]
    for value, name in up.marks:
        parts.append(f'<path class="g" d="M{_LEFT},{y(value):.1f} h{wide}"/>')
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{escape(name)}</text>'
        )
    for value, name in across.marks:
        parts.append(
            f'<text x="{x(value):.1f}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle">'
            f"{escape(name)}</text>"
        )
    parts.append(
        f'<text x="{_LEFT + wide / 2:.1f}" y="{_HEIGHT - 10}" text-anchor="middle">'
        f"{escape(across.name)}</text>"
    )
    for number, line in enumerate(lines):
        drawn = " L".join(f"{x(a):.1f},{y(b):.1f}" for a, b in line.points)
        if drawn:
            parts.append(
                f'<path d="M{drawn}" fill="none" stroke="{line.colour}" stroke-width="2.5"/>'
            )
        at = _LEFT + 150 * number
        parts.append(f'<path d="M{at},42 h22" stroke="{line.colour}" stroke-width="4"/>')
        parts.append(f'<text x="{at + 30}" y="46">{escape(line.name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


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
