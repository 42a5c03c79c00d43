"""Holds are opened with a reason, kept longer or ended by hand, and end by themselves."""

from typing import Final

import msgspec

from rostra.kernel.clock import DAY, HOUR
from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.kernel.text.clean import normalise
from rostra.network.files import withhold as files
from rostra.safety.edge import Services, Transaction
from rostra.safety.evidence import access, queries
from rostra.safety.evidence.model import MAX_DAYS, MAX_WHY, Act, Hold, Kept
from rostra.safety.team.model import Actor, Permission
from rostra.store.outbox.kinds import JobKind

CHUNK: Final = 200


class EndDue(msgspec.Struct, frozen=True):
    """End the holds whose time has come."""


async def open_(
    services: Services, tx: Transaction, actor: Actor, evidence_id: int, why: str
) -> Kept:
    """Look at what is kept; who, when and why is written down.

    Raises:
        NotFound: there is none for them, or it is gone.
        Invalid: on `why`.
    """
    actor.require(Permission.EVIDENCE)
    hold = await _held(tx, actor, evidence_id)
    await _note(services, tx, hold.id, Act.OPENED, actor.account_id, why=_reason(why))
    return await access.kept(tx, hold)


async def extend(  # noqa: PLR0917 (who has what kept, how long and why)
    services: Services, tx: Transaction, actor: Actor, evidence_id: int, days: int, why: str
) -> Hold:
    """Have it kept for so many days from now on, whatever is decided, such as for an authority.

    Raises:
        NotFound: there is none for them, or it is gone.
        Invalid: on `days` or `why`.
    """
    actor.require(Permission.EVIDENCE)
    if not 1 <= days <= MAX_DAYS:
        raise Invalid("days", f"must lie between 1 and {MAX_DAYS}", "ERR_INVALID")
    reason = _reason(why)
    hold = await _held(tx, actor, evidence_id)
    until = services.clock.now() + days * DAY
    await tx.run(queries.ORDER, id=hold.id, until=until)
    await _note(services, tx, hold.id, Act.EXTENDED, actor.account_id, why=reason, until=until)
    return await access.one(tx, actor, hold.id)


async def release(
    services: Services, tx: Transaction, actor: Actor, evidence_id: int, why: str
) -> Hold:
    """End a hold before its time: what it keeps is deleted.

    Raises:
        NotFound: there is none for them, or it is gone.
        Invalid: on `why`.
        Conflict: a case or an appeal about it is open.
    """
    actor.require(Permission.RELEASE)
    reason = _reason(why)
    hold = await _held(tx, actor, evidence_id)
    if await tx.all(queries.BUSY, ids=[hold.id]):
        raise Conflict(
            f"evidence {hold.id} is needed",
            safe="A case or an appeal about it is open",
            code="case_open",
        )
    await _end(services, tx, [hold.id])
    await _note(services, tx, hold.id, Act.RELEASED, actor.account_id, why=reason)
    return await access.one(tx, actor, hold.id)


async def end_due(services: Services, tx: Transaction, job: EndDue) -> None:
    """End what is due; what a case or an appeal is open about is looked at again after a day."""
    now = services.clock.now()
    due = await tx.all(queries.DUE, now=now, limit=CHUNK)
    if not due:
        return
    busy = await tx.all(queries.BUSY, ids=due)
    if busy:
        await tx.run(queries.PUT_OFF, ids=busy, until=now + DAY)
    over = [each for each in due if each not in set(busy)]
    await _end(services, tx, over)
    for each in over:
        await _note(services, tx, each, Act.ENDED, 0)
    if len(due) == CHUNK:
        await tx.enqueue("evidence.end_due", job)


async def _held(tx: Transaction, actor: Actor, evidence_id: int) -> Hold:
    hold = await tx.first(queries.LOCKED, id=evidence_id)
    if hold is None or hold.gone_at or not actor.sees(hold.category):
        raise NotFound(f"evidence {evidence_id} for {actor.account_id}")
    return hold


async def _end(services: Services, tx: Transaction, ids: list[int]) -> None:
    """Delete what these holds keep. Of the holds stays that they were."""
    if ids:
        await tx.run(queries.DROP_TEXTS, ids=ids)
        await tx.run(queries.DROP_FILES, ids=ids)
        await files.let_go(tx, ids)
        await tx.run(queries.GO, ids=ids, now=services.clock.now())


def _reason(why: str) -> str:
    reason = normalise(why).strip()
    if not reason:
        raise Invalid("why", "can't be blank", "ERR_BLANK")
    if len(reason) > MAX_WHY:
        raise Invalid("why", f"is too long (most: {MAX_WHY} characters)", "ERR_TOO_LONG")
    return reason


async def _note(
    services: Services,
    tx: Transaction,
    evidence_id: int,
    act: Act,
    actor_id: int,
    *,
    why: str = "",
    until: int = 0,
) -> None:
    await tx.run(
        queries.ADD_ENTRY,
        id=services.ids.next(),
        evidence_id=evidence_id,
        kind=int(act),
        actor_id=actor_id,
        why=why,
        until=until,
        created_at=services.clock.now(),
    )


JOBS = (JobKind("evidence.end_due", EndDue, end_due, transactional=True, every_ms=HOUR),)
