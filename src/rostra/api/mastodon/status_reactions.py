"""What members do with posts, and lists of it.

Source: docs.joinmastodon.org/methods/{statuses,favourites,bookmarks}.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import msgspec

from rostra.api.endpoint import GET, POST, Auth, Call, Endpoint, Paged, Raw
from rostra.api.mastodon import render
from rostra.api.mastodon.entities.accounts import Account
from rostra.api.mastodon.entities.statuses import Status
from rostra.api.mastodon.paging import PageParams, page_of, page_of_posts
from rostra.api.mastodon.status_common import StatusId, status_answer, visibility_of
from rostra.http.params import Id
from rostra.kernel.paging import Page, Window
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.posts import react, threads
from rostra.network.posts.model import Engagement


class ReblogParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which post to reblog, for whom."""

    id: Id
    visibility: str = ""


class ByParams(PageParams, frozen=True, kw_only=True):
    """Which part of a list of a post's."""

    id: Id


Verb = Callable[[Services, Transaction, int, int], Awaitable[int]]


def _acting(verb: Verb) -> Callable[[Call[StatusId]], Awaitable[Raw]]:
    """An endpoint that does something with a post and answers with the post."""

    async def act(call: Call[StatusId]) -> Raw:
        services = call.services
        async with services.db.write() as tx:
            post_id = await verb(services, tx, call.viewer.account_id, call.params.id)
        return await status_answer(call, post_id)

    act.__doc__ = verb.__doc__
    return act


async def reblog(call: Call[ReblogParams]) -> Raw:
    """Reblog a post; answers with the reblog."""
    services, chosen = call.services, visibility_of(call.params.visibility)
    async with services.db.write() as tx:
        reblog_id = await react.reblog(services, tx, call.viewer.account_id, call.params.id, chosen)
    return await status_answer(call, reblog_id)


class Engaged(Protocol):
    """Lists who is engaged with a post."""

    def __call__(
        self, reader: Reader, viewer_id: int, post_id: int, page: Page, *, now: int
    ) -> Awaitable[Window[Engagement]]:
        """One page."""
        ...


def _by(listing: Engaged) -> Callable[[Call[ByParams]], Awaitable[Paged]]:
    """An endpoint that lists accounts engaged with a post."""

    async def act(call: Call[ByParams]) -> Paged:
        async with call.services.db.read() as reader:
            page = page_of(call.params)
            viewer_id, now = call.viewer.account_id, call.services.clock.now()
            window = await listing(reader, viewer_id, call.params.id, page, now=now)
            ids = [row.subject_id for row in window.items]
            body = render.join(await render.accounts(call, reader, ids))
        return Paged(Raw(body), window.next_max_id, window.prev_min_id)

    act.__doc__ = listing.__doc__
    return act


Kept = Callable[[Reader, int, Page], Awaitable[Window[Engagement]]]


def _kept(listing: Kept) -> Callable[[Call[PageParams]], Awaitable[Paged]]:
    """An endpoint that lists posts which the member has kept."""

    async def act(call: Call[PageParams]) -> Paged:
        async with call.services.db.read() as reader:
            window = await listing(reader, call.viewer.account_id, page_of_posts(call.params))
            ids = [row.subject_id for row in window.items]
            body = render.join(await render.statuses(call, reader, ids))
        return Paged(Raw(body), window.next_max_id, window.prev_min_id)

    act.__doc__ = listing.__doc__
    return act


def _verb(path: str, verb: Verb, scope: str, summary: str) -> Endpoint[Any]:
    return Endpoint(
        POST,
        f"/api/v1/statuses/{{id}}/{path}",
        _acting(verb),
        auth=Auth.USER,
        scopes=(scope,),
        params=StatusId,
        answer=Status,
        summary=summary,
    )


def _engaged(path: str, listing: Engaged, summary: str) -> Endpoint[Any]:
    return Endpoint(
        GET,
        f"/api/v1/statuses/{{id}}/{path}",
        _by(listing),
        auth=Auth.OPTIONAL,
        scopes=("read:statuses",),
        params=ByParams,
        answer=list[Account],
        summary=summary,
    )


ENDPOINTS = (
    _engaged("favourited_by", threads.favourited_by, "Who favourited a post"),
    _engaged("reblogged_by", threads.reblogged_by, "Who reblogged a post"),
    Endpoint(
        POST,
        "/api/v1/statuses/{id}/reblog",
        reblog,
        auth=Auth.USER,
        scopes=("write:statuses",),
        params=ReblogParams,
        answer=Status,
        limits=("post_account",),
        summary="Reblog a post",
    ),
    _verb("unreblog", react.unreblog, "write:statuses", "Take a reblog back"),
    _verb("favourite", react.favourite, "write:favourites", "Favourite a post"),
    _verb("unfavourite", react.unfavourite, "write:favourites", "Take a favourite back"),
    _verb("bookmark", react.bookmark, "write:bookmarks", "Bookmark a post"),
    _verb("unbookmark", react.unbookmark, "write:bookmarks", "Take a bookmark back"),
    _verb("pin", react.pin, "write:accounts", "Pin a post to one's profile"),
    _verb("unpin", react.unpin, "write:accounts", "Take a pin back"),
    _verb("mute", react.mute_thread, "write:mutes", "No more notifications from a thread"),
    _verb("unmute", react.unmute_thread, "write:mutes", "Take that back"),
    Endpoint(
        GET,
        "/api/v1/favourites",
        _kept(threads.favourites),
        auth=Auth.USER,
        scopes=("read:favourites",),
        params=PageParams,
        answer=list[Status],
        summary="Posts that the member favourited",
    ),
    Endpoint(
        GET,
        "/api/v1/bookmarks",
        _kept(threads.bookmarks),
        auth=Auth.USER,
        scopes=("read:bookmarks",),
        params=PageParams,
        answer=list[Status],
        summary="Posts that the member bookmarked",
    ),
)
