"""Text with its disguises off: what was made harmless or invisible becomes an address again.

No line is added or taken away, so that line numbers stay those of what was written.
"""

import re
import unicodedata
from html import unescape
from typing import Final

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE: Final = (
    *range(0x09), *range(0x0E, 0x1C), 0x1F, 0x7F, 0xAD, 0x34F, 0x61C, 0x180E,
    *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10), 0xFEFF, 0xFFFC,
)  # fmt: skip
_BLANKS: Final = (0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
_SIGNS: Final = {
    **dict.fromkeys((0x3002, 0xFF61, 0x2024, 0xFE52), "."),
    **dict.fromkeys((0x2044, 0x2215, 0x29F8), "/"),
    **dict.fromkeys((0x2010, 0x2011), "-"),
    0xFE6B: "@", 0xFE55: ":", 0xA789: ":", 0x2236: ":",
}  # fmt: skip


def _plain_table() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys(_INVISIBLE)
    table |= dict.fromkeys(_BLANKS, " ")
    for code in (*range(0xFF01, 0xFF5F), *range(0x1D400, 0x1D800), *range(0x24B6, 0x24EA)):
        folded = unicodedata.normalize("NFKC", chr(code))
        if len(folded) == 1 and folded != chr(code):
            table[code] = folded
    return {**table, **_SIGNS}


_PLAIN: Final = _plain_table()
_ENTITY = re.compile(r"&(?:#[xX]?[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_SCHEME = re.compile(r"\bh[tx*_]{2}p(?:s|\[s\]|\(s\))?(?=[ \t]?[:\[({])", re.IGNORECASE)
_BRACKETED = re.compile(r"[\[({<]{1,2}[ \t]?(:/{1,2}|//?|[:.@])[ \t]?[\])}>]{1,2}")
_DOT = re.compile(
    r"[ \t]{0,2}[\[({][ \t]?(?:\.|d[o0]t|punkt|point|punto)[ \t]?[\])}][ \t]{0,2}", re.IGNORECASE
)
_AT = re.compile(r"[ \t]{0,2}[\[({][ \t]?(?:@|at|arroba|ät)[ \t]?[\])}][ \t]{0,2}", re.IGNORECASE)
_UNICODE = re.compile(r"\\u00([2-7][0-9A-Fa-f])")
_ESCAPED = re.compile(r"\\([/._:-])")


def lines_of(text: str) -> str:
    """The text with one kind of line end."""
    return _LINE_ENDS.sub("\n", text)


def fold(text: str) -> str:
    """The text as an address would be read in it; give text that `lines_of` made."""
    text = text.translate(_PLAIN)
    if "&" in text:
        text = _ENTITY.sub(_entity, text)
    text = _SCHEME.sub(lambda found: "https" if "s" in found[0].lower() else "http", text)
    if "[" in text or "(" in text or "{" in text or "<" in text:
        text = _DOT.sub(".", text)
        text = _AT.sub("@", text)
        text = _BRACKETED.sub(r"\1", text)
    if "\\" in text:
        text = _UNICODE.sub(lambda found: chr(int(found[1], 16)), text)
        text = _ESCAPED.sub(r"\1", text)
    return text


def _entity(found: re.Match[str]) -> str:
    made = unescape(found[0])
    return " " if made.isspace() else made.translate(_PLAIN)
