"""The lifeboat's look-out: asks the places every few seconds, and knows how the network stands.

It reads, and never writes. What it believes is signed: heads and drills by the ark, notices by the
operator. The age of a head is measured here, from the moment that it was first seen, so that the
clock of a host that is wrong makes it neither live nor dead.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from rostra.hosting.drill.model import RESULTS, Result, Signed
from rostra.hosting.drill.model import read as read_drill
from rostra.hosting.fence.survey import survey
from rostra.hosting.lifeboat import notices
from rostra.hosting.lifeboat.keys import Berth
from rostra.hosting.lifeboat.model import LARGEST_RECORD, Head
from rostra.hosting.lifeboat.newest import heads
from rostra.hosting.lifeboat.notices import Notice
from rostra.hosting.lifeboat.states import Signs, State, is_moving, judged
from rostra.hosting.places.port import Store
from rostra.hosting.signed import UNREADABLE
from rostra.kernel.clock import Clock

LOOK_S: Final = 5.0
_SUSPECT_S: Final = 12.0  # a head is late: is it a move?
_REST_EVERY_S: Final = 60.0  # drills and notices
_DEADLINE_S: Final = 4.0
STALE_AFTER_S: Final = 60.0
"""What was not looked at for so long is not known any more."""
_GONE: Final = frozenset({State.AWAY, State.MOVING})


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What is known. Times are UTC ms by the clock of the lifeboat.

    Attributes:
        state: how the network stands.
        since: since when, as far as it was seen; 0: since before this was started.
        looked_at: when the places were last asked.
        head: the newest sign of life; None: there is none.
        head_seen_at: when that came.
        drill: the last drill; None: none is known.
        notices: of the operator, the newest first.
        silent: the places that do not answer, and why.
    """

    state: State = State.UNKNOWN
    since: int = 0
    looked_at: int = 0
    head: Head | None = None
    head_seen_at: int = 0
    drill: Result | None = None
    notices: tuple[Notice, ...] = ()
    silent: dict[str, str] = {}

    @property
    def is_gone(self) -> bool:
        """Whether the network's own addresses are answered here."""
        return self.state not in {State.HERE, State.BACK}


class Watch:
    """The look-out."""

    def __init__(
        self, berth: Berth, stores: Sequence[Store], voting: Sequence[str], clock: Clock
    ) -> None:
        """Look out.

        Args:
            berth: what this lifeboat was given.
            stores: the places.
            voting: the names of those that have a vote on who may write.
            clock: of this machine.
        """
        self._report = Report()
        self._looked: float | None = None  # monotonic
        self._berth = berth
        self._stores = tuple(stores)
        self._voting = tuple(voting)
        self._clock = clock
        self._seen_at: float | None = None  # monotonic
        self._gone_at: float | None = None
        self._rest_at: float | None = None

    @property
    def report(self) -> Report:
        """What is known. A look-out that is stuck knows nothing any more."""
        since = self._since(self._looked)
        if since is None or since <= STALE_AFTER_S:
            return self._report
        return msgspec.structs.replace(self._report, state=State.UNKNOWN)

    async def look(self, turn: Callable[[Report], None] | None = None) -> Report:
        """Ask all places once.

        Args:
            turn: is told of the heads before the rest is asked for, which may take its time.
        """
        await self._signs()
        if turn is not None:
            turn(self.report)
        await self._rest()
        return self.report

    async def _signs(self) -> None:
        """Heads, and the fence where they are late."""
        found = await heads(self._stores, self._berth.signer, _DEADLINE_S)
        newest = self._newer(found.head)
        age = self._age()
        moving = newest is not None and age > _SUSPECT_S and await self._moving(newest)
        signs = Signs(
            head=newest,
            age=age,
            answering=len(self._stores) - len(found.silent),
            places=len(self._stores),
            moving=moving,
            was_gone=self._since(self._gone_at),
        )
        state, before = judged(signs), self._report
        if state in _GONE:
            self._gone_at = self._clock.monotonic()
        now, self._looked = self._clock.now(), self._clock.monotonic()
        first = not before.looked_at
        since = before.since if state == before.state else 0 if first else now
        self._report = msgspec.structs.replace(
            before,
            state=state,
            since=since,
            looked_at=now,
            head=newest,
            head_seen_at=now - round(age * 1_000) if newest else 0,
            silent=found.silent,
        )

    def _newer(self, head: Head | None) -> Head | None:
        """The newest head that was ever seen: a place that shows an old one takes nothing back."""
        known = self._report.head
        if head is None or (known is not None and head.place_in_time <= known.place_in_time):
            return known
        now = self._clock.monotonic()
        if known is None:
            # It may have stood there for long: only its own clock tells.
            now -= max(0, self._clock.now() - head.at) / 1_000
        self._seen_at = now
        return head

    def _age(self) -> float:
        return 0.0 if self._seen_at is None else self._clock.monotonic() - self._seen_at

    def _since(self, moment: float | None) -> float | None:
        return None if moment is None else self._clock.monotonic() - moment

    async def _moving(self, head: Head) -> bool:
        voting = [store for store in self._stores if store.name in self._voting]
        return is_moving(head, await survey(voting, _DEADLINE_S), self._voting)

    async def _rest(self) -> None:
        """Drills and notices: now and then, of all places at once."""
        since = self._since(self._rest_at)
        if since is not None and since < _REST_EVERY_S:
            return
        self._rest_at = self._clock.monotonic()
        told: dict[int, Notice] = {}
        drill = self._report.drill
        answered = [each for each in await self._told_of_all() if each is not None]
        for found, newest in answered:
            told |= {each.at: each for each in found}
            if newest is not None and (drill is None or newest.begun_at > drill.begun_at):
                drill = newest
        if answered:
            shown = notices.standing(told.values())
            self._report = msgspec.structs.replace(self._report, drill=drill, notices=shown)

    async def _told_of_all(self) -> list[tuple[list[Notice], Result | None] | None]:
        """The notices and the last drill at each place; None: it does not answer."""

        async def of(store: Store) -> tuple[list[Notice], Result | None] | None:
            try:
                async with asyncio.timeout(_DEADLINE_S):
                    signers = (self._berth.notices, self._berth.signer)
                    return await notices.newest(store, signers), await self._drill(store)
            except Exception:  # noqa: BLE001 (whatever it is, the other places are heard)
                return None

        return await asyncio.gather(*map(of, self._stores))

    async def _drill(self, store: Store) -> Result | None:
        keys = await store.keys(RESULTS)
        stored = await store.read(keys[-1]) if keys else None
        if stored is None or len(stored.content) > LARGEST_RECORD:
            return None
        try:
            given = msgspec.json.decode(stored.content, type=Signed)
        except UNREADABLE:
            return None
        return read_drill(given, self._berth.signer)
