"""A text without names: what a seat is shown of a post.

Names, handles, addresses of mail and links give way to placeholders. They are looked for in what a
text looks like: without case, accents, invisible characters, other shapes of the same letter, and
letters of other alphabets that are drawn alike. What spells a name with other characters in
between, or describes somebody, is not found.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

import msgspec

from rostra.safety.signals.confusables import FOLDED

AUTHOR: Final = "[author]"
_MAX: Final = 20_000  # characters of a text that are looked at; the rest is left out
_MOST_NAMES: Final = 200
_ANYWHERE: Final = 4  # a name of so many letters is hidden inside other words too
_SKIPPED: Final = frozenset({"Mn", "Me", "Cf", "Cc"})
_HOST: Final = r"(?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62}"
_LINK: Final = rf"(?:https?://|www\.)[^\s<>\"]+|(?<![\w@.]){_HOST}/[^\s<>\"]*"
_MAIL: Final = rf"[\w.+%-]{{1,64}}@{_HOST}"
_HANDLE: Final = rf"@[\w.-]*\w(?:@{_HOST})?"
_ADDRESS: Final = re.compile(rf"(?:https?://)?(?:[^\s/@]*@)?(?P<host>{_HOST})")


class Names(msgspec.Struct, frozen=True):
    """Whose names are hidden: the author's, and those of others, each with their spellings."""

    author: tuple[str, ...] = ()
    others: tuple[tuple[str, ...], ...] = ()
    here: str = ""  # this place's host: where its links lead is not told


class Hider:
    """Takes the same names out of several texts; somebody is the same person in all of them."""

    def __init__(self, names: Names) -> None:
        self._known: dict[str, str] = {}
        self._here = looks_like(names.here)
        for spelling in names.author:
            self._learn(spelling, AUTHOR)
        for number, spellings in enumerate(names.others[:_MOST_NAMES], start=1):
            for spelling in spellings:
                self._learn(spelling, f"[person {number}]")
        self._strangers = min(len(names.others), _MOST_NAMES)
        self._pattern = self._compiled()

    def _learn(self, spelling: str, placeholder: str) -> None:
        name = " ".join(looks_like(spelling).split())
        if name:
            self._known.setdefault(name, placeholder)

    def _compiled(self) -> re.Pattern[str]:
        names = sorted((each for each in self._known if len(each) > 1), key=len, reverse=True)
        found = "|".join(map(_name, names)) or r"(?!)"
        return re.compile(
            rf"(?P<link>{_LINK})|(?P<mail>{_MAIL})|(?P<handle>{_HANDLE})|(?P<name>{found})"
        )

    def hide(self, text: str) -> str:
        """The text without names."""
        text = text[:_MAX]
        seen, places = _seen(text)
        made: list[str] = []
        at = 0
        for match in self._pattern.finditer(seen):
            start, end = places[match.start()], places[match.end()]
            made += (text[at:start], self._instead(match))
            at = end
        made.append(text[at:])
        return _visible("".join(made))

    def _instead(self, match: re.Match[str]) -> str:
        if match["link"]:
            return self._link(match["link"])
        if match["mail"]:
            return "[address]"
        if match["handle"]:
            name = match["handle"].lstrip("@").partition("@")[0]
            return self._known.get(name) or self._stranger(name)
        return self._known[" ".join(match["name"].split())]

    def _stranger(self, name: str) -> str:
        self._strangers += 1
        return self._known.setdefault(name, f"[person {self._strangers}]")

    def _link(self, link: str) -> str:
        """Where a link leads, without what follows the host; nothing of links to this place."""
        found = _ADDRESS.match(link)
        host = found["host"] if found else ""
        if not host or host == self._here or self._hidden_in(host):
            return "[link]"
        return f"[link: {host}]"

    def _hidden_in(self, host: str) -> bool:
        flat = re.sub(r"[\W_]", "", host)
        bare = (re.sub(r"[\W_]", "", name) for name in self._known)
        return any(len(name) >= _ANYWHERE and name in flat for name in bare) or any(
            part in self._known for part in host.split(".")
        )


def _name(name: str) -> str:
    """A pattern that finds a name: a short one only where no letter stands beside it."""
    found = r"\s+".join(map(re.escape, name.split()))
    if len(name) >= _ANYWHERE:
        return found
    before = r"(?<!\w)" if name[0].isascii() and name[0].isalnum() else ""
    after = r"(?!\w)" if name[-1].isascii() and name[-1].isalnum() else ""
    return f"{before}{found}{after}"


def looks_like(text: str) -> str:
    """What a text looks like, for comparing."""
    return _seen(text)[0]


def _seen(text: str) -> tuple[str, list[int]]:
    """What a text looks like, and where in the text each character of that begins."""
    chars: list[str] = []
    places: list[int] = []
    for at, char in enumerate(text):
        plain = unicodedata.normalize("NFKD", char).casefold()
        for each in unicodedata.normalize("NFKD", plain):
            if unicodedata.category(each) in _SKIPPED and not each.isspace():
                continue
            for drawn in each.translate(FOLDED):
                chars.append(drawn)
                places.append(at)
    return "".join(chars), [*places, len(text)]


def _visible(text: str) -> str:
    """Without characters that nobody sees, which could carry something."""
    return "".join(
        each
        for each in text
        if unicodedata.category(each) not in {"Cf", "Cc"} or each in "\n\t\u200d"
    )


def distinct(spellings: Iterable[str]) -> tuple[str, ...]:
    """Spellings that are something, each once."""
    return tuple(dict.fromkeys(each.strip() for each in spellings if each.strip()))
