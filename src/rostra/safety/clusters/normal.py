"""A text as it reads, with what floods vary taken out: for comparing only, never shown.

Case, accents, letters of other scripts that look alike, hidden characters, repeated letters, digits
in the place of letters, blanks and punctuation between letters, whom it mentions, where its links
lead, which numbers it names, and the hashtags around it do not count.
"""

import itertools
import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

import msgspec

from rostra.kernel.text import clean, entities
from rostra.safety.signals.confusables import FOLDED

MOST_CHARACTERS: Final = 3000
"""More of a text is not looked at: what is compared must be bounded, whoever wrote it."""

FEWEST_CHARACTERS: Final = 8
"""A text with fewer is like half of the world; then the hosts of its links count as well."""

LINK: Final = "\u00a4"
NUMBER: Final = "0"

_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
# Without a scheme, or with one that was made unreadable for programs.
_BARE_LINK = re.compile(
    r"(?<![\w@.])(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,10}/[^\s<>]{1,300}"
    r"|(?<!\w)[^\W_][^\s/:]{2,7}://[^\s<>]{1,300}",
    re.IGNORECASE,
)
_INSIDE = str.maketrans("@!|+$€", "aiitse")
_DIGITS = str.maketrans("0134578", "oieastb")
_SIGN_INSIDE = re.compile(r"(?<=\w)[@!|+](?=\w)|[$€](?=\w)(?!\d)|(?<=[^\W\d])[$€]")
_WORD = re.compile(r"[^\W_]+|\u00a4")
_AGAIN = re.compile(r"(.)\1+")
_FEWEST_SINGLE = 3


class Normal(msgspec.Struct, frozen=True):
    """What is left of a text.

    Attributes:
        words: folded, in order; a link is `LINK`, a number `NUMBER`.
        joined: the words without anything between them, and without links.
        hosts: where its links lead, lower case.
    """

    words: tuple[str, ...]
    joined: str
    hosts: tuple[str, ...]


def normal(text: str) -> Normal:
    """Fold a text; takes any, and looks at the first 3,000 characters."""
    seen = _HIDDEN.sub("", clean.normalise(text[: 2 * MOST_CHARACTERS]))[:MOST_CHARACTERS]
    plain, hosts = _without_entities(seen)
    folded = _folded(plain)[:MOST_CHARACTERS]
    found = _joined_letters(_WORD.findall(_SIGN_INSIDE.sub(_sign, folded)))
    words = tuple(map(_word, found))
    joined = "".join(word for word in words if word != LINK)
    if len(joined) < FEWEST_CHARACTERS:
        joined += "".join(hosts)
    return Normal(words, joined, hosts)


def fold_word(word: str) -> str:
    """One plain word as `normal` would leave it."""
    return _word(_folded(word))


def _without_entities(text: str) -> tuple[str, tuple[str, ...]]:
    """Links become their sign, mentions go, and so do hashtags but those in a sentence."""
    found = entities.extract(text, entities.NO_LIMITS)
    dropped = _tags_around(text, found)
    parts: list[str] = []
    hosts: list[str] = []
    at = 0
    for entity in found:
        parts.append(text[at : entity.start])
        if entity.kind is entities.Kind.URL:
            hosts.append(_host(entity.value))
            parts.append(f" {LINK} ")
        elif entity.kind is entities.Kind.HASHTAG and entity.start not in dropped:
            parts.append(f" {entity.value} ")
        at = entity.end
    parts.append(text[at:])

    def bare(link: re.Match[str]) -> str:
        hosts.append(_host(f"http://{link.group().rpartition('://')[2]}"))
        return f" {LINK} "

    return _BARE_LINK.sub(bare, "".join(parts)), tuple(hosts)


def _tags_around(text: str, found: list[entities.Entity]) -> set[int]:
    """Where the hashtags begin that stand before or behind all words; none if all is hashtags."""
    tags = [entity for entity in found if entity.kind is entities.Kind.HASHTAG]
    if not tags:
        return set()
    words = list(text)
    for entity in found:
        words[entity.start : entity.end] = " " * (entity.end - entity.start)
    spoken = [at for at, char in enumerate(words) if char.isalnum()]
    if not spoken:
        return set()
    return {tag.start for tag in tags if tag.end <= spoken[0] or tag.start >= spoken[-1]}


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _folded(text: str) -> str:
    """Compatibility forms, case, accents and look-alikes; marks of all scripts go alike."""
    if text.isascii():
        return text.lower()
    lower = unicodedata.normalize("NFKC", text).casefold().translate(FOLDED)
    apart = unicodedata.normalize("NFD", lower)
    bare = "".join(char for char in apart if unicodedata.category(char) != "Mn")
    return bare.translate(FOLDED)


def _sign(found: re.Match[str]) -> str:
    return found.group().translate(_INSIDE)


def _word(word: str) -> str:
    if word.isdecimal():
        return NUMBER
    # `l` and `i` are one, because `1`, `|` and `I` stand for both.
    return _AGAIN.sub(r"\1", word.translate(_DIGITS).replace("l", "i"))


def _joined_letters(words: list[str]) -> list[str]:
    """Put together what was written letter by letter."""
    found: list[str] = []
    for single, group in itertools.groupby(words, lambda word: len(word) == 1 and word != LINK):
        run = list(group)
        found += ["".join(run)] if single and len(run) >= _FEWEST_SINGLE else run
    return found
