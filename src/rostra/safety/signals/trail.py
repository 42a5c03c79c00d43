"""The way back from a changed text to what it was made from, step by step."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol


class Edit(NamedTuple):
    """A passage that was replaced.

    Attributes:
        start: in the text before.
        end: behind its last character.
        text: what stands there instead.
        mirrored: it is the same text backwards.
        whole: it is read as one, even where it is as long as before.
    """

    start: int
    end: int
    text: str
    mirrored: bool = False
    whole: bool = False


class Step(Protocol):
    """One change of the whole text."""

    def back(self, start: int, end: int) -> tuple[int, int]:
        """What of the text before a passage of the text behind was made from."""
        ...


class Edited:
    """Passages replaced, all else left; they stand in order and don't overlap."""

    __slots__ = ("_edits", "_starts", "_turns")

    def __init__(self, edits: list[Edit]) -> None:
        self._edits = edits
        self._starts: list[int] | None = None
        self._turns = any(edit.mirrored for edit in edits)

    def apply(self, text: str) -> str:
        """The text behind."""
        parts: list[str] = []
        at = 0
        for edit in self._edits:
            parts += (text[at : edit.start], edit.text)
            at = edit.end
        parts.append(text[at:])
        return "".join(parts)

    def back(self, start: int, end: int) -> tuple[int, int]:
        """What of the text before a passage of the text behind was made from."""
        if start >= end:
            at = self._source(start)[0]
            return at, at
        if self._turns:
            every = [self._source(at) for at in range(start, end)]
            return min(one for one, _ in every), max(two for _, two in every)
        return self._source(start)[0], self._source(end - 1)[1]

    def _source(self, at: int) -> tuple[int, int]:
        """The passage before, of one character behind."""
        if self._starts is None:
            self._starts = []
            shift = 0
            for edit in self._edits:
                self._starts.append(edit.start + shift)
                shift += len(edit.text) - (edit.end - edit.start)
        found = bisect_right(self._starts, at) - 1
        if found < 0:
            return at, at + 1
        edit = self._edits[found]
        inside = at - self._starts[found]
        if inside >= len(edit.text):
            source = edit.end + inside - len(edit.text)
            return source, source + 1
        if edit.mirrored:
            return edit.end - inside - 1, edit.end - inside
        if len(edit.text) == edit.end - edit.start and not edit.whole:
            return edit.start + inside, edit.start + inside + 1
        return edit.start, edit.end


class Translated:
    """Each character replaced by what a table says, which may be nothing or several."""

    __slots__ = ("_before", "_ends", "_table")

    def __init__(self, before: str, table: Mapping[int, str]) -> None:
        self._before = before
        self._table = table
        self._ends: list[int] | None = None

    def back(self, start: int, end: int) -> tuple[int, int]:
        """What of the text before a passage of the text behind was made from."""
        if self._ends is None:
            self._ends = []
            at = 0
            for char in self._before:
                at += len(self._table[ord(char)])
                self._ends.append(at)
        first = bisect_right(self._ends, start)
        if start >= end:
            return first, first
        return first, bisect_right(self._ends, end - 1) + 1


def back(steps: Iterable[Step], start: int, end: int) -> tuple[int, int]:
    """Through all steps, the last one first."""
    for step in steps:
        start, end = step.back(start, end)
    return start, end
