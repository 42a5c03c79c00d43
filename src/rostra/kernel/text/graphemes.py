"""Extended grapheme clusters (UAX #29): what a reader takes for one character.

Python has no segmentation of its own; this follows rules GB3 to GB13 (not GB9c, which Ruby
and the clients do not follow alike) with the categories of the `unicodedata` at hand.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from typing import Final

_ABOVE_LATIN = re.compile("[^\x00-\u02ff]")


class _Break(IntEnum):
    OTHER = 0
    CONTROL = 1
    EXTEND = 2
    JOINER = 3
    SPACING = 4
    PREPEND = 5
    FLAG = 6
    PICTURE = 7
    HANGUL_L = 8
    HANGUL_V = 9
    HANGUL_T = 10
    HANGUL_LV = 11
    HANGUL_LVT = 12


def count(text: str) -> int:
    """Return the number of clusters in a text."""
    if not _ABOVE_LATIN.search(text):
        return len(text) - text.count("\r\n")
    return sum(1 for _ in starts(text))


def cut(text: str, limit: int) -> str:
    """Return the first `limit` clusters, without breaking one apart."""
    if len(text) <= limit:
        return text
    for number, start in enumerate(starts(text)):
        if number == limit:
            return text[:start]
    return text


def starts(text: str) -> Iterator[int]:
    """Give the index at which each cluster starts."""
    before = _Break.CONTROL
    odd_flags = False  # an odd number of flag letters stand before (GB12, GB13)
    picture = False  # a picture and only extending characters stand before (GB11)
    last = ""
    for index, char in enumerate(text):
        kind = _kind(char)
        if kind is _Break.PICTURE and before is _Break.JOINER:
            joined = picture
        elif kind is _Break.FLAG and before is _Break.FLAG:
            joined = odd_flags
        else:
            joined = _joins(before, kind) or (char == "\n" and last == "\r")
        if not joined:
            yield index
        odd_flags = kind is _Break.FLAG and not (before is _Break.FLAG and odd_flags)
        picture = kind is _Break.PICTURE or (
            picture and kind in _KEEPS_PICTURE and before is not _Break.JOINER
        )
        before = kind
        last = char


def is_picture(char: str) -> bool:
    """Return whether a character is a picture, of which emoji are made."""
    return _kind(char) is _Break.PICTURE


def _joins(before: _Break, kind: _Break) -> bool:
    if before is _Break.CONTROL or kind is _Break.CONTROL:
        return False
    if kind in _ALWAYS_JOINS or before is _Break.PREPEND:
        return True
    return kind in _HANGUL.get(before, ())


@lru_cache(maxsize=8192)
def _kind(char: str) -> _Break:
    code = ord(char)
    place = bisect_right(_FIRSTS, code) - 1
    if place >= 0 and code <= _SPANS[place][1]:
        return _SPANS[place][2]
    if 0xAC00 <= code <= 0xD7A3:  # noqa: PLR2004 (Hangul syllables: every 28th has no final)
        return _Break.HANGUL_LVT if (code - 0xAC00) % 28 else _Break.HANGUL_LV
    return _BY_CATEGORY.get(unicodedata.category(char), _Break.OTHER)


_ALWAYS_JOINS: Final = frozenset({_Break.EXTEND, _Break.JOINER, _Break.SPACING})
_KEEPS_PICTURE: Final = frozenset({_Break.EXTEND, _Break.JOINER})
_L, _V, _T = _Break.HANGUL_L, _Break.HANGUL_V, _Break.HANGUL_T
_HANGUL: Final = {
    _L: (_L, _V, _Break.HANGUL_LV, _Break.HANGUL_LVT),
    _Break.HANGUL_LV: (_V, _T),
    _V: (_V, _T),
    _Break.HANGUL_LVT: (_T,),
    _T: (_T,),
}
_BY_CATEGORY: Final = {
    "Mn": _Break.EXTEND,
    "Me": _Break.EXTEND,
    "Mc": _Break.SPACING,
    "Cc": _Break.CONTROL,
    "Cf": _Break.CONTROL,
    "Zl": _Break.CONTROL,
    "Zp": _Break.CONTROL,
    "Cs": _Break.CONTROL,
}

# What the general category does not tell. Source: GraphemeBreakProperty.txt, emoji-data.txt.
_EXTEND = """
9be 9d7 b3e b57 bbe bd7 cc0 cc2 cc7-cc8 cca-ccb cd5-cd6 d3e d57 dcf ddf 1715 1734 1b35 1b3b
1b3d 1b43-1b44 1baa 1bf2-1bf3 200c 302e-302f a953 a9c0 ff9e-ff9f 1133e 11357 114b0 114bd 115af
11930 1d165 1d16e-1d172 1f3fb-1f3ff e0020-e007f
"""
_SPACING = "e33 eb3"
_STARTS_ANEW = """
102b-102c 1038 1062-1064 1067-106d 1083 1087-108c 108f 109a-109c 1a61 1a63-1a64 aa7b aa7d
11720-11721
"""
_PREPEND = """
600-605 6dd 70f 890-891 8e2 d4e 110bd 110cd 111c2-111c3 1193f 11941 11a3a 11a84-11a89 11d46
11f02
"""
_PICTURE = """
a9 ae 203c 2049 2122 2139 2194-2199 21a9-21aa 231a-231b 2328 2388 23cf 23e9-23f3 23f8-23fa
24c2 25aa-25ab 25b6 25c0 25fb-25fe 2600-2605 2607-2612 2614-2685 2690-2705 2708-2712 2714 2716
271d 2721 2728 2733-2734 2744 2747 274c 274e 2753-2755 2757 2763-2767 2795-2797 27a1 27b0 27bf
2934-2935 2b05-2b07 2b1b-2b1c 2b50 2b55 3030 303d 3297 3299 1f000-1f0ff 1f10d-1f10f 1f12f
1f16c-1f171 1f17e-1f17f 1f18e 1f191-1f19a 1f1ad-1f1e5 1f201-1f20f 1f21a 1f22f 1f232-1f23a
1f23c-1f23f 1f249-1f3fa 1f400-1f53d 1f546-1f64f 1f680-1f6ff 1f774-1f77f 1f7d5-1f7ff
1f80c-1f80f 1f848-1f84f 1f85a-1f85f 1f888-1f88f 1f8ae-1f8ff 1f90c-1f93a 1f93c-1f945
1f947-1faff 1fc00-1fffd
"""


def _spans(table: str, kind: _Break) -> list[tuple[int, int, _Break]]:
    edges = (span.partition("-") for span in table.split())
    return [(int(first, 16), int(last or first, 16), kind) for first, _, last in edges]


_SPANS: Final = sorted(
    [
        *_spans(_EXTEND, _Break.EXTEND),
        *_spans("200d", _Break.JOINER),
        *_spans(_SPACING, _Break.SPACING),
        *_spans(_STARTS_ANEW, _Break.OTHER),
        *_spans(_PREPEND, _Break.PREPEND),
        *_spans("1f1e6-1f1ff", _Break.FLAG),
        *_spans(_PICTURE, _Break.PICTURE),
        *_spans("1100-115f a960-a97c", _L),
        *_spans("1160-11a7 d7b0-d7c6", _V),
        *_spans("11a8-11ff d7cb-d7fb", _T),
    ]
)
_FIRSTS: Final = [first for first, _, _ in _SPANS]
