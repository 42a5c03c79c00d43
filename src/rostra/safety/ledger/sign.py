"""Signing the end of the chain: once a day, and whenever somebody asks for it."""

import asyncio
from pathlib import Path
from typing import Final

import msgspec

from rostra.kernel.clock import MINUTE
from rostra.safety.edge import Services, Transaction
from rostra.safety.ledger import checkpoints, keys, queries
from rostra.safety.ledger.append import add, locked_head
from rostra.safety.ledger.chain import EntryKind
from rostra.safety.ledger.checkpoints import Checkpoint
from rostra.store.outbox.kinds import JobKind

COPY: Final = "ledger.checkpoints"  # beside the database, so that it is not lost with it


class SignDaily(msgspec.Struct, frozen=True):
    """Sign the end of the ledger."""


def origin(services: Services) -> str:
    """Whose ledger it is: the domain of the place."""
    return services.settings.domain


async def sign(services: Services, tx: Transaction) -> Checkpoint | None:
    """Sign the end, and write down in the chain that it was; None while there is no line.

    Raises:
        Unavailable: the key can't be read.
    """
    private = keys.private_key(services)
    head = await locked_head(tx)
    if head.seq == 0:
        return None
    point = checkpoints.sign(private, origin(services), head, max(services.clock.now(), head.at))
    row = msgspec.structs.asdict(point)
    await tx.run(queries.ADD_POINT, **row, key_id=row.pop("key"))
    await add(services, tx, EntryKind.CHECKPOINT, checkpoints.digest(point))
    return point


async def sign_now(services: Services) -> Checkpoint | None:
    """Sign the end in a transaction of its own, and keep a copy beside the database."""
    async with services.db.write() as tx:
        point = await sign(services, tx)
    if point is not None:
        await asyncio.to_thread(_copy, services.settings.data_dir / COPY, point)
    return point


def copies(data_dir: Path) -> list[str]:
    """The checkpoints that were kept beside the database, as texts."""
    try:
        text = (data_dir / COPY).read_text(encoding="utf-8")
    except OSError:
        return []
    return split(text)


def split(text: str) -> list[str]:
    """The checkpoints in a file with one or more of them."""
    parts = text.replace("\r\n", "\n").split(checkpoints.TITLE + "\n")
    return [checkpoints.TITLE + "\n" + part.strip() + "\n" for part in parts if part.strip()]


def _copy(path: Path, point: Checkpoint) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(checkpoints.whole_text(point))


async def _daily(services: Services, _payload: SignDaily) -> None:
    await sign_now(services)


JOBS = (JobKind("ledger.sign", SignDaily, _daily, daily_at_ms=7 * MINUTE),)
