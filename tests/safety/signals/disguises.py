"""Ways to disguise a sentence, as people do it: pure functions of a seeded chance.

They are written from what is done out there, not from what the normaliser knows: a way that it does
not undo stays in the table.
"""

import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Final

Disguise = Callable[[str, Random], str]

_WORD: Final = re.compile(r"[A-Za-z]+")
_LETTER: Final = re.compile(r"[A-Za-z]")
_VOWEL: Final = re.compile("[aeiouAEIOU]")
_SHORTEST: Final = 4  # of the words that are worth a disguise of their own

_STYLES: Final = (0x1D400, 0x1D468, 0x1D4D0, 0x1D56C, 0x1D5A0, 0x1D5D4, 0x1D63C, 0x1D670)
_CYRILLIC: Final = dict(
    zip(
        "aceopxyiskmhtb",
        "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0456\u0455\u043a\u043c\u043d\u0442\u0432",
        strict=True,
    )
)
_GREEK: Final = dict(
    zip(
        "aeiknoptuvxw",
        "\u03b1\u03b5\u03b9\u03ba\u03b7\u03bf\u03c1\u03c4\u03c5\u03bd\u03c7\u03c9",
        strict=True,
    )
)
_LATIN: Final = {
    "a": "\u00e0\u00e1\u00e2\u00e4\u0105\u0101",
    "c": "\u00e7\u0107\u010d",
    "d": "\u0111\u010f",
    "e": "\u00e8\u00e9\u00ea\u00eb\u0119\u0113",
    "g": "\u011f\u0123",
    "h": "\u0127\u1e25",
    "i": "\u00ec\u00ed\u00ee\u00ef\u0131\u012f",
    "k": "\u0137\u01e9",
    "l": "\u0142\u013a\u013c",
    "n": "\u00f1\u0144\u0148",
    "o": "\u00f2\u00f3\u00f4\u00f6\u00f8\u014d",
    "r": "\u0159\u0155",
    "s": "\u015f\u0161\u015b",
    "t": "\u0167\u0163\u0165",
    "u": "\u00f9\u00fa\u00fb\u00fc\u016f",
    "w": "\u0175",
    "y": "\u00fd\u00ff",
    "z": "\u017e\u017c\u017a",
}
_SMALL: Final = dict(
    zip(
        "abcdefghijklmnoprtuvwyz",
        "\u1d00\u0299\u1d04\u1d05\u1d07\ua730\u0262\u029c\u026a\u1d0a\u1d0b\u029f\u1d0d\u0274\u1d0f"
        "\u1d18\u0280\u1d1b\u1d1c\u1d20\u1d21\u028f\u1d22",
        strict=True,
    )
)
_ON_HEADS: Final = dict(
    zip(
        "abcdefghijklmnpqrtuvwy",
        "\u0250q\u0254p\u01dd\u025f\u0183\u0265\u1d09\u027e\u029el\u026fudb\u0279\u0287n\u028c\u028d\u028e",
        strict=True,
    )
)
_LIGHT_LEET: Final = {"a": "4", "e": "3", "i": "1", "o": "0"}
_LEET: Final = _LIGHT_LEET | {"s": "5", "t": "7", "l": "1", "b": "8"}
_SIGN_LEET: Final = {"a": "@", "e": "3", "i": "!", "o": "0", "s": "$", "t": "+", "l": "|"}
_DRAWN_LEET: Final = _LEET | {
    "d": "|)",
    "h": "|-|",
    "k": "|<",
    "m": "|V|",
    "n": "|\\|",
    "u": "|_|",
    "v": "\\/",
    "w": "\\/\\/",
}
_PICTURES: Final = {
    "gun": "\U0001f52b",
    "guns": "\U0001f52b",
    "knife": "\U0001f52a",
    "bomb": "\U0001f4a3",
    "blood": "\U0001fa78",
    "dead": "\u2620\ufe0f",
    "fire": "\U0001f525",
    "burn": "\U0001f525",
    "school": "\U0001f3eb",
    "house": "\U0001f3e0",
    "car": "\U0001f697",
    "dog": "\U0001f436",
    "love": "\u2764\ufe0f",
    "rats": "\U0001f400",
    "pigs": "\U0001f437",
    "rope": "\U0001faa2",
    "trash": "\U0001f5d1\ufe0f",
    "money": "\U0001f4b0",
}
_UNSEEN: Final = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff")
_LAID_OVER: Final = [chr(code) for code in range(0x300, 0x370)]


def _letters(change: Callable[[str], str]) -> Disguise:
    """Every letter by itself, the same each time."""
    return lambda text, _: _LETTER.sub(lambda found: change(found[0]), text)


def _table(table: Mapping[str, str]) -> Disguise:
    return _letters(lambda letter: table.get(letter.lower(), letter))


def _some(table: Mapping[str, str], share: float) -> Disguise:
    """A share of the letters that a table knows, each by one of what it has."""

    def disguise(text: str, chance: Random) -> str:
        def one(found: re.Match[str]) -> str:
            known = table.get(found[0].lower())
            return chance.choice(known) if known and chance.random() < share else found[0]

        return _LETTER.sub(one, text)

    return disguise


def _words(change: Callable[[str, Random], str], shortest: int = _SHORTEST) -> Disguise:
    """Every word of at least so many letters."""

    def disguise(text: str, chance: Random) -> str:
        def one(found: re.Match[str]) -> str:
            return change(found[0], chance) if len(found[0]) >= shortest else found[0]

        return _WORD.sub(one, text)

    return disguise


def _between(signs: tuple[str, ...]) -> Callable[[str, Random], str]:
    """A sign between the letters of a word, another one in each word."""
    return lambda word, chance: chance.choice(signs).join(word)


