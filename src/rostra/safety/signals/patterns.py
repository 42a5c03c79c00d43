"""Patterns that no text can stall: RE2 reads each in time that grows with the text alone.

What other engines stall on is refused all the same where it has no meaning of its own, so that a
pattern is as safe when somebody copies it elsewhere.
"""

import re
from collections.abc import Callable
from typing import Any, Final

import re2

LONGEST: Final = 500
_MEMORY: Final = 1 << 20  # bytes of the compiled pattern; what repeats too much does not fit


class PatternRefused(Exception):
    """A pattern that is none, or that can't be searched for in linear time."""


def searcher(pattern: str) -> Callable[[str], bool]:
    """A test of whether a pattern is found somewhere in a text, whatever its case.

    Raises:
        PatternRefused: with the reason in words.
    """
    search = compiled(pattern).search
    return lambda text: search(text) is not None


def options() -> Any:
    """How patterns are read: whatever their case, with bounded memory."""
    chosen = re2.Options()
    chosen.case_sensitive = False
    chosen.log_errors = False
    chosen.max_mem = _MEMORY
    return chosen


def compiled(pattern: str) -> Any:
    """A pattern that can be searched for, whatever its case.

    Raises:
        PatternRefused: with the reason in words.
    """
    if len(pattern) > LONGEST:
        raise PatternRefused(f"a pattern has no more than {LONGEST} characters")
    if _repeats_repeat(pattern):
        raise PatternRefused("a repeat stands in a repeat, as in (a+)+: one of them says the same")
    try:
        made = re2.compile(pattern, options())
    except re2.error as error:
        said = error.args[0]
        words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        raise PatternRefused(f"this pattern is refused: {words}") from None
    if made.search("") is not None:
        raise PatternRefused("this pattern is found in every text")
    return made


# An escape, a class, a group's start or end, an unbounded repeat.
_PART: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(|\)|[*+]|\{\d*,\}", re.DOTALL)


def _repeats_repeat(pattern: str) -> bool:
    """Whether a group that holds an unbounded repeat is itself repeated without bound."""
    opened: list[bool] = []  # whether the group holds a repeat so far
    closed_at, closed = -1, False  # where the last group ended, and whether it held one
    for found in _PART.finditer(pattern):
        sign = found[0]
        if sign == "(":
            opened.append(False)
        elif sign == ")":
            closed_at, closed = found.end(), opened.pop() if opened else False
            if closed and opened:
                opened[-1] = True
        elif sign[0] in "*+{":
            if closed and found.start() == closed_at:
                return True
            if opened:
                opened[-1] = True
    return False
