"""Digits and signs that are drawn like letters, and what a word reads as with them."""

import re
from typing import Final

from rostra.safety.signals.lexicon import (
    COMMON,
    KNOWN,
    LOADED,
    ORDER,
    SQUEEZED,
    STROKES,
    squeezed,
    starred,
)
from rostra.safety.signals.trail import Edit

_AS_I: Final = str.maketrans("01345789@$!|+", "oieastbgasiit")
_AS_L: Final = str.maketrans("01345789@$!|+", "oleastbgasllt")
_AS_GUESSED: Final = str.maketrans("01345789@$!|+", "oieastbgasilt")
_SIGN: Final = re.compile(r"[@$!|+]")
_BETWEEN_LETTERS: Final = re.compile(r"(?<=[^\W\d_])[@$!|+](?=[^\W\d_])")
_STROKE: Final = re.compile(r"[1!|]")
_LONE_DIGIT: Final = re.compile(r"(?<=[^\W\d_])[013457](?=[^\W\d_])")
_MEASURED: Final = re.compile(r"\d+[^\W\d_]{1,2}")  # `9mm`
_COUNTED: Final = re.compile(r"\d{2,}[^\W\d_]{1,2}")  # `100k`, `91st`
_PIECES: Final = re.compile(r"[^\W_]+")
_EDGES: Final = ".,;:!?\"'()[]{}<>*_~-#\u2026\u00bf\u00a1\u00ab\u00bb\u201c\u201d\u201e"
_ENDS: Final = ".,;:!?\"'"  # of sentences: no part of a letter that is drawn
AROUND: Final = "\"'()[]{}<>,;:?."
"""What stands around words, and is not written for a letter."""
_THRICE: Final = re.compile(r"([^\W\d_])\1{2,}")
_TWICE: Final = re.compile(r"(?:(.)\1)+")

# Letters that are drawn with several signs; the longest first.
_DRAWN: Final = {
    "\\/\\/": "w",
    "/\\/\\": "m",
    "|\\/|": "m",
    "|-|": "h",
    "|\\|": "n",
    "|_|": "u",
    "|v|": "m",
    "/-\\": "a",
    "|)": "d",
    "|<": "k",
    "|3": "b",
    "|2": "r",
    "|=": "f",
    "|>": "p",
    "\\/": "v",
    "/\\": "a",
    "()": "o",
    "[]": "o",
    "><": "x",
}
_ANY_DRAWN: Final = re.compile("|".join(map(re.escape, _DRAWN)))
_STARRED: Final = re.compile(r"[^\W\d_]*(?:\*+[^\W\d_]+)+\**|[^\W\d_]+\*+")
_MASK: Final = re.compile(r"[^\W\d_]+(?:[#.\-_\u00b7\u2022]+[^\W\d_]+)+")
_ANY_MASK: Final = re.compile(r"[#.\-_\u00b7\u2022]")

_FEWEST_LETTERS: Final = 2
_SHORTEST_ALONE: Final = 3
_SHORTEST_GUESSED: Final = 5
_WRITTEN_MUCH: Final = 8_000  # by `ORDER`
_FEWEST_UNSTARRED: Final = 2
_SHORTEST_MASKED: Final = 4
_ALONE: Final = ("u",)
_LETTERS_A_DIGIT: Final = 3
_LONGEST: Final = 40  # of what may be one word


def is_word(chunk: str) -> bool:
    """Whether this reads as a known word only with its signs and digits as letters: `@ll`."""
    core = chunk.strip(_EDGES)
    return len(core) <= _LONGEST and core[1:] not in KNOWN and bool(_signed(core))


def with_signs(chunk: str) -> list[Edit]:
    """`k!ll`, `a$$`, `|<ill`: signs for letters, where a known word comes out.

    A sign at an end is punctuation unless the word needs it.
    """
    if len(chunk) > _LONGEST or not (_SIGN.search(chunk) or _ANY_DRAWN.search(chunk)):
        return []
    right, left, inside = chunk.rstrip(_EDGES), chunk.lstrip(_EDGES), chunk.strip(_ENDS)
    bare = right.lstrip(_EDGES)
    if bare in KNOWN or (bare.isalpha() and unrepeated(bare) in KNOWN):
        return []
    for core in dict.fromkeys((chunk, inside, bare, right, left)):
        word = _signed(core)
        if word:
            start = chunk.index(core)
            return [Edit(start, start + len(core), word, whole=True)]
    return []


def signs_inside(chunk: str) -> list[Edit]:
    """Signs between letters as letters, in what nobody knows."""
    if all(piece in KNOWN for piece in _PIECES.findall(chunk)):
        return []
    inner = _BETWEEN_LETTERS.sub(_as_i, chunk)
    return [] if inner == chunk else [Edit(0, len(chunk), inner)]


def alone(chunk: str) -> list[Edit]:
    """`1`, `4m`, `70`, `ii`: a short word, where others of its line are written with digits too."""
    core = chunk.strip(AROUND)
    if "*" in core:
        plain = _with_vowels(core, fewest=1)
        return [_instead(chunk, core, plain)] if plain else []
    core = chunk.strip(_EDGES.replace("!", ""))
    for word in dict.fromkeys((core if core == "!" else core.rstrip("!"), chunk.strip(_ENDS))):
        if len(word) > _LONGEST or word in KNOWN or not word:
            return []
        if plain := _once(word) if word.isalpha() else _guessed(word):
            return [_instead(chunk, word, plain)]
    return []


