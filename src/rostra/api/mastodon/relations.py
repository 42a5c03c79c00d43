"""Following, blocking, muting, notes, and the lists of them.

Source: docs.joinmastodon.org/methods/{accounts,blocks,mutes,follow_requests,domain_blocks}.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from rostra.api.endpoint import GET, POST, Auth, Call, Endpoint, Paged, Raw
from rostra.api.mastodon import render
from rostra.api.mastodon.entities.accounts import Account
from rostra.api.mastodon.entities.relations import FamiliarFollowers, MutedAccount, Relationship
from rostra.api.mastodon.times import iso_or_none
from rostra.http.params import Count, Id
from rostra.kernel.paging import Page, Window
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.relations import access, endorse, shun
from rostra.network.relations import follow as following
from rostra.network.relations.model import Link, Relation, Wish

_WRITE_FOLLOWS = ("write:follows", "follow")
_LIST_CAP = 80
_NAMED_OTHERWISE = 1_751_932_800  # 2025-07-08, Mastodon 4.4: pin became endorse


class AccountId(msgspec.Struct, frozen=True):
    """Which account."""

    id: Id


class AskerId(msgspec.Struct, frozen=True):
    """Who asked to follow."""

    account_id: Id


class AccountIds(msgspec.Struct, frozen=True):
    """Which accounts."""

    id: tuple[Id, ...] = ()


class FollowParams(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to follow, and what that is to bring."""

    id: Id
    reblogs: bool | None = None
    notify: bool | None = None
    languages: tuple[str, ...] | None = None


