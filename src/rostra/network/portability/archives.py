"""Asking for an archive, and what ends one: its owner, a deletion, time, the end of the account."""

import msgspec

from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict
from rostra.network.accounts.events import AccountRemoved
from rostra.network.accounts.jobs import drop_blobs
from rostra.network.edge import Services, Transaction
from rostra.network.portability import access
from rostra.network.portability.model import Archive, ArchiveState
from rostra.network.portability.queries import archives as queries
from rostra.network.posts.events import PostDeleted

MADE_WITHIN_MS = DAY


class MakeArchive(msgspec.Struct, frozen=True):
    """Write an archive; ``tries`` counts how often a deletion came in between."""

    archive_id: int
    tries: int = 0


async def request_archive(services: Services, tx: Transaction, account_id: int) -> int:
    """Have an archive made, in place of an older one; its id.

    Raises:
        Conflict: one is being made.
    """
    now = services.clock.now()
    old = await tx.first(queries.ARCHIVE_OF, account=account_id)
    if old is not None:
        if not old.ready and old.expires_at > now:
            raise Conflict(safe="Your archive is being made already")
        await _drop(tx, old)
    archive_id = services.ids.next()
    await tx.run(
        queries.ADD_ARCHIVE,
        id=archive_id,
        account_id=account_id,
        state=int(ArchiveState.WAITING),
        blob_key="",
        size=0,
        requested_at=now,
        touched_at=0,
        ready_at=0,
        expires_at=now + MADE_WITHIN_MS,
    )
    await tx.enqueue("portability.make_archive", MakeArchive(archive_id))
    return archive_id


async def drop_archive(
    services: Services, tx: Transaction, account_id: int, archive_id: int
) -> None:
    """Delete one's own archive before its time.

    Raises:
        NotFound: it is somebody else's, not ready or gone.
    """
    now = services.clock.now()
    await _drop(tx, await access.ready_archive(tx, account_id, archive_id, now))


async def drop_by_id(tx: Transaction, archive_id: int) -> None:
    """Delete an archive, whoever's it is; nothing where it is gone."""
    found = await tx.first(queries.ARCHIVE, archive=archive_id)
    if found is not None:
        await _drop(tx, found)


async def post_deleted(services: Services, tx: Transaction, event: PostDeleted) -> None:
    """Subscriber: deleted means deleted, from a copy too. One that is being made begins anew."""
    if event.reblog_of_id:
        return
    found = await tx.first(queries.ARCHIVE_OF, account=event.account_id)
    if found is None:
        return
    now = services.clock.now()
    if not await tx.run(queries.TOUCH_ARCHIVE, archive=found.id, now=now):
        finished = await tx.first(queries.ARCHIVE, archive=found.id)
        if finished is not None:
            await _drop(tx, finished)


async def forget_account(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Subscriber: an account is deleted, and its archive with it."""
    found = await tx.first(queries.ARCHIVE_OF, account=event.account_id)
    if found is not None:
        await _drop(tx, found)


async def drop_expired(tx: Transaction, now: int) -> int:
    """Delete archives whose time is over, and those that were never finished; how many."""
    found = await tx.all(queries.EXPIRED, now=now)
    for archive in found:
        await _drop(tx, archive)
    return len(found)


async def _drop(tx: Transaction, archive: Archive) -> None:
    await tx.run(queries.DROP_ARCHIVE, archive=archive.id)
    await drop_blobs(tx, [archive.blob_key])
