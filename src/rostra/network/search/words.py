"""Words as they are indexed and looked for: the same on both databases.

A text becomes a row of folded tokens, and both databases are given only these. Words of scripts
with blanks are tokens as they are: letters and digits without case and accents. Scripts that are
written without blanks, and Korean, whose words grow endings, are cut into overlapping pairs of
characters, so that a query of two or more finds them wherever they stand together; each single
character follows at the end of the document, for queries of one. As nothing else of a query reaches
the databases' own query languages, no query can mean more than its words.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

MOST_INDEXED: Final = 20_000  # tokens of one text; what follows is not found
_LONGEST_WORD: Final = 60
_LONGEST_TEXT: Final = 200_000

# Han, kana, Bopomofo, Thai, Lao, Khmer and Burmese stand without blanks; Hangul is cut as well.
_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u3040-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_VOICED: Final = "\u3099\u309a"  # part of a kana, not an accent
# Vowel signs of Indic scripts: no letters by themselves, and part of the word around them.
_SIGNS: Final = "".join(
    chr(code)
    for code in range(0x0900, 0x1D00)
    if unicodedata.category(chr(code)) in {"Mn", "Mc"} and not unicodedata.combining(chr(code))
)
_LETTER = rf"[^\W_{_UNSPACED}]"
_WORD = re.compile(rf"(?:(?=[\w{_SIGNS}])[{_UNSPACED}])+|{_LETTER}(?:{_LETTER}|[{_SIGNS}])*")
_UNSPACED_START = re.compile(rf"[{_UNSPACED}]")

Row = tuple[str, ...]  # tokens that stand one behind the other


def fold(text: str) -> str:
    """Lower case without accents, in compatibility form."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text[:_LONGEST_TEXT])
    kept = "".join(c for c in plain if c in _VOICED or not unicodedata.combining(c))
    # Composed again: a syllable of Hangul, a voiced kana is one character.
    return unicodedata.normalize("NFC", kept.casefold())


def _runs(text: str) -> Iterable[tuple[str, bool]]:
    """The folded runs of letters of a text, and whether each is to be cut into pairs."""
    for match in _WORD.finditer(fold(text[:_LONGEST_TEXT])):
        run = match[0]
        yield run, _UNSPACED_START.match(run) is not None


def document(text: str, more: Iterable[str] = ()) -> list[str]:
    """The tokens of a text in order, then its single characters, then ``more`` as it is."""
    found: list[str] = []
    single: dict[str, None] = {}
    for run, cut in _runs(text):
        if not cut:
            found.append(run[:_LONGEST_WORD])
        elif len(run) == 1:
            found.append(run)
        else:
            found += _pairs(run)
            single.update(dict.fromkeys(run))
        if len(found) >= MOST_INDEXED:
            break
    return [*found[:MOST_INDEXED], *single, *more]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def rows(text: str, limit: int) -> list[Row]:
    """What must be found for a text to be found: tokens that stand together, at most ``limit``.

    A single character of a script without blanks stands for itself: in a document it may be the
    beginning of any pair.
    """
    found: list[Row] = []
    joined: list[str] = []
    left = limit
    for run, cut in _runs(text):
        if left <= 0:
            break
        if cut and len(run) == 1:
            found += [tuple(joined)] if joined else []
            found.append((run,))
            joined = []
            left -= 1
            continue
        tokens = (_pairs(run) if cut else [run[:_LONGEST_WORD]])[:left]
        joined += tokens
        left -= len(tokens)
    return [*found, tuple(joined)] if joined else found


def beginnings(text: str, limit: int) -> tuple[str, ...]:
    """The tokens of a query for accounts, each the beginning of one."""
    return tuple(token for row in rows(text, limit) for token in row)


def sqlite_beginnings(found: Iterable[str]) -> str:
    """These beginnings in FTS5's language."""
    return " AND ".join(f'"{token}"*' for token in found)


def postgresql_beginnings(found: Iterable[str]) -> str:
    """These beginnings in PostgreSQL's language."""
    return " & ".join(f"'{token}':*" for token in found)


def sqlite_document(found: Iterable[str]) -> str:
    """What FTS5 is given to index."""
    return " ".join(found)


def postgresql_document(found: Iterable[str]) -> str:
    """What PostgreSQL is given to index: a tsvector, ready made."""
    return " ".join(f"'{token}':{at}" for at, token in enumerate(found, 1))
