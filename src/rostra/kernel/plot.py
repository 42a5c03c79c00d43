"""Plots as SVG, drawn by hand: lines over two axes, readable in light and dark."""

from collections.abc import Callable, Sequence
from html import escape
from math import ceil, log10
from typing import NamedTuple

_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 24, 56, 52


class Line(NamedTuple):
    """One line: what it is called, its colour, its points; dashed where it is no fact."""

    name: str
    colour: str
    points: Sequence[tuple[float, float]]
    dashed: bool = False


class Axis(NamedTuple):
    """Where a value stands along an axis (0 to 1), and which are marked."""

    name: str
    place: Callable[[float], float]
    marks: Sequence[tuple[float, str]]


class Frame(NamedTuple):
    """How large a drawing is, and how it is dressed.

    Attributes:
        style: a style sheet of its own, for a file; empty: the page around it has one for `.plot`.
        legend: how far apart the names of lines stand.
    """

    width: int = 760
    height: int = 380
    style: str = ""
    legend: int = 150


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


def plot(title: str, across: Axis, up: Axis, lines: Sequence[Line], frame: Frame) -> str:
    """The drawing."""
    wide, high = frame.width - _LEFT - _RIGHT, frame.height - _TOP - _BOTTOM

    def x(value: float) -> float:
        return _LEFT + wide * across.place(value)

    def y(value: float) -> float:
        return _TOP + high * (1 - up.place(value))

    parts = [*_head(title, frame), *_grid(across, up, frame, (x, y))]
    for number, line in enumerate(lines):
        drawn = " L".join(f"{x(a):.1f},{y(b):.1f}" for a, b in line.points)
        dash = ' stroke-dasharray="6 5"' if line.dashed else ""
        if drawn:
            parts.append(
                f'<path d="M{drawn}" fill="none" stroke="{line.colour}" stroke-width="2.5"{dash}/>'
            )
        at = _LEFT + frame.legend * number
        parts.append(f'<path d="M{at},42 h22" stroke="{line.colour}" stroke-width="4"{dash}/>')
        parts.append(f'<text x="{at + 30}" y="46">{escape(line.name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def sparkline(title: str, values: Sequence[float], width: int = 120, height: int = 28) -> str:
    """A small line without axes, for a row of a table; what it shows stands in its title."""
    most = max(values, default=0) or 1
    step = (width - 4) / max(1, len(values) - 1)
    points = (
        f"{2 + step * at:.1f},{2 + (height - 4) * (1 - value / most):.1f}"
        for at, value in enumerate(values)
    )
    drawn = " L".join(points)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="spark" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" role="img" aria-label="{escape(title)}">'
        f'<path d="M{drawn}" fill="none" stroke="var(--sea)" stroke-width="2"/></svg>'
    )


def _head(title: str, frame: Frame) -> list[str]:
    style = f"<style>{frame.style}</style>" if frame.style else ""
    size = f"0 0 {frame.width} {frame.height}"
    said = f'role="img" aria-label="{escape(title)}"'
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="{size}" {said}>{style}',
        f'<rect class="b" width="{frame.width}" height="{frame.height}"/>',
        f'<text class="t" x="{_LEFT}" y="24">{escape(title)}</text>',
    ]


def _grid(
    across: Axis,
    up: Axis,
    frame: Frame,
    places: tuple[Callable[[float], float], Callable[[float], float]],
) -> list[str]:
    x, y = places
    wide = frame.width - _LEFT - _RIGHT
    parts: list[str] = []
    for value, name in up.marks:
        parts.append(f'<path class="g" d="M{_LEFT},{y(value):.1f} h{wide}"/>')
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{escape(name)}</text>'
        )
    for value, name in across.marks:
        parts.append(
            f'<text x="{x(value):.1f}" y="{frame.height - _BOTTOM + 20}" text-anchor="middle">'
            f"{escape(name)}</text>"
        )
    parts.append(
        f'<text x="{_LEFT + wide / 2:.1f}" y="{frame.height - 10}" text-anchor="middle">'
        f"{escape(across.name)}</text>"
    )
    return parts