class MuteParams(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to mute, and how long (seconds; 0: for good)."""

    id: Id
    notifications: bool = True
    duration: int = 0


class NoteParams(msgspec.Struct, frozen=True, kw_only=True):
    """On whom to take which note; an empty one removes it."""

    id: Id
    comment: str = ""


class ListParams(msgspec.Struct, frozen=True):
    """Which part of a list; the bounds come from the `Link` header."""

    limit: Count | None = None
    max_id: Id | None = None
    since_id: Id | None = None
    min_id: Id | None = None


class AccountListParams(ListParams, frozen=True, kw_only=True):
    """Whose list, and which part of it."""

    id: Id


def relationship(relation: Relation) -> Relationship:
    """How the member stands to an account, as clients read it."""
    follows = relation.following or relation.requested
    return Relationship(
        id=str(relation.id),
        following=relation.following,
        showing_reblogs=relation.showing_reblogs,
        notifying=relation.notifying,
        languages=(relation.languages or None) if follows else None,
        followed_by=relation.followed_by,
        blocking=relation.blocking,
        blocked_by=relation.blocked_by,
        muting=relation.muting,
        muting_notifications=relation.muting_notifications,
        muting_expires_at=iso_or_none(relation.muting_expires_at),
        requested=relation.requested,
        requested_by=relation.requested_by,
        endorsed=relation.endorsed,
        note=relation.note,
    )


def page_of(params: ListParams) -> Page:
    """The page that these parameters ask for: 40 accounts, 80 at most."""
    return Page.of(
        params.limit,
        default=40,
        cap=_LIST_CAP,
        max_id=params.max_id,
        since_id=params.since_id,
        min_id=params.min_id,
    )


async def _answer(call: render.Asking, reader: Reader, window: Window[Link]) -> Paged:
    ids = [link.account_id for link in window.items]
    items = await render.accounts(call, reader, ids)
    return Paged(Raw(render.join(items)), window.next_max_id, window.prev_min_id)


async def follow(call: Call[FollowParams]) -> Relationship:
    """Follow an account, or change what following it brings."""
    given = call.params
    wish = Wish(given.reblogs, given.notify, given.languages)
    async with call.services.db.write() as tx:
        relation = await following.follow(call.services, tx, call.viewer.account_id, given.id, wish)
    return relationship(relation)


async def mute(call: Call[MuteParams]) -> Relationship:
    """Mute an account."""
    given = call.params
    async with call.services.db.write() as tx:
        relation = await shun.mute(
            call.services,
            tx,
            call.viewer.account_id,
            given.id,
            notifications=given.notifications,
            duration_s=given.duration,
        )
    return relationship(relation)


async def note(call: Call[NoteParams]) -> Relationship:
    """Take a private note on an account."""
    given = call.params
    async with call.services.db.write() as tx:
        relation = await shun.take_note(
            call.services, tx, call.viewer.account_id, given.id, given.comment
        )
    return relationship(relation)


Verb = Callable[[Services, Transaction, int, int], Awaitable[Relation]]


def _on_account(verb: Verb) -> Callable[[Call[AccountId]], Awaitable[Relationship]]:
    async def handle(call: Call[AccountId]) -> Relationship:
        async with call.services.db.write() as tx:
            relation = await verb(call.services, tx, call.viewer.account_id, call.params.id)
        return relationship(relation)

    return handle


def _on_request(verb: Verb) -> Callable[[Call[AskerId]], Awaitable[Relationship]]:
    async def handle(call: Call[AskerId]) -> Relationship:
        async with call.services.db.write() as tx:
            relation = await verb(call.services, tx, call.viewer.account_id, call.params.account_id)
        return relationship(relation)

    return handle


async def relationships(call: Call[AccountIds]) -> list[Relationship]:
    """How the member stands to each of some accounts."""
    async with call.services.db.read() as reader:
        found = await access.relationships(
            reader, call.viewer.account_id, call.params.id, now=call.services.clock.now()
        )
    return [relationship(relation) for relation in found]


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


async def endorsed_by_me(call: Call[ListParams]) -> Paged:
    """Whom the member shows on the profile."""
    return await _endorsed(call, call.viewer.account_id)


async def _endorsed(call: Call[Any], account_id: int) -> Paged:
    viewer_id, now = call.viewer.account_id, call.services.clock.now()
    async with call.services.db.read() as reader:
        window = await access.endorsements(
            reader, viewer_id, account_id, page_of(call.params), now=now
        )
        return await _answer(call, reader, window)


async def blocks(call: Call[ListParams]) -> Paged:
    """Whom the member blocks."""
    async with call.services.db.read() as reader:
        window = await access.blocks(reader, call.viewer.account_id, page_of(call.params))
        return await _answer(call, reader, window)


async def follow_requests(call: Call[ListParams]) -> Paged:
    """Who asks to follow the member."""
    async with call.services.db.read() as reader:
        window = await access.follow_requests(reader, call.viewer.account_id, page_of(call.params))
        return await _answer(call, reader, window)


async def mutes(call: Call[ListParams]) -> Paged:
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


async def domain_blocks(_call: Call[ListParams]) -> list[str]:
    """The places that the member blocks: none, as long as there are no others."""
    return []


def _change(
    path: str,
    handler: Callable[[Call[Any]], Awaitable[Relationship]],
    scopes: tuple[str, ...],
    summary: str,
    *,
    params: type[msgspec.Struct] = AccountId,
    limits: tuple[str, ...] = (),
    deprecated: int = 0,
) -> Endpoint[Any]:
    return Endpoint(
        POST,
        f"/api/v1/{path}",
        handler,
        auth=Auth.USER,
        scopes=scopes,
        params=params,
        answer=Relationship,
        limits=limits,
        deprecated=deprecated,
        errors=(403, 404, 422),
        summary=summary,
    )


def _list(
    path: str,
    handler: Callable[[Call[Any]], Awaitable[Any]],
    scopes: tuple[str, ...],
    summary: str,
    *,
    params: type[msgspec.Struct] = ListParams,
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


_MUTED = list[MutedAccount]
_BLOCKS, _MUTES = ("write:blocks", "follow"), ("write:mutes", "follow")

ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _change(
        "accounts/{id}/follow",
        follow,
        _WRITE_FOLLOWS,
        "Follow an account, or change what following it brings",
        params=FollowParams,
        limits=("follow_account",),
    ),
    _change(
        "accounts/{id}/unfollow",
        _on_account(following.unfollow),
        _WRITE_FOLLOWS,
        "Stop following an account, or take a request back",
    ),
    _change(
        "accounts/{id}/remove_from_followers",
        _on_account(following.remove_from_followers),
        _WRITE_FOLLOWS,
        "End that an account follows the member",
    ),
    _change("accounts/{id}/block", _on_account(shun.block), _BLOCKS, "Block an account"),
    _change("accounts/{id}/unblock", _on_account(shun.unblock), _BLOCKS, "Unblock an account"),
    _change("accounts/{id}/mute", mute, _MUTES, "Mute an account", params=MuteParams),
    _change("accounts/{id}/unmute", _on_account(shun.unmute), _MUTES, "Unmute an account"),
    _change(
        "accounts/{id}/note",
        note,
        ("write:accounts",),
        "Take a private note on an account",
        params=NoteParams,
    ),
    *(
        _change(
            f"accounts/{{id}}/{name}",
            _on_account(verb),
            ("write:accounts",),
            summary,
            deprecated=_NAMED_OTHERWISE if name.endswith("pin") else 0,
        )
        for name, verb, summary in (
            ("endorse", endorse.endorse, "Show an account on the profile"),
            ("unendorse", endorse.unendorse, "Take an account off the profile"),
            ("pin", endorse.endorse, "Show an account on the profile"),
            ("unpin", endorse.unendorse, "Take an account off the profile"),
        )
    ),
    _change(
        "follow_requests/{account_id}/authorize",
        _on_request(following.authorize),
        _WRITE_FOLLOWS,
        "Let somebody follow who asked for it",
        params=AskerId,
    ),
    _change(
        "follow_requests/{account_id}/reject",
        _on_request(following.reject),
        _WRITE_FOLLOWS,
        "Refuse somebody who asked to follow",
        params=AskerId,
    ),
    _list(
        "accounts/relationships",
        relationships,
        ("read:follows", "follow"),
        "How the member stands to some accounts",
        params=AccountIds,
        answer=list[Relationship],
    ),
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
    _list("mutes", mutes, ("read:mutes", "follow"), "Whom the member mutes", answer=_MUTED),
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
