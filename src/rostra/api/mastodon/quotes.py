"""Quotes: who quotes a post, taking one's post out again, and who may quote it.

Source: docs.joinmastodon.org/methods/statuses.
"""

from typing import Any

import msgspec

from rostra.api.endpoint import GET, POST, PUT, Auth, Call, Endpoint, Paged, Raw
from rostra.api.mastodon import render
from rostra.api.mastodon.entities.statuses import Status
from rostra.api.mastodon.paging import page_of_posts
from rostra.api.mastodon.policy_documents import PolicyParams, packed_of
from rostra.api.mastodon.status_common import policy_of, status_answer
from rostra.api.mastodon.status_reactions import ByParams
from rostra.http.params import Id
from rostra.kernel.errors import Invalid
from rostra.network.posts import consent, quote


class RevokeParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which post of one's own to take out of which other."""

    id: Id
    quoting_status_id: Id


class PoliciesParams(msgspec.Struct, frozen=True, kw_only=True):
    """Who may quote which post of one's own, and who may answer, favourite and reblog it."""

    id: Id
    quote_approval_policy: str = ""
    interaction_policy: PolicyParams | None = None


async def index(call: Call[ByParams]) -> Paged:
    """The posts that quote a post, as far as the viewer may see them."""
    async with call.services.db.read() as reader:
        viewer_id, now = call.viewer.account_id, call.services.clock.now()
        page = page_of_posts(call.params)
        window = await quote.quoted_by(reader, viewer_id, call.params.id, page, now=now)
        ids = [row.subject_id for row in window.items]
        body = render.join(await render.statuses(call, reader, ids))
    return Paged(Raw(body), window.next_max_id, window.prev_min_id)


async def revoke(call: Call[RevokeParams]) -> Raw:
    """Take a post of one's own out of one that quotes it."""
    services, params = call.services, call.params
    async with services.db.write() as tx:
        author_id = call.viewer.account_id
        await quote.revoke(services, tx, author_id, params.id, params.quoting_status_id)
    return await status_answer(call, params.quoting_status_id)


async def set_policy(call: Call[PoliciesParams]) -> Raw:
    """Say who may do what with a post of one's own."""
    author_id, post_id = call.viewer.account_id, call.params.id
    policy = policy_of(call.params.quote_approval_policy)
    packed = packed_of(call.params.interaction_policy)
    if policy is None and packed is None:
        raise Invalid("quote_approval_policy", "can't be blank", "ERR_BLANK")
    async with call.services.db.write() as tx:
        if policy is not None:
            await quote.set_policy(tx, author_id, post_id, policy)
        if packed is not None:
            await consent.set_policy(tx, author_id, post_id, packed)
    return await status_answer(call, post_id)


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        "/api/v1/statuses/{id}/quotes",
        index,
        auth=Auth.OPTIONAL,
        scopes=("read:statuses",),
        params=ByParams,
        answer=list[Status],
        summary="The posts that quote a post",
    ),
    Endpoint(
        POST,
        "/api/v1/statuses/{id}/quotes/{quoting_status_id}/revoke",
        revoke,
        auth=Auth.USER,
        scopes=("write:statuses",),
        params=RevokeParams,
        answer=Status,
        summary="Take a post of one's own out of one that quotes it",
    ),
    Endpoint(
        PUT,
        "/api/v1/statuses/{id}/interaction_policy",
        set_policy,
        auth=Auth.USER,
        scopes=("write:statuses",),
        params=PoliciesParams,
        answer=Status,
        owned="id",
        summary="Say who may quote, answer, favourite and reblog a post of one's own",
    ),
)
