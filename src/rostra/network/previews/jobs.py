"""Jobs: links are fetched, and what no post shows any more is forgotten."""

import secrets

import msgspec

from rostra.kernel.clock import HOUR, MINUTE
from rostra.kernel.errors import RostraError, Unavailable
from rostra.kernel.text.domains import registrable
from rostra.network.edge import Services, Transaction
from rostra.network.previews import queries, quota
from rostra.network.previews.address import host_of
from rostra.network.previews.authors import JOBS as AUTHOR_JOBS
from rostra.network.previews.authors import author_of
from rostra.network.previews.events import CardChanged
from rostra.network.previews.fetch import Found, fetch
from rostra.network.previews.model import CardState, Known
from rostra.network.previews.quota import Busy
from rostra.store.blobs import new_key
from rostra.store.outbox.kinds import JobKind

FOLDER = "cards"
_PATIENCE_MS = 6 * HOUR


class FetchCard(msgspec.Struct, frozen=True):
    """An address that a post is to be previewed by."""

    card_id: int
    asked_at: int = 0  # UTC ms, since when it is postponed; 0: it was not yet


class DropCards(msgspec.Struct, frozen=True):
    """An address that has lost a post."""

    card_id: int


class DropImages(msgspec.Struct, frozen=True):
    """Stored pictures of previews to delete, by their keys."""

    keys: tuple[str, ...]


async def run(services: Services, payload: FetchCard) -> None:
    """Fetch one address. What can't be fetched is not tried again before somebody posts it again.

    The row names the picture before it is stored, so whatever is interrupted is led to by a row.
    """
    async with services.db.read() as reader:
        known = await reader.first(queries.KNOWN, card=payload.card_id)
    if known is None:  # no post shows it any more
        return
    try:
        found = await fetch(services, known.address)
    except Unavailable:
        raise  # our own gate is closed, or our own pictures have too much to do
    except Busy:
        await _postpone(services, payload)
        return
    except RostraError:
        found = None
    image = found.image if found else None
    key = new_key(FOLDER, image.extension.lstrip(".")) if image else ""
    async with services.db.write() as tx:
        there = await _write(services, tx, known.id, found, key)
    if not there:
        return
    if image:
        await services.blobs.put(key, image.data, image.mime)
    async with services.db.write() as tx:
        now_known = await tx.first(queries.KNOWN, card=known.id)
        if now_known is not None and now_known.image_key == key:
            framed = found is not None and found.card.kind != "link"
            await tx.emit(CardChanged(known.id, framed != (known.kind != "link")))
        elif key:  # forgotten in the meantime: nobody else would delete what was just stored
            await tx.enqueue("previews.drop_images", DropImages((key,)))


async def _postpone(services: Services, payload: FetchCard) -> None:
    """Ask again in a while, for as long as a preview is of any use."""
    now = services.clock.now()
    async with services.db.write() as tx:
        known = await tx.first(queries.KNOWN, card=payload.card_id)
        if known is None:
            return
        asked_at = payload.asked_at or now
        if now - asked_at < _PATIENCE_MS:
            await ask(tx, known, FetchCard(known.id, asked_at), run_at=now + _later())
        elif known.state != CardState.READY:
            await tx.run(queries.ASKED, card=known.id, now=now)


def _later() -> int:
    return MINUTE + secrets.randbelow(10 * MINUTE)


async def ask(tx: Transaction, known: Known, payload: FetchCard, *, run_at: int) -> None:
    """Have an address fetched; one call at a time goes to one domain."""
    await tx.enqueue(
        "previews.fetch",
        payload,
        run_at=run_at,
        dedupe_key=str(known.id),
        group_key=f"previews {registrable(host_of(known.address))}",
    )


async def _write(
    services: Services, tx: Transaction, card_id: int, found: Found | None, key: str
) -> bool:
    before = await tx.first(queries.KNOWN, card=card_id)
    if before is None:
        return False
    now = services.clock.now()
    if found is None:
        if before.state != CardState.READY:  # what was seen before stays as it was
            await tx.run(queries.ASKED, card=card_id, now=now)
        return False
    columns = msgspec.structs.asdict(found.card) | {
        "image_key": key,
        "author_account_id": await author_of(services, tx, found.creator, found.card.url),
    }
    await tx.run(queries.FETCHED, card=card_id, state=int(CardState.READY), now=now, **columns)
    if before.image_key:
        await tx.enqueue("previews.drop_images", DropImages((before.image_key,)))
    return True


async def drop(_services: Services, tx: Transaction, payload: DropCards) -> None:
    """Forget an address that no post shows any more."""
    key = await tx.value(queries.FORGET, card=payload.card_id)
    if key:
        await tx.enqueue("previews.drop_images", DropImages((key,)))


async def drop_images(services: Services, payload: DropImages) -> None:
    """Tried until they are gone."""
    await services.blobs.delete(list(payload.keys))


JOBS = (
    *AUTHOR_JOBS,
    *quota.JOBS,
    JobKind("previews.fetch", FetchCard, run, attempts=5, timeout_s=120, first_retry_s=60),
    JobKind("previews.drop", DropCards, drop, transactional=True),
    JobKind("previews.drop_images", DropImages, drop_images, attempts=20),
)
