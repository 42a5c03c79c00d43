"""What members do about each other: follow, block, mute, note, let in; and take it back."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.network.edge import Services, Transaction
from rostra.network.relations import endorse as endorsing
from rostra.network.relations import follow as following
from rostra.network.relations import shun
from rostra.network.relations.model import Relation, Wish
from rostra.web.call import PageCall
from rostra.web.present import Presenter, relation_view
from rostra.web.route import MEMBER, POST, Route
from rostra.web.views.parts import PersonView

Verb = Callable[[Services, Transaction, int, int], Awaitable[Relation]]


class AccountParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which account."""

    id: Id


class NoteParams(AccountParams, frozen=True, kw_only=True):
    """What to note of whom."""

    note: str = ""


def _act(verb: Verb, said: str) -> Callable[[PageCall[AccountParams]], Awaitable[Response]]:
    async def handle(call: PageCall[AccountParams]) -> Response:
        services, account_id = call.services, call.params.id
        async with services.db.write() as tx:
            relation = await verb(services, tx, call.viewer_id, account_id)
        if call.htmx:
            async with call.read() as reader:
                found = await (await Presenter.of(call, reader)).authors([account_id])
            if account_id in found:
                person = PersonView(author=found[account_id], relation=relation_view(relation))
                return await call.relation(person)
        return call.back("/home", flash=said)

    return handle


async def note(call: PageCall[NoteParams]) -> Response:
    """Keep a private note; an empty one removes it."""
    services, params = call.services, call.params
    async with services.db.write() as tx:
        await shun.take_note(services, tx, call.viewer_id, params.id, params.note)
    return call.back("/home", flash="Your note is saved." if params.note.strip() else "No note.")


def _wish(wish: Wish) -> Verb:
    async def verb(services: Services, tx: Transaction, actor_id: int, target_id: int) -> Relation:
        return await following.follow(services, tx, actor_id, target_id, wish)

    return verb


async def _mute(services: Services, tx: Transaction, actor_id: int, target_id: int) -> Relation:
    return await shun.mute(services, tx, actor_id, target_id)


_VERBS: tuple[tuple[str, Verb, str], ...] = (
    ("follow", _wish(Wish()), ""),
    ("unfollow", following.unfollow, ""),
    ("hide-reblogs", _wish(Wish(reblogs=False)), "Their reblogs are hidden from your home."),
    ("show-reblogs", _wish(Wish(reblogs=True)), "Their reblogs are shown in your home."),
    ("remove-follower", following.remove_from_followers, "They no longer follow you."),
    ("endorse", endorsing.endorse, "They stand on your profile."),
    ("unendorse", endorsing.unendorse, "They no longer stand on your profile."),
    ("mute", _mute, "They are muted: you will not see what they write."),
    ("unmute", shun.unmute, "They are no longer muted."),
    ("block", shun.block, "They are blocked: you will not see each other."),
    ("unblock", shun.unblock, "They are no longer blocked."),
)
_REQUESTS: tuple[tuple[str, Verb, str], ...] = (
    ("accept", following.authorize, "They follow you now."),
    ("reject", following.reject, "The request is refused."),
)


_LIMITS: dict[str, tuple[str, ...]] = {
    "follow": ("follow_account",),
    "block": ("block_account",),
    "unblock": ("block_account",),
}


ROUTES: tuple[Route[Any], ...] = (
    *(
        Route(
            POST,
            f"/accounts/{{id}}/{name}",
            _act(verb, said),
            MEMBER,
            params=AccountParams,
            limits=_LIMITS.get(name, ()),
        )
        for name, verb, said in _VERBS
    ),
    *(
        Route(
            POST,
            f"/follow-requests/{{id}}/{name}",
            _act(verb, said),
            MEMBER,
            params=AccountParams,
        )
        for name, verb, said in _REQUESTS
    ),
    Route(POST, "/accounts/{id}/note", note, MEMBER, params=NoteParams),
)
