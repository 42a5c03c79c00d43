"""Lists that are read in pages: the two statements of each, and reading a page of it.

Clients walk through a list from its newest item, or forward from one that they know (``min_id``);
see `kernel/paging.py`. A statement's order is part of it, so each list has two.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, CompoundSelect, Select

from rostra.kernel.paging import Page, Window
from rostra.store.database import Reader
from rostra.store.query import Query, number, query

Row = TypeVar("Row")

BELOW, ABOVE, LIMIT = map(number, ("below", "above", "limit"))


class Pages(Generic[Row]):
    """A list as two statements, each with the parameters ``below``, ``above`` and ``limit``."""

    __slots__ = ("newest", "oldest")

    def __init__(self, make: Callable[..., Query[Row]]) -> None:
        self.newest = make(newest=True)
        self.oldest = make(newest=False)


def within(ids: ColumnElement[int]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions that bound a page of a list by these ids."""
    return ids < BELOW, ids > ABOVE


def ordered(
    statement: Select[Any] | CompoundSelect[Any], ids: ColumnElement[int], into: Callable[..., Row]
) -> Pages[Row]:
    """A list whose statement bounds its pages itself (:func:`within`)."""

    def make(*, newest: bool) -> Query[Row]:
        return query(statement.order_by(ids.desc() if newest else ids.asc()).limit(LIMIT), into)

    return Pages(make)


def paged(statement: Select[Any], ids: ColumnElement[int], into: Callable[..., Row]) -> Pages[Row]:
    """A list by these ids, of a statement that selects all of it."""
    return ordered(statement.where(*within(ids)), ids, into)


async def rows_of(reader: Reader, pages: Pages[Row], page: Page, **params: Any) -> list[Row]:
    """The rows of one page, in the order of its statement."""
    return await reader.all(
        pages.oldest if page.ascending else pages.newest,
        below=page.below,
        above=page.above,
        limit=page.limit,
        **params,
    )


async def window_of(
    reader: Reader, pages: Pages[Row], page: Page, id_of: Callable[[Row], int], **params: Any
) -> Window[Row]:
    """One page, newest first. ``id_of`` gives the id by which the list is ordered."""
    return Window.of(await rows_of(reader, pages, page, **params), page, id_of)