def _once(word: str) -> str:
    """The letter that stands here twice; or nothing."""
    return word[:1] if word == word[:1] * 2 else ""


def _instead(chunk: str, core: str, word: str) -> Edit:
    start = chunk.index(core)
    return Edit(start, start + len(core), word, whole=True)


def _guessed(word: str) -> str:
    """The word that this is if it is written much, or else a longer one; or nothing."""
    drawn = as_drawn(word)
    if drawn in _ALONE:
        return drawn
    for written in dict.fromkeys((word, drawn)):
        plain = read_as(written)
        if plain in COMMON or plain in LOADED:
            return plain
        if len(plain) >= _SHORTEST_ALONE and ORDER.get(plain, _WRITTEN_MUCH) < _WRITTEN_MUCH:
            return plain
    guess = "" if _MEASURED.fullmatch(word) else drawn.translate(_AS_GUESSED)
    least = _SHORTEST_ALONE if any(map(str.isalpha, drawn)) else _SHORTEST_GUESSED
    return guess if len(guess) >= least and guess.isalpha() else ""


def _signed(core: str) -> str:
    """The known word that this is with signs for letters, or nothing."""
    if core.isalnum() or not core:
        return ""
    for written in dict.fromkeys((core, as_drawn(core))):
        letters = sum(char.isalpha() for char in written)
        if letters > 1 or (letters and len(written) >= _SHORTEST_ALONE):
            word = read_as(written)
            if word:
                return word
    return ""


def as_drawn(word: str) -> str:
    """A word with the letters that are drawn with several signs."""
    return _ANY_DRAWN.sub(_drawn, word)


def _drawn(found: re.Match[str]) -> str:
    return _DRAWN[found[0]]


def _as_i(found: re.Match[str]) -> str:
    return found[0].translate(_AS_GUESSED)


def read_as(word: str) -> str:
    """The known word that is written with these digits and signs, or nothing."""
    for read in (_AS_I, _AS_L):
        plain = word.translate(read)
        if plain in KNOWN:
            return plain
    if _STROKE.search(word):
        found = STROKES.get(word.translate(_AS_L).replace("i", "l"), "")
        if found and all(
            one == other or not one.isalpha() for one, other in zip(word, found, strict=True)
        ):
            return found
    for read in (_AS_I, _AS_L):
        plain = word.translate(read)
        if plain.isalpha() and (short := unrepeated(plain)) in KNOWN:
            return short
    return ""


def without_digits(word: str) -> str:
    """`h4te` is a word; `2024`, `b4`, `4th` and `100k` are what they are."""
    letters = sum(char.isalpha() for char in word)
    if len(word) > _LONGEST or not letters or _COUNTED.fullmatch(word):
        return word
    if letters < _FEWEST_LETTERS:
        plain = read_as(word) if len(word) >= _SHORTEST_ALONE else ""
        return plain if plain in COMMON or plain in LOADED else word
    plain = read_as(word)
    if plain:
        return plain
    if (len(word) - letters) * _LETTERS_A_DIGIT <= letters:
        return _LONE_DIGIT.sub(_as_i, word)
    return word


def as_letters(word: str) -> str:
    """Every digit as the letter that it is drawn like."""
    return word.translate(_AS_I) if any(char.isdigit() for char in word) else word


def unrepeated(word: str) -> str:
    """`kiiiill`, `hhaattee`: the known word, or else every long run as one letter."""
    if len(word) >= _SHORTEST_MASKED and _TWICE.fullmatch(word):
        half = word[::2]
        return half if half in KNOWN else _squeezed(word) or half
    if _THRICE.search(word):
        return _squeezed(word) or _THRICE.sub(r"\1", word)
    return word


def _squeezed(word: str) -> str:
    """The known word that this is with some letters too many, or nothing."""
    short = squeezed(word)
    long = SQUEEZED.get(short, "")
    if long in COMMON or long in LOADED or short not in KNOWN:
        return long
    return short


def unmasked(chunk: str) -> list[Edit]:
    """`k*ll`, `y*u`, `f.ck`: a known word with signs for its vowels."""
    core = chunk.strip("\"'()[]{}<>,;:!?.")
    word = ""
    if "*" in core:
        word = _with_vowels(core, fewest=_FEWEST_UNSTARRED)
    elif len(core) >= _SHORTEST_MASKED and _MASK.fullmatch(core):
        found = starred(_ANY_MASK.sub("*", core))
        word = next((each for each in found if each in LOADED), "")
    return [_instead(chunk, core, word)] if word else []


def _with_vowels(core: str, *, fewest: int) -> str:
    """The likeliest word that this is with stars for vowels, if so many letters are left."""
    left = len(core) - core.count("*")
    if left < fewest or len(core) < _SHORTEST_ALONE or core.strip("*") in KNOWN:
        return ""
    return next(iter(starred(core)), "") if _STARRED.fullmatch(core) else ""
