"""What members do with posts: favourite, reblog, bookmark, pin, mute a thread; and take it back."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.network.edge import Services, Transaction
from rostra.network.posts import quote, react
from rostra.web.call import PageCall
from rostra.web.present import Presenter
from rostra.web.route import MEMBER, POST, Route

Verb = Callable[[Services, Transaction, int, int], Awaitable[int]]
_ANCHOR = re.compile(r"#p([0-9]{1,19}|pinned-[0-9]{1,19})$")


class PostParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which post."""

    id: Id


def _act(verb: Verb, said: str) -> Callable[[PageCall[PostParams]], Awaitable[Response]]:
    async def handle(call: PageCall[PostParams]) -> Response:
        services, post_id = call.services, call.params.id
        async with services.db.write() as tx:
            await verb(services, tx, call.viewer_id, post_id)
        if call.htmx:
            async with call.read() as reader:
                found = await (await Presenter.of(call, reader)).posts([post_id])
            if found:
                # The bar keeps the ids that it has on its page: those of a reblog, of a pin.
                anchor = _ANCHOR.search(call.next_url(""))
                key = anchor[1] if anchor and anchor[1] != found[0].id else ""
                return await call.actions(msgspec.structs.replace(found[0], key=key))
        return call.back("/home", flash=said)

    return handle


class UnquoteParams(PostParams, frozen=True, kw_only=True):
    """Which post of one's own to take out of which other."""

    quoting: Id


async def unquote(call: PageCall[UnquoteParams]) -> Response:
    """Take a post of one's own out of one that quotes it."""
    services, params = call.services, call.params
    async with services.db.write() as tx:
        await quote.revoke(services, tx, call.viewer_id, params.id, params.quoting)
    return call.back("/home", flash="Your post is no longer quoted there.")


async def _reblog(services: Services, tx: Transaction, actor_id: int, post_id: int) -> int:
    return await react.reblog(services, tx, actor_id, post_id)


# What the page shows anyway is not said once more.
_VERBS: tuple[tuple[str, Verb, str], ...] = (
    ("favourite", react.favourite, ""),
    ("unfavourite", react.unfavourite, ""),
    ("reblog", _reblog, ""),
    ("unreblog", react.unreblog, ""),
    ("bookmark", react.bookmark, ""),
    ("unbookmark", react.unbookmark, ""),
    ("pin", react.pin, "The post is pinned to your profile."),
    ("unpin", react.unpin, "The post is no longer pinned."),
    ("mute", react.mute_thread, "You will hear no more of this thread."),
    ("unmute", react.unmute_thread, "You will hear of this thread again."),
)
ROUTES: tuple[Route[Any], ...] = (
    *(
        Route(POST, f"/posts/{{id}}/{name}", _act(verb, said), MEMBER, params=PostParams)
        for name, verb, said in _VERBS
    ),
    Route(POST, "/posts/{id}/unquote", unquote, MEMBER, params=UnquoteParams),
)
