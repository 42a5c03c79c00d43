"""`rostra admin invite`: made, looked at, ended."""

import re
from typing import Annotated

from cyclopts import App, Parameter

from rostra.cli.common import Where, say, stop
from rostra.cli.operators import day, member_named, run, table
from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts import cards
from rostra.network.edge import Reader, Services
from rostra.network.instance import access, invites
from rostra.network.instance.invites import shown
from rostra.network.instance.model import Invite

invite_app = App(name="invite", help="Invitations.")

_UNITS = {"m": MINUTE, "h": HOUR, "d": DAY}
_SPAN = re.compile(r"([0-9]{1,5})([mhd])")
_NAMED = 5


@invite_app.command(name="create")
def create_invite(
    *,
    uses: Annotated[int, Parameter(help="How many may come; 0: any number.")] = 1,
    lasts: Annotated[str, Parameter(help="How long: 30m, 12h, 7d; empty: for ever.")] = "7d",
    by: Annotated[str, Parameter(help="Who invites; empty: the place.")] = "",
    where: Where | None = None,
) -> None:
    """Make an invitation and print its address."""
    span = _span(lasts)

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            owner = (await member_named(tx, by)).account.id if by else 0
            ends = services.clock.now() + span if span else 0
            code = await invites.create_invite(
                services, tx, owner_id=owner, max_uses=uses, expires_at=ends
            )
        say(f"{services.settings.site.base_url.rstrip('/')}/join?invite={code}")

    run(where, work)


@invite_app.command(name="list")
def list_invites(
    *,
    by: Annotated[str, Parameter(help="Only those of a member.")] = "",
    where: Where | None = None,
) -> None:
    """The newest 500 invitations: by whom they are, and who came by them."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            owner = (await member_named(reader, by)).account.id if by else 0
            found = await access.invites(reader, owner)
            came = await accounts_access.invited(reader, [each.id for each in found])
            names = await _owners(reader, found)
        now = services.clock.now()
        rows = [
            (
                str(invite.id),
                shown(invite.code),
                names.get(invite.created_by, "-"),
                f"{invite.uses}/{invite.max_uses or 'any'}",
                day(invite.expires_at),
                _state(invite, now),
                _few([each.username for each in came.get(invite.id, ())]),
            )
            for invite in found
        ]
        table(("id", "code", "by", "used", "until", "state", "came"), rows)

    run(where, work)


@invite_app.command(name="show")
def show_invite(invite_id: int, *, where: Where | None = None) -> None:
    """One invitation, and everybody who came by it."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            invite = await access.invite(reader, invite_id)
            came = (await accounts_access.invited(reader, [invite.id])).get(invite.id, [])
            names = await _owners(reader, [invite])
        say(f"{shown(invite.code)} by {names.get(invite.created_by, 'the place')}")
        until = f", until {day(invite.expires_at)}" if invite.expires_at else ""
        used = f"used {invite.uses} of {invite.max_uses or 'any number of'} times"
        say(f"{_state(invite, services.clock.now())}, {used}{until}")
        table(
            ("id", "name", "joined"),
            [(str(each.account_id), each.username, day(each.joined_at)) for each in came],
        )

    run(where, work)


async def _owners(reader: Reader, found: list[Invite]) -> dict[int, str]:
    known = await cards.cards(reader, list({each.created_by for each in found} - {0}))
    return {account_id: card.username for account_id, card in known.items()}


def _state(invite: Invite, now: int) -> str:
    if invite.open_at(now):
        return "open"
    return "revoked" if invite.revoked_at else "ended"


def _few(names: list[str]) -> str:
    more = len(names) - _NAMED
    return " ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


@invite_app.command(name="revoke")
def revoke_invite(invite_id: int, *, where: Where | None = None) -> None:
    """End an invitation by its id."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            await invites.revoke_invite(services, tx, invite_id=invite_id, owner_id=0)
        say("ended")

    run(where, work)


def _span(text: str) -> int:
    if not text:
        return 0
    match = _SPAN.fullmatch(text)
    if match is None:
        stop(f"{text!r} is not a time: 30m, 12h or 7d")
    return int(match[1]) * _UNITS[match[2]]
