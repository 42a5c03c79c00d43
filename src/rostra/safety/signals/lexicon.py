"""Words by which a disguise is told from an honest spelling.

`LOADED` are those that are worth hiding: what threatens, demeans and sells, and whom it is aimed
at. `COMMON` are those that everybody writes (`CONTRACTED` those of them with an apostrophe),
`USUAL` the ten thousand behind them; `KNOWN` are all of these and the thirty thousand behind them,
which are rare; `ORDER` tells what is written more. A digit in a word, a word in two pieces or
backwards is read otherwise only if one of these comes out, and never if it was one of these before.
Being listed says nothing against a word.
"""

import re
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final


def _file(name: str) -> str:
    return (Path(__file__).parent / "known" / f"{name}.txt").read_text(encoding="utf-8")


def _words(name: str) -> list[str]:
    return _file(name).split()


LOADED: Final = frozenset(_words("loaded"))

CONTRACTED: Final = frozenset(_words("contracted"))

COMMON: Final = frozenset(_words("common")) | CONTRACTED

USUAL: Final = frozenset(_words("usual"))

KNOWN: Final = frozenset(chain(LOADED, COMMON, USUAL, _words("rare")))
"""All of these and the rare ones, which stand nowhere else: a set of them alone costs megabytes."""

_SAME: Final = re.compile(r"(.)\1+")
_VOWEL: Final = re.compile("[aeiou]")

# Those whose mirror image is a word of its own, or too short to tell.
_MIRRORED_WORDS: Final = frozenset(_words("mirrored"))
_FEWEST_MIRRORED: Final = 3
_FEWEST_MIRRORED_RARE: Final = 5


def _order() -> dict[str, int]:
    one_object = {word: word for word in KNOWN}
    return {one_object.get(word, word): at for at, word in enumerate(_words("order"))}


ORDER: Final = _order()
"""How many words are written more often than this one, for those that are written much; there are
names among them that are not `KNOWN`."""


def squeezed(word: str) -> str:
    """A word with every letter once where it is repeated."""
    return _SAME.sub(r"\1", word)


def _first(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """By key, the word that comes first."""
    return dict(reversed(pairs))


def _by_use(words: frozenset[str]) -> list[str]:
    """Those first that are written most."""
    return sorted(words, key=lambda word: (ORDER.get(word, len(ORDER)), word))


# Where several words are written alike: what is written most, then what is worth hiding.
_ORDERED: Final = tuple(
    dict.fromkeys(chain(_words("first"), _by_use(LOADED), _by_use(COMMON), _by_use(USUAL)))
)

SQUEEZED: Final = _first([(squeezed(word), word) for word in _ORDERED if _SAME.search(word)])
"""By a word with no letter twice in a row, the word that has one."""


@cache
def _bones() -> dict[str, str]:
    """By a word with all its vowels under stars, the words; made when the first star is met."""
    found: dict[str, str] = {}
    for word in dict.fromkeys(chain(_ORDERED, _by_use(KNOWN))):
        bones = _VOWEL.sub("*", word)
        found[bones] = f"{found[bones]} {word}" if bones in found else word
    return found


def starred(word: str) -> list[str]:
    """The words that this may be, with stars for some vowels: those first that are likelier."""
    return [
        each
        for each in _bones().get(_VOWEL.sub("*", word), "").split()
        if all(one in ("*", other) for one, other in zip(word, each, strict=True))
    ]


STROKES: Final = _first(
    [(word.replace("i", "l"), word) for word in _ORDERED if "i" in word or "l" in word]
)
"""By a word whose every `i` is written as `l`, the word: one stroke stands for both."""

LONGEST: Final = max(map(len, KNOWN))

_SHORTEST_JOINED: Final = 5
_SHORTEST_RARE: Final = 6

PAIRS: Final = frozenset(_file("pairs").splitlines())
"""Words that follow each other, to tell in which direction a mirrored sentence runs."""


def is_rare(word: str) -> bool:
    """Whether it is one of the `KNOWN` that few write."""
    return word in KNOWN and not (word in USUAL or word in COMMON or word in LOADED)


def mirror_of(image: str) -> str:
    """The word whose mirror image this is; nothing if the image is a word of its own."""
    word = image[::-1]
    if len(word) < _FEWEST_MIRRORED or word not in KNOWN:
        return ""
    if image in KNOWN or image in _MIRRORED_WORDS:
        return ""
    return "" if len(word) < _FEWEST_MIRRORED_RARE and is_rare(word) else word


def is_joinable(word: str) -> bool:
    """Whether it is what two or three pieces may be put together to."""
    if word not in KNOWN:
        return False
    if len(word) >= _SHORTEST_RARE or word in LOADED:
        return True
    return len(word) >= _SHORTEST_JOINED and not is_rare(word)
