"""A world of hosts and places in made-up time, in which everything goes wrong that can.

The hosts run the real fence and the real keeper. Only places, clocks and the state on disk are made
up: places answer late, lose requests or answers, carry out what nobody waits for any more, lie;
hosts are stopped, frozen, killed, cut off, their clocks run unevenly and are set.
"""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from rostra.hosting.fence.fence import Fence, FenceError, Mine, Standing, Terms
from rostra.hosting.fence.keeper import Keeper
from rostra.hosting.fence.state import Kept
from rostra.hosting.places.model import PlaceFailed, Unsupported
from rostra.hosting.places.port import Stored
from rostra.store.lease import MemoryLease

PLACES = ("north", "south", "west")
T = TypeVar("T")


@dataclass
class Ack:
    """Somebody was told that their write is safe."""

    at: float
    host: str
    epoch: int


@dataclass
class Register:
    """A place: what stands there, and how it behaves."""

    name: str
    objects: dict[str, bytes] = field(default_factory=dict)
    slow: float = 1.0  # times the usual latency
    down: bool = False
    lies: bool = False  # ignores conditions, and says that all went well


class World:
    """Places, hosts, and what was acknowledged."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 (no secret: the same every time)
        self.registers = {name: Register(name) for name in PLACES}
        self.cut: set[tuple[str, str]] = set()
        self.acks: list[Ack] = []
        self.orphans = 0
        self.tasks: set[asyncio.Task[object]] = set()

    @property
    def now(self) -> float:
        """True time in seconds, which nobody in the world can see."""
        return asyncio.get_running_loop().time()

    def go(self, work: Awaitable[object]) -> "asyncio.Task[object]":
        """Let something happen beside all else."""
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def violations(self) -> list[str]:
        """What must never be: two hosts that acknowledge by one epoch, or one that is over."""
        found = []
        by: dict[int, str] = {}
        newest = 0
        for ack in self.acks:
            if by.setdefault(ack.epoch, ack.host) != ack.host:
                found.append(f"epoch {ack.epoch}: {by[ack.epoch]} and {ack.host}")
            if ack.epoch < newest:
                found.append(f"{ack.at:.1f}: {ack.host} by {ack.epoch}, after one by {newest}")
            newest = max(newest, ack.epoch)
        return found


class Link:
    """A place as one host reaches it: the port of the real one."""

    def __init__(self, world: World, host: "Host", register: Register) -> None:
        self.world = world
        self.host = host
        self.register = register

    @property
    def name(self) -> str:
        """What the place is called."""
        return self.register.name

    async def _ask(self, work: Callable[[], T]) -> T:
        """Send a request, have it carried out some time later, and get the answer, or neither."""
        chance = self.world.random
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        latency = self.register.slow * chance.expovariate(1 / 0.05)
        lost_request, lost_answer = chance.random() < 0.01, chance.random() < 0.01

        async def carry() -> None:
            await asyncio.sleep(latency * chance.random())
            cut = (self.host.name, self.name) in self.world.cut
            if self.register.down or cut or lost_request:
                return
            done = work()
            await asyncio.sleep(latency * chance.random())
            cut = (self.host.name, self.name) in self.world.cut
            if not (cut or lost_answer or answer.done()):
                answer.set_result(done)

        self.world.go(carry())
        try:
            return await answer
        finally:
            await self.host.awake()

    async def create(self, key: str, content: bytes) -> bool:
        """Store it if nothing is there."""

        def work() -> bool:
            if key in self.register.objects and not self.register.lies:
                return False
            self.register.objects[key] = content
            return True

        return await self._ask(work)

    async def put(self, key: str, content: bytes) -> None:
        """Store it."""
        await self._ask(lambda: self.register.objects.__setitem__(key, content))

    async def replace(self, key: str, content: bytes, version: str) -> bool:  # noqa: ARG002 (the port's)
        """Never."""
        raise Unsupported(self.name, "there are no versions")

    async def read(self, key: str) -> Stored | None:
        """What is there."""

        def work() -> Stored | None:
            content = self.register.objects.get(key)
            return None if content is None else Stored(content, "", 0)

        return await self._ask(work)

    async def keys(self, prefix: str, *, after: str = "", limit: int = 1_000) -> list[str]:
        """The keys below a prefix."""

        def work() -> list[str]:
            found = sorted(key for key in self.register.objects if key.startswith(prefix + "/"))
            return [key for key in found if key > after][:limit]

        return await self._ask(work)

    async def delete(self, key: str) -> None:
        """Remove it."""
        await self._ask(lambda: self.register.objects.pop(key, None))


class HostTime:
    """The clocks of a host."""

    def __init__(self, world: World, host: "Host", rate: float) -> None:
        self.world = world
        self.host = host
        self.rate = rate
        self.set_by = 0.0  # what the wall clock was set by, seconds
        self.stood = 0.0  # how long the clock since the start stood still

    def boot(self) -> int:
        """Nanoseconds since the start."""
        frozen = self.world.now - self.host.frozen_at if self.host.frozen_at is not None else 0.0
        return int((self.world.now - self.stood - frozen) * self.rate * 1e9)

    def wall(self) -> int:
        """UTC nanoseconds."""
        return int((1_000_000 + self.world.now * self.rate + self.set_by) * 1e9)

    async def sleep(self, seconds: float) -> None:
        """Wait by this clock."""
        await asyncio.sleep(max(0.0, seconds) / self.rate)
        await self.host.awake()


class MemoryState:
    """The state of an installation, in memory."""

    def __init__(self) -> None:
        self.now: Kept | None = None
        self.wished = False
        self.taken = False
        self.run = "1"

    def kept(self) -> Kept | None:
        """The claim of this run of the machine."""
        return self.now if self.now is not None and self.now.run == self.run else None

    def former(self) -> Kept | None:
        """The claim of an earlier one."""
        found = self.now
        return None if found is None or found.given or found.run == self.run else found

    def keep(self, mine: Mine, *, opened: bool, given: bool = False) -> None:
        """Keep a claim."""
        self.now = Kept(
            claim=mine.claim,
            private=mine.private.hex(),
            bound="",
            run=self.run,
            opened=opened,
            given=given,
        )

    def drop(self) -> None:
        """Keep none."""
        self.now, self.wished = None, False

    def is_wished(self) -> bool:
        """Whether it is to be given up."""
        return self.wished

    def refuse(self) -> None:
        """It is not given up."""
        self.wished = False

    @contextlib.contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else deals with it."""
        if self.taken:
            yield False
            return
        self.taken = True
        try:
            yield True
        finally:
            self.taken = False


