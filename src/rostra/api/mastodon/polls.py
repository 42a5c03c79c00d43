"""Polls. Source: docs.joinmastodon.org/methods/polls."""

from typing import Any

import msgspec

from rostra.api.endpoint import GET, POST, Auth, Call, Endpoint
from rostra.api.mastodon.entities.statuses import Poll
from rostra.api.mastodon.render_polls import poll_entity
from rostra.http.params import Id
from rostra.network.instance import access as instance_access
from rostra.network.polls import access
from rostra.network.polls.vote import vote as cast


class PollId(msgspec.Struct, frozen=True):
    """Which poll."""

    id: Id


class VoteParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which options of which poll, counted from 0."""

    id: Id
    choices: tuple[int, ...] = ()


async def show(call: Call[PollId]) -> Poll:
    """One poll."""
    return await _shown(call, call.params.id)


async def vote(call: Call[VoteParams]) -> Poll:
    """Vote in a poll, once."""
    services, params = call.services, call.params
    async with services.db.write() as tx:
        await cast(services, tx, call.viewer.account_id, params.id, params.choices)
    return await _shown(call, params.id)


async def _shown(call: Call[Any], post_id: int) -> Poll:
    services, viewer_id = call.services, call.viewer.account_id
    async with services.db.read() as reader:
        book = await instance_access.emoji_book(services, reader)
        poll = await access.poll(reader, viewer_id, post_id, now=services.clock.now())
    return poll_entity(poll, viewer_id, book)


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        "/api/v1/polls/{id}",
        show,
        auth=Auth.OPTIONAL,
        scopes=("read:statuses",),
        params=PollId,
        answer=Poll,
        summary="One poll",
    ),
    Endpoint(
        POST,
        "/api/v1/polls/{id}/votes",
        vote,
        auth=Auth.USER,
        scopes=("write:statuses",),
        params=VoteParams,
        answer=Poll,
        errors=(409,),
        summary="Vote in a poll",
    ),
)
