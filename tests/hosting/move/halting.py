"""A command of Rostra, whole and real, that ends by SIGKILL when it has come to a point.

`ROSTRA_TEST_HALT` names the point:

- `before giving drained`, `after taking stop`: a stage of the file that a host keeps of the move,
  when it is about to be written, and when it is on disk;
- `before claim opened`, `after claim given`: the same of the claim of the fence, which is
  kept, opened, given, wished (to be given up), dropped;
- `create move/v1 2`, `read ark/v1/piece 3`: so many objects below a prefix were created, or read,
  at any of the places.

Nothing else is other than `python -m rostra.cli.main`. All processes of the session die at once, as
those of a server do when its machine is switched off.
"""

import os
import runpy
import signal
from itertools import count
from typing import Any, Final

from rostra.hosting.fence.fence import Mine
from rostra.hosting.fence.state import State
from rostra.hosting.move.state import Kept
from rostra.hosting.places.folder import FolderStore
from rostra.hosting.places.port import Stored

POINT: Final = "ROSTRA_TEST_HALT"


class Halt:
    """The point, and the way there."""

    def __init__(self, point: str) -> None:
        when, _, rest = point.partition(" ")
        what, _, last = rest.rpartition(" ")
        self._point = (when, what, last)
        self._counted = count(1)

    def at(self, when: str, what: str, last: str) -> None:
        """Die, if that is it."""
        if (when, what, last) == self._point:
            _die()

    def done(self, when: str, key: str) -> None:
        """An object was created or read: die, if it was the last that should be."""
        if when != self._point[0] or not key.startswith(self._point[1]):
            return
        if next(self._counted) == int(self._point[2]):
            _die()


def _die() -> None:
    assert os.getsid(0) == os.getpgrp(), "it would end others as well"
    os.killpg(0, signal.SIGKILL)


def arm(halt: Halt) -> None:
    """Let this process, and those that it forks, die at the point."""
    _in_what_is_kept(halt)
    _in_the_claim(halt)
    _at_the_places(halt)


def _in_what_is_kept(halt: Halt) -> None:
    change = Kept.change

    def changed(self: Kept[Any], **changes: Any) -> None:
        name, stage = self._path.stem, str(changes.get("stage", ""))
        halt.at("before", name, stage)
        change(self, **changes)
        halt.at("after", name, stage)

    Kept.change = changed  # type: ignore[method-assign] # in this process alone


def _in_the_claim(halt: Halt) -> None:
    keep, drop, wish = State.keep, State.drop, State.wish

    def kept(self: State, mine: Mine, *, opened: bool, given: bool = False) -> None:
        what = "given" if given else "opened" if opened else "kept"
        halt.at("before", "claim", what)
        keep(self, mine, opened=opened, given=given)
        halt.at("after", "claim", what)

    def dropped(self: State) -> None:
        halt.at("before", "claim", "dropped")
        drop(self)
        halt.at("after", "claim", "dropped")

    def wished(self: State) -> None:
        halt.at("before", "claim", "wished")
        wish(self)
        halt.at("after", "claim", "wished")

    State.keep, State.drop, State.wish = kept, dropped, wished  # type: ignore[method-assign] # in this process alone


def _at_the_places(halt: Halt) -> None:
    create, read = FolderStore.create, FolderStore.read

    async def created(self: FolderStore, key: str, content: bytes) -> bool:
        made = await create(self, key, content)
        halt.done("create", key)
        return made

    async def was_read(self: FolderStore, key: str) -> Stored | None:
        found = await read(self, key)
        halt.done("read", key)
        return found

    FolderStore.create, FolderStore.read = created, was_read  # type: ignore[method-assign] # in this process alone


if __name__ == "__main__":
    arm(Halt(os.environ[POINT]))
    runpy.run_module("rostra.cli.main", run_name="__main__", alter_sys=True)
