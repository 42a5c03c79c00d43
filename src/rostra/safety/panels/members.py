"""Members are invited to sit on panels, say what they want to that, and leave."""

from collections.abc import Sequence

import msgspec

from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.network.accounts.events import AccountRemoved
from rostra.safety.cases import keep
from rostra.safety.edge import Services, Transaction
from rostra.safety.panels import access, close, queries
from rostra.safety.panels.letters import tell_invited
from rostra.safety.panels.model import (
    MAX_DAILY,
    MOST_MEMBERS,
    Member,
    MemberState,
    PanelState,
)
from rostra.safety.team.model import Actor, Permission

_USUAL_DAILY = 3
_MOST_LANGUAGES = 20
_CODE = 3  # letters of a language's code, at most


async def invite(services: Services, tx: Transaction, actor: Actor, account_id: int) -> Member:
    """Invite a member. Who declined or left may be invited again.

    Raises:
        Forbidden: it is not theirs to invite.
        NotFound: there is no such member.
        Invalid: on `account_id`: they are of the team, or restricted.
        Conflict: they are invited already, or there are as many as can be.
    """
    actor.require(Permission.PANELS)
    if await tx.first(queries.FIT, account=account_id) is None:
        raise Invalid("account_id", "is no member who could sit on panels", "ERR_INVALID")
    if (await tx.first(queries.COUNT_MEMBERS) or 0) >= MOST_MEMBERS:
        raise Conflict("too many members of panels", safe="No more members can be invited")
    now = services.clock.now()
    made = Member(account_id, MemberState.INVITED, _USUAL_DAILY, "[]", actor.account_id, now, 0)
    if not await tx.run(queries.ADD_MEMBER, **msgspec.structs.asdict(made)):
        found = await tx.first(queries.MEMBER_LOCKED, account=account_id)
        if found is not None and found.state <= MemberState.SITS:
            safe = "This member is invited already"
            raise Conflict(f"{account_id} is invited", safe=safe, code="invited")
        await _put(tx, made)
    await tell_invited(services, tx, account_id)
    return made


async def sit(
    services: Services,
    tx: Transaction,
    account_id: int,
    *,
    daily_limit: int,
    languages: Sequence[str],
) -> Member:
    """Accept an invitation, or change how much one wants to be asked and about what.

    Raises:
        NotFound: they are not invited.
        Invalid: on `daily_limit` or `languages`.
    """
    found = await _own(tx, account_id)
    if not 1 <= daily_limit <= MAX_DAILY:
        raise Invalid("daily_limit", f"must lie between 1 and {MAX_DAILY}", "ERR_INVALID")
    codes = tuple(dict.fromkeys(each.strip().lower() for each in languages if each.strip()))
    if len(codes) > _MOST_LANGUAGES or not all(
        each.isascii() and each.isalpha() and len(each) <= _CODE for each in codes
    ):
        raise Invalid("languages", "must be codes such as en, de", "ERR_INVALID")
    made = msgspec.structs.replace(
        found,
        state=MemberState.SITS,
        daily_limit=daily_limit,
        languages=msgspec.json.encode(codes).decode(),
        answered_at=found.answered_at or services.clock.now(),
    )
    await _put(tx, made)
    return made


async def leave(services: Services, tx: Transaction, account_id: int) -> None:
    """Decline, or leave: what waited for them goes to somebody else.

    Raises:
        NotFound: they are not invited.
    """
    found = await _own(tx, account_id)
    await _put(tx, msgspec.structs.replace(found, state=MemberState.GONE))
    await _free(services, tx, account_id)


async def take_off(services: Services, tx: Transaction, actor: Actor, account_id: int) -> None:
    """Ask a member no more; what waited for them goes to somebody else.

    Raises:
        Forbidden: it is not theirs.
        NotFound: they were never invited.
    """
    actor.require(Permission.PANELS)
    found = await tx.first(queries.MEMBER_LOCKED, account=account_id)
    if found is None:
        raise NotFound(f"{account_id} is not invited to panels")
    await _put(tx, msgspec.structs.replace(found, state=MemberState.TAKEN_OFF))
    await _free(services, tx, account_id)


async def account_removed(services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Forget who voted; the votes stay, without their words."""
    await tx.run(queries.FORGET_MEMBER, account=event.account_id)
    await _free(services, tx, event.account_id)
    await tx.run(queries.FORGET_SEATS, account=event.account_id, reason="")


async def _own(tx: Transaction, account_id: int) -> Member:
    await access.member(tx, account_id)
    found: Member | None = await tx.first(queries.MEMBER_LOCKED, account=account_id)
    if found is None or found.state > MemberState.SITS:
        raise NotFound(f"{account_id} is not invited to panels")
    return found


async def _put(tx: Transaction, member: Member) -> None:
    values = msgspec.structs.asdict(member)
    await tx.run(queries.SET_MEMBER, account=values.pop("account_id"), **values)


async def _free(services: Services, tx: Transaction, account_id: int) -> None:
    """Let somebody else have what waits for a member."""
    rows = await tx.all(queries.WAITING_OF_MEMBER, account=account_id)
    if not rows:
        return
    cases = {case.id: case for case in await keep.locked(tx, {case_id for _, case_id in rows})}
    panels = await tx.all(queries.LOCKED, ids=[panel_id for panel_id, _ in rows])
    await tx.run(queries.LEAVE_SEATS, account=account_id, now=services.clock.now())
    for panel in panels:
        if panel.state == PanelState.RUNNING:
            await close.go_on(services, tx, panel, cases[panel.case_id])
