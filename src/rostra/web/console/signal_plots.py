"""Drawings of how signals do: agreement by week, what is above its threshold by day, scores."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import log10
from typing import Final

from markupsafe import Markup

from rostra.kernel.clock import DAY
from rostra.kernel.plot import Axis, Frame, Line, counted, linear, plot
from rostra.safety.reviews.model import Sort, Week
from rostra.safety.tallies.model import TENTHS, Doing, Span
from rostra.safety.tallies.reckon import by_signal

_FRAME: Final = Frame(width=720, height=340, legend=150)
_COLOURS: Final = ("var(--red)", "var(--sea)", "var(--gold)", "var(--leaf)")
_TOPS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_LEAST: Final = 0.0001  # of what is drawn by powers of ten
_MARKED: Final = 5
_ENDS: Final = 2  # a line has so many
_LONGEST: Final = 11  # that a name beside others may be


def agreement(weeks: Sequence[Span]) -> Markup:
    """The share of decisions that agreed, of the signals that were decided about most."""
    shares: dict[str, list[tuple[float, float]]] = {}
    decided: dict[str, int] = {}
    for at, week in enumerate(weeks):
        for each in by_signal(week.signals):
            if each.agreement is not None:
                shares.setdefault(each.signal, []).append((at, each.agreement))
                decided[each.signal] = decided.get(each.signal, 0) + each.decided
    most = sorted(decided, key=lambda name: (-decided[name], name))[: len(_COLOURS)]
    lines = _lines(sorted(most), lambda name: shares[name])
    across = _dates([week.at for week in weeks])
    return _drawn("Decisions that agreed, by week", across, _percent(1.0), lines)


def decided(weeks: Sequence[Span]) -> Markup:
    """What people decided about what had a score, all signals together."""

    def points(name: str) -> list[tuple[float, float]]:
        return [(at, getattr(week.together, name)) for at, week in enumerate(weeks)]

    if not any(week.together.decided for week in weeks):
        return Markup()
    lines = _lines(("caught", "overdone", "missed", "passed"), points)
    most = max(value for line in lines for _, value in line.points)
    across = _dates([week.at for week in weeks])
    return _drawn("Decisions, by week", across, counted("", most), lines)


def second_looks(weeks: Sequence[Week]) -> Markup:
    """The share of second looks that agreed, of what was decided and of what passed."""
    starts = sorted({each.at for each in weeks})

    def points(name: str) -> list[tuple[float, float]]:
        return [
            (starts.index(each.at), each.agreement)
            for each in weeks
            if Sort(each.sort).wire == name and each.agreement is not None
        ]

    lines = _lines(("decided", "passed"), points)
    return _drawn("Second looks that agreed, by week", _dates(starts), _percent(1.0), lines)


def above(days: Sequence[Span], harms: Sequence[str]) -> Markup:
    """The share of what was said that was above the threshold of a harm, by day."""

    def share(each: Doing, harm: str) -> float:
        found = each.harms.get(harm)
        return found.above / each.asked if found and each.asked else 0.0

    def points(harm: str) -> list[tuple[float, float]]:
        return [(at, share(day.together, harm)) for at, day in enumerate(days)]

    lines = _lines(harms[: len(_COLOURS)], points)
    most = max((value for line in lines for _, value in line.points), default=0.0)
    across = _dates([day.at for day in days])
    return _drawn("Above the threshold, by day", across, _percent(most), lines)


def spread(together: Doing, harms: Sequence[str]) -> Markup:
    """How the scores of each harm are spread, by powers of ten, for most are low."""

    def points(harm: str) -> list[tuple[float, float]]:
        found = together.harms[harm]
        return [
            ((at + 0.5) / TENTHS, count / found.scored) for at, count in enumerate(found.tenths)
        ]

    scored = [harm for harm in harms if together.harms[harm].scored]
    marks = [(share, _short(share)) for share in (1, 0.1, 0.01, 0.001, _LEAST)]
    up = Axis("", lambda share: max(0.0, 1 - log10(max(share, _LEAST)) / log10(_LEAST)), marks)
    across = linear(
        "score", 1.0, [(tenth / TENTHS, f"{tenth / TENTHS:.1f}") for tenth in (0, 2, 4, 6, 8, 10)]
    )
    return _drawn("Scores, by tenths", across, up, _lines(scored[: len(_COLOURS)], points))


def _lines(names: Sequence[str], points: Callable[[str], list[tuple[float, float]]]) -> list[Line]:
    return [
        Line(_name(name), colour, points(name))
        for name, colour in zip(names, _COLOURS, strict=False)
    ]


def _name(name: str) -> str:
    """As it fits between two others."""
    words = name.replace("_", " ")
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _drawn(title: str, across: Axis, up: Axis, lines: Sequence[Line]) -> Markup:
    """Nothing where no line has two ends."""
    if not any(len(line.points) >= _ENDS for line in lines):
        return Markup()
    return Markup(plot(title, across, up, lines, _FRAME))  # noqa: S704 (of numbers and escaped names)


def _percent(most: float) -> Axis:
    top = next((each for each in _TOPS if each >= most), 1.0)
    marks = [(top * step / _MARKED, _short(top * step / _MARKED)) for step in range(_MARKED + 1)]
    return linear("", top, marks)


def _short(share: float) -> str:
    """A share without noughts that say nothing."""
    return f"{round(share * 100, 4):g}%"


def _dates(starts: Sequence[int]) -> Axis:
    """Days or weeks by their place; so many are marked that their names have room."""
    step = max(1, -(-len(starts) // _MARKED))
    marks = [(float(at), _mark(starts[at])) for at in range(0, len(starts), step)]
    return linear("UTC", max(1, len(starts) - 1), marks)


def _mark(at: int) -> str:
    moment = datetime.fromtimestamp(at // DAY * DAY / 1000, UTC)
    return f"{moment.day}.{moment.month}."
