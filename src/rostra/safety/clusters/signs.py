"""What in a text shows that it speaks about words rather than says them."""

import re
from collections import Counter
from typing import Final

import msgspec

from rostra.safety.clusters.normal import MOST_CHARACTERS, Normal
from rostra.safety.clusters.words import BY_FIRST_WORD, Sign, is_news

MOST_COUNTED: Final = 15
"""Counts end here: they are kept in four bits each."""

_QUOTED = re.compile(
    "\u201c([^\u201c\u201d]{12,})[\u201d\u201c]|\u201e([^\u201c\u201d\u201e]{12,})[\u201c\u201d]"
    '|\u00ab([^\u00ab\u00bb]{12,})\u00bb|\u00bb([^\u00ab\u00bb]{12,})\u00ab|"([^"]{12,})"'
    "|(?<!\\w)['\u2018]([^'\u2018\u2019\n]{12,})['\u2019](?!\\w)|^[ ]?>([^\n]{12,})$",
    re.MULTILINE,
)
_LETTER = re.compile(r"[^\W_]")
_FEWEST_OUTSIDE = 8


class Signs(msgspec.Struct, frozen=True):
    """How often each sign is in a text, from 0 to 15.

    Attributes:
        attributes: somebody is named as the one who said it.
        negates: negations.
        condemns: it is called wrong, false, a threat, a fraud.
        reports: reports, the police, courts, news, moderators.
        quoted: sixteenths of its letters that stand in quotation marks, if any stand outside.
        news: links to places that report the news.
    """

    attributes: int = 0
    negates: int = 0
    condemns: int = 0
    reports: int = 0
    quoted: int = 0
    news: int = 0

    def packed(self) -> int:
        """All in one number, four bits each."""
        return sum(count << 4 * at for at, count in enumerate(msgspec.structs.astuple(self)))


def unpacked(number: int) -> Signs:
    """What `Signs.packed` packed."""
    return Signs(*(number >> 4 * at & 15 for at in range(len(Signs.__struct_fields__))))


def signs_of(text: str, normal: Normal) -> Signs:
    """Count the signs in a text as it was written and as it reads."""
    counts = _counts(normal.words)
    return Signs(
        attributes=_capped(counts[Sign.ATTRIBUTES]),
        negates=_capped(counts[Sign.NEGATES]),
        condemns=_capped(counts[Sign.CONDEMNS]),
        reports=_capped(counts[Sign.REPORTS]),
        quoted=_quoted(text[:MOST_CHARACTERS]),
        news=_capped(sum(map(is_news, normal.hosts))),
    )


def _counts(words: tuple[str, ...]) -> Counter[Sign]:
    counts: Counter[Sign] = Counter()
    for at, word in enumerate(words):
        for row, sign in BY_FIRST_WORD.get(word, ()):
            if words[at : at + len(row)] == row:
                counts[sign] += 1
    return counts


def _quoted(text: str) -> int:
    """Sixteenths of the letters within quotation marks; 0 where hardly any stand outside."""
    inside = sum(
        len(_LETTER.findall("".join(filter(None, found.groups()))))
        for found in _QUOTED.finditer(text)
    )
    if not inside:
        return 0
    everything = len(_LETTER.findall(text))
    if everything - inside < _FEWEST_OUTSIDE:
        return 0
    return min(MOST_COUNTED, 16 * inside // everything)


def _capped(count: int) -> int:
    return min(MOST_COUNTED, count)
