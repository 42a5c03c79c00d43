"""What the places show, asked of all at once; a place that is silent shows nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from rostra.hosting.fence.records import (
    FOLDER,
    Claim,
    Release,
    claim_from,
    claim_key,
    epoch_of,
    release_from,
    release_key,
)
from rostra.hosting.fence.votes import Shown
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store

MOST_KEYS: Final = 2_000
MOST_EPOCHS: Final = 64
FURTHEST: Final = 10_000
_PAGE: Final = 500
_log = logging.getLogger(__name__)


async def survey(stores: Sequence[Store], deadline_s: float) -> list[Shown]:
    """Every epoch that stands at the places that answer in time."""
    return await _of_all(stores, _whole, deadline_s)


async def survey_from(stores: Sequence[Store], epoch: int, deadline_s: float) -> list[Shown]:
    """This epoch and all above it, at the places that answer in time. Two requests a place."""
    return await _of_all(stores, lambda store: _from(store, epoch), deadline_s)


async def _of_all(
    stores: Sequence[Store], ask: Callable[[Store], Awaitable[Shown]], deadline_s: float
) -> list[Shown]:
    async def one(store: Store) -> Shown | None:
        try:
            async with asyncio.timeout(deadline_s):
                return await ask(store)
        except (PlaceFailed, TimeoutError):
            return None
        except Exception:  # noqa: BLE001 (whatever it holds, one place must not silence the others)
            _log.exception("what place %s shows can't be read", store.name)
            return None

    found = await asyncio.gather(*(one(store) for store in stores))
    return _sane([each for each in found if each is not None])


async def _whole(store: Store) -> Shown:
    return await _shown(store, await _keys(store, after=""))


async def _from(store: Store, epoch: int) -> Shown:
    own, behind = await asyncio.gather(
        store.read(claim_key(epoch)), _keys(store, after=claim_key(epoch))
    )
    shown = await _shown(store, [key for key in behind if epoch_of(key) != epoch])
    claim = None if own is None else claim_from(own.content, epoch)
    if own is not None:
        shown.claims[epoch] = claim
    if claim is not None and release_key(epoch) in behind:
        given = await _release(store, claim)
        if given is not None:
            shown.releases[epoch] = given
    return shown


async def _keys(store: Store, *, after: str) -> list[str]:
    """The keys of the fence behind this one.

    Raises:
        PlaceFailed: there are more than there can ever be.
    """
    found: list[str] = []
    while True:
        page = await store.keys(FOLDER, after=after, limit=_PAGE)
        found += page
        if len(found) > MOST_KEYS:
            raise PlaceFailed(store.name, f"more than {MOST_KEYS} objects below {FOLDER}/")
        if len(page) < _PAGE:
            return found
        after = page[-1]


async def _shown(store: Store, keys: Sequence[str]) -> Shown:
    """What stands there for the newest epochs that keys are there for."""
    present = set(keys)
    epochs = sorted({epoch for key in keys if (epoch := epoch_of(key)) is not None})[-MOST_EPOCHS:]
    found = await asyncio.gather(*(_claim(store, epoch) for epoch in epochs))
    claims = dict(zip(epochs, found, strict=True))
    ended = [
        claim
        for epoch, claim in claims.items()
        if claim is not None and release_key(epoch) in present
    ]
    given = await asyncio.gather(*(_release(store, claim) for claim in ended))
    releases = {
        claim.epoch: each for claim, each in zip(ended, given, strict=True) if each is not None
    }
    return Shown(store.name, claims, releases)


async def _claim(store: Store, epoch: int) -> Claim | None:
    stored = await store.read(claim_key(epoch))
    return None if stored is None else claim_from(stored.content, epoch)


async def _release(store: Store, claim: Claim) -> Release | None:
    stored = await store.read(release_key(claim.epoch))
    return None if stored is None else release_from(stored.content, claim)


def _sane(shown: list[Shown]) -> list[Shown]:
    """Without a place that shows an epoch which cannot have come about: it would end all epochs."""
    tops = sorted(each.top for each in shown)
    most = (tops[-2] if len(tops) > 1 else 0) + FURTHEST
    return [each for each in shown if each.top <= most]
