"""Words and phrases in a text, all of them in one pass whose time grows with the text alone.

A text without its disguises is laid out as its words with one blank between them, and a phrase is
looked for with a blank before and behind: so it is found at the bounds of words only, whatever
punctuation stands between. A star behind its last word lets that go on. Scripts that set no
blanks have no such bounds: there a phrase is found anywhere, but not where a mark makes another
letter of its last one. Marks, such as the vowels of Hindi, are part of the word that they stand in.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick

from rostra.kernel.text.marks import MARKS, words_of
from rostra.safety.signals.normal import Normal, normalise

_MARK: Final = re.compile(f"[{MARKS}]")
# Han, Kana, Thai, Lao, Burmese, Khmer: words are not set apart.
_NO_BLANKS: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\U00020000-\U0003ffff]"
)


class Hit(NamedTuple):
    """Something that was found.

    Attributes:
        which: its place among what was searched for.
        start: in code points of the original text.
        end: behind its last code point.
    """

    which: int
    start: int
    end: int


def folded(phrase: str) -> str:
    """A phrase as it is compared: its words without disguises, a star behind if it may go on.

    Empty where it has no letter or digit.
    """
    goes_on = phrase.rstrip().endswith("*")
    plain = normalise(phrase.rstrip().rstrip("*")).text
    words = " ".join(words_of(plain).findall(plain))
    return f"{words}*" if words and goes_on else words


class Laid:
    """A text laid out as its words, with the way back."""

    __slots__ = ("_normal", "_places", "_starts", "_word", "text")

    def __init__(self, normal: Normal) -> None:
        self._normal = normal
        self._places: list[tuple[int, int]] = []
        self._starts: list[int] = []
        self._word = words_of(normal.text)
        self.text = f" {' '.join(self._word.findall(normal.text))} "

    def _lay(self) -> None:
        """Find where its words are; most texts have none that anybody asks for."""
        self._places = [found.span() for found in self._word.finditer(self._normal.text)]
        at = 1
        for start, end in self._places:
            self._starts.append(at)
            at += end - start + 1

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """What of the original a passage of the laid out text stands for; at least one letter."""
        first, last = self._normal_place(start), self._normal_place(end - 1)
        return self._normal.origin(first, last + 1)

    def _normal_place(self, at: int) -> int:
        if not self._starts:
            self._lay()
        word = bisect_right(self._starts, at) - 1
        return self._places[word][0] + at - self._starts[word]

    def end_of_word(self, at: int) -> int:
        """Behind the last letter of the word that this place is in."""
        return self.text.index(" ", at)


class Phrases:
    """All entries of lists of words and phrases.

    Args:
        phrases: each as `folded` makes them.
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        self._open = [phrase.endswith("*") for phrase in phrases]
        self._bare = [_NO_BLANKS.search(phrase) is not None for phrase in phrases]
        needles = [
            phrase.rstrip("*") if bare else f" {phrase.rstrip('*')}" + " " * (not goes_on)
            for phrase, bare, goes_on in zip(phrases, self._bare, self._open, strict=True)
        ]
        self._search = AhoCorasick(needles) if needles else None

    def find(self, laid: Laid) -> Iterator[Hit]:
        """Every place of every phrase."""
        if self._search is None:
            return
        for which, start, end in self._search.find_matches_as_indexes(laid.text, overlapping=True):
            if self._bare[which]:
                if _MARK.match(laid.text, end):
                    continue  # the last letter is another with it
                yield Hit(which, *laid.origin(start, end))
            elif self._open[which]:
                yield Hit(which, *laid.origin(start + 1, laid.end_of_word(end)))
            else:
                yield Hit(which, *laid.origin(start + 1, end - 1))
