"""One character as it reads: case, width, style, accents and look-alikes taken off.

Characters that can't be seen become nothing, every blank becomes a space, and pictures that stand
for a word become that word with spaces around it. Each character is read alone, so that the way
back is known: `CHARACTERS` goes into `str.translate`.
"""

import re
import unicodedata
from typing import Final

from rostra.safety.signals.confusables import FOLDED

_HIDDEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff"
    "\U0001f3fb-\U0001f3ff\ue000-\uf8ff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
# Marks that are laid over letters of any script; those that are vowels of their own script stay.
_MARKS: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f"
    "\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)

_PICTURES: Final = {
    "gun": "\U0001f52b",
    "knife": "\U0001f52a\U0001f5e1",
    "bomb": "\U0001f4a3\U0001f9e8",
    "boom": "\U0001f4a5",
    "blood": "\U0001fa78",
    "dead": "\u2620\U0001f635",
    "skull": "\U0001f480",
    "grave": "\u26b0\U0001faa6",
    "fire": "\U0001f525",
    "punch": "\U0001f44a",
    "angry": "\U0001f620\U0001f621\U0001f92c",
    "monkey": "\U0001f412\U0001f435\U0001f648\U0001f649\U0001f64a\U0001f98d",
    "pig": "\U0001f416\U0001f437\U0001f43d",
    "rat": "\U0001f400",
    "snake": "\U0001f40d",
    "dog": "\U0001f415\U0001f436",
    "cockroach": "\U0001fab3",
    "trash": "\U0001f5d1\U0001f6ae",
    "shit": "\U0001f4a9",
    "clown": "\U0001f921",
    "rope": "\U0001faa2",
    "axe": "\U0001fa93",
    "love": "\u2764\U0001f493\U0001f495\U0001f496\U0001f497\U0001f499\U0001f49a\U0001f49b",
    "laugh": "\U0001f602\U0001f923\U0001f606",
    "cry": "\U0001f622\U0001f62d",
    "black": "\u2b1b\u26ab",
    "white": "\u2b1c\u26aa",
    "jew": "\u2721",
    "muslim": "\u262a",
    "gay": "\U0001f3f3",
    "sex": "\U0001f346\U0001f351",
    "money": "\U0001f4b0\U0001f4b5\U0001f911",
    "school": "\U0001f3eb",
    "house": "\U0001f3e0\U0001f3e1",
    "car": "\U0001f697",
    "eye": "\U0001f441",
}
# Letters that FOLDED does not know, or that stand upon their heads.
_MORE: Final = {
    "a": "\u0250\u2c6f\u15c5\u1d43",
    "b": "\u15f7\u10ec\u266d",
    "c": "\u0254\u1455\u2103",
    "d": "\u15ea\u217e",
    "e": "\u01dd\u0259\u0258\u15f4\u1971\u212e",
    "f": "\u025f\u15b4\u03dd",
    "g": "\u0183\u0253\u050c",
    "h": "\u0265\u157c\u210f",
    "i": "\u1d09\u2148",
    "j": "\u027e\u148d",
    "k": "\u029e\u16d5",
    "l": "\ua781\u14aa\u2113\u2223\u01c1",
    "m": "\u026f\u15f0",
    "n": "\u144e\u0271\u2229",
    "o": "\u25cb\u25cf\u25ef\u2b55\u0ae6\u0966",
    "p": "\u146d\u2117",
    "r": "\u0279\u1587",
    "s": "\u15ee\u01bd\u1515",
    "t": "\u0287\u4e05\u22a4\u271d",
    "u": "\u144c\u222a\u0ab6",
    "v": "\u028c\u142f\u2228",
    "w": "\u028d\u15ef\u20a9",
    "x": "\u2716\u2718\u00d7\u166d",
    "y": "\u028e\u1d8c\u04af\u0443\u00a5",
    "z": "\u1614\u2128",
}
_REGIONAL: Final = 0x1F1E6
_MOST_KEPT: Final = 20_000


def _more() -> dict[int, str]:
    found = {ord(char): plain for plain, chars in _MORE.items() for char in chars}
    for word, chars in _PICTURES.items():
        found |= {ord(char): f" {word} " for char in chars}
    return found | {_REGIONAL + at: chr(ord("a") + at) for at in range(26)}


_OWN: Final = _more()


def _plain(code: int) -> str:
    """What one character reads as."""
    char = chr(code)
    if code in _OWN:
        return _OWN[code]
    if _HIDDEN.match(char) or _MARKS.match(char):  # a mark may be a letter in lower case
        return ""
    if char in "\r\x0b\x0c\x85\u2028\u2029\n":
        return "\n"
    if char in "\u2018\u2019\u201b\u02bc\u2032\u00b4\u0060":
        return "'"
    if char.isspace() or char == "\u2800":
        return " "
    apart = unicodedata.normalize("NFKD", char).casefold()
    lower = unicodedata.normalize("NFKD", apart).casefold()
    bare = _MARKS.sub("", lower).translate(FOLDED)
    return bare if char < "\uac00" or char > "\ud7a3" else char


class _Characters(dict[int, str]):
    """What each character reads as, worked out when it is first met; a bounded memory."""

    def __missing__(self, code: int) -> str:
        found = _plain(code)
        # What comes out is read again: its parts must be what they read as themselves.
        while True:
            again = "".join(_plain(ord(char)) for char in found)
            if again == found:
                break
            found = again
        if len(self) < _MOST_KEPT:
            self[code] = found
        return found


_UPRIGHT: Final = str.maketrans("nudpbq", "unpdqb")
_HEADSTAND: Final = re.compile(
    "[\u0250\u0254\u01dd\u025f\u0265\u1d09\u029e\u026f\u0279\u0287\u028c\u028d\u028e]"
)
_FEWEST_ON_HEADS: Final = 3


def upright(text: str) -> str:
    """A text that stands upon its head, with the letters turned that are letters either way."""
    if text.isascii() or len(_HEADSTAND.findall(text)) < _FEWEST_ON_HEADS:
        return text
    return text.translate(_UPRIGHT)


CHARACTERS: Final = _Characters()
"""For `str.translate`."""
