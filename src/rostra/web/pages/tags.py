"""Hashtags by plain forms: follow them, and show them on the profile."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.errors import Invalid, NotFound
from rostra.network.edge import Services, Transaction
from rostra.network.tags import access, keep
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.lists import PEOPLE, ListParams, beginning, page_of, pager
from rostra.web.pages.lists import tabs
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.forms import Form
from rostra.web.views.lists import FollowedTagsPage
from rostra.web.views.parts import TagView
from rostra.web.views.settings import FeaturedTagsPage, FeaturedTagView

_NONE_SUCH = Invalid("name", "is not a valid hashtag")


class NameParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which hashtag."""

    name: str = ""


class PathParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which hashtag."""

    name: str


class OneParams(msgspec.Struct, frozen=True):
    """Which hashtag of the profile."""

    id: Id


async def followed(call: PageCall[ListParams]) -> Response:
    """The hashtags that the member follows."""
    return await _followed(call, call.params, Form())


async def _followed(
    call: PageCall[Any], params: ListParams, form: Form, status: int = 200
) -> Response:
    async with call.read() as reader:
        window = await access.followed(reader, call.viewer_id, page_of(params, PEOPLE))
    start = beginning(call, params, window, PEOPLE)
    if start:
        return start
    page = FollowedTagsPage(
        tags=[TagView(name=each.name, url=f"/tags/{quote(each.name)}") for each in window.items],
        pager=pager("/followed-tags", params, window),
        tabs=tabs("followed-tags"),
        form=form,
    )
    return await call.page(page, status)


async def follow_typed(call: PageCall[NameParams]) -> Response:
    """Follow a hashtag that was typed."""
    name = call.params.name.strip()
    try:
        await _do(call, keep.follow, name)
    except (Invalid, NotFound) as error:
        fault = _NONE_SUCH if isinstance(error, NotFound) else error
        return await _followed(call, ListParams(), form_of({"name": name}, fault), 422)
    return call.redirect("/followed-tags", flash="You follow the hashtag now.")


Verb = Callable[[Services, Transaction, int, str], Awaitable[Any]]


async def _do(call: PageCall[Any], verb: Verb, name: str) -> None:
    async with call.services.db.write() as tx:
        await verb(call.services, tx, call.viewer_id, name)


def _button(verb: Verb, said: str) -> Callable[[PageCall[PathParams]], Awaitable[Response]]:
    async def handle(call: PageCall[PathParams]) -> Response:
        name = call.params.name
        try:
            await _do(call, verb, name)
        except Invalid as error:
            return call.back(f"/tags/{quote(name)}", flash=error.safe, tone="bad")
        return call.back(f"/tags/{quote(name)}", flash=said)

    return handle


async def featured(call: PageCall[Any]) -> Response:
    """The hashtags on the member's profile."""
    return await _featured(call, Form())


async def _featured(call: PageCall[Any], form: Form, status: int = 200) -> Response:
    async with call.read() as reader:
        rows = await access.featured(reader, call.viewer_id)
        suggested = await access.suggested(reader, call.viewer_id)
    views = [
        FeaturedTagView(
            id=str(row.id), name=row.name, url=f"/tags/{quote(row.name)}", posts=row.posts
        )
        for row in rows
    ]
    names = [name for _, name in suggested]
    return await call.page(FeaturedTagsPage(tags=views, suggested=names, form=form), status)


async def feature(call: PageCall[NameParams]) -> Response:
    """Show a hashtag on the profile."""
    name = call.params.name.strip()
    try:
        await _do(call, keep.feature, name)
    except (Invalid, NotFound) as error:
        fault = _NONE_SUCH if isinstance(error, NotFound) else error
        return await _featured(call, form_of({"name": name}, fault), 422)
    return call.redirect("/settings/featured", flash="It stands on your profile.")


async def unfeature(call: PageCall[OneParams]) -> Response:
    """Take a hashtag off the profile."""
    async with call.services.db.write() as tx:
        await keep.unfeature_by_id(tx, call.viewer_id, call.params.id)
    return call.redirect("/settings/featured", flash="It is taken off your profile.")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/followed-tags", followed, MEMBER, params=ListParams),
    Route(POST, "/followed-tags", follow_typed, MEMBER, params=NameParams),
    Route(
        POST,
        "/tags/{name}/follow",
        _button(keep.follow, "Posts with it stand in your home from now on."),
        MEMBER,
        params=PathParams,
    ),
    Route(
        POST,
        "/tags/{name}/unfollow",
        _button(keep.unfollow, "You no longer follow the hashtag."),
        MEMBER,
        params=PathParams,
    ),
    Route(GET, "/settings/featured", featured, MEMBER),
    Route(POST, "/settings/featured", feature, MEMBER, params=NameParams),
    Route(POST, "/settings/featured/{id}/remove", unfeature, MEMBER, params=OneParams),
)
