"""A place that is watched: what is read from it, and each time it does not do what it must.

A restore takes a piece from the next place where one has not got it unharmed, without a word. That
is right on a bad day; on a drill each of these times is what one wants to know.
"""

from typing import Final

from rostra.hosting.ark.manifest import PIECES
from rostra.hosting.ark.seal import is_name, name_of
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store, Stored

_TOLD: Final = 5


class Witness:
    """A place, read from only.

    Attributes:
        read_bytes: that came from it.
    """

    def __init__(self, inner: Store) -> None:
        self._inner = inner
        self._wrong: dict[str, None] = {}
        self.read_bytes = 0

    @property
    def name(self) -> str:
        """What the place is called."""
        return self._inner.name

    def faults(self) -> list[str]:
        """What went wrong: the first few things, and how many more there are."""
        told = list(self._wrong)[:_TOLD]
        more = len(self._wrong) - len(told)
        return [*told, f"and {more:,} more things"] if more else told

    def wrong(self, what: str) -> None:
        """Something is wrong with it."""
        self._wrong[what] = None

    async def read(self, key: str) -> Stored | None:
        """What is there; a piece that is missing or damaged is noted."""
        try:
            stored = await self._inner.read(key)
        except PlaceFailed as error:
            self.wrong(error.why)
            raise
        name = key.rpartition("/")[2]
        if stored is not None:
            self.read_bytes += len(stored.content)
        if key.startswith(f"{PIECES}/") and is_name(name):
            if stored is None:
                self.wrong(f"piece {name[:16]}… is missing")
            elif name_of(stored.content) != name:
                self.wrong(f"piece {name[:16]}… is damaged")
        return stored

    async def keys(self, prefix: str, *, after: str = "", limit: int = 1_000) -> list[str]:
        """The keys below a prefix, in order."""
        try:
            return await self._inner.keys(prefix, after=after, limit=limit)
        except PlaceFailed as error:
            self.wrong(error.why)
            raise

    async def create(self, key: str, content: bytes) -> bool:
        """Never: a drill changes nothing."""
        raise PlaceFailed(self.name, f"a drill must not create {key} ({len(content)} bytes)")

    async def put(self, key: str, content: bytes) -> None:
        """Never: a drill changes nothing."""
        raise PlaceFailed(self.name, f"a drill must not store {key} ({len(content)} bytes)")

    async def replace(self, key: str, content: bytes, version: str) -> bool:
        """Never: a drill changes nothing."""
        del version
        raise PlaceFailed(self.name, f"a drill must not replace {key} ({len(content)} bytes)")

    async def delete(self, key: str) -> None:
        """Never: a drill changes nothing."""
        raise PlaceFailed(self.name, f"a drill must not remove {key}")
