"""The inbox by plain forms."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.network.conversations import access, keep
from rostra.network.filters.model import Context
from rostra.web.call import PageCall
from rostra.web.lists import ListParams, beginning, page_of, pager
from rostra.web.present import Presenter
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.conversations import ConversationsPage, ConversationView


class OneParams(msgspec.Struct, frozen=True):
    """Which conversation."""

    id: Id


async def inbox(call: PageCall[ListParams]) -> Response:
    """The member's conversations, the last one first."""
    params = call.params
    async with call.read() as reader:
        window = await access.inbox(reader, call.viewer_id, page_of(params), now=call.now)
        start = beginning(call, params, window)
        if start:
            return start
        members = await access.members(reader, [row.id for row in window.items])
        presenter = await Presenter.of(call, reader, Context.NOTIFICATIONS)
        people = await presenter.authors(each for some in members.values() for each in some)
        posts = await presenter.posts_by_id([row.last_post_id for row in window.items])
    views = [
        ConversationView(
            id=str(row.id),
            people=[people[each] for each in members[row.id] if each in people],
            post=posts[row.last_post_id],
            unread=bool(row.unread),
        )
        for row in window.items
        if row.last_post_id in posts
    ]
    pages = pager("/messages", params, window)
    return await call.page(ConversationsPage(conversations=views, pager=pages))


def _mark(*, unread: bool) -> Callable[[PageCall[OneParams]], Awaitable[Response]]:
    async def handle(call: PageCall[OneParams]) -> Response:
        async with call.services.db.write() as tx:
            await keep.mark(tx, call.viewer_id, call.params.id, unread=unread)
        return call.back("/messages")

    return handle


async def remove(call: PageCall[OneParams]) -> Response:
    """Take a conversation out of the inbox."""
    async with call.services.db.write() as tx:
        await keep.remove(tx, call.viewer_id, call.params.id)
    return call.redirect("/messages", flash="The conversation is out of your messages.")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/messages", inbox, MEMBER, params=ListParams),
    Route(POST, "/messages/{id}/read", _mark(unread=False), MEMBER, params=OneParams),
    Route(POST, "/messages/{id}/unread", _mark(unread=True), MEMBER, params=OneParams),
    Route(POST, "/messages/{id}/remove", remove, MEMBER, params=OneParams),
)
