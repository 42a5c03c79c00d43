"""Marks: characters that belong to the letter before them.

Vowel signs, nasal signs and tones of Hindi, Bengali, Thai and many other scripts, and the voices of
Kana, are marks (Unicode's category M). To `re` they are no part of a word: a pattern that does not
name them cuts words at every vowel, and drops it.
"""

import re
import unicodedata
from itertools import chain
from typing import Final

# Where there are any: all of them up to Cham, then Kana, marks of symbols, and the scripts behind.
_BLOCKS: Final = (
    range(0x0300, 0x1E00),
    range(0x20D0, 0x2100),
    range(0x2CE0, 0x30A0),
    range(0xA660, 0xAC00),
    range(0xFB1E, 0xFE30),
    range(0x101F0, 0x10400),
    range(0x10A00, 0x12000),
    range(0x13430, 0x13460),
    range(0x16AF0, 0x16B40),
    range(0x16F40, 0x17000),
    range(0x1BC90, 0x1BCA0),
    range(0x1CF00, 0x1D250),
    range(0x1DA00, 0x1E950),
    range(0xE0100, 0xE01F0),
)


def _ranges() -> str:
    found: list[list[int]] = []
    for code in chain.from_iterable(_BLOCKS):
        if unicodedata.category(chr(code))[0] != "M":
            continue
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in found)


MARKS: Final = _ranges()
"""All of them, to stand between the brackets of a class of characters."""

WORD: Final = rf"[^\W_]+(?:[{MARKS}]+[^\W_]*)*"
"""A pattern of one word: letters and digits, and the marks that belong to them."""

_WORD: Final = re.compile(WORD)
_PLAIN: Final = re.compile(r"[^\W_]+")


def words_of(text: str) -> re.Pattern[str]:
    """What finds the words of this text; the plain one, which is quicker, where it has no marks."""
    return _PLAIN if text.isascii() else _WORD
