"""What each process holds of what screening goes by: as old as the transaction that asks.

Rules, lists and banks are read at every post and changed once a week. So each process holds them
ready for use; one small statement tells whether any of them has changed since.
"""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from rostra.safety.edge import Reader, Services, Transaction
from rostra.safety.states import queries
from rostra.store.database import Database

Held = TypeVar("Held")


class Part(StrEnum):
    """What of it has a version of its own; the names stand in rows."""

    ADAPTERS = "adapters"
    BANKS = "banks"
    LISTS = "lists"
    MODELS = "models"
    RULES = "rules"
    SETTINGS = "settings"


Versions = dict[str, int]


async def versions(reader: Reader) -> Versions:
    """The version of each part that was ever changed, by its name. One statement."""
    return dict(await reader.all(queries.ALL))


async def changed(services: Services, tx: Transaction, part: Part) -> None:
    """Whoever changes a part says so, in the same transaction.

    A version is never used twice, so that what was read in a transaction that came to nothing is
    not taken for what a later one has written.
    """
    await tx.run(queries.SET, part=part, version=services.ids.next())


class Kept(Generic[Held]):
    """What is made from parts once, and held by each process until one of them changes.

    Args:
        parts: from which it is made.
        make: makes it; it sees the rows of the transaction that asks.
    """

    def __init__(self, *parts: Part, make: Callable[[Services, Reader], Awaitable[Held]]) -> None:
        self.parts = parts
        self._make = make
        self._held: WeakKeyDictionary[Database, tuple[tuple[int, ...], Held]] = WeakKeyDictionary()

    async def of(self, services: Services, reader: Reader, known: Versions) -> Held:
        """What is in force. Where it is held already, no statement.

        Args:
            services: whose database it is of.
            reader: where it is read if it has changed.
            known: what `versions` says in the same transaction.
        """
        version = tuple(known.get(part, 0) for part in self.parts)
        held = self._held.get(services.db)
        if held is not None and held[0] == version:
            return held[1]
        made = await self._make(services, reader)
        self._held[services.db] = (version, made)
        return made
