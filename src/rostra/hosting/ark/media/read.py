"""What the places tell of media that came and went since a copy, each record checked first."""

from collections.abc import AsyncIterator, Container, Sequence
from random import sample
from typing import Final

from rostra.hosting.ark.log.lines import enough_of
from rostra.hosting.ark.media.record import (
    RECORDS,
    SLACK_MS,
    MediaRecord,
    mark_at,
    read,
    record_key,
    time_of,
)
from rostra.hosting.ark.read import ArkError
from rostra.hosting.ark.verify import EVERYWHERE, Fault, Read, read_back
from rostra.hosting.places.listing import Listing
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store

_MOST: Final = 1_000_000  # one a second for eleven days
_MOST_STRANGE: Final = 100  # that this key has not signed; of one place


async def marks(store: Store, since: int = 0) -> list[str]:
    """The marks of the records at a place, in order, but for those before a time (UTC ms).

    Raises:
        PlaceFailed: it can't be asked.
    """
    listed = await Listing(store, RECORDS, most=_MOST).all()
    found = (mark_at(key) for key in listed)
    return [mark for mark in found if mark is not None and time_of(mark) >= since]


async def records_at(
    store: Store, signer: str, since: int = 0, *, known: Container[str] = ()
) -> AsyncIterator[tuple[str, MediaRecord | None]]:
    """Each record of a place with its mark; None: what stands there is not signed by this key.

    Args:
        store: the place.
        signer: the public key.
        since: leave out what was written earlier; UTC ms.
        known: marks that need not be read.

    Raises:
        PlaceFailed: it can't be asked.
    """
    strange = 0
    for mark in await marks(store, since):
        if mark in known:
            continue
        stored = await store.read(record_key(mark))
        record = None if stored is None else read(stored.content, mark, signer)
        yield mark, record
        strange += record is None
        if strange > _MOST_STRANGE:
            return


async def records_since(stores: Sequence[Store], signer: str, made_at: int) -> list[MediaRecord]:
    """What any place tells of the time since a copy was made, in order.

    Raises:
        ArkError: no place answers.
    """
    found: dict[str, MediaRecord] = {}
    why: list[str] = []
    for store in stores:
        try:
            told = records_at(store, signer, made_at - SLACK_MS, known=found.keys())
            found |= {mark: record async for mark, record in told if record is not None}
        except PlaceFailed as error:
            why.append(f"{store.name}: {error.why}")
    if len(why) == len(stores):
        raise ArkError("; ".join(why))
    return [found[mark] for mark in sorted(found)]


async def verify_media(
    stores: Sequence[Store], signer: str, made_at: int, *, most: int | None = None
) -> AsyncIterator[Fault | Read]:
    """Read back what each place has of the media that came since a copy. Needs no key.

    Args:
        stores: the places.
        signer: the public key.
        made_at: when the copy was; UTC ms.
        most: so many pieces of each place, drawn; None: all.
    """
    held: dict[str, int] = {}
    for store in stores:
        names: set[str] = set()
        try:
            async for mark, record in records_at(store, signer, made_at - SLACK_MS):
                if record is None:
                    yield Fault(store.name, f"what is told of media at {mark} is damaged")
                else:
                    held[mark] = held.get(mark, 0) + 1
                    names.update(record.pieces)
        except PlaceFailed as error:
            yield Fault(store.name, error.why)
            continue
        drawn = sorted(names) if most is None else sample(sorted(names), min(most, len(names)))
        async for each in read_back(store, drawn):
            yield each
    few = [mark for mark, count in sorted(held.items()) if count < enough_of(len(stores))]
    if few:
        yield Fault(EVERYWHERE, f"media of {len(few):,} records stand at too few places")
