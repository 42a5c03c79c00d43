"""The inbox. Source: docs.joinmastodon.org/methods/conversations."""

from collections.abc import Sequence
from typing import Any

import msgspec

from rostra.api.endpoint import DELETE, GET, POST, Auth, Call, Empty, Endpoint, Paged, Raw
from rostra.api.mastodon import render
from rostra.api.mastodon.entities.accounts import Account
from rostra.api.mastodon.entities.statuses import Status
from rostra.api.mastodon.paging import PageParams, page_of_posts
from rostra.api.mastodon.timelines import answer
from rostra.http.params import Id
from rostra.network.conversations import access, keep
from rostra.network.conversations.model import Conversation as Row
from rostra.network.edge import Reader

_REPLACED = 1_564_617_600  # 2019-08-01, Mastodon 3.0: conversations took its place


class Conversation(msgspec.Struct, frozen=True):
    """Direct posts of one thread among the same people."""

    id: str
    unread: bool
    accounts: tuple[Account, ...]
    last_status: Status | None


class ConversationId(msgspec.Struct, frozen=True):
    """Which conversation."""

    id: Id


async def conversations(call: render.Asking, reader: Reader, rows: Sequence[Row]) -> list[bytes]:
    """Lines of the viewer's inbox, each as JSON. Four statements, however many there are."""
    members = await access.members(reader, [row.id for row in rows])
    # Who writes to themselves alone is the one who takes part, as with Mastodon.
    viewer = [call.viewer.account_id]
    members = {each: some or viewer for each, some in members.items()}
    everybody = list({each for some in members.values() for each in some})
    people = await render.accounts_by_id(call, reader, everybody)
    posts = await render.statuses_by_id(call, reader, [row.last_post_id for row in rows])
    return [
        b'{"id":"%d","unread":%s,"accounts":%s,"last_status":%s}'
        % (
            row.id,
            b"true" if row.unread else b"false",
            render.join(people[each] for each in members[row.id] if each in people),
            posts.get(row.last_post_id, b"null"),
        )
        for row in rows
    ]


async def index(call: Call[PageParams]) -> Paged:
    """The member's conversations, the last one first."""
    viewer_id, now = call.viewer.account_id, call.services.clock.now()
    async with call.services.db.read() as reader:
        window = await access.inbox(reader, viewer_id, page_of_posts(call.params), now=now)
        items = await conversations(call, reader, window.items)
    return Paged(Raw(render.join(items)), window.next_max_id, window.prev_min_id)


async def read(call: Call[ConversationId]) -> Raw:
    """Mark a conversation as read."""
    return await _mark(call, unread=False)


async def unread(call: Call[ConversationId]) -> Raw:
    """Mark a conversation as unread."""
    return await _mark(call, unread=True)


async def _mark(call: Call[ConversationId], *, unread: bool) -> Raw:
    async with call.services.db.write() as tx:
        row = await keep.mark(tx, call.viewer.account_id, call.params.id, unread=unread)
    async with call.services.db.read() as reader:
        return Raw((await conversations(call, reader, [row]))[0])


async def remove(call: Call[ConversationId]) -> Empty:
    """Take a conversation out of the inbox."""
    async with call.services.db.write() as tx:
        await keep.remove(tx, call.viewer.account_id, call.params.id)
    return Empty()


async def direct(call: Call[PageParams]) -> Paged:
    """The direct posts of the member's conversations, for old clients."""
    viewer_id, now = call.viewer.account_id, call.services.clock.now()
    async with call.services.db.read() as reader:
        window = await access.direct(reader, viewer_id, page_of_posts(call.params), now=now)
        return await answer(call, reader, window)


def _one(method: str, path: str, handler: Any, answered: Any, summary: str) -> Endpoint[Any]:
    return Endpoint(
        method,
        f"/api/v1/conversations/{{id}}{path}",
        handler,
        auth=Auth.USER,
        scopes=("write:conversations",),
        params=ConversationId,
        answer=answered,
        owned="id",
        summary=summary,
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        "/api/v1/conversations",
        index,
        auth=Auth.USER,
        scopes=("read:statuses",),
        params=PageParams,
        answer=list[Conversation],
        summary="The member's conversations",
    ),
    _one(POST, "/read", read, Conversation, "Mark a conversation as read"),
    _one(POST, "/unread", unread, Conversation, "Mark a conversation as unread"),
    _one(DELETE, "", remove, Empty, "Take a conversation out of the inbox"),
    Endpoint(
        GET,
        "/api/v1/timelines/direct",
        direct,
        auth=Auth.USER,
        scopes=("read:statuses",),
        params=PageParams,
        answer=list[Status],
        deprecated=_REPLACED,
        summary="Direct posts, for old clients",
    ),
)
