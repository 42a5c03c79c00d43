"""Words as they are indexed and looked for: the same on both databases.

A text becomes a row of folded words, and both databases are given only these: letters and digits
without case and accents. Scripts that are written without blanks are cut into single characters,
so that a query of several finds them where they stand together. As nothing else of a query reaches
the databases' own query languages, no query can mean more than its words.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

import msgspec

MOST_INDEXED: Final = 20_000  # words of one text; what follows is not found
MOST_ASKED: Final = 16  # words of one query
_LONGEST_WORD: Final = 60
_LONGEST_TEXT: Final = 200_000
_LONGEST_QUERY: Final = 1_000

# Han, kana, Bopomofo, Thai, Lao, Khmer and Burmese stand without blanks between words.
_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_PARTS = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_MOST_PARTS: Final = 40


def fold(text: str) -> str:
    """Lower case without accents, in compatibility form."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text[:_LONGEST_TEXT])
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def words(text: str, limit: int = MOST_INDEXED) -> list[str]:
    """The words of a text, folded, in order."""
    found: list[str] = []
    for match in _WORD.finditer(fold(text[:_LONGEST_TEXT])):
        if not match[0].isalnum():  # a vowel sign on its own: FTS5 takes it for a blank
            continue
        found.append(match[0][:_LONGEST_WORD])
        if len(found) == limit:
            break
    return found


class Asked(msgspec.Struct, frozen=True):
    """A query for posts: rows of words that must stand together, or must not."""

    wanted: tuple[tuple[str, ...], ...] = ()
    unwanted: tuple[tuple[str, ...], ...] = ()
    authors: tuple[str, ...] = ()  # `from:`, as written


def parse(query: str) -> Asked:
    """Read a query: words, "rows of words", -without and from:somebody; all must hold."""
    wanted: list[tuple[str, ...]] = []
    unwanted: list[tuple[str, ...]] = []
    authors: list[str] = []
    left = MOST_ASKED
    for count, match in enumerate(_PARTS.finditer(query[:_LONGEST_QUERY])):
        minus, quoted, bare = match.groups()
        if count == _MOST_PARTS or not left:
            break
        if not minus and bare and bare.startswith("from:"):
            authors.append(bare.removeprefix("from:"))
            continue
        row = tuple(words(quoted if bare is None else bare, left))
        left -= len(row)
        if row:
            (unwanted if minus else wanted).append(row)
    return Asked(tuple(wanted), tuple(unwanted), tuple(authors))


def sqlite_match(asked: Asked) -> str:
    """The query in FTS5's language; empty where there is nothing to look for."""
    if not asked.wanted:
        return ""
    positive = " AND ".join(_quoted_row(row) for row in asked.wanted)
    negative = "".join(f" NOT {_quoted_row(row)}" for row in asked.unwanted)
    return f"({positive}){negative}"


def _quoted_row(row: Iterable[str]) -> str:
    return '"' + " ".join(row) + '"'


def postgresql_match(asked: Asked) -> str:
    """The query in PostgreSQL's language; empty where there is nothing to look for."""
    if not asked.wanted:
        return ""
    rows = [_followed_by(row) for row in asked.wanted]
    return " & ".join(rows + [f"!{_followed_by(row)}" for row in asked.unwanted])


def _followed_by(row: Iterable[str]) -> str:
    return "(" + " <-> ".join(f"'{word}'" for word in row) + ")"


def beginnings(query: str) -> tuple[str, ...]:
    """The words of a query for accounts, each the beginning of one."""
    return tuple(words(query[:_LONGEST_QUERY], MOST_ASKED))


def sqlite_beginnings(found: Iterable[str]) -> str:
    """These beginnings in FTS5's language."""
    return " AND ".join(f'"{word}"*' for word in found)


def postgresql_beginnings(found: Iterable[str]) -> str:
    """These beginnings in PostgreSQL's language."""
    return " & ".join(f"'{word}':*" for word in found)


def sqlite_document(found: Iterable[str]) -> str:
    """What FTS5 is given to index."""
    return " ".join(found)


def postgresql_document(found: Iterable[str]) -> str:
    """What PostgreSQL is given to index: a tsvector, ready made."""
    return " ".join(f"'{word}':{at}" for at, word in enumerate(found, 1))
