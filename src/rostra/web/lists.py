"""Pages of lists: which part is asked for, and the links to the parts beside it."""

from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.paging import Page, Window
from rostra.web.call import PageCall
from rostra.web.views.parts import Pager

T = TypeVar("T")
POSTS = 20
PEOPLE = 40


class ListParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a list."""

    max_id: Id | None = None
    min_id: Id | None = None


def page_of(params: ListParams, limit: int = POSTS) -> Page:
    """The page that these parameters ask for."""
    return Page(limit, max_id=params.max_id, min_id=params.min_id)


def pager(path: str, params: ListParams, window: Window[T], **query: str) -> Pager:
    """Links to the older and the newer part; the first part has no newer one."""
    kept = {name: value for name, value in query.items() if value}
    older = newer = ""
    if window.next_max_id is not None:
        older = f"{path}?{urlencode({**kept, 'max_id': window.next_max_id})}"
    if window.prev_min_id is not None and (params.max_id or params.min_id):
        newer = f"{path}?{urlencode({**kept, 'min_id': window.prev_min_id})}"
    return Pager(older_url=older, newer_url=newer)


def beginning(
    call: PageCall[Any], params: ListParams, window: Window[T], limit: int = POSTS
) -> Response | None:
    """Lead to the start of a list whoever walked up to it, so that the newest are on one page."""
    if params.min_id is None or len(window.items) >= limit:
        return None
    kept = {
        name: value
        for name, value in call.request.query.items()
        if name not in {"min_id", "max_id"} and isinstance(value, str)
    }
    return call.redirect(f"{call.request.path}?{urlencode(kept)}" if kept else call.request.path)
