"""Parts of the journal go that no copy needs any more."""

from collections.abc import Sequence

from rostra.hosting.ark.prune import May, remove
from rostra.hosting.ark.read import manifest_at
from rostra.hosting.ark.read import marks as copies_of
from rostra.hosting.journal.listed import marks
from rostra.hosting.journal.part import key_of, read
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store
from rostra.kernel.clock import HOUR


async def prune(stores: Sequence[Store], signer: str, may: May) -> int:
    """Remove the parts that are older than every copy at any place; how many objects.

    The newest part stays: the next one follows it. A place that does not answer may have an older
    copy, so nothing is removed then.

    Args:
        stores: the places.
        signer: the public key of the ark; what others have signed stays.
        may: whether this installation may still remove anything.

    Raises:
        Stopped: it may not any more; what was not removed is removed the next time.
        PlaceFailed: a place does not answer, or does not let a part go; the others have.
    """
    oldest = [await _oldest(store) for store in stores]
    kept = [each for each in oldest if each is not None]
    if not kept:
        return 0
    # An hour, because the clock of a host may be set back.
    before = min(kept) - HOUR
    removed, failed = 0, []
    for store in stores:
        try:
            removed += await _of_place(store, before, signer, may)
        except PlaceFailed as error:  # the others are done all the same
            failed.append(error)
    if failed:
        raise failed[0]
    return removed


async def _oldest(store: Store) -> int | None:
    """When the oldest copy of a place was made; None: it has none."""
    times = []
    for mark in await copies_of(store):
        found = await manifest_at(store, mark)
        if found is None:
            raise PlaceFailed(store.name, f"manifest {mark} is damaged, or not signed")
        times.append(found.manifest.made_at)
    return min(times, default=None)


async def _of_place(store: Store, before: int, signer: str, may: May) -> int:
    removed = 0
    for mark in (await marks(store))[:-1]:
        stored = await store.read(key_of(mark))
        found = None if stored is None else read(stored.content, mark)
        if found is None or found.part.key != signer:
            continue
        if found.part.made_at >= before:
            break
        await remove(store, key_of(mark), may)
        removed += 1
    return removed
