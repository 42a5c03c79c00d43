"""What operators do on pages. For anybody else these pages do not exist."""

from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.network.accounts import access as accounts_access
from rostra.network.credentials.join import let_in, turn_away
from rostra.network.credentials.model import Role
from rostra.network.instance import access as instance_access
from rostra.network.instance import invites
from rostra.network.instance.model import Invite
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.present import Presenter
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.forms import Form
from rostra.web.views.operate import (
    ApplicationsPage,
    ApplicationView,
    OwnedInvitesPage,
    OwnedInviteView,
)
from rostra.web.views.parts import Tab
from rostra.web.views.settings import InviteView

_WAITING: Final = 1
_BATCH: Final = 40
_PARTS: Final = (
    ("applications", "Applications", Role.MODERATOR),
    ("invites", "Invitations", Role.ADMIN),
    ("announcements", "Announcements", Role.ADMIN),
)


class OneParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which account or invitation."""

    id: Id


class RejectParams(OneParams, frozen=True, kw_only=True):
    """Who is turned away, with which words."""

    note: str = ""


class PageParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of those who wait: those who came before this one."""

    below: Id | None = None


def trusted(call: PageCall[Any], part: str) -> list[Tab]:
    """The parts that the member may use; this one must be among them.

    Raises:
        NotFound: they may not.
    """
    tabs = [
        Tab(label=label, url=f"/operate/{name}", current=name == part)
        for name, label, role in _PARTS
        if call.viewer.role >= role
    ]
    if not any(tab.current for tab in tabs):
        raise NotFound(f"no operator: {call.viewer_id}")
    return tabs


async def start(call: PageCall[Any]) -> Response:
    """Lead to the first part."""
    return call.redirect(trusted(call, "applications")[0].url)


async def applications(call: PageCall[PageParams]) -> Response:
    """Who waits to be let in, the newest first."""
    return await _applications(call, call.params)


async def _applications(
    call: PageCall[Any], params: PageParams, form: Form | None = None
) -> Response:
    tabs = trusted(call, "applications")
    bound = {"below": params.below} if params.below else {}
    async with call.read() as reader:
        found = await accounts_access.members(reader, state=_WAITING, limit=_BATCH + 1, **bound)
    shown = found[:_BATCH]
    more = len(found) > _BATCH
    page = ApplicationsPage(
        tabs=tabs,
        applications=[
            ApplicationView(
                id=str(member.account.id),
                username=member.account.username,
                email=member.user.email,
                confirmed=member.user.confirmed_at > 0,
                reason=member.user.sign_up_reason,
                locale=member.user.locale,
                created_at=member.user.created_at,
            )
            for member in shown
            if not member.user.approved_at
        ],
        older_url=f"/operate/applications?below={shown[-1].account.id}" if more else "",
        mail=call.services.mailer.configured,
        form=form or Form(),
    )
    return await call.page(page, 422 if form else 200)


async def approve(call: PageCall[OneParams]) -> Response:
    """Let somebody in."""
    trusted(call, "applications")
    async with call.services.db.write() as tx:
        await let_in(call.services, tx, call.params.id)
    return call.redirect("/operate/applications", flash="They are let in.")


async def reject(call: PageCall[RejectParams]) -> Response:
    """Turn somebody away, and write to them."""
    trusted(call, "applications")
    params = call.params
    try:
        async with call.services.db.write() as tx:
            await turn_away(call.services, tx, params.id, params.note)
    except Invalid as error:
        return await _applications(call, PageParams(), form_of({"note": params.note}, error))
    except Conflict as error:
        return call.redirect("/operate/applications", flash=error.safe, tone="bad")
    return call.redirect("/operate/applications", flash="They are turned away.")


async def invite_list(call: PageCall[Any]) -> Response:
    """The newest 500 invitations: whose they are, and who came by them."""
    tabs = trusted(call, "invites")
    async with call.read() as reader:
        found = await instance_access.invites(reader, 0)
        came = await accounts_access.invited(reader, [each.id for each in found])
        presenter = await Presenter.of(call, reader)
        asked = {each.created_by for each in found} - {0}
        asked |= {guest.account_id for some in came.values() for guest in some}
        people = await presenter.authors(asked)
    views = [
        OwnedInviteView(
            invite=invite_view(
                call,
                each,
                [people[g.account_id] for g in came.get(each.id, ()) if g.account_id in people],
            ),
            owner=people.get(each.created_by),
            state=state_of(each, call.now),
        )
        for each in found
    ]
    return await call.page(OwnedInvitesPage(tabs=tabs, invites=views))


def state_of(invite: Invite, now: int) -> str:
    """What can be done with an invitation: `open`, `ended` or `revoked`."""
    if invite.open_at(now):
        return "open"
    return "revoked" if invite.revoked_at else "ended"


def invite_view(call: PageCall[Any], invite: Invite, came: Any) -> InviteView:
    """An invitation with those who came by it."""
    return InviteView(
        id=str(invite.id),
        url=f"{call.house.site.base_url}/join?invite={invites.shown(invite.code)}",
        uses=invite.uses,
        max_uses=invite.max_uses,
        expires_at=invite.expires_at or None,
        came=came,
    )


async def end_invite(call: PageCall[OneParams]) -> Response:
    """End an invitation of anybody."""
    trusted(call, "invites")
    async with call.services.db.write() as tx:
        await invites.revoke_invite(call.services, tx, invite_id=call.params.id, owner_id=0)
    return call.redirect("/operate/invites", flash="The invitation is ended.")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/operate", start, MEMBER),
    Route(GET, "/operate/applications", applications, MEMBER, params=PageParams),
    Route(POST, "/operate/applications/{id}/approve", approve, MEMBER, params=OneParams),
    Route(POST, "/operate/applications/{id}/reject", reject, MEMBER, params=RejectParams),
    Route(GET, "/operate/invites", invite_list, MEMBER),
    Route(POST, "/operate/invites/{id}/end", end_invite, MEMBER, params=OneParams),
)
