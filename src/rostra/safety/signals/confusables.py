"""Letters that are drawn like others, so that a text written with them reads as what it says.

A selection, by shape, of what people put in place of Latin letters. The map is applied to every
text alike, so a Russian or Greek text stays as near to itself as it was; it is for comparing only
and never shown.
"""

from typing import Final

# As it looks, and what is drawn like it.
_ALIKE: Final = {
    "a": "\u0430\u03b1\u0251\u2c65\u1d00\u03ac\u0227\u0250",
    "b": "\u0432\u044c\u0299\u13fc\u0180\u0253\u042c",
    "c": "\u0441\u03f2\u1d04\u0188\u023c",
    "d": "\u0501\u0257\u1d05\u0111\u0256",
    "e": "\u0435\u0454\u04bd\u1d07\u025b\u03b5\u0247\u0451\u044d",
    "f": "\u0192\ua730\u0493",
    "g": "\u0261\u0262\u01e5\u0260\u050d",
    "h": "\u04bb\u043d\u029c\u0127\u0266",
    "i": "\u0456\u03b9\u0131\u026a\u0269\u0457\uff49",
    "j": "\u0458\u029d\u1d0a\u0249",
    "k": "\u043a\u03ba\u1d0b\u0199\u049b",
    "l": "\u04cf\u029f\u0142\u026d\u01c0",
    "m": "\u043c\u1d0d\u0271",
    "n": "\u0578\u03b7\u0274\u014b\u0272\u043f",
    "o": "\u043e\u03bf\u03c3\u1d0f\u00f8\u0585\u04e9\u0275",
    "p": "\u0440\u03c1\u1d18\u01a5",
    "q": "\u051b\u024b\u02a0",
    "r": "\u0433\u0280\u024d\u027e\u044f",
    "s": "\u0455\ua731\u0282\u015f",
    "t": "\u0442\u03c4\u1d1b\u0167\u01ad",
    "u": "\u03c5\u057d\u1d1c\u0289\u0446\u03bc",
    "v": "\u03bd\u0475\u1d20\u028b",
    "w": "\u051d\u03c9\u0448\u1d21\u026f",
    "x": "\u0445\u03c7\u0436\u04ff",
    "y": "\u0443\u03b3\u04af\u028f\u024f",
    "z": "\u1d22\u0225\u01b6\u0290",
    "ae": "\u00e6",
    "oe": "\u0153",
}

_ENCLOSED: Final = (0x1F130, 0x1F150, 0x1F170)
"""Where letters in squares and circles, filled and not, begin."""

FOLDED: Final = str.maketrans(
    {char: plain for plain, chars in _ALIKE.items() for char in chars}
    | {chr(start + at): chr(ord("a") + at) for start in _ENCLOSED for at in range(26)}
)
"""For `str.translate`, after case and compatibility forms are gone."""
