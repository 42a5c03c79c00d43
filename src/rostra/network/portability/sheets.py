"""The kinds of files that members take along and bring in, in Mastodon's formats.

Source: Mastodon 4.5 (`Export`, `Form::Import`). Filters have no such file there; the one here is
ours, a line for each keyword.
"""

from enum import IntEnum
from typing import Final, Self

import msgspec

MOST_BYTES: Final = 5_000_000
MOST_LINES: Final = 20_000  # as in Mastodon

ADDRESS: Final = "Account address"
BOOSTS: Final = "Show boosts"
NOTIFY: Final = "Notify on new posts"
LANGUAGES: Final = "Languages"
HIDE: Final = "Hide notifications"
LIST_NAME: Final = "List name"
URI: Final = "#uri"
DOMAIN: Final = "#domain"
TITLE: Final = "Filter title"
CONTEXTS: Final = "Contexts"
ACTION: Final = "Action"
EXPIRES: Final = "Expires at"
KEYWORD: Final = "Keyword"
WHOLE_WORD: Final = "Whole word"


class Kind(IntEnum):
    """What a file holds; kept in `imports.kind`."""

    FOLLOWS = 0
    BLOCKS = 1
    MUTES = 2
    LISTS = 3
    BOOKMARKS = 4
    FILTERS = 5
    DOMAINS = 6

    @property
    def word(self) -> str:
        """How addresses name it."""
        return _SHEETS[self].word

    @property
    def sheet(self) -> "Sheet":
        """What its files look like."""
        return _SHEETS[self]

    @classmethod
    def of(cls, word: str) -> Self | None:
        """The kind that an address names; None where there is none."""
        return next((kind for kind in cls if kind.word == word), None)


class Sheet(msgspec.Struct, frozen=True):
    """What files of one kind look like.

    Attributes:
        word: how addresses name it.
        file_name: Mastodon's, without `.csv`.
        columns: their names; in this order in files that don't name them.
        headed: whether the first line names the columns in what we write, as Mastodon has it.
        needed: how many of the columns must be there.
    """

    word: str
    file_name: str
    columns: tuple[str, ...]
    headed: bool = True
    needed: int = 1


_SHEETS: Final = {
    Kind.FOLLOWS: Sheet("follows", "following_accounts", (ADDRESS, BOOSTS, NOTIFY, LANGUAGES)),
    Kind.BLOCKS: Sheet("blocks", "blocked_accounts", (ADDRESS,), headed=False),
    Kind.MUTES: Sheet("mutes", "muted_accounts", (ADDRESS, HIDE)),
    Kind.LISTS: Sheet("lists", "lists", (LIST_NAME, ADDRESS), headed=False, needed=2),
    Kind.BOOKMARKS: Sheet("bookmarks", "bookmarks", (URI,), headed=False),
    Kind.FILTERS: Sheet(
        "filters",
        "filters",
        (TITLE, CONTEXTS, ACTION, EXPIRES, KEYWORD, WHOLE_WORD),
        needed=2,
    ),
    Kind.DOMAINS: Sheet("domain_blocks", "blocked_domains", (DOMAIN,), headed=False),
}
