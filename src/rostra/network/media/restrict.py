"""What decisions do to media, and take back: the one writer of `media.limits`.

A medium is withheld as long as there is a reason: a decision on itself, on the post that shows it,
or on its owner. Its file is given to nobody then, and its attachment stands without an address.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from enum import IntFlag

import msgspec

from rostra.network.accounts.events import AccountsRestricted
from rostra.network.accounts.limits import Limit as AccountLimit
from rostra.network.edge import Services, Transaction
from rostra.network.files.withhold import show_again, withhold
from rostra.network.media.events import MediaRestricted
from rostra.network.media.queries import restrict as queries
from rostra.network.media.queries.restrict import Held
from rostra.store.outbox.kinds import JobKind
from rostra.store.query import rows_of

__all__ = ["MediaLimits", "restrict_media"]

_CHUNK = 200


class Limit(IntFlag):
    """One reason to withhold a medium: a bit of `media.limits`."""

    DECIDED = 1
    POST = 2  # the post that shows it is held or removed
    OWNER = 4  # who is suspended


class MediaLimits(msgspec.Struct, frozen=True):
    """What a medium is restricted to; none of it: it is shown."""

    withheld: bool = False


class WithholdOf(msgspec.Struct, frozen=True):
    """Withhold, or show again, the media of an account as its state says."""

    account_id: int


async def restrict_media(
    tx: Transaction,
    media_ids: Collection[int],
    wanted_of: Callable[[], Awaitable[Mapping[int, MediaLimits]]],
) -> None:
    """Withhold media, or show them again; those that are gone are passed over.

    A handful of statements for any number of media.

    Args:
        tx: the transaction.
        media_ids: the media.
        wanted_of: what is wanted of each of them, asked when they are locked.
    """
    rows = await tx.all(queries.LOCK, ids=sorted(media_ids))
    wanted = await wanted_of()
    changed = await _set(tx, rows, Limit.DECIDED, {at for at, w in wanted.items() if w.withheld})
    posts = tuple(sorted({row.post_id for row in changed if row.post_id}))
    if posts:
        await tx.emit(MediaRestricted(posts))


async def of_posts(
    tx: Transaction, *, hidden: Iterable[int] = (), shown: Iterable[int] = ()
) -> None:
    """Withhold the media of posts that are hidden now, and show those of others again."""
    gone = set(hidden)
    posts = sorted(gone.union(shown))
    if posts:
        rows = await tx.all(queries.LOCK_OF_POSTS, ids=posts)
        await _set(tx, rows, Limit.POST, {row.id for row in rows if row.post_id in gone})


async def accounts_restricted(
    _services: Services, tx: Transaction, event: AccountsRestricted
) -> None:
    """The media of somebody who is suspended are withheld, by a job."""
    for each in event.accounts:
        if each.begins(AccountLimit.SUSPENDED) or each.ends(AccountLimit.SUSPENDED):
            job, account = WithholdOf(each.account_id), str(each.account_id)
            await tx.enqueue("media.withhold_of", job, dedupe_key=account, group_key=account)


async def withhold_of(services: Services, payload: WithholdOf) -> None:
    """The job, a chunk to a transaction."""
    above, more = 0, True
    while more:
        async with services.db.write() as tx:
            limits = await tx.first(queries.LIMITS_OF, account=payload.account_id) or 0
            found = await tx.all(
                queries.OF_ACCOUNT, account=payload.account_id, above=above, limit=_CHUNK
            )
            rows = await tx.all(queries.LOCK, ids=found)
            suspended = bool(limits & AccountLimit.SUSPENDED)
            await _set(tx, rows, Limit.OWNER, set(found) if suspended else set())
        above, more = max(found, default=0), bool(found)


async def _set(
    tx: Transaction, rows: Sequence[Held], reason: Limit, withheld: set[int]
) -> list[Held]:
    """Set a reason for some of the media and take it from all others; those that changed."""
    after = {
        row.id: row.limits | reason if row.id in withheld else row.limits & ~reason for row in rows
    }
    changed = [row for row in rows if row.limits != after[row.id]]
    if not changed:
        return []
    await tx.run(queries.APPLY, rows=rows_of((row.id, after[row.id]) for row in changed))
    gone = [row for row in changed if not row.limits]
    back = [row for row in changed if not after[row.id]]
    await withhold(tx, [key for row in gone for key in row.keys])
    await show_again(tx, [key for row in back for key in row.keys])
    return changed


JOBS = (JobKind("media.withhold_of", WithholdOf, withhold_of, timeout_s=3600),)
