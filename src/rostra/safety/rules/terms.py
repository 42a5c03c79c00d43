"""Expressions: each is checked and becomes a function of a post's features.

True, false and missing are three: `and` is false where one part is, whatever is missing beside it,
and `or` true where one is; else one missing part makes the whole missing.
"""

import math
import operator
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from rostra.safety.rules.features import MISSING, Features
from rostra.safety.rules.vocabulary import Kind

LARGEST: Final = 1e15  # of numbers that are written
MOST_NAMED: Final = 20  # of what one name lacks


class Frame:
    """The features of one post, and what the names of one rule stand for there."""

    __slots__ = ("features", "lacks", "slots")

    def __init__(self, features: Features, names: int) -> None:
        self.features = features
        self.slots: list[Any] = [None] * names
        self.lacks: dict[int, tuple[str, ...]] = {}


Run = Callable[[Frame], Any]


class Term(NamedTuple):
    """A checked expression.

    Attributes:
        kind: the type of its value.
        run: finds the value, or `MISSING`; raises nothing.
        depth: how many parts lie in each other, names followed.
        literal: the value where it is written out, else None.
        feature: the name of the feature where it is nothing but one, else empty.
    """

    kind: Kind
    run: Run
    depth: int = 1
    literal: Any = None
    feature: str = ""


COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
    "In": lambda one, many: one in many,
    "NotIn": lambda one, many: one not in many,
}
ORDERING: Final = frozenset({"Lt", "LtE", "Gt", "GtE"})
MEMBERSHIP: Final = frozenset({"In", "NotIn"})
# Floats, so that no chain of products grows a number without bound.
ARITHMETIC: Final[dict[str, Callable[[float, float], float]]] = {
    "Add": lambda one, other: float(one) + float(other),
    "Sub": lambda one, other: float(one) - float(other),
    "Mult": lambda one, other: float(one) * float(other),
    "Div": lambda one, other: float(one) / float(other),
}


def constant(value: Any) -> Run:
    """Always this."""
    return lambda _: value


def feature(name: str) -> Run:
    """What is known under this name."""
    return lambda frame: frame.features.get(name)


def named(slot: int, inner: Run) -> Run:
    """What a name of the rule stands for; found out once for each post."""

    def run(frame: Frame) -> Any:
        found, lacked = frame.slots[slot], frame.features.lacked
        if found is None:
            before = len(lacked)
            found = frame.slots[slot] = inner(frame)
            if found is MISSING:
                frame.lacks[slot] = tuple(dict.fromkeys(lacked[before:]))[:MOST_NAMED]
        elif found is MISSING:
            lacked.extend(frame.lacks[slot])
        return found

    return run


def every(parts: list[Run]) -> Run:
    """Whether all of them hold."""
    return _joined(parts, decides=False)


def some(parts: list[Run]) -> Run:
    """Whether one of them holds."""
    return _joined(parts, decides=True)


def _joined(parts: list[Run], *, decides: bool) -> Run:
    """What one part decides alone, whatever the others are."""

    def run(frame: Frame) -> Any:
        lacking = False
        for part in parts:
            found = part(frame)
            if found is MISSING:
                lacking = True
            elif bool(found) is decides:
                return decides
        return MISSING if lacking else not decides

    return run


def of_one(work: Callable[[Any], Any], inner: Run) -> Run:
    """Something made of one value."""

    def run(frame: Frame) -> Any:
        found = inner(frame)
        return MISSING if found is MISSING else work(found)

    return run


def of_two(work: Callable[[Any, Any], Any], left: Run, right: Run) -> Run:
    """Something made of two values."""

    def run(frame: Frame) -> Any:
        one = left(frame)
        if one is MISSING:
            return MISSING
        other = right(frame)
        return MISSING if other is MISSING else work(one, other)

    return run


def reckoned(sign: str, left: Run, right: Run) -> Run:
    """A sum, difference, product or quotient; missing where there is none."""
    work = ARITHMETIC[sign]

    def run(frame: Frame) -> Any:
        one, other = left(frame), right(frame)
        if one is MISSING or other is MISSING:
            return MISSING
        try:
            found = work(one, other)
        except (ZeroDivisionError, OverflowError):
            found = math.nan
        if math.isfinite(found):
            return found
        frame.features.lacked.append("a number (division by zero, or too large)")
        return MISSING

    return run


def known(inner: Run) -> Run:
    """Whether a value is there; that it is not is no reason to skip the rule."""

    def run(frame: Frame) -> Any:
        before = len(frame.features.lacked)
        found = inner(frame) is not MISSING
        del frame.features.lacked[before:]
        return found

    return run


def default(inner: Run, otherwise: Any) -> Run:
    """A value, or another where it is missing."""

    def run(frame: Frame) -> Any:
        before = len(frame.features.lacked)
        found = inner(frame)
        if found is not MISSING:
            return found
        del frame.features.lacked[before:]
        return otherwise

    return run


def found_in(test: Callable[[str], bool], kind: Kind, inner: Run) -> Run:
    """Whether a text, or one of several, passes a test."""
    if kind is Kind.TEXTS:
        return of_one(lambda texts: any(map(test, texts)), inner)
    return of_one(test, inner)


def listed(name: str, kind: Kind, inner: Run) -> Run:
    """Whether a named list has something of it."""
    searched = feature(f"list.{name}")

    def run(frame: Frame) -> Any:
        value, test = inner(frame), searched(frame)
        if value is MISSING or test is MISSING:
            return MISSING
        return any(map(test, value)) if kind is Kind.TEXTS else bool(test(value))

    return run
