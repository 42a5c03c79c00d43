"""Announcements by plain forms: read, dismiss, react."""

from typing import Any

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.errors import Invalid, NotFound
from rostra.network.announcements import react
from rostra.web.announced import announcement_views
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.announcements import AnnouncementsPage
from rostra.web.views.forms import Form


class OneParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which announcement."""

    id: Id


class ReactParams(OneParams, frozen=True, kw_only=True):
    """To which announcement, and by which emoji."""

    name: str = ""


async def index(call: PageCall[Any]) -> Response:
    """All that are shown now."""
    return await _page(call, Form())


async def _page(call: PageCall[Any], form: Form, status: int = 200) -> Response:
    async with call.read() as reader:
        views = await announcement_views(call, reader)
    return await call.page(AnnouncementsPage(announcements=views, form=form), status)


async def dismiss(call: PageCall[OneParams]) -> Response:
    """Show it on top of home no more."""
    async with call.services.db.write() as tx:
        await react.dismiss(call.services, tx, call.viewer_id, call.params.id)
    return call.back("/home")


async def add(call: PageCall[ReactParams]) -> Response:
    """React by an emoji; custom ones may be written with their colons."""
    params, services = call.params, call.services
    name = params.name.strip().strip(":")
    try:
        async with services.db.write() as tx:
            await react.react(services, tx, call.viewer_id, params.id, name)
    except Invalid as error:
        form = form_of({"name": params.name}, error)
        return await _page(call, form, error.status)
    return call.back("/announcements")


async def remove(call: PageCall[ReactParams]) -> Response:
    """Take a reaction back; where there is none any more nothing is to be done."""
    params, services = call.params, call.services
    try:
        async with services.db.write() as tx:
            await react.unreact(services, tx, call.viewer_id, params.id, params.name)
    except NotFound:
        return call.back("/announcements")
    return call.back("/announcements")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/announcements", index, MEMBER),
    Route(POST, "/announcements/{id}/dismiss", dismiss, MEMBER, params=OneParams),
    Route(POST, "/announcements/{id}/react", add, MEMBER, params=ReactParams),
    Route(POST, "/announcements/{id}/unreact", remove, MEMBER, params=ReactParams),
)
