"""Old copies go: what was deleted here must not stay elsewhere for longer than was said."""

from collections.abc import Callable
from typing import Final

import msgspec

from rostra.hosting.ark.log.records import RECORDS, record_key
from rostra.hosting.ark.manifest import PIECES, Found, manifest_key, piece_key, shown
from rostra.hosting.ark.media.record import RECORDS as MEDIA
from rostra.hosting.ark.media.record import (
    SLACK_MS,
    mark_at,
    read,
    time_of,
)
from rostra.hosting.ark.media.record import (
    record_key as media_key,
)
from rostra.hosting.ark.read import ArkError, index, manifest_at, marks
from rostra.hosting.places.listing import Listing
from rostra.hosting.places.port import Store

_PAGE: Final = 1_000
May = Callable[[], bool]


class Stopped(ArkError):
    """This installation may not remove anything any more; the rest stays."""


class Pruned(msgspec.Struct, frozen=True):
    """What was removed at a place."""

    place: str
    manifests: int
    pieces: int
    records: int = 0
    media: int = 0  # records that told of media


async def remove(store: Store, key: str, may: May) -> None:
    """Remove an object of a place, as long as this installation may.

    Removing takes minutes, and is decided on by what was there when it began. Whoever holds the
    fence since then sends what is in no copy yet, and must not lose it again.

    Args:
        store: the place.
        key: of the object.
        may: is asked right before.

    Raises:
        Stopped: it may not any more.
        PlaceFailed: it can't be asked.
    """
    if not may():
        raise Stopped("this installation may not remove anything any more: the rest stays")
    await store.delete(key)


async def prune(store: Store, before: int, signer: str, may: May) -> Pruned:
    """Remove the copies of a place that were made before a time, and what only they consist of.

    The newest copy stays, however old. Nothing must be copied there meanwhile: what is being sent
    belongs to no copy yet.

    Args:
        store: the place.
        before: UTC ms.
        signer: the public key of the ark; what others have signed stays.
        may: whether this installation may still remove anything.

    Raises:
        Stopped: it may not any more; what was not removed is removed the next time.
        PlaceFailed: it can't be asked; what was not removed is removed the next time.
        ArkError: a manifest can't be read, or the index of a copy that stays can't be had: nothing
            is removed.
    """
    found: list[Found] = []
    for mark in await marks(store):
        each = await manifest_at(store, mark)
        if each is None:
            raise ArkError(f"manifest {shown(mark)} at {store.name} is damaged, or not signed")
        found.append(each)
    own = [each for each in found if each.manifest.key == signer]
    going = [each for each in own[:-1] if each.manifest.made_at < before]
    if not going:
        return Pruned(store.name, 0, 0)
    staying = [each for each in found if each not in going]
    wanted: set[str] = set()
    for each in staying:
        wanted |= await _all_pieces(store, each)
    wanted |= await _of_media(store, own[-1].manifest.made_at, signer)
    # First what names the pieces: a manifest whose pieces are gone would be a fault.
    for each in going:
        await remove(store, manifest_key(each.manifest.mark), may)
    media = await _media(store, min(each.manifest.made_at for each in staying), may)
    pieces = 0
    after = ""
    while page := await store.keys(PIECES, after=after, limit=_PAGE):
        for key in page:
            name = key.rpartition("/")[2]
            if name not in wanted:
                await remove(store, piece_key(name), may)
                pieces += 1
        after = page[-1]
    records = await _records(store, staying, may)
    return Pruned(store.name, len(going), pieces, records, media)


async def _records(store: Store, staying: list[Found], may: May) -> int:
    """Remove the records of the log that lie before every copy that stays; how many there were."""
    points = [each.manifest.log for each in staying if each.manifest.log is not None]
    if not points:
        return 0
    first = record_key(min(point.after or point.run for point in points))
    removed = 0
    while page := await store.keys(RECORDS, limit=_PAGE):
        going = [key for key in page if key < first]
        for key in going:
            await remove(store, key, may)
        removed += len(going)
        if len(going) < len(page):
            break
    return removed


async def _of_media(store: Store, newest: int, signer: str) -> set[str]:
    """The pieces of media that came since the newest copy; those of before are in that, or gone."""
    names: set[str] = set()
    for key in await Listing(store, MEDIA).all():
        mark = mark_at(key)
        if mark is not None and time_of(mark) >= newest - SLACK_MS:
            stored = await store.read(key)
            record = None if stored is None else read(stored.content, mark, signer)
            names.update(record.pieces if record is not None else ())
    return names


async def _media(store: Store, oldest: int, may: May) -> int:
    """Remove what tells of media of a time before every copy that stays; how much there was."""
    marks = (mark_at(key) for key in await Listing(store, MEDIA).all())
    going = [mark for mark in marks if mark is not None and time_of(mark) < oldest - SLACK_MS]
    for mark in going:
        await remove(store, media_key(mark), may)
    return len(going)


async def _all_pieces(store: Store, found: Found) -> set[str]:
    manifest = found.manifest
    names = await index([store], manifest)
    if len(names) != manifest.pieces:
        raise ArkError(f"the index of copy {manifest.mark} at {store.name} is not whole")
    return {*names, *manifest.listing, *manifest.index}
