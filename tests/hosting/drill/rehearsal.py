"""A small network with copies in three folders, and drills of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.harness.app import InProcess
from tests.harness.crowd import Member, Town
from tests.hosting.ark.afloat import Ark
from tests.hosting.providers import folder_place
from tests.pictures import photo

from rostra.cli.drill.walk import walk
from rostra.hosting.ark.copy import Copied
from rostra.hosting.ark.restore import opened_by
from rostra.hosting.drill.drill import drill
from rostra.hosting.drill.model import Result
from rostra.hosting.drill.order import Drilled, Order
from rostra.hosting.places.port import Store
from rostra.kernel.clock import HOUR

NAMES = ("north", "south", "west")


class Rehearsal:
    """The network, its ark and its places."""

    def __init__(self, rostra: InProcess, data_dir: Path, folder: Path) -> None:
        self.rostra = rostra
        self.town = Town(rostra)
        self.ark = Ark(data_dir)
        self.places = folder / "places"
        self.scratch = folder / "scratch"
        self.scratch.mkdir()
        self.ark.stores = [folder_place(name, self.places / name) for name in NAMES]
        self.members: list[Member] = []

    async def live(self) -> Copied:
        """Members write, with a picture; then a copy is made."""
        self.members = alice, bob = await self.town.members("alice", "bob")
        await self.town.follow(bob, alice)
        picture = await self.town.picture(alice, photo().jpegsave_buffer())
        await self.town.post(alice, "Before the drill.", media_ids=[picture["id"]])
        await self.town.post(bob, "Bob was here.")
        await self.town.settle()
        return await self.ark.copy(self.rostra)

    def order(self, **changes: Any) -> Order:
        """A drill with the paper key."""
        given: dict[str, Any] = {
            "folder": self.scratch,
            "key": lambda found: opened_by(found, self.ark.paper),
            "key_kind": "recipient",
            "signer": self.ark.keys.public,
            "oldest": 12 * HOUR,
            "again_after_s": 0.0,
        }
        return Order(**{**given, **changes})

    async def drilled(self, stores: Sequence[Store] = (), **changes: Any) -> Drilled:
        """Drill."""
        order, chosen = self.order(**changes), stores or self.ark.stores
        return await drill(order, chosen, walk, self.rostra.clock, lambda _count, _what: None)

    async def result(self, stores: Sequence[Store] = (), **changes: Any) -> Result:
        """Drill; what was found, and the throw-away directory must be gone."""
        done = await self.drilled(stores, **changes)
        assert list(self.scratch.iterdir()) == []
        return done.result


def told(result: Result) -> list[str]:
    """The faults of a result, a line each."""
    return [f"{fault.place}: {fault.what}" for fault in result.faults]
