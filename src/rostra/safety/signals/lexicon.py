"""Words by which a disguise is told from an honest spelling.

`LOADED` are those that are worth hiding: what threatens, demeans and sells, and whom it is aimed
at. `COMMON` are those that everybody writes. A digit in a word, a word in two pieces or backwards
is read otherwise only if one of these comes out, and never if it was one of these before. Being
listed says nothing against a word.
"""

import re
from pathlib import Path
from typing import Final


def _file(name: str) -> str:
    return (Path(__file__).parent / "known" / f"{name}.txt").read_text(encoding="utf-8")


def _words(name: str) -> list[str]:
    return _file(name).split()


LOADED: Final = frozenset(_words("loaded"))

COMMON: Final = frozenset(_words("common"))

KNOWN: Final = LOADED | COMMON

_SAME: Final = re.compile(r"(.)\1+")
_VOWEL: Final = re.compile("[aeiou]")

# Those whose mirror image is a word of its own, or too short to tell.
_MIRRORED_WORDS: Final = frozenset(_words("mirrored"))
_FEWEST_MIRRORED: Final = 3


def squeezed(word: str) -> str:
    """A word with every letter once where it is repeated."""
    return _SAME.sub(r"\1", word)


def _first(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """By key, the word that comes first."""
    return dict(reversed(pairs))


def _one_masked(word: str) -> list[str]:
    """A word with each of its inner vowels, and all of them, under a star."""
    inner = range(1, len(word) - 1)
    found = [f"{word[:at]}*{word[at + 1 :]}" for at in inner if word[at] in "aeiou"]
    every = word[0] + _VOWEL.sub("*", word[1:-1]) + word[-1]
    return [*found, every] if "*" in every else []


_ORDERED: Final = (*sorted(LOADED), *sorted(COMMON))

SQUEEZED: Final = _first([(squeezed(word), word) for word in _ORDERED])
"""By a word with no letter twice in a row, the word."""

MASKED: Final = _first(
    [(key, word) for word in sorted(LOADED) if len(word) > 2 for key in _one_masked(word)]  # noqa: PLR2004 (a letter, a star, a letter)
)
"""By a word with stars for its vowels, the word."""

MIRRORED: Final = _first(
    [
        (word[::-1], word)
        for word in _ORDERED
        if len(word) >= _FEWEST_MIRRORED
        and word[::-1] not in KNOWN
        and word[::-1] not in _MIRRORED_WORDS
    ]
)
"""By its mirror image, the word; none whose mirror image is a word."""

LONGEST: Final = max(map(len, KNOWN))

_SHORTEST_COMMON: Final = 6

JOINABLE: Final = LOADED | {word for word in COMMON if len(word) >= _SHORTEST_COMMON}
"""What two or three pieces are put together to."""

PARTS: Final = (
    frozenset(word[:at] for word in JOINABLE for at in range(1, len(word)))
    | frozenset(word[at:] for word in JOINABLE for at in range(1, len(word)))
) - KNOWN
"""How a piece of one of them may begin or end it, without those that are words alone."""

PAIRS: Final = frozenset(_file("pairs").splitlines())
"""Words that follow each other, to tell in which direction a mirrored sentence runs."""
