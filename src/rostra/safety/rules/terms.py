"""Expressions: each is checked and becomes a function of a post's features.

True, false and missing are three: `and` is false where one part is, whatever is missing beside it,
and `or` true where one is; else one missing part makes the whole missing.
"""

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from rostra.safety.rules.features import MISSING, Features
from rostra.safety.rules.vocabulary import Kind

LARGEST: Final = 1e15  # of numbers that are written
MOST_NAMED: Final = 20  # of what one name lacks
MOST_TEXTS: Final = 50  # that a list is asked about one by one


Run = Callable[[Features], Any]


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

    def run(features: Features) -> Any:
        found = features.values.get(name)
        return features.get(name) if found is None else found

    return run


def named(slot: int, inner: Run) -> Run:
    """What a name of the rule stands for; found out once for each post."""

    def run(features: Features) -> Any:
        found, lacked = features.named[slot], features.lacked
        if found is None:
            before = len(lacked)
            found = features.named[slot] = inner(features)
            if found is MISSING:
                features.lacks[slot] = tuple(dict.fromkeys(lacked[before:]))[:MOST_NAMED]
        elif found is MISSING:
            lacked.extend(features.lacks[slot])
        return found

    return run


def every(parts: list[Run]) -> Run:
    """Whether all of them hold: one that does not decides, whatever the others are."""

    def run(features: Features) -> Any:
        lacking = False
        for part in parts:
            found = part(features)
            if found is MISSING:
                lacking = True
            elif not found:
                return False
        return MISSING if lacking else True

    return run


def some(parts: list[Run]) -> Run:
    """Whether one of them holds: it decides, whatever the others are."""

    def run(features: Features) -> Any:
        lacking = False
        for part in parts:
            found = part(features)
            if found is MISSING:
                lacking = True
            elif found:
                return True
        return MISSING if lacking else False

    return run


def of_one(work: Callable[[Any], Any], inner: Run) -> Run:
    """Something made of one value."""

    def run(features: Features) -> Any:
        found = inner(features)
        return MISSING if found is MISSING else work(found)

    return run


def of_two(work: Callable[[Any, Any], Any], left: Run, right: Run) -> Run:
    """Something made of two values."""

    def run(features: Features) -> Any:
        one = left(features)
        if one is MISSING:
            return MISSING
        other = right(features)
        return MISSING if other is MISSING else work(one, other)

    return run


def compared(sign: str, left: Term, right: Term) -> Run:
    """What a comparison says; most are of a feature with a value that is written out."""
    work, name, other = COMPARISONS[sign], left.feature, right.literal
    if other is None:
        return of_two(work, left.run, right.run)
    if not name:
        return of_one(lambda one: work(one, other), left.run)

    def run(features: Features) -> Any:
        one = features.values.get(name)
        if one is None:
            one = features.get(name)
            if one is MISSING:
                return MISSING
        return work(one, other)

    return run


def reckoned(sign: str, left: Run, right: Run) -> Run:
    """A sum, difference, product or quotient; missing where there is none."""
    work = ARITHMETIC[sign]

    def run(features: Features) -> Any:
        one, other = left(features), right(features)
        if one is MISSING or other is MISSING:
            return MISSING
        try:
            found = work(one, other)
        except (ZeroDivisionError, OverflowError):
            found = math.nan
        if math.isfinite(found):
            return found
        features.lacked.append("a number (division by zero, or too large)")
        return MISSING

    return run


def known(inner: Run) -> Run:
    """Whether a value is there; that it is not is no reason to skip the rule."""

    def run(features: Features) -> Any:
        before = len(features.lacked)
        found = inner(features) is not MISSING
        del features.lacked[before:]
        return found

    return run


def default(inner: Run, otherwise: Any) -> Run:
    """A value, or another where it is missing."""

    def run(features: Features) -> Any:
        before = len(features.lacked)
        found = inner(features)
        if found is not MISSING:
            return found
        del features.lacked[before:]
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
    several = kind is Kind.TEXTS

    def run(features: Features) -> Any:
        value, test = inner(features), searched(features)
        if value is MISSING or test is MISSING:
            return MISSING
        return any(map(test, _bounded(value))) if several else bool(test(value))

    return run


def _bounded(texts: Sequence[str]) -> Sequence[str]:
    """So many texts that each can be asked about; those behind them are asked about as one."""
    if len(texts) <= MOST_TEXTS:
        return texts
    return [*texts[:MOST_TEXTS], "\n".join(texts[MOST_TEXTS:])]
