"""A database that is only read: for processes that work through what is stored."""

from pathlib import Path
from typing import Any, NoReturn

import msgspec

from rostra.kernel.errors import Unavailable
from rostra.store.database import Database, Hooks, Ties, Transaction
from rostra.store.postgres import PostgresDatabase
from rostra.store.sqlite import SQLiteDatabase


class _Shut:
    """Both the gate of writes and what would take jobs: neither lets anything through."""

    def check(self) -> NoReturn:
        raise Unavailable(1, inside="this process only reads")

    def check_held(self) -> NoReturn:
        self.check()

    def waits(self) -> bool:
        """Nothing is written, so nothing waits."""
        return False

    async def check_elsewhere(self) -> NoReturn:
        self.check()

    async def enqueue(
        self, tx: Transaction, kind: str, payload: msgspec.Struct, **how: Any
    ) -> NoReturn:
        del tx, kind, payload, how
        self.check()


def reading(url: str) -> Database:
    """The database at this address, of which this process reads and writes nothing.

    It is opened when it is first asked.
    """
    shut = _Shut()
    ties = Ties(Hooks(), shut, shut)
    if url.startswith("sqlite:///"):
        return SQLiteDatabase(Path(url.removeprefix("sqlite:///")), ties, slow_readers=1)
    return PostgresDatabase(url, ties, connections=1)
