"""Who was here today: written after the answer, at most once a day for each token and session."""

import asyncio
import logging
from typing import NamedTuple
from weakref import WeakKeyDictionary

from rostra.kernel.errors import Unavailable
from rostra.network.credentials import queries
from rostra.network.edge import Database, Services

_log = logging.getLogger(__name__)
_MOST_NOTED = 200_000


class _Visit(NamedTuple):
    account_id: int
    token_id: int
    session_id: int


class _Notes:
    """What one process has noted on one day, and the writes under way."""

    def __init__(self) -> None:
        self.day = 0
        self.noted: set[_Visit] = set()
        self.tasks: set[asyncio.Task[None]] = set()


_notes: WeakKeyDictionary[Database, _Notes] = WeakKeyDictionary()


def note(
    services: Services,
    *,
    day: int,
    account_id: int = 0,
    token_id: int = 0,
    session_id: int = 0,
) -> None:
    """Write that they were here on this UTC day; returns at once and never fails."""
    notes = _notes.setdefault(services.db, _Notes())
    if notes.day != day or len(notes.noted) >= _MOST_NOTED:
        notes.day, notes.noted = day, set()
    visit = _Visit(account_id, token_id, session_id)
    if visit in notes.noted:
        return
    notes.noted.add(visit)
    task = asyncio.get_running_loop().create_task(_write(services, visit, day))
    notes.tasks.add(task)
    task.add_done_callback(notes.tasks.discard)


async def settle(services: Services) -> None:
    """Wait for the writes under way; called before the database is closed."""
    notes = _notes.get(services.db)
    while notes is not None and notes.tasks:
        await asyncio.gather(*notes.tasks, return_exceptions=True)


async def _write(services: Services, visit: _Visit, day: int) -> None:
    try:
        async with services.db.write() as tx:
            if visit.token_id:
                await tx.run(queries.SEEN_TOKEN, token=visit.token_id, day=day)
            if visit.session_id:
                now = services.clock.now()
                await tx.run(queries.SEEN_SESSION, session=visit.session_id, now=now)
            if visit.account_id:
                await tx.run(queries.SEEN_MEMBER, account=visit.account_id, day=day)
    except Unavailable:  # the write gate is closed: a day that is not noted does no harm
        return
    except Exception:  # noqa: BLE001 (the answer is out already; nobody else would hear of it)
        _log.warning("the day of a visit was not written", exc_info=True)
