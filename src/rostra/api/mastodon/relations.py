"""Following, blocking, muting, notes, and how a member stands to others by them.

Source: docs.joinmastodon.org/methods/{accounts,follow_requests}. The lists: `relation_lists.py`.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from rostra.api.endpoint import GET, POST, Auth, Call, Endpoint
from rostra.api.mastodon.entities.relations import Relationship
from rostra.api.mastodon.times import iso_or_none
from rostra.http.params import Id
from rostra.network.edge import Services, Transaction
from rostra.network.relations import access, endorse, shun
from rostra.network.relations import follow as following
from rostra.network.relations.model import Relation, Wish

_WRITE_FOLLOWS = ("write:follows", "follow")
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
    *(
        _change(
            f"accounts/{{id}}/{verb.__name__}",
            _on_account(verb),
            _BLOCKS,
            f"{verb.__name__.capitalize()} an account",
            limits=("block_account",),
        )
        for verb in (shun.block, shun.unblock)
    ),
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
    Endpoint(
        GET,
        "/api/v1/accounts/relationships",
        relationships,
        auth=Auth.USER,
        scopes=("read:follows", "follow"),
        params=AccountIds,
        answer=list[Relationship],
        summary="How the member stands to some accounts",
    ),
)
