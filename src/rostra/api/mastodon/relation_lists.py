"""Lists of accounts by how they stand to somebody: followers, blocked, muted, endorsed.

Source: docs.joinmastodon.org/methods/{accounts,blocks,mutes,follow_requests,domain_blocks}.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from rostra.api.endpoint import GET, Auth, Call, Endpoint, Paged, Raw
from rostra.api.mastodon import render
from rostra.api.mastodon.entities.accounts import Account
from rostra.api.mastodon.entities.relations import FamiliarFollowers, MutedAccount
from rostra.api.mastodon.paging import PageParams, page_of
from rostra.api.mastodon.relations import AccountIds
from rostra.api.mastodon.times import iso_or_none
from rostra.http.params import Id
from rostra.kernel.paging import Window
from rostra.network.edge import Reader
from rostra.network.relations import access
from rostra.network.relations.model import Link


class AccountListParams(PageParams, frozen=True, kw_only=True):
    """Whose list, and which part of it."""

    id: Id


async def _answer(call: render.Asking, reader: Reader, window: Window[Link]) -> Paged:
    ids = [link.account_id for link in window.items]
    items = await render.accounts(call, reader, ids)
    return Paged(Raw(render.join(items)), window.next_max_id, window.prev_min_id)


async def followers(call: Call[AccountListParams]) -> Paged:
    """Who follows an account."""
    viewer_id, now = call.viewer.account_id, call.services.clock.now()
    async with call.services.db.read() as reader:
        window = await access.followers(
            reader, viewer_id, call.params.id, page_of(call.params), now=now
        )
        return await _answer(call, reader, window)


async def followed(call: Call[AccountListParams]) -> Paged:
    """Whom an account follows."""
    viewer_id, now = call.viewer.account_id, call.services.clock.now()
    async with call.services.db.read() as reader:
        window = await access.following(
            reader, viewer_id, call.params.id, page_of(call.params), now=now
        )
        return await _answer(call, reader, window)


async def endorsed(call: Call[AccountListParams]) -> Paged:
    """Whom an account shows on its profile."""
    return await _endorsed(call, call.params.id)


async def endorsed_by_me(call: Call[PageParams]) -> Paged:
    """Whom the member shows on the profile."""
    return await _endorsed(call, call.viewer.account_id)


async def _endorsed(call: Call[Any], account_id: int) -> Paged:
    viewer_id, now = call.viewer.account_id, call.services.clock.now()
    async with call.services.db.read() as reader:
        window = await access.endorsements(
            reader, viewer_id, account_id, page_of(call.params), now=now
        )
        return await _answer(call, reader, window)


async def blocks(call: Call[PageParams]) -> Paged:
    """Whom the member blocks."""
    async with call.services.db.read() as reader:
        window = await access.blocks(reader, call.viewer.account_id, page_of(call.params))
        return await _answer(call, reader, window)


async def follow_requests(call: Call[PageParams]) -> Paged:
    """Who asks to follow the member."""
    async with call.services.db.read() as reader:
        window = await access.follow_requests(reader, call.viewer.account_id, page_of(call.params))
        return await _answer(call, reader, window)


async def mutes(call: Call[PageParams]) -> Paged:
    """Whom the member mutes, and till when."""
    viewer_id, now = call.viewer.account_id, call.services.clock.now()
    async with call.services.db.read() as reader:
        window = await access.mutes(reader, viewer_id, page_of(call.params), now=now)
        shown = await render.accounts_by_id(
            call, reader, [link.account_id for link in window.items]
        )
    items = [
        b'{"mute_expires_at":%s,%s'
        % (msgspec.json.encode(iso_or_none(link.expires_at)), shown[link.account_id][1:])
        for link in window.items
        if link.account_id in shown
    ]
    return Paged(Raw(render.join(items)), window.next_max_id, window.prev_min_id)


async def familiar_followers(call: Call[AccountIds]) -> Raw:
    """For some accounts, those of their followers whom the member follows."""
    async with call.services.db.read() as reader:
        found = await access.familiar_followers(reader, call.viewer.account_id, call.params.id)
        everybody = list({account for each in found.values() for account in each})
        shown = await render.accounts_by_id(call, reader, everybody)
    items = [
        b'{"id":"%d","accounts":%s}'
        % (account_id, render.join(shown[each] for each in familiar if each in shown))
        for account_id, familiar in found.items()
    ]
    return Raw(render.join(items))


async def domain_blocks(_call: Call[PageParams]) -> list[str]:
    """The places that the member blocks: none, as long as there are no others."""
    return []


def _list(
    path: str,
    handler: Callable[[Call[Any]], Awaitable[Any]],
    scopes: tuple[str, ...],
    summary: str,
    *,
    params: type[msgspec.Struct] = PageParams,
    answer: Any = list[Account],
    auth: Auth = Auth.USER,
    empty: bool = False,
) -> Endpoint[Any]:
    return Endpoint(
        GET,
        f"/api/v1/{path}",
        handler,
        auth=auth,
        empty=empty,
        scopes=scopes,
        params=params,
        answer=answer,
        summary=summary,
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _list(
        "accounts/familiar_followers",
        familiar_followers,
        ("read:follows", "follow"),
        "Those of some accounts' followers whom the member follows",
        params=AccountIds,
        answer=list[FamiliarFollowers],
    ),
    _list(
        "accounts/{id}/followers",
        followers,
        ("read:accounts",),
        "Who follows an account",
        params=AccountListParams,
        auth=Auth.OPTIONAL,
    ),
    _list(
        "accounts/{id}/following",
        followed,
        ("read:accounts",),
        "Whom an account follows",
        params=AccountListParams,
        auth=Auth.OPTIONAL,
    ),
    _list(
        "accounts/{id}/endorsements",
        endorsed,
        ("read:accounts",),
        "Whom an account shows on its profile",
        params=AccountListParams,
        auth=Auth.OPTIONAL,
    ),
    _list("endorsements", endorsed_by_me, ("read:accounts",), "Whom the member endorses"),
    _list("blocks", blocks, ("read:blocks", "follow"), "Whom the member blocks"),
    _list(
        "mutes", mutes, ("read:mutes", "follow"), "Whom the member mutes", answer=list[MutedAccount]
    ),
    _list(
        "follow_requests",
        follow_requests,
        ("read:follows", "follow"),
        "Who asks to follow the member",
    ),
    _list(
        "domain_blocks",
        domain_blocks,
        ("read:blocks", "follow"),
        "The places that the member blocks",
        answer=list[str],
        empty=True,
    ),
)
