"""Which of the changes a text needs: most of what people write needs none.

Nearly all chunks of a text (what stands between two blanks) were met before, and what the changes
would do to a chunk by itself is the same each time: it is kept. So a text that no change would
touch is known by a sum over its chunks. Only what depends on what stands beside each other is
looked for anew, and only where it can be.
"""

import re
from collections.abc import Callable
from typing import Final

from rostra.safety.signals import words
from rostra.safety.signals.apart import letter_by_letter
from rostra.safety.signals.lexicon import KNOWN, mirror_of
from rostra.safety.signals.trail import Edit

Change = Callable[[str], list[Edit]]

ALL: Final[tuple[Change, ...]] = (
    words.mirrored,
    words.signs,
    letter_by_letter,
    words.blanks,
    words.chunks,
    words.split_words,
)
"""All that are done to words, in their order."""

_LETTERS: Final = re.compile(r"[^\W\d_]+")
_SINGLE: Final = re.compile(r"(?<![^\W_])[^\W_](?![^\W_])")

# What a chunk counts for: each has room for as many chunks as a text can have.
_ROOM: Final = 40
_SINGLES: Final = 1
_BACKWARDS: Final = 1 << _ROOM
_STRANGE: Final = 1 << 2 * _ROOM
_BLANK: Final = 1 << 3 * _ROOM
_TOUCHED: Final = 1 << 4 * _ROOM
_COUNT: Final = (1 << _ROOM) - 1

_FEWEST_SINGLES: Final = 3
_FEWEST_BACKWARDS: Final = 2
_MOST_KEPT: Final = 20_000
_LONGEST_KEPT: Final = 40  # characters


def needed(text: str) -> tuple[Change, ...]:
    """The changes that a text may need, in order; its links and names are under signs.

    All others would leave it as it is, and so would they once those are done.
    """
    count = sum(map(_COUNTED.__getitem__, text.replace("\n", " ").split(" ")))
    if not count:
        return ()
    if (
        count >= _TOUCHED
        or ((count & _COUNT) >= _FEWEST_SINGLES and letter_by_letter(text))
        or ((count >> _ROOM & _COUNT) >= _FEWEST_BACKWARDS and words.mirrored(text))
    ):
        return ALL
    few: tuple[Change, ...] = (words.blanks,) if count >= _BLANK else ()
    return (*few, words.split_words) if count >> 2 * _ROOM & _COUNT else few


def _counted(chunk: str) -> int:
    """What one chunk counts for; an empty one stands in a row of blanks, or at an end."""
    if not chunk:
        return _BLANK
    letters = _LETTERS.findall(chunk)
    count = len(_SINGLE.findall(chunk)) * _SINGLES
    count += sum(map(bool, map(mirror_of, letters))) * _BACKWARDS
    if not KNOWN.issuperset(letters):
        count += _STRANGE
    if words.signs(chunk) or words.chunks(chunk):
        count += _TOUCHED
    return count


class _Counted(dict[str, int]):
    """What each chunk counts for, worked out when it is first met; a bounded memory."""

    def __missing__(self, chunk: str) -> int:
        found = _counted(chunk)
        if len(chunk) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[chunk] = found
        return found


_COUNTED: Final = _Counted()
