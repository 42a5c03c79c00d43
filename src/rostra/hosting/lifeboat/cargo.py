"""Pieces on their way to the places, and away from them; a place that fails is put right later.

What is brought counts only once most places have taken it. What a place missed while it was away,
in pieces and in removals, it is given by `settle`, which lists it first.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Final

from rostra.hosting.ark.log.lines import enough_of
from rostra.hosting.ark.seal import name_of
from rostra.hosting.lifeboat.model import PIECES, piece_at, piece_key
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store

_LONGEST_S: Final = 60.0
_PAGE: Final = 1_000
_AT_ONCE: Final = 8
_REMOVED: Final = 200  # pieces that `settle` removes at a place in one go
_COPIED: Final = 32  # pieces that it brings there
_FIRST_REST_S: Final = 2.0
_LONGEST_REST_S: Final = 60.0
Wanted = Callable[[], AbstractSet[str]]


class NotTaken(Exception):
    """Most places have not taken a piece: nothing may name it yet."""


class _Berthed:
    """What is known of one place."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.lock = asyncio.Lock()  # what is brought there is not removed at the same time
        self.has: set[str] | None = None  # None: it has to be listed first
        self.meanwhile: dict[str, bool] = {}  # what happened there that a listing may have missed
        self.settled = False
        self.doubts = 0  # how often; a listing that was begun before the last one is worth nothing
        self.rests_until = 0.0  # monotonic
        self.rest_s = 0.0

    def note(self, names: Iterable[str], *, there: bool) -> None:
        if self.has is None:
            self.meanwhile.update(dict.fromkeys(names, there))
        elif there:
            self.has.update(names)
        else:
            self.has.difference_update(names)

    def listed(self, found: set[str]) -> None:
        gone = {name for name, there in self.meanwhile.items() if not there}
        self.has = (found | self.meanwhile.keys()) - gone
        self.meanwhile.clear()

    def failed(self, now: float) -> None:
        self.doubted()
        self.rest_s = min(_LONGEST_REST_S, max(_FIRST_REST_S, 2 * self.rest_s))
        self.rests_until = now + self.rest_s

    def doubted(self) -> None:
        self.has = None
        self.meanwhile.clear()
        self.settled = False
        self.doubts += 1


