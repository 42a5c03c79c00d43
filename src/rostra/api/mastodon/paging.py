"""Which part of a list a client asks for.

Clients take the bounds from the `Link` header that they got with another part; what the ids in it
are ids of is each list's own affair.
"""

from typing import Protocol

import msgspec

from rostra.http.params import Count, Id
from rostra.kernel.paging import Page


class PageParams(msgspec.Struct, frozen=True):
    """Which part of a list."""

    limit: Count | None = None
    max_id: Id | None = None
    since_id: Id | None = None
    min_id: Id | None = None


class Bounded(Protocol):
    """Parameters that say, among other things, which part of a list is asked for."""

    @property
    def limit(self) -> int | None:
        """How many at most."""

    @property
    def max_id(self) -> int | None:
        """Older than this one."""

    @property
    def since_id(self) -> int | None:
        """Newer than this one, the newest of all first."""

    @property
    def min_id(self) -> int | None:
        """Newer than this one, those next to it."""


def page_of(params: Bounded, *, default: int = 40, cap: int = 80) -> Page:
    """The page that these parameters ask for; by default 40 items, 80 at most."""
    return Page.of(
        params.limit,
        default=default,
        cap=cap,
        max_id=params.max_id,
        since_id=params.since_id,
        min_id=params.min_id,
    )


def page_of_posts(params: Bounded) -> Page:
    """The page of posts that these parameters ask for: 20 posts, 40 at most."""
    return page_of(params, default=20, cap=40)
