"""Where words end in a row of letters that has no blanks."""

import math
from itertools import accumulate, pairwise
from typing import Final

from rostra.safety.signals.lexicon import COMMON, KNOWN, LOADED, LONGEST, ORDER, USUAL

_MOST: Final = 2_000  # letters
# What words cost, in tenths: the logarithm of how seldom they are (Zipf's law: the second most is
# written half as often as the first).
_TENTHS: Final = 10
_A_NAME: Final = 105  # a word worth hiding, or common, that stands in no order
_UNORDERED: Final = 115
_RARELY: Final = 130
_SHORT_MORE: Final = 30  # for a word of three letters that is not common
_STRANGE: Final = 140  # a word that nobody knows, and more for each of its letters
_STRANGE_LETTER: Final = 40
_LONG: Final = 16  # letters in which some words may be strange
_LONG_APART: Final = 12
_LONGEST_STRANGE: Final = 12
_SHORT: Final = 3  # letters
_SHORT_RARE: Final = 4
_STRANGE_SHARE: Final = 3  # of this many letters, one may belong to a strange word
_TWO: Final = 2
_MANY: Final = 5  # words that don't follow each other by chance
_SINGLES: Final = 3  # of this many words, one may be a single letter
_NEVER: Final = 1 << 30

_PRICES: Final = {
    word: round(_TENTHS * math.log((at + 1) * math.log(len(ORDER)))) for word, at in ORDER.items()
}


def boundaries(joined: str, *, apart: bool = False) -> frozenset[int]:
    """Where words end in a row of letters; none where it does not read as words.

    Args:
        joined: the letters.
        apart: they stood apart, so that they are more than one word on purpose.
    """
    length = len(joined)
    if length > _MOST:
        return frozenset()
    strange = length >= (_LONG_APART if apart else _LONG)
    cost = [0] + [_NEVER] * length
    came_from = [0] * (length + 1)
    for start in range(length):
        so_far = cost[start]
        if so_far >= _NEVER:
            continue
        for end in range(start + 1, min(length, start + LONGEST) + 1):
            price = so_far + _price(joined[start:end], strange=strange)
            if price < cost[end]:
                cost[end], came_from[end] = price, start
    if cost[length] >= _NEVER:
        return frozenset()
    return _ends(joined, came_from, apart=apart)


def spaced(joined: str, ends: frozenset[int]) -> str:
    """A row of letters with a blank at each of these places."""
    cuts = [0, *sorted(ends), len(joined)]
    return " ".join(joined[one:two] for one, two in pairwise(cuts))


def _price(word: str, *, strange: bool) -> int:
    """What it costs to read this as one word; more than anything where it can't be."""
    length = len(word)
    if word in COMMON or word in LOADED:
        return _PRICES.get(word, _A_NAME)
    if word in USUAL:
        return _PRICES.get(word, _UNORDERED) + (_SHORT_MORE if length <= _SHORT else 0)
    if word in KNOWN and length > _SHORT_RARE:
        return _RARELY
    if strange and word in _PRICES and length > _SHORT:
        return _PRICES[word] + _SHORT_MORE
    if strange and length <= _LONGEST_STRANGE:
        return _STRANGE + _STRANGE_LETTER * length + (_SHORT_MORE if length < _SHORT else 0)
    return _NEVER


def _is_word(word: str) -> bool:
    return _price(word, strange=False) < _NEVER


def _ends(joined: str, came_from: list[int], *, apart: bool) -> frozenset[int]:
    """The ends on the best way, if it is a good one."""
    words: list[str] = []
    at = len(joined)
    while at:
        words.append(joined[came_from[at] : at])
        at = came_from[at]
    words.reverse()
    strange = sum(len(word) for word in words if not _is_word(word))
    if strange * _STRANGE_SHARE > len(joined) or not (apart or _trusted(words)):
        return frozenset()
    return frozenset(accumulate(map(len, words[:-1])))


def _trusted(words: list[str]) -> bool:
    """Whether these words are meant, where nobody has set them apart.

    Else `cambridge` would be a cam and a bridge, and `victorian` would be Victor, I and an.
    """
    if len(words) >= _MANY:
        return sum(len(word) == 1 for word in words) * _SINGLES <= len(words)
    if len(words) == _TWO and any(
        len(word) < _SHORT or (len(word) == _SHORT and word in USUAL) for word in words
    ):
        return False
    return "i" not in words[1:] and "a" not in (words[0], words[-1])