class Cargo:
    """The pieces at all places.

    Attributes:
        failed: the places that did not do the last thing they were asked, and why.
        lost: pieces that are wanted and stand at no place: they have to be made anew.
    """

    def __init__(self, stores: Sequence[Store], monotonic: Callable[[], float]) -> None:
        self._places = tuple(map(_Berthed, stores))
        self._monotonic = monotonic
        self._fresh: set[str] = set()  # brought, and not named by anything yet
        self.failed: dict[str, str] = {}
        self.lost: set[str] = set()

    async def bring(self, pieces: Mapping[str, bytes]) -> None:
        """Store pieces wherever they are missing. A place that fails gets them by `settle`.

        Raises:
            NotTaken: most places do not have all of them now.
        """
        self._fresh.update(pieces)
        taken: Counter[str] = Counter()

        async def to(place: _Berthed) -> None:
            async with place.lock:
                missing = [name for name in pieces if name not in (place.has or ())]
                await _some(missing, lambda n: place.store.create(piece_key(n), pieces[n]))
                place.note(missing, there=True)
            taken.update(pieces.keys())

        await self._each(to)
        self.lost -= pieces.keys()
        least = enough_of(len(self._places))
        if any(taken[name] < least for name in pieces):
            raise NotTaken("most places do not take what the lifeboat shows")

    def named(self) -> None:
        """What was brought is wanted from now on, as far as it is."""
        self._fresh.clear()

    def unsettle(self) -> None:
        """What was brought is named by nothing: it is taken away by and by."""
        self._fresh.clear()
        for place in self._places:
            place.settled = False

    async def drop(self, names: Collection[str]) -> None:
        """Remove pieces everywhere. A place that fails gets rid of them by `settle`."""

        async def at(place: _Berthed) -> None:
            async with place.lock:
                gone = [name for name in names if place.has is None or name in place.has]
                place.note(gone, there=False)
                await _some(gone, lambda name: place.store.delete(piece_key(name)))

        if names:
            await self._each(at)

    async def settle(self, wanted: Wanted, remove: Callable[[], bool]) -> bool:
        """Put places right that may lack something or hold too much: some pieces of each.

        Args:
            wanted: tells all pieces of the extract, as it is when asked.
            remove: tells whether to take away what is not wanted, as it is when asked.

        Returns:
            Whether there was something to do: then there may be more.
        """
        moved: list[int] = []

        async def at(place: _Berthed) -> None:
            if place.settled:
                return
            if place.has is None:
                doubts = place.doubts
                found = await _listed(place.store)
                if place.doubts != doubts:
                    return
                place.listed(found)
            gone = await self._relieved(place, wanted, remove)
            given, short = await self._stocked(place, wanted)
            moved.append(gone + given)
            place.settled = remove() and place.has is not None and not gone + given + short

        await self._each(at)
        return any(moved)

    def doubt(self) -> None:
        """List all places anew: something may stand there that is not known."""
        for place in self._places:
            place.doubted()

    async def _relieved(self, place: _Berthed, wanted: Wanted, remove: Callable[[], bool]) -> int:
        """Remove some of what is not wanted; how many there were."""
        async with place.lock:
            if not remove():
                return 0
            unwanted = (place.has or set()) - wanted() - self._fresh
            some = list(islice(unwanted, _REMOVED))
            place.note(some, there=False)
            await _some(some, lambda name: place.store.delete(piece_key(name)))
        return len(some)

    async def _stocked(self, place: _Berthed, wanted: Wanted) -> tuple[int, int]:
        """Bring some of what is lacking; how many pieces were, and how many can't be had now."""
        lacking = wanted() - (place.has or set())
        some = list(islice(lacking - self.lost, _COPIED))
        given = 0
        for name in some:
            content = await self._found(name, place)
            if content is None:
                continue
            async with place.lock:
                if name in wanted() or name in self._fresh:
                    await place.store.create(piece_key(name), content)
                    place.note([name], there=True)
                    given += 1
        return given, len(lacking) - given

    async def _found(self, name: str, lacking: _Berthed) -> bytes | None:
        """A piece from another place; one that is nowhere is lost."""
        everybody = True
        for place in self._places:
            if place is lacking:
                continue
            if self._rests(place):
                everybody = False
                continue
            try:
                found = await _read(place.store, name)
            except Exception:  # noqa: BLE001 (whatever it is, another place may have it)
                everybody = False
                continue
            if found is not None:
                return found
            if place.has is not None and name in place.has:
                place.doubted()  # it says so itself: somebody else has removed it
        if everybody:
            self.lost.add(name)
        return None

    def _rests(self, place: _Berthed) -> bool:
        return self._monotonic() < place.rests_until

    async def _each(self, work: Callable[[_Berthed], Awaitable[None]]) -> None:
        async def one(place: _Berthed) -> None:
            name = place.store.name
            try:
                await work(place)
            except Exception as error:  # noqa: BLE001 (whatever it is, the place has to be looked at again)
                why = error.why if isinstance(error, PlaceFailed) else str(error)
                self.failed[name] = why or type(error).__name__
                place.failed(self._monotonic())
            else:
                self.failed.pop(name, None)
                place.rest_s = 0.0

        await asyncio.gather(*(one(place) for place in self._places if not self._rests(place)))


async def _some(names: Sequence[str], work: Callable[[str], Awaitable[object]]) -> None:
    room = asyncio.Semaphore(_AT_ONCE)

    async def one(name: str) -> None:
        async with room, asyncio.timeout(_LONGEST_S):
            await work(name)

    try:
        async with asyncio.TaskGroup() as group:
            for name in names:
                group.create_task(one(name))
    except BaseExceptionGroup as several:  # none of them goes on behind the back of the rest
        raise several.exceptions[0] from None


async def _listed(store: Store) -> set[str]:
    found: set[str] = set()
    after = ""
    while True:
        async with asyncio.timeout(_LONGEST_S):
            page = await store.keys(PIECES, after=after, limit=_PAGE)
        found.update(name for key in page if (name := piece_at(key)) is not None)
        if len(page) < _PAGE:
            return found
        after = page[-1]


async def _read(store: Store, name: str) -> bytes | None:
    async with asyncio.timeout(_LONGEST_S):
        stored = await store.read(piece_key(name))
    return stored.content if stored is not None and name_of(stored.content) == name else None
