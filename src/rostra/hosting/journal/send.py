"""Notes on their way: from the database into a part in a file here, and from there to every place.

The file comes first, so that a part is the same however often it is sent. A place that is away gets
what it lacks when it is back. The newest part stays here: the next one follows it.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from rostra.hosting.ark.keys import FOLDER as ARK
from rostra.hosting.ark.keys import Keys
from rostra.hosting.ark.read import ArkError
from rostra.hosting.ark.seal import Sealer
from rostra.hosting.fence.votes import is_majority
from rostra.hosting.journal import chain
from rostra.hosting.journal.part import Found, Part, key_of, mark_at, read, seal, signed
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store
from rostra.hosting.places.together import together
from rostra.kernel.clock import Clock
from rostra.network.edge import Database
from rostra.store import journal
from rostra.store.journal import Note

FOLDER: Final = "journal"
NOTES: Final = 5_000
_GRACE_S: Final = 5.0
"""Notes in a part, at most."""


class Sent(msgspec.Struct, frozen=True):
    """What became of sending.

    Attributes:
        last: the newest note that is in a part.
        notes: that were put into parts this time.
        failed: the places that have not got all of it, and why.
    """

    last: int
    notes: int
    failed: dict[str, str]


class Spool:
    """The parts that are still here."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / ARK / FOLDER
        self._known: dict[str, Found] = {}  # a part never changes

    def parts(self) -> list[Found]:
        """All of them, in order.

        Raises:
            OSError: one can't be read.
        """
        if not self._folder.is_dir():
            return []
        marks = sorted(
            mark for path in self._folder.iterdir() if (mark := mark_at(path.name)) is not None
        )
        for mark in set(marks) - set(self._known):
            found = read((self._folder / f"{mark}.json").read_bytes(), mark)
            if found is not None:
                self._known[mark] = found
        return [self._known[mark] for mark in marks if mark in self._known]

    def keep(self, mark: str, content: bytes) -> None:
        """Keep a part. Lasts before it returns.

        Raises:
            OSError: it can't be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self._folder / f".{mark}"
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._folder / f"{mark}.json")
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def drop(self, mark: str) -> None:
        """Forget a part that every place has."""
        (self._folder / f"{mark}.json").unlink(missing_ok=True)
        self._known.pop(mark, None)


class Sender:
    """Sends the journal of one installation. One at a time does so."""

    def __init__(
        self, database: Database, data_dir: Path, keys: Keys, stores: Sequence[Store], clock: Clock
    ) -> None:
        self._database = database
        self._spool = Spool(data_dir)
        self._keys = keys
        self._stores = tuple(stores)
        self._clock = clock
        self._sealer = Sealer(keys.data_key)
        self._has: dict[str, set[str]] = {store.name: set() for store in stores}

    async def send(self, epoch: int) -> Sent:
        """Bring all that is noted to every place that answers.

        Args:
            epoch: of the fence that is held; 0: there is none.

        Raises:
            ArkError: no place answers, and nothing is known of what was written before.
            OSError: a part can't be kept here.
        """
        notes = 0
        top = await self._top()
        while True:
            async with self._database.read() as reader:
                some = await journal.after(reader, top.part.last if top else 0, NOTES)
            if not some:
                break
            top = self._write(epoch, top, some)
            notes += len(some)
        failed = await self._bring()
        return Sent(top.part.last if top else 0, notes, failed)

    async def tidy(self) -> None:
        """Forget what is in parts."""
        parts = self._spool.parts()
        if parts:
            async with self._database.write() as tx:
                await journal.tidy(tx, parts[-1].part.last)

    async def _top(self) -> Found | None:
        """The part that the next one follows."""
        parts = self._spool.parts()
        if parts:
            return parts[-1]
        found = await chain.newest(self._stores, self._keys.public)
        if found is not None:
            self._spool.keep(found.part.mark, found.content)
        return found

    def _write(self, epoch: int, top: Found | None, notes: list[Note]) -> Found:
        part = Part(
            epoch=epoch,
            first=top.part.last + 1 if top else 1,
            last=notes[-1].seq,
            before=top.part.mark if top else "",
            previous=top.hash if top else "",
            made_at=self._clock.now(),
            wrapped=self._keys.wrapped,
            sealed=seal(self._sealer, notes),
            key=self._keys.public,
        )
        content = signed(part, self._keys.signing_key)
        self._spool.keep(part.mark, content)
        found = read(content, part.mark)
        if found is None:
            raise ArkError(f"part {part.mark} of the journal can't be read as it was written")
        return found

    async def _bring(self) -> dict[str, str]:
        """Send to each place what it lacks of the parts here; the places that failed, and why."""
        parts = self._spool.parts()
        names = [store.name for store in self._stores]

        async def bring(store: Store) -> str:
            for each in parts:
                await self._one(store, each)
            return store.name

        def enough(told: Sequence[str]) -> bool:
            """Most of them: one that hangs must not keep the others, nor a move that waits."""
            return is_majority(told, names)

        done = await together(self._stores, bring, enough, grace_s=_GRACE_S)
        failed = {each.name: each.why for each in done if isinstance(each, PlaceFailed)}
        everywhere = set.intersection(*self._has.values()) if self._has else set()
        for each in parts[:-1]:
            if each.part.mark in everywhere:
                self._spool.drop(each.part.mark)
        return failed

    async def _one(self, store: Store, found: Found) -> None:
        mark = found.part.mark
        if mark in self._has[store.name]:
            return
        if not await store.create(key_of(mark), found.content):
            there = await store.read(key_of(mark))
            if there is None or there.content != found.content:
                raise PlaceFailed(store.name, f"another journal part {mark} stands there")
        self._has[store.name].add(mark)