def _offset(start: int) -> Callable[[str], str]:
    """A block with the capitals first and the small letters behind."""

    def change(letter: str) -> str:
        return chr(start + ord(letter) - (65 if letter.isupper() else 71))

    return change


def _capitals(start: int) -> Callable[[str], str]:
    return lambda letter: chr(start + ord(letter.upper()) - 65)


def _styled(text: str, chance: Random) -> str:
    return _letters(_offset(chance.choice(_STYLES)))(text, chance)


def _swapped(text: str, chance: Random) -> str:
    return "".join(char.upper() if chance.random() < 1 / 2 else char.lower() for char in text)


def _stretched(word: str, chance: Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + word[at] * chance.randint(3, 6) + word[at + 1 :]


def _inside(make: Callable[[Random], str], share: float = 1 / 3) -> Disguise:
    """Something behind a share of the letters."""

    def disguise(text: str, chance: Random) -> str:
        return _LETTER.sub(
            lambda found: found[0] + (make(chance) if chance.random() < share else ""), text
        )

    return disguise


def _one_vowel(word: str, chance: Random) -> str:
    places = [at for at in range(1, len(word) - 1) if word[at] in "aeiou"]
    if not places:
        return word
    at = chance.choice(places)
    return f"{word[:at]}*{word[at + 1 :]}"


def _cut(sign: str) -> Callable[[str, Random], str]:
    def cut(word: str, chance: Random) -> str:
        at = chance.randint(1, len(word) - 1)
        return f"{word[:at]}{sign}{word[at:]}"

    return cut


def _pictures(text: str, _: Random) -> str:
    return _WORD.sub(lambda found: _PICTURES.get(found[0].lower(), found[0]), text)


def _on_heads(text: str, _: Random) -> str:
    return "".join(_ON_HEADS.get(char, char) for char in text.lower())[::-1]


def _by_turns(text: str, chance: Random) -> str:
    """Another disguise of letters for every word."""
    ways = (_table(_CYRILLIC), _table(_GREEK), _some(_LATIN, 1), _styled, _table(_LEET), _fullwidth)
    return _WORD.sub(lambda found: chance.choice(ways)(found[0], chance), text)


def _upright_over(text: str, chance: Random) -> str:
    """Look-alikes, and hidden characters between them."""
    return _inside(lambda _: "\u200b")(_table(_CYRILLIC)(text, chance), chance)


_fullwidth: Final = _letters(lambda letter: chr(ord(letter) + 0xFEE0))

DISGUISES: Final[Mapping[str, Disguise]] = {
    "full width": _fullwidth,
    "styled letters": _styled,
    "mixed case": _swapped,
    "small capitals": _table(_SMALL),
    "circled letters": _letters(_capitals(0x24B6)),
    "squared letters": _letters(_capitals(0x1F170)),
    "letters of flags": _letters(lambda letter: _capitals(0x1F1E6)(letter) + "\u200b"),
    "Cyrillic look-alikes": _table(_CYRILLIC),
    "Greek look-alikes": _table(_GREEK),
    "letters with accents": _some(_LATIN, 1),
    "another script for each word": _by_turns,
    "zero-width characters": _inside(lambda chance: chance.choice(_UNSEEN)),
    "soft hyphens": _inside(lambda _: "\u00ad"),
    "marks of direction": _inside(
        lambda chance: chance.choice("\u200e\u200f\u202a\u202c\u2066\u2069")
    ),
    "invisible separators": _inside(lambda chance: chance.choice("\u2061\u2062\u2063\u180e\u3164")),
    "tag characters": _inside(lambda chance: chr(0xE0020 + chance.randrange(95))),
    "variation selectors": _inside(lambda chance: chr(0xFE00 + chance.randrange(16))),
    "look-alikes and zero-width": _upright_over,
    "letters struck through": _inside(lambda _: "\u0336", 1),
    "Zalgo": _inside(lambda chance: "".join(chance.choices(_LAID_OVER, k=5)), 1),
    "light leet": _some(_LIGHT_LEET, 1 / 2),
    "leet": _table(_LEET),
    "leet with signs": _table(_SIGN_LEET),
    "drawn leet": _table(_DRAWN_LEET),
    "one long letter a word": _words(_stretched, 3),
    "every letter twice": _letters(lambda letter: letter * 2),
    "words with blanks in them": _words(_between((" ",))),
    "every letter apart": lambda text, _: " ".join(text.replace(" ", "")),
    "words with points in them": _words(_between((".",))),
    "words with hyphens in them": _words(_between(("-",))),
    "words with underscores in them": _words(_between(("_",))),
    "words with doubled signs in them": _words(_between(("..", "--", "**", "~~", "//"))),
    "letters in brackets": _words(lambda word, _: "".join(f"({letter})" for letter in word)),
    "words cut by a hyphen": _words(_cut("-")),
    "words cut by a blank": _words(_cut(" "), 5),
    "one vowel starred": _words(_one_vowel, 3),
    "all vowels starred": _words(lambda word, _: _VOWEL.sub("*", word), 3),
    "without blanks": lambda text, _: text.replace(" ", ""),
    "a point for a blank": lambda text, _: text.replace(" ", "."),
    "an underscore for a blank": lambda text, _: text.replace(" ", "_"),
    "capitals for blanks": lambda text, _: text.title().replace(" ", ""),
    "words backwards": _words(lambda word, _: word[::-1], 2),
    "all backwards": lambda text, _: text[::-1],
    "upon its head": _on_heads,
    "pictures for words": _pictures,
}
"""By what is done, how."""
