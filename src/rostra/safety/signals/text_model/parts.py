"""Which parts of a text are judged: all of it, and sentences that would be lost in it.

A network that looks at a whole text takes a threat at the end of a kind letter for less than it
is. So a sentence of a longer text is judged alone too if it says a word that is worth hiding; it
counts for less there, because what stands around it may explain it.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from rostra.safety.signals.lexicon import LOADED
from rostra.safety.signals.text_model.pieces import Pieces

LONGEST: Final = 112
"""Pieces that are looked at together."""

ALONE: Final = 1.5
"""What is taken from the log-odds of a sentence that is judged alone."""

_SHARED: Final = 16  # pieces that two parts have in common
_MOST_PARTS: Final = 24
_MOST_SENTENCES: Final = 12
READ: Final = LONGEST + (_MOST_PARTS - 1) * (LONGEST - _SHARED)
"""Pieces of a text that are read; of a longer one its middle is not, but for loaded sentences."""

_SHORT: Final = 24  # pieces of a text in which nothing is lost
_SHORTEST: Final = 6
_LONGEST_SENTENCE: Final = 32
_SIGNS: Final = ".!?"


class Part(NamedTuple):
    """A part of a text.

    Attributes:
        at: its first piece.
        ids: its pieces.
        less: what is taken from its log-odds.
    """

    at: int
    ids: list[int]
    less: float


class Parts:
    """Cuts texts of one vocabulary into parts."""

    def __init__(self, pieces: Pieces) -> None:
        self._ends = frozenset(one for sign in _SIGNS for one in pieces.cut(sign))
        whole = [pieces.cut(word) for word in LOADED]
        self._loaded = frozenset(ids[0] for ids in whole if len(ids) == 1)

    def of(self, ids: list[int]) -> Iterator[Part]:
        """The parts of a text: first those that it consists of, one if it fits; then sentences.

        Of one that is longer than `READ`, those at its beginning and at its end.
        """
        step = LONGEST - _SHARED
        begins = [*range(0, max(1, len(ids) - _SHARED), step)]
        if len(begins) > _MOST_PARTS:
            half = _MOST_PARTS // 2
            last = len(ids) - LONGEST
            begins = [*begins[:half], *(last - back * step for back in reversed(range(half)))]
        for at in begins:
            yield Part(at, ids[at : at + LONGEST], 0.0)
        if len(ids) > _SHORT and not self._loaded.isdisjoint(ids):
            yield from self._sentences(ids)

    def _sentences(self, ids: list[int]) -> Iterator[Part]:
        start = found = 0
        for at, one in enumerate(ids, 1):
            length = at - start
            ends = one in self._ends and length >= _SHORTEST
            if not ends and length < _LONGEST_SENTENCE and at < len(ids):
                continue
            sentence = ids[start:at]
            if not self._loaded.isdisjoint(sentence):
                yield Part(start, sentence, ALONE)
                found += 1
                if found == _MOST_SENTENCES:
                    return
            start = at
