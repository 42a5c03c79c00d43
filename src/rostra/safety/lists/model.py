"""Lists as they are kept: what they are of, what their entries say, how much there may be."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

import msgspec

from rostra.safety.categories.facts import all_facts

MOST_LISTS: Final = 50
MAX_NOTE: Final = 500
MAX_REASON: Final = 500
MOST_AT_ONCE: Final = 20_000  # lines of one import


class ListKind(IntEnum):
    """What a list is of; the numbers stand in rows."""

    PHRASES = 0
    WORDS = 1
    PATTERNS = 2
    DOMAINS = 3

    @property
    def wire(self) -> str:
        """Its name in the API, in files and commands."""
        return self.name.lower()

    @property
    def most(self) -> int:
        """How many entries such a list may have."""
        return 200 if self is ListKind.PATTERNS else 20_000

    @property
    def longest(self) -> int:
        """How many characters an entry may have."""
        return _LONGEST[self]


_LONGEST: Final = {
    ListKind.PHRASES: 200,
    ListKind.WORDS: 60,
    ListKind.PATTERNS: 500,
    ListKind.DOMAINS: 300,
}
BY_NAME: Final[Mapping[str, ListKind]] = {kind.wire: kind for kind in ListKind}

SCORED: Final = ("violence", "hate", "harassment", "spam")
"""What the text model has a score for as well."""

HARMS: Final = tuple(dict.fromkeys((*SCORED, *(facts.slug for facts in all_facts()))))
"""What an entry may be a sign of."""


class WordList(msgspec.Struct, frozen=True, kw_only=True):
    """A list. Times are UTC ms.

    Attributes:
        name: what rules and the console call it.
        harm: what its entries are a sign of.
        score: how much of a sign, from 1 to 100.
        enabled: 1: it is searched for; 0: it is kept.
        changed_at: when it, or an entry of it, was last changed.
    """

    id: int
    name: str
    kind: int
    harm: str
    score: int
    enabled: int
    note: str
    created_by: int
    created_at: int
    changed_at: int

    @property
    def of(self) -> ListKind:
        """What it is of."""
        return ListKind(self.kind)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is searched for.

    Attributes:
        text: as it is compared: see `entries.checked`.
        author_id: who added it; 0: the command line.
        ends_at: when it is over (UTC ms); 0: never.
    """

    id: int
    list_id: int
    text: str
    author_id: int
    reason: str
    ends_at: int
