"""The task that tells the lifeboat, while the server runs: that it is there, and what is public.

Each process of an installation runs one; the one that gets the lock does the work. A head is signed
every ten seconds, and at once when the extract has changed. Whose pages have changed is known by
marks (`store/lifeboat.py`); beside that everybody is looked at again every six hours. Heads, rounds
and the repair of places go on beside each other: none of them ends or delays another.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from msgspec.structs import replace

from rostra.hosting.ark.keys import Keys
from rostra.hosting.ark.log.state import LogState
from rostra.hosting.lifeboat.cargo import NotTaken
from rostra.hosting.lifeboat.held import Held
from rostra.hosting.lifeboat.keys import FeedKeys
from rostra.hosting.lifeboat.model import HEAD, Head, signed
from rostra.hosting.lifeboat.telling import Telling
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store
from rostra.network.edge import Services
from rostra.network.instance import access as instance_access

BEAT_S: Final = 10
LOOK_S: Final = 2.0
_PUT_S: Final = 8.0
_log = logging.getLogger(__name__)


class Feeder:
    """Tells the lifeboat of one installation."""

    def __init__(
        self, services: Services, keys: Keys, feed: FeedKeys, stores: Sequence[Store]
    ) -> None:
        self._services = services
        self._keys = keys
        self._feed = feed
        self._stores = tuple(stores)
        self._held = Held(services.settings.data_dir)
        self._telling = Telling(services, feed, keys.public, stores, self.beat)
        self._silent: dict[str, str] = {}
        self._told = ""

    async def run(self) -> None:
        """Tell, as long as this installation may, until cancelled."""
        while True:
            try:
                with self._held.alone() as alone:
                    if alone and self._may():
                        await self._while_it_may()
            except Exception:  # noqa: BLE001 (the next round may go better; the lifeboat sees the silence)
                _log.exception("the lifeboat could not be told")
            self._telling.close()  # another process may go on with it
            await asyncio.sleep(LOOK_S)

    async def _while_it_may(self) -> None:
        beside = [
            asyncio.create_task(self._on_and_on(self.beat, BEAT_S)),
            asyncio.create_task(self._on_and_on(self.settle, LOOK_S)),
        ]
        try:
            while self._may():
                await self._round()
                await asyncio.sleep(LOOK_S)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _on_and_on(self, work: Callable[[], Awaitable[None]], every_s: float) -> None:
        while True:
            try:
                if self._may():
                    await work()
            except Exception:  # noqa: BLE001 (whatever went wrong, the next one is due)
                _log.exception("the lifeboat could not be told")
            await asyncio.sleep(every_s)

    async def _round(self) -> None:
        try:
            await self.round()
        except Exception:  # noqa: BLE001 (the next round does it again)
            _log.exception("a round for the lifeboat was cut off")
            await asyncio.sleep(BEAT_S)

    def _may(self) -> bool:
        """Nothing leaves a copy that is mute, or one that has lost the fence."""
        return self._services.egress.closing("ark") is None

    async def round(self) -> None:
        """Bring what has changed to the places, and tell of it.

        Where most places can't be written nothing changes, and the next round does it again.

        Raises:
            OSError: the state can't be kept here.
        """
        try:
            await self._telling.round()
        except NotTaken:
            pass  # which place failed, and why, is said below
        except BaseException:
            self._telling.cut_off()
            raise
        self._tell()

    async def settle(self) -> None:
        """Put right the places that missed something, as far as that can be done now."""
        while await self._telling.settle() and self._may():
            pass

    async def beat(self) -> None:
        """Tell every place that this host is there."""
        services, settings = self._services, self._services.settings
        await self._telling.open()
        async with services.db.read() as reader:
            place = await instance_access.place(services, reader)
        now = services.clock.now()
        closing, standing = services.write_gate.closing(), LogState(settings.data_dir).standing()
        known = await self._telling.open()
        number = max(known.number + 1, now)
        self._telling.keep(replace(known, number=number))
        head = Head(
            epoch=services.write_gate.epoch(),
            number=number,
            at=now,
            every_s=BEAT_S,
            domain=settings.domain,
            base_url=settings.site.base_url.rstrip("/"),
            title=place.settings.title,
            closed=closing.reason if closing else "",
            lag_ms=standing.lag_ms(now) if standing else -1,
            wrapped=self._feed.wrapped,
            root=known.root,
            key=self._keys.public,
        )
        content = signed(head, self._keys.signing_key)
        await asyncio.gather(*(self._put(store, content) for store in self._stores))

    async def _put(self, store: Store, content: bytes) -> None:
        try:
            async with asyncio.timeout(_PUT_S):
                await store.put(HEAD, content)
        except TimeoutError:
            self._silent[store.name] = f"{store.name}: it does not answer in time"
        except Exception as error:  # noqa: BLE001 (the other places are told all the same)
            said = str(error) if isinstance(error, PlaceFailed) else f"{store.name}: {error!r}"
            self._silent[store.name] = said
        else:
            self._silent.pop(store.name, None)

    def _tell(self) -> None:
        """Say once what is wrong, and not every two seconds."""
        faults = [f"{name}: {why}" for name, why in self._telling.cargo.failed.items()]
        told = "; ".join(dict.fromkeys((*faults, *self._silent.values())))
        if told and told != self._told:
            _log.warning("not every place has what the lifeboat shows: %s", told)
        self._told = told
