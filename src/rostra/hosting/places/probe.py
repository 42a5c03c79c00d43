"""Whether a place does what the fence relies on, found out by asking it.

A store that says yes to a second creation of the same object would let two installations believe
that they alone may write. Some do, and say nothing: so each is tried before it is trusted.
"""

import asyncio
import secrets
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

import msgspec

from rostra.hosting.places.model import PlaceFailed, Unsupported
from rostra.hosting.places.port import Store
from rostra.kernel.clock import Clock

RACERS: Final = 8
ROUNDS: Final = 5
_READS: Final = 10
_LISTED: Final = 12
_PIECE: Final = 1 << 20
_SKEW_MS: Final = 5_000


class Check(msgspec.Struct, frozen=True):
    """One thing that was tried.

    Attributes:
        name: what.
        passed: whether it went as it must.
        needed: whether the fence relies on it.
        words: what was found, a sentence without a full stop.
    """

    name: str
    passed: bool
    needed: bool
    words: str


class Report(msgspec.Struct, frozen=True):
    """All that was found of one place."""

    place: str
    checks: tuple[Check, ...]

    @property
    def may_fence(self) -> bool:
        """Whether it may have a vote on who writes."""
        return all(check.passed for check in self.checks if check.needed)

    @property
    def may_hold(self) -> bool:
        """Whether it may hold copies: what was stored there comes back."""
        return all(check.passed for check in self.checks if check.name in _OF_COPIES)


async def probe(store: Store, clock: Clock) -> Report:
    """Try a place, below `probe/` and a name of its own; what was made there is removed again."""
    checks = [check async for check in probing(store, clock)]
    return Report(store.name, tuple(checks))


async def probing(store: Store, clock: Clock) -> AsyncIterator[Check]:
    """The same, one check after another; stops where the place can't be reached at all."""
    folder = f"probe/{secrets.token_hex(8)}"
    made: list[str] = []
    trial = _Trial(store, clock, folder, made)
    try:
        for name, needed, run in trial.all():
            try:
                passed, words = await run()
            except Unsupported as error:
                passed, words = False, error.why
            except PlaceFailed as error:
                passed, words = False, error.why
            yield Check(name, passed, needed, words)
            if name == "reached" and not passed:
                return
    finally:
        for key in made:
            await _removed(store, key)


async def _removed(store: Store, key: str) -> None:
    try:
        await store.delete(key)
    except PlaceFailed:  # told by the checks before; what is left is a few bytes below probe/
        return


_Found = tuple[bool, str]
_OF_COPIES: Final = frozenset({"reached", "read after write", "list"})


class _Trial:
    """The tries at one place."""

    def __init__(self, store: Store, clock: Clock, folder: str, made: list[str]) -> None:
        self.store = store
        self.clock = clock
        self.folder = folder
        self.made = made

    def all(self) -> list[tuple[str, bool, Callable[[], Awaitable[_Found]]]]:
        """What is tried, in order, and whether the fence relies on it."""
        return [
            ("reached", True, self.reached),
            ("create once", True, self.once),
            ("race", True, self.race),
            ("read after write", True, self.read_after_write),
            ("list", True, self.listing),
            ("update", False, self.update),
            ("delete", False, self.gone),
            ("clock", False, self.skew),
            ("speed", False, self.speed),
        ]

    def key(self, name: str) -> str:
        """A key of this try, which is removed at its end."""
        key = f"{self.folder}/{name}"
        self.made.append(key)
        return key

    async def reached(self) -> _Found:
        key = self.key("reached")
        await self.store.put(key, b"here")
        found = await self.store.read(key)
        if found is None or found.content != b"here":
            return False, "what was stored there is not there"
        return True, "it stores and shows"

    async def once(self) -> _Found:
        key = self.key("once")
        if not await self.store.create(key, b"first"):
            return False, "it refuses to create what was never there"
        again = await self.store.create(key, b"second")
        found = await self.store.read(key)
        if again or found is None or found.content != b"first":
            return False, "it creates the same object twice: conditions are ignored"
        return True, "a second creation is refused"

    async def race(self) -> _Found:
        for number in range(ROUNDS):
            key = self.key(f"race-{number}")
            racers = [f"racer {racer}".encode() for racer in range(RACERS)]
            won = await asyncio.gather(*(self.store.create(key, racer) for racer in racers))
            found = await self.store.read(key)
            winners = [racer for racer, first in zip(racers, won, strict=True) if first]
            if len(winners) != 1 or found is None or found.content != winners[0]:
                return False, f"{len(winners)} of {RACERS} at once were told that they are first"
        return True, f"one of {RACERS} at once wins, {ROUNDS} times"

    async def read_after_write(self) -> _Found:
        key = self.key("read")
        for number in range(_READS):
            content = str(number).encode()
            await self.store.put(key, content)
            found = await self.store.read(key)
            if found is None or found.content != content:
                return False, "it shows what was there before the last write"
        return True, "what was written is read at once"

    async def listing(self) -> _Found:
        wanted = [f"{self.folder}/list/{number:02d}" for number in range(_LISTED)]
        for key in (*wanted[1::2], *wanted[0::2]):
            self.made.append(key)
            await self.store.put(key, b"")
        if await self.store.keys(f"{self.folder}/list") != wanted:
            return False, "what was written is not listed at once, or not in order"
        if await self.store.keys(f"{self.folder}/list", after=wanted[3], limit=2) != wanted[4:6]:
            return False, "a list that begins behind a key is wrong"
        return True, "lists are complete at once, and in order"

    async def update(self) -> _Found:
        key = self.key("update")
        await self.store.put(key, b"one")
        before = await self.store.read(key)
        if before is None or not before.version:
            return False, "it names no versions; the fence needs none"
        if not await self.store.replace(key, b"two", before.version):
            return False, "it refuses an update of what is there"
        again = await self.store.replace(key, b"three", before.version)
        found = await self.store.read(key)
        if again or found is None or found.content != b"two":
            return False, "it updates what has changed: conditions are ignored"
        return True, "an update of what has changed is refused"

    async def gone(self) -> _Found:
        key = self.key("gone")
        await self.store.put(key, b"")
        await self.store.delete(key)
        if await self.store.read(key) is not None:
            return False, "what was deleted is still shown"
        return True, "what was deleted is gone"

    async def skew(self) -> _Found:
        key = self.key("clock")
        before = self.clock.now()
        await self.store.put(key, b"")
        after = self.clock.now()
        found = await self.store.read(key)
        if found is None:
            return False, "what was stored there is not there"
        # Places tell whole seconds.
        off = max(before - found.stored_at - 1_000, found.stored_at - after, 0)
        words = f"its clock is {off / 1_000:.1f} s from ours" if off else "its clock is as ours"
        return off <= _SKEW_MS, words

    async def speed(self) -> _Found:
        content = secrets.token_bytes(_PIECE)
        small = []
        for number in range(_READS):
            took = await self._took(self.store.create(self.key(f"small-{number}"), b"x"))
            small.append(took)
        key = self.key("piece")
        up = await self._took(self.store.put(key, content))
        down = await self._took(self.store.read(key))
        words = (
            f"{statistics.median(small) * 1_000:.0f} ms for a claim, "
            f"{1 / max(up, 1e-6):.1f} MiB/s up, {1 / max(down, 1e-6):.1f} MiB/s down"
        )
        return True, words

    async def _took(self, work: Awaitable[object]) -> float:
        begun = self.clock.monotonic()
        await work
        return self.clock.monotonic() - begun