class Host:
    """An installation: its fence, its keeper, and members who write."""

    def __init__(self, world: World, name: str, terms: Terms) -> None:
        chance = world.random
        self.world = world
        self.name = name
        self.running = asyncio.Event()
        self.running.set()
        self.frozen_at: float | None = None
        self.clock = HostTime(world, self, chance.uniform(0.9, 1.1))
        self.lease = MemoryLease(self.clock)
        self.state = MemoryState()
        links = [Link(world, self, register) for register in world.registers.values()]
        self.fence = Fence(
            links,
            host=name,
            lease=self.lease,
            clock=self.clock,
            terms=terms,
            token=lambda: f"{chance.getrandbits(64):016x}",
        )
        self.life: list[asyncio.Task[object]] = []

    async def awake(self) -> None:
        """Nothing of a host goes on while it is stopped."""
        while not self.running.is_set():
            await self.running.wait()

    def start(self) -> None:
        """The server runs, and members write."""
        self.state.taken = False
        keeper = Keeper(self.fence, self.state)
        self.life = [self.world.go(keeper.run()), *(self.world.go(self._write()) for _ in range(2))]

    def kill(self) -> None:
        """It is gone at once, whatever it was doing. What it holds in memory is gone as well."""
        for task in self.life:
            task.cancel()
        self.life = []

    async def stop_for(self, seconds: float, *, machine: bool) -> None:
        """SIGSTOP, or (`machine`) the whole machine is frozen and its clock stands still."""
        self.running.clear()
        self.frozen_at = self.world.now if machine else None
        await asyncio.sleep(seconds)
        if self.frozen_at is not None:
            self.clock.stood += self.world.now - self.frozen_at
            self.frozen_at = None
        self.running.set()

    async def take(self, *, over: bool) -> bool:
        """The operator claims the fence here; whether it was opened."""
        with self.state.alone() as alone:
            if not alone:
                return False
            try:
                won = await self.fence.claim(over=over)
            except (FenceError, PlaceFailed):
                return False
            self.state.keep(won.mine, opened=False)
            for _ in range(5):
                standing = await self.fence.open(won)
                if standing is Standing.HOLDS:
                    self.state.keep(won.mine, opened=True)
                    return True
                if standing is Standing.LOST:
                    return False
        return False

    async def _write(self) -> None:
        chance = self.world.random
        while True:
            await self.clock.sleep(chance.expovariate(1.0))
            if not self.lease.holds():
                continue
            await self.clock.sleep(chance.choice((0.001, 0.01, 0.1, 3.0)))  # on its way to the disk
            if self.lease.holds():
                self.world.acks.append(Ack(self.world.now, self.name, self.lease.term().epoch))
            else:
                self.world.orphans += 1
