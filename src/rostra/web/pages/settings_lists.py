"""The settings that are lists: blocks and mutes, and invitations."""

from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.errors import Forbidden, Invalid
from rostra.network.accounts import access as accounts_access
from rostra.network.credentials.model import Role
from rostra.network.instance import access as instance_access
from rostra.network.instance import invites
from rostra.network.relations import access as relations_access
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.lists import PEOPLE, ListParams, beginning, page_of, pager
from rostra.web.pages.operate import invite_view
from rostra.web.present import Presenter
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.forms import Form
from rostra.web.views.parts import Tab
from rostra.web.views.settings import BlocksPage, InvitesPage

_BATCH: Final = 40
_LONGEST_S: Final = 366 * 86_400


class InviteParams(msgspec.Struct, frozen=True, kw_only=True):
    """How many may come, and how long the invitation lasts (seconds); empty: no bound."""

    max_uses: str = ""
    expires_in: str = ""


class OneParams(msgspec.Struct, frozen=True):
    """Which invitation."""

    id: Id


async def blocks(call: PageCall[ListParams]) -> Response:
    """Who is blocked."""
    return await _shunned(call, "blocks")


async def mutes(call: PageCall[ListParams]) -> Response:
    """Who is muted."""
    return await _shunned(call, "mutes")


async def _shunned(call: PageCall[ListParams], kind: str) -> Response:
    asked = page_of(call.params, PEOPLE)
    async with call.read() as reader:
        if kind == "blocks":
            window = await relations_access.blocks(reader, call.viewer_id, asked)
        else:
            window = await relations_access.mutes(reader, call.viewer_id, asked, now=call.now)
        start = beginning(call, call.params, window, PEOPLE)
        if start:
            return start
        presenter = await Presenter.of(call, reader)
        people = await presenter.people(
            [link.account_id for link in window.items],
            until={link.account_id: link.expires_at for link in window.items},
        )
    tabs = [
        Tab(label=label, url=f"/settings/{name}", current=name == kind)
        for name, label in (("blocks", "Blocked"), ("mutes", "Muted"))
    ]
    pages = pager(f"/settings/{kind}", call.params, window)
    return await call.page(BlocksPage(kind=kind, tabs=tabs, people=people, pager=pages))


async def _may_invite(call: PageCall[Any]) -> None:
    place = await call.place()
    if not place.settings.member_invites and call.viewer.role < Role.MODERATOR:
        raise Forbidden("members do not invite here")


async def invite_list(call: PageCall[Any]) -> Response:
    """The invitations that are open."""
    await _may_invite(call)
    return await _invites_page(call, Form())


async def _invites_page(call: PageCall[Any], form: Form, status: int = 200) -> Response:
    async with call.read() as reader:
        found = await instance_access.invites(reader, call.viewer_id)
        came = await accounts_access.invited(reader, [each.id for each in found])
        presenter = await Presenter.of(call, reader)
        people = await presenter.authors(g.account_id for some in came.values() for g in some)
    views = {
        each: invite_view(
            call,
            each,
            [people[g.account_id] for g in came.get(each.id, ()) if g.account_id in people],
        )
        for each in found
    }
    page = InvitesPage(
        invites=[view for each, view in views.items() if each.open_at(call.now)],
        ended=[view for each, view in views.items() if view.came and not each.open_at(call.now)],
        form=form,
    )
    return await call.page(page, status)


async def invite(call: PageCall[InviteParams]) -> Response:
    """Make an invitation."""
    await _may_invite(call)
    params, services = call.params, call.services
    try:
        lasts = min(_number(params.expires_in), _LONGEST_S)
        async with services.db.write() as tx:
            await invites.create_invite(
                services,
                tx,
                owner_id=call.viewer_id,
                max_uses=_number(params.max_uses),
                expires_at=call.now + lasts * 1000 if lasts else 0,
            )
    except Invalid as error:
        return await _invites_page(call, form_of({}, error), 422)
    return call.redirect("/settings/invites", flash="Your invitation is made.")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 (digits)


async def end_invite(call: PageCall[OneParams]) -> Response:
    """End an invitation of one's own."""
    async with call.services.db.write() as tx:
        await invites.revoke_invite(
            call.services, tx, invite_id=call.params.id, owner_id=call.viewer_id
        )
    return call.redirect("/settings/invites", flash="The invitation is ended.")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/settings/blocks", blocks, MEMBER, params=ListParams),
    Route(GET, "/settings/mutes", mutes, MEMBER, params=ListParams),
    Route(GET, "/settings/invites", invite_list, MEMBER),
    Route(POST, "/settings/invites", invite, MEMBER, params=InviteParams),
    Route(POST, "/settings/invites/{id}/end", end_invite, MEMBER, params=OneParams),
)
