"""Patterns in a text: one pass tells which of them are there, and only those are looked up."""

from collections.abc import Iterator, Sequence
from typing import Final

import re2

from rostra.safety.lists.phrases import Hit
from rostra.safety.signals.normal import Normal
from rostra.safety.signals.patterns import compiled, options

_MOST_PLACES: Final = 20  # of one pattern
_MEMORY: Final = 1 << 26  # bytes for all of them together
_IN_EVERY_TEXT: Final = ""


class Patterns:
    """All entries of lists of patterns.

    Args:
        patterns: each one that `signals.patterns` does not refuse.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._each = [compiled(pattern) for pattern in patterns]
        together = options()
        together.max_mem = _MEMORY
        self._set = re2.Set.SearchSet(together)
        for pattern in (*patterns, _IN_EVERY_TEXT):
            self._set.Add(pattern)
        self._set.Compile()

    def find(self, normal: Normal) -> Iterator[Hit]:
        """Where they are, in the text as it was written and in the one without disguises."""
        if not self._each:
            return
        for which, start, end in self._places(normal.original):
            yield Hit(which, start, end)
        if normal.text != normal.original:
            for which, start, end in self._places(normal.text):
                yield Hit(which, *normal.origin(start, end))

    def _places(self, text: str) -> Iterator[Hit]:
        for which in self._there(text):
            for count, found in enumerate(self._each[which].finditer(text)):
                start, end = found.span()
                if start < end:
                    yield Hit(which, start, end)
                if count == _MOST_PLACES:
                    break

    def _there(self, text: str) -> Sequence[int]:
        """Which of them are there; all of them, where memory did not do for one pass."""
        every = len(self._each)
        there = self._set.Match(text)
        return sorted(set(there) - {every}) if there else range(every)
