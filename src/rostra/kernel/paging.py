"""Pages by id, as Mastodon's clients ask for them.

`max_id` and `since_id` bound a page that starts at the newest item; `min_id` bounds a page
that starts at the oldest item above it, so that a client can walk forward without a gap.
Both are answered newest first. Source: Mastodon API guidelines, "Pagination through IDs".
"""

from collections.abc import Callable, Sequence
from typing import Generic, Self, TypeVar

import msgspec

T = TypeVar("T")

MAX_BOUND = 2**63 - 1


class Page(msgspec.Struct, frozen=True):
    """What part of a list is asked for. All bounds exclude the id they name."""

    limit: int
    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None

    @classmethod
    def of(
        cls,
        limit: int | None,
        *,
        default: int,
        cap: int,
        max_id: int | None = None,
        since_id: int | None = None,
        min_id: int | None = None,
    ) -> Self:
        """Make a page with a limit between 1 and `cap`; none or a senseless one is `default`."""
        wanted = default if limit is None or limit < 1 else limit
        return cls(min(wanted, cap), max_id, since_id, min_id)

    @property
    def ascending(self) -> bool:
        """Whether the rows must be read oldest first (`min_id`)."""
        return self.min_id is not None

    @property
    def below(self) -> int:
        """The exclusive upper bound, always a number that a query can compare with."""
        return MAX_BOUND if self.max_id is None else self.max_id

    @property
    def above(self) -> int:
        """The exclusive lower bound; `min_id` wins over `since_id`."""
        if self.min_id is not None:
            return self.min_id
        return 0 if self.since_id is None else self.since_id


class Window(msgspec.Struct, Generic[T], frozen=True):
    """One page of items, newest first, and the bounds of the pages on either side."""

    items: list[T]
    next_max_id: int | None = None
    prev_min_id: int | None = None

    @classmethod
    def of(cls, rows: Sequence[T], page: Page, id_of: Callable[[T], int]) -> "Window[T]":
        """Make a window of the rows of a query, in the order in which it gave them.

        A next page is promised only where this one is full, counted before anything was
        filtered out: give all rows that the query read, then use `keep` to filter.
        """
        items = list(reversed(rows)) if page.ascending else list(rows)
        if not items:
            return Window(items)
        older = id_of(items[-1]) if len(rows) >= page.limit else None
        return Window(items, older, id_of(items[0]))

    def keep(self, wanted: Callable[[T], bool]) -> "Window[T]":
        """Drop items without moving the bounds, so that a hidden item never ends the list."""
        return Window(
            [item for item in self.items if wanted(item)], self.next_max_id, self.prev_min_id
        )
