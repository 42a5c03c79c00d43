"""Withholding stored files: nobody gets them by their addresses, and nothing is lost.

A file that is withheld lies under another key, which is told to nobody: so its address is dead also
where files are fetched past this server, from a bucket or its cache. What is to become of a file
stands in its row, which the transaction writes; a job moves it there.

What somebody keeps is not deleted with its owner's last word: it is withheld, and goes when nobody
keeps it any more.
"""

import contextlib
from collections.abc import Iterable, Sequence

import msgspec

from rostra.kernel.errors import NotFound
from rostra.network.edge import Services, Transaction
from rostra.network.files import queries
from rostra.store.blobs import new_key
from rostra.store.outbox.kinds import JobKind

_FOLDER = "withheld"
_GROUP = "files.settle"


class Settle(msgspec.Struct, frozen=True):
    """Move files to where their rows say that they lie."""

    keys: tuple[str, ...]


class Discard(msgspec.Struct, frozen=True):
    """Delete files that their owners had deleted before, now that nobody keeps them."""

    keys: tuple[str, ...]


async def keep(tx: Transaction, kept: Iterable[tuple[int, str]]) -> None:
    """Let files last for as long as somebody holds them, whatever their owners do.

    Args:
        tx: the transaction.
        kept: who holds them, by a number of theirs, and the keys.
    """
    rows = [{"key": key, "holder_id": holder_id} for holder_id, key in kept if key]
    if rows:
        await tx.run_many(queries.KEEP, rows)


async def let_go(tx: Transaction, holder_ids: Sequence[int]) -> None:
    """Keep no longer what these holders kept; what nobody shows any more is deleted by a job."""
    keys = sorted(set(await tx.all(queries.LET_GO, holders=list(holder_ids))))
    useless = await tx.all(queries.USELESS, keys=keys) if keys else []
    if useless:
        await tx.enqueue("files.discard", Discard(tuple(useless)), group_key=_GROUP)


async def withhold(tx: Transaction, keys: Sequence[str]) -> None:
    """Let nobody have these files any more. Can be said twice."""
    named = [key for key in keys if key]
    if named:
        await _put(tx, named)
        await tx.run(queries.SET, keys=named, withheld=1)
        await tx.enqueue("files.settle", Settle(tuple(named)), group_key=_GROUP)


async def _put(tx: Transaction, keys: Sequence[str]) -> None:
    rows = [
        {"key": key, "kept_key": new_key(_FOLDER, key.rpartition(".")[2]), "withheld": 1}
        for key in keys
    ]
    await tx.run_many(queries.PUT, rows)


async def show_again(tx: Transaction, keys: Sequence[str]) -> None:
    """Let everybody have these files again who knows their addresses."""
    named = [key for key in keys if key]
    if named:
        await tx.run(queries.SET, keys=named, withheld=0)
        await tx.enqueue("files.settle", Settle(tuple(named)), group_key=_GROUP)


async def stored_key(services: Services, key: str) -> str:
    """Where a file lies: under its key, or under another one where it is withheld.

    For those alone who may look at what is withheld. A file that is about to be moved lies where
    it was.
    """
    async with services.db.read() as reader:
        row = await reader.first(queries.ROW, key=key)
    return str(row[0]) if row and await services.blobs.exists(str(row[0])) else key


async def discard(services: Services, keys: Sequence[str]) -> None:
    """Delete files for good, wherever they lie; those that somebody keeps are withheld instead."""
    named = [key for key in keys if key]
    if not named:
        return
    async with services.db.read() as reader:
        known = await reader.all(queries.KEPT, keys=named)
        known += await reader.all(queries.HELD, keys=named)
    if known:
        async with services.db.write() as tx:
            named = await _given_up(tx, named)
    await services.blobs.delete(named)


async def _given_up(tx: Transaction, keys: Sequence[str]) -> list[str]:
    """Withhold what is kept; under which keys all else lies, of which nothing is known any more."""
    held = sorted(set(await tx.all(queries.LOCKED, keys=list(keys))))
    if held:
        await _put(tx, held)
        await tx.run(queries.GIVE_UP, keys=held)
        await tx.enqueue("files.settle", Settle(tuple(held)), group_key=_GROUP)
    free = [key for key in keys if key not in held]
    elsewhere = await tx.all(queries.KEPT, keys=free)
    await tx.run(queries.DROP, keys=free)
    return [*free, *elsewhere]


async def settle(services: Services, payload: Settle) -> None:
    """The job; doing it twice does no harm."""
    for key in payload.keys:
        row = await _row(services, key)
        if row is None:
            continue
        kept_key, withheld = row
        if withheld:
            await _move(services, key, kept_key)
            if await _row(services, key) is None:  # deleted meanwhile: nobody else knows of it
                await services.blobs.delete([kept_key])
        else:
            await _move(services, kept_key, key)
            async with services.db.write() as tx:
                await tx.run(queries.RETURNED, key=key)


async def _row(services: Services, key: str) -> tuple[str, int] | None:
    async with services.db.read() as reader:
        row = await reader.first(queries.ROW, key=key)
    return (str(row[0]), int(row[1])) if row else None


async def _move(services: Services, old: str, new: str) -> None:
    with contextlib.suppress(NotFound):  # moved by an earlier try
        await services.blobs.copy(old, new)
    await services.blobs.delete([old])


async def discard_job(services: Services, payload: Discard) -> None:
    """The job; doing it twice does no harm."""
    await discard(services, payload.keys)


JOBS = (
    JobKind("files.settle", Settle, settle, attempts=20, timeout_s=3600),
    JobKind("files.discard", Discard, discard_job, attempts=20),
)
