"""The way of the log to one place: record after record, as fast as it takes them.

A place that was away catches up with what the other places have: nothing has to be kept here for
it, and SQLite's own log is written back as soon as enough places have it.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Final

from rostra.hosting.ark.log.records import read, record_key
from rostra.hosting.ark.log.state import AtPlace
from rostra.hosting.ark.manifest import mark_of
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store

_HELD_BYTES: Final = 32 << 20
_PAIR: Final = 2
_FIRST_WAIT_S: Final = 0.5
_LONGEST_WAIT_S: Final = 30.0


def enough_of(places: int) -> int:
    """How many of so many places must have a record before it counts: more than half, of two one.

    Two places would be no safer than one if either's absence stopped the site.
    """
    return 1 if places == _PAIR else places // 2 + 1


class Taken(Exception):
    """Somebody else who has our keys has written a record of this number."""


class Lines:
    """All places, and the newest record that they shall have.

    Attributes:
        taken: why the run can't go on: another record that our keys have signed stands in the place
            of one of ours, or one that a place lacks is nowhere any more.
    """

    def __init__(
        self, stores: Sequence[Store], public: str, epoch: int, *, first: int, last: int
    ) -> None:
        """Send to these.

        Args:
            stores: the places.
            public: the key that signs the records.
            epoch: of the records.
            first: number of the first record that a place has to have.
            last: of the last one that enough places have; `first - 1`: there is none.
        """
        self._stores = tuple(stores)
        self._public = public
        self._epoch = epoch
        self._has = {store.name: first - 1 for store in stores}
        self._why = dict.fromkeys(self._has, "")
        self._top = last
        self._recent: deque[tuple[int, bytes]] = deque()
        self._news = asyncio.Condition()
        self.taken = ""
        self._tasks = [asyncio.create_task(self._line(store)) for store in stores]

    @property
    def enough(self) -> int:
        """How many places must have a record before it counts."""
        return enough_of(len(self._stores))

    def has(self, at: dict[str, AtPlace]) -> None:
        """What was known of the places before; what is not true any more is found out."""
        for name, known in at.items():
            if name in self._has:
                self._has[name] = max(self._has[name], known.number)

    def places(self) -> dict[str, AtPlace]:
        """How far each place has got."""
        return {name: AtPlace(number, self._why[name]) for name, number in self._has.items()}

    async def send(self, number: int, content: bytes) -> None:
        """Have the next record sent; does not wait for it."""
        self._recent.append((number, content))
        while len(self._recent) > 1 and sum(len(each) for _, each in self._recent) > _HELD_BYTES:
            self._recent.popleft()
        self._top = number
        async with self._news:
            self._news.notify_all()

    async def arrived(self, number: int, seconds: float) -> bool:
        """Wait until enough places have a record, so long at most; whether they have.

        Raises:
            Taken: another one of this number stands at a place.
        """

        def there() -> bool:
            have = sum(has >= number for has in self._has.values())
            return bool(self.taken) or have >= self.enough

        async with self._news:
            try:
                await asyncio.wait_for(self._news.wait_for(there), seconds)
            except TimeoutError:
                return False
        self.check()
        return True

    def check(self) -> None:
        """Whether every record that was sent could be stored so far.

        Raises:
            Taken: another one of its number stands at a place.
        """
        if self.taken:
            raise Taken(self.taken)

    async def close(self) -> None:
        """Send nothing any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _line(self, store: Store) -> None:
        wait = _FIRST_WAIT_S
        while True:
            async with self._news:
                await self._news.wait_for(lambda: self._has[store.name] < self._top)
            number = self._has[store.name] + 1
            try:
                await self._store(store, mark_of(self._epoch, number), await self._record(number))
            except PlaceFailed as error:
                self._why[store.name] = error.why
            except Exception as error:  # noqa: BLE001 (whatever it is, the place has not got it)
                self._why[store.name] = str(error) or type(error).__name__
            else:
                self._has[store.name], self._why[store.name] = number, ""
                wait = _FIRST_WAIT_S
                async with self._news:
                    self._news.notify_all()
                continue
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT_S)

    async def _store(self, store: Store, mark: str, content: bytes) -> None:
        if await store.create(record_key(mark), content):
            return
        there = await store.read(record_key(mark))
        # It can be ours: an answer was lost, or it was sent before a crash.
        if there is not None and there.content == content:
            return
        # Only whoever has our keys can have gone on elsewhere. Anything else is the trouble of this
        # one place, which must not end the log for all.
        kept = None if there is None else read(there.content, mark)
        if kept is None or kept.record.key != self._public:
            raise PlaceFailed(store.name, f"what stands there as record {mark} is none of ours")
        self.taken = f"{store.name} holds another record {mark}"
        async with self._news:
            self._news.notify_all()
        raise Taken(self.taken)

    async def _record(self, number: int) -> bytes:
        for held, content in self._recent:
            if held == number:
                return content
        mark, answered = mark_of(self._epoch, number), True
        for store in self._stores:  # any of them: what is known of them may be older than they are
            try:
                stored = await store.read(record_key(mark))
            except PlaceFailed:
                answered = False
                continue
            kept = None if stored is None else read(stored.content, mark)
            if stored is not None and kept is not None and kept.record.key == self._public:
                return stored.content
        if answered:
            self.taken = f"no place has record {mark} any more"
            async with self._news:
                self._news.notify_all()
        raise LookupError(f"no place that answers has record {mark}")
