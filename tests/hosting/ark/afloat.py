"""An ark of a small place, with its places in memory."""

from collections.abc import Sequence
from pathlib import Path

from obstore.store import MemoryStore
from tests.harness.app import InProcess

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.copy import Copied, Source, copy
from rostra.hosting.ark.keys import Keys
from rostra.hosting.ark.restore import choose, opened_by, restore
from rostra.hosting.ark.verify import Fault, verify
from rostra.hosting.places.bucket import BucketStore
from rostra.hosting.places.port import Store
from rostra.store.migrate import migrate_sqlite


def always() -> bool:
    """Whether anything may be removed."""
    return True


class Ark:
    """The keys, the places, and what is done with them."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.paper, recipient = ark_keys.new_paper_key()
        self.keys: Keys = ark_keys.make(data_dir, (recipient,))
        self.stores: list[Store] = [BucketStore(name, MemoryStore()) for name in ("north", "south")]

    async def copy(self, rostra: InProcess, epoch: int = 0, *, again: bool = False) -> Copied:
        """Make a copy of a running application."""
        source = Source(
            data_dir=self.data_dir,
            database=self.data_dir / "rostra.sqlite3",
            blobs=rostra.services.blobs,
            domain="rostra.example",
            clock=rostra.clock,
            epoch=epoch,
        )
        return await copy(source, self.keys, self.stores, again=again)

    async def restore(self, to: Path, mark: str = "", key: str = "") -> None:
        """Make a data directory of a copy."""
        found = await choose(self.stores, mark, self.keys.public)
        opened = opened_by(found, key or self.paper)
        await restore(self.stores, found, opened, to, lambda _count, _what: None)

    async def faults(self, signer: str = "") -> list[tuple[str, str]]:
        """What reading everything back finds."""
        return await faults(self.stores, signer)


async def faults(stores: Sequence[Store], signer: str = "") -> list[tuple[str, str]]:
    """What reading everything back finds: place and words."""
    found = [each async for each in verify(stores, signer)]
    return [(each.place, each.what) for each in found if isinstance(each, Fault)]


def database_in(data_dir: Path) -> str:
    """The address of the database of a data directory, made where it is missing."""
    path = data_dir / "rostra.sqlite3"
    migrate_sqlite(path)
    return f"sqlite:///{path}"
