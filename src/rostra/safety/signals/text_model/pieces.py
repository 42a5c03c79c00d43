"""A text as numbers: words, and pieces of the words that the model has not seen whole.

Words are cut as by WordPiece (Schuster and Nakajima 2012, as BERT has it): always the longest
piece that is known, pieces behind the first one marked with `##`. A sign is a word of its own,
addresses and names are one piece each, whatever they say.
"""

import re
from collections.abc import Iterable
from typing import Final

PADDING: Final = "[pad]"
UNKNOWN: Final = "[unk]"
LINK: Final = "[link]"
NAME: Final = "[name]"
SPECIAL: Final = (PADDING, UNKNOWN, LINK, NAME)
"""The first pieces of every vocabulary."""

_UNKNOWN_ID: Final = 1
_LINK_ID: Final = 2
_NAME_ID: Final = 3

_WORD: Final = re.compile(r"https?://\S+|www\.\S+|@[\w.@-]+|[^\W_]+|\S")
_MOST_KEPT: Final = 20_000
_LONGEST_WORD: Final = 200


class Pieces:
    """A vocabulary of pieces, and texts cut by it.

    Attributes:
        pieces: all of them, in the order of their numbers.
    """

    def __init__(self, pieces: Iterable[str]) -> None:
        self.pieces = tuple(pieces)
        self._first = {
            piece: at for at, piece in enumerate(self.pieces) if not piece.startswith("##")
        }
        self._inner = {
            piece[2:]: at for at, piece in enumerate(self.pieces) if piece.startswith("##")
        }
        self._longest = max(map(len, self.pieces))
        self._kept: dict[str, tuple[int, ...]] = {}

    def cut(self, text: str) -> list[int]:
        """The numbers of the pieces of a text that is lower case already."""
        ids: list[int] = []
        kept = self._kept
        for word in _WORD.findall(text):
            ids += kept.get(word) or self._numbers(word)
        return ids

    def words(self, text: str) -> list[tuple[int, int]]:
        """For each piece of a text, where its word starts and ends."""
        places: list[tuple[int, int]] = []
        for found in _WORD.finditer(text):
            places += [found.span()] * len(self._kept.get(found[0]) or self._numbers(found[0]))
        return places

    def _numbers(self, word: str) -> tuple[int, ...]:
        """The pieces of one word, kept for the next time while there is room."""
        if word[0] == "@" and len(word) > 1:
            return (_NAME_ID,)
        if "://" in word or word.startswith("www."):
            return (_LINK_ID,)
        numbers = self._pieces(word[:_LONGEST_WORD])
        if len(self._kept) < _MOST_KEPT:
            self._kept[word] = numbers
        return numbers

    def _pieces(self, word: str) -> tuple[int, ...]:
        found: list[int] = []
        at = 0
        while at < len(word):
            table = self._inner if at else self._first
            for end in range(min(len(word), at + self._longest), at, -1):
                number = table.get(word[at:end])
                if number is not None:
                    break
            else:
                return (_UNKNOWN_ID,)
            found.append(number)
            at = end
        return tuple(found)
