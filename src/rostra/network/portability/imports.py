"""Bringing in what one took along elsewhere: reading a file, the yes, the end. See `carry_out`."""

import asyncio
from typing import Final

import msgspec
from msgspec import structs

from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict, NotFound
from rostra.network.accounts.events import AccountRemoved
from rostra.network.edge import Services, Transaction
from rostra.network.portability import reading
from rostra.network.portability.import_model import Import, ImportState, Line, Outcome, packed
from rostra.network.portability.queries import imports as queries
from rostra.network.portability.sheets import Kind
from rostra.store.database import Duplicate

LINES_AT_ONCE: Final = 20  # of one transaction
_SHOWN_FOR: Final = DAY
_RUNS_FOR: Final = 60 * DAY
_KEPT_FOR: Final = 7 * DAY
_LONGEST_NAME: Final = 120


class ImportSome(msgspec.Struct, frozen=True):
    """Carry out the next lines of an import."""

    import_id: int


async def read(services: Services, data: bytes, kind: Kind, file_name: str) -> reading.Read:
    """Read a file off the event loop.

    Raises:
        Invalid: it can't be read; names the line and the column.
    """
    return await asyncio.to_thread(reading.read, data, kind, file_name, services.settings.domain)


async def offer(
    services: Services,
    tx: Transaction,
    account_id: int,
    kind: Kind,
    given: reading.Read,
    *,
    replaces: bool,
    file_name: str,
) -> int:
    """Keep what was read until its owner says yes, in place of the last one of its kind; its id.

    Raises:
        Conflict: one of this kind is at work.
    """
    now = services.clock.now()
    old = await tx.first(queries.LOCK_KIND, account=account_id, kind=int(kind))
    if old is not None:
        if old.running:
            raise Conflict(safe="An import of this kind is at work. Wait for it, or cancel it")
        await _drop(tx, old.id)
    lines = given.lines
    chunks = _chunks(lines)
    made = Import(
        id=services.ids.next(),
        account_id=account_id,
        kind=int(kind),
        state=ImportState.SHOWN,
        replaces=int(replaces),
        file_name=file_name[:_LONGEST_NAME],
        seems=0 if given.seems is None else given.seems + 1,
        total=len(lines),
        chunks=len(chunks),
        failed=_failed(lines),
        **_day_of(old),
        created_at=now,
        expires_at=now + _SHOWN_FOR,
    )
    try:
        await tx.run(queries.ADD, **structs.asdict(made))
    except Duplicate:
        raise Conflict(safe="Another file of this kind has just come in") from None
    await tx.run_many(
        queries.ADD_CHUNK,
        [
            {"import_id": made.id, "place": place, "lines": packed(each), "failed": _failed(each)}
            for place, each in enumerate(chunks)
        ],
    )
    return made.id


def _day_of(old: Import | None) -> dict[str, int]:
    """Whom they followed today by the last file counts: a new file is no new day."""
    return {} if old is None else {"day_from": old.day_from, "in_day": old.in_day}


def _chunks(lines: list[Line]) -> list[list[Line]]:
    return [lines[at : at + LINES_AT_ONCE] for at in range(0, len(lines), LINES_AT_ONCE)]


def _failed(lines: list[Line]) -> int:
    return sum(line.outcome == Outcome.FAILED for line in lines)


async def confirm(services: Services, tx: Transaction, account_id: int, import_id: int) -> None:
    """Say yes: it begins. Said twice, it begins once.

    Raises:
        NotFound: it is somebody else's, or gone.
        Conflict: it was cancelled, or is through.
    """
    found = await _locked(tx, account_id, import_id)
    if found.running:
        return
    if found.state != ImportState.SHOWN:
        raise Conflict(safe="This import is over")
    now = services.clock.now()
    await save(tx, structs.replace(found, state=ImportState.RUNNING, expires_at=now + _RUNS_FOR))
    await go_on(tx, found)


async def cancel(services: Services, tx: Transaction, account_id: int, import_id: int) -> None:
    """Stop an import, or don't begin it. What it has done stays done.

    Raises:
        NotFound: it is somebody else's, or gone.
    """
    found = await _locked(tx, account_id, import_id)
    if found.state in {ImportState.SHOWN, ImportState.RUNNING}:
        await end(services, tx, found, ImportState.CANCELLED)


async def end(services: Services, tx: Transaction, found: Import, state: ImportState) -> None:
    """Write that an import is over; what failed can be read for some days."""
    now = services.clock.now()
    over = structs.replace(
        found, state=state, waits_until=0, ended_at=now, expires_at=now + _KEPT_FOR
    )
    await save(tx, over)
    await tx.run(queries.FORGET_KEPT, one=found.id)
    await tx.run(queries.DROP_GOOD_CHUNKS, one=found.id)


async def save(tx: Transaction, found: Import) -> None:
    """Write how far an import has come."""
    values = {f"new_{name}": getattr(found, name) for name in queries.CHANGING}
    await tx.run(queries.SAVE, one=found.id, **values)


async def go_on(tx: Transaction, found: Import, run_at: int | None = None) -> None:
    """Leave the job for the next lines: one at a time of a member, behind what others wait for."""
    await tx.enqueue(
        "portability.import_some",
        ImportSome(found.id),
        run_at=run_at,
        priority=-1,
        group_key=f"imports:{found.account_id}",
    )


async def forget_account(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Subscriber: an account is deleted, and what it was bringing in with it."""
    for import_id in await tx.all(queries.IDS_OF, account=event.account_id):
        await _drop(tx, import_id)


async def drop_expired(tx: Transaction, now: int) -> int:
    """Forget some of what is over for long, or was never begun; how many."""
    found = await tx.all(queries.EXPIRED, now=now)
    for import_id in found:
        await _drop(tx, import_id)
    return len(found)


async def _locked(tx: Transaction, account_id: int, import_id: int) -> Import:
    found = await tx.first(queries.LOCK, one=import_id)
    if found is None or found.account_id != account_id:
        raise NotFound(f"import {import_id} of {account_id}")
    return found


async def _drop(tx: Transaction, import_id: int) -> None:
    for statement in queries.DROP:
        await tx.run(statement, one=import_id)
