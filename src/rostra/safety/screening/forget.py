"""What was found goes with the words, and by itself when its days are over."""

from typing import Final

import msgspec

from rostra.kernel.clock import DAY, HOUR
from rostra.kernel.ids import floor_at
from rostra.network.accounts.events import AccountRemoved
from rostra.network.posts.events import PostDeleted
from rostra.safety.edge import Services, Transaction
from rostra.safety.screening import queries
from rostra.safety.subjects import SubjectKind
from rostra.store.outbox.kinds import JobKind

_CHUNK: Final = 1_000


class Tidy(msgspec.Struct, frozen=True):
    """Forget what has been kept for long enough."""


async def post_deleted(_services: Services, tx: Transaction, event: PostDeleted) -> None:
    """Forget what was found in a post. Hears `PostDeleted`."""
    if not event.reblog_of_id:
        await tx.run(queries.FORGET, id=event.post_id, kind=int(SubjectKind.POST))


async def account_removed(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Forget what was found in a profile; its posts are deleted one by one."""
    await tx.run(queries.FORGET, id=event.account_id, kind=int(SubjectKind.ACCOUNT))


async def tidy(services: Services, tx: Transaction, job: Tidy) -> None:
    """Forget some; if that is much, the next job goes on at once."""
    kept_ms = services.settings.screening.keep_days * DAY
    below = floor_at(services.clock.now() - kept_ms)
    ids = await tx.all(queries.OLD, below=below, limit=_CHUNK)
    if ids:
        await tx.run(queries.DROP, ids=ids)
    if len(ids) == _CHUNK:
        await tx.enqueue("screening.tidy", job)


JOBS = (JobKind("screening.tidy", Tidy, tidy, transactional=True, daily_at_ms=3 * HOUR),)
