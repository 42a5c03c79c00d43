"""The log is written into a restored database, as far as it goes."""

import asyncio
import os
import struct
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Final

import msgspec

from rostra.hosting.ark.log.records import Record, unpacked
from rostra.hosting.ark.log.walk import Hole, walk
from rostra.hosting.ark.manifest import LogPoint, shown
from rostra.hosting.ark.seal import Damaged, Sealer
from rostra.hosting.places.port import Store

_IN_MEMORY: Final = 64 << 20
_NUMBER: Final = struct.Struct("<I")
Tell = Callable[[int, str], None]


class Replayed(msgspec.Struct, frozen=True):
    """How far the log was written into a database.

    Attributes:
        records: so many were.
        last: the last one; empty: none.
        made_at: when its commits were read on the host; UTC ms; 0: none.
        hole: why it does not go further; empty: that was all.
        point: where it goes on behind the last one; None: none was written.
    """

    records: int = 0
    last: str = ""
    made_at: int = 0
    hole: str = ""
    point: LogPoint | None = None


async def replay(
    stores: Sequence[Store],
    point: LogPoint,
    sealer: Sealer,
    signer: str,
    *,
    database: Path,
    tell: Tell,
    until: int | None = None,
    hurry: bool = False,
) -> Replayed:
    """Write what was committed after a copy, in whole transactions, into what was restored from it.

    Args:
        stores: the places.
        point: where the copy stands.
        sealer: opens records.
        signer: the public key that must have signed them.
        database: the file; nobody has it open.
        tell: is called with the bytes written since the last call.
        until: leave out what was committed later; UTC ms.
        hurry: see `walk`.
    """
    done, records = Replayed(), 0
    with (
        database.open("r+b") as file,
        tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=str(database.parent)) as waiting,
    ):
        async for step in walk(stores, point, signer, hurry=hurry):
            if isinstance(step, Hole):
                done = msgspec.structs.replace(done, hole=step.what)
                break
            record = step.kept.record
            if until is not None and record.made_at > until:
                break
            if not step.counts:
                continue
            try:
                pages = await asyncio.to_thread(unpacked, step.kept, sealer)
            except Damaged as error:
                why = f"record {shown(record.mark)} does not open: {error}"
                done = msgspec.structs.replace(done, hole=why)
                break
            records += 1
            await asyncio.to_thread(_write, file, waiting, record, pages)
            tell(len(pages) * record.page_size, f"log {shown(record.mark)}")
            if record.pages:
                done = Replayed(records, record.mark, record.made_at, point=_behind(record))
        await asyncio.to_thread(os.fsync, file.fileno())
    return done


def _behind(record: Record) -> LogPoint:
    return LogPoint(record.run, record.mark, record.salt, record.to)


def _write(
    file: IO[bytes], waiting: IO[bytes], record: Record, pages: list[tuple[int, bytes]]
) -> None:
    """Write pages, or let them wait for the end of their transaction."""
    if not record.pages:
        for number, content in pages:
            waiting.write(_NUMBER.pack(number) + content)
        return
    waiting.seek(0)
    while head := waiting.read(_NUMBER.size):
        file.seek((_NUMBER.unpack(head)[0] - 1) * record.page_size)
        file.write(waiting.read(record.page_size))
    waiting.seek(0)
    waiting.truncate()
    for number, content in pages:
        file.seek((number - 1) * record.page_size)
        file.write(content)
    file.truncate(record.pages * record.page_size)
    file.flush()
