"""What every place can do. Keys are relative paths of plain names; contents are whole."""

from typing import Protocol, runtime_checkable

import msgspec


class Stored(msgspec.Struct, frozen=True):
    """An object as a place shows it.

    Attributes:
        content: all of it.
        version: what a conditional update names; empty: the place has none.
        stored_at: when, by the clock of the place; UTC ms.
    """

    content: bytes
    version: str
    stored_at: int


class Store(Protocol):
    """One place. Whatever goes wrong is a `PlaceFailed` that names it."""

    @property
    def name(self) -> str:
        """What the place is called."""
        ...

    async def create(self, key: str, content: bytes) -> bool:
        """Store it if nothing is there; whether it was. Durable when this returns."""
        ...

    async def put(self, key: str, content: bytes) -> None:
        """Store it, whatever is there. Durable when this returns."""
        ...

    async def replace(self, key: str, content: bytes, version: str) -> bool:
        """Store it if what is there still has this version; whether it was.

        Raises:
            Unsupported: the place has no conditional updates.
        """
        ...

    async def read(self, key: str) -> Stored | None:
        """What is there; None: nothing."""
        ...

    async def keys(self, prefix: str, *, after: str = "", limit: int = 1_000) -> list[str]:
        """The keys below a prefix (a folder, without a slash at its end) in order.

        Args:
            prefix: the folder.
            after: only keys behind this one.
            limit: how many at most.
        """
        ...

    async def delete(self, key: str) -> None:
        """Remove it; nothing there is as well."""
        ...


@runtime_checkable
class Marked(Store, Protocol):
    """A place that is a folder. An empty one may be a mount point whose disk is elsewhere."""

    async def mark(self) -> bool:
        """Say that the folder is the place; whether nothing had said so before.

        Raises:
            PlaceFailed: the folder is not there, or can't be written.
        """
        ...
