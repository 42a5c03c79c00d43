"""The old host as a move sees it, and whether everything that is committed there is elsewhere."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from rostra.hosting.ark.keys import Keys
from rostra.hosting.ark.log.state import LogState, Sent
from rostra.hosting.fence.state import State
from rostra.hosting.move.state import Gives, giving_in
from rostra.hosting.places.port import Store
from rostra.kernel.clock import Clock
from rostra.store.blobs import Blobs
from rostra.store.gates import EgressGate, Gate, WriteGate
from rostra.store.wal import Lost
from rostra.store.wal_tail import settled_end


class Here(msgspec.Struct, frozen=True, kw_only=True):
    """The installation that a network may move away from.

    Attributes:
        data_dir: of it.
        database: the file.
        stores: the places.
        keys: of the ark; None: there are none.
        host: what it is called.
        claim: what it keeps of its claim of the fence.
        write: every write passes it.
        egress: all that leaves passes it.
        jobs: every job passes it before it begins.
        running: counts the jobs that run.
        journal: brings the journal to the places, also while nothing may be written.
        blobs: the media; None: they lie at a provider of their own, and stay there.
        is_sent: whether the log of the database is sent to the places.
        clock: of the house.
    """

    data_dir: Path
    database: Path
    stores: tuple[Store, ...]
    keys: Callable[[], Keys | None]
    host: str
    claim: State
    write: WriteGate
    egress: EgressGate
    jobs: Gate
    running: Callable[[], Awaitable[int]]
    journal: Callable[[], Awaitable[object]]
    blobs: Blobs | None
    is_sent: Callable[[], bool]
    clock: Clock


def all_sent(data_dir: Path, database: Path) -> Sent | None:
    """How far the log was sent, if that is everything that is committed; None: it is not."""
    state = LogState(data_dir)
    try:
        end = settled_end(database)
    except Lost:
        return None
    sent = state.sent()
    return sent if sent is not None and sent.at == end and state.outgoing() is None else None


async def may_give(data_dir: Path, database: Path) -> bool:
    """Whether the fence may be given up, asked when nobody is told of any write any more.

    Not for a move if anything was written since it was said that everything is at the places.
    """
    now = giving_in(data_dir).now
    if now.stage is not Gives.GIVING:
        return True
    sent = await asyncio.to_thread(all_sent, data_dir, database)
    return sent is not None and (sent.mark if sent.hash else "") == now.mark
