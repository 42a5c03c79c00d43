"""Old posts that delete themselves, by their member's own rule."""

import msgspec

from rostra.kernel import ids
from rostra.kernel.clock import DAY, HOUR
from rostra.kernel.errors import Fault, Invalid
from rostra.network.accounts.events import AccountRemoved
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.portability.model import AGES_DAYS, CleanupRule
from rostra.network.portability.queries import cleanup as queries
from rostra.network.posts.delete import remove
from rostra.store.outbox.kinds import JobKind

MOST_COUNTED = 1_000_000
_MEMBERS_AT_ONCE = 200
_POSTS_AT_ONCE = 100
_DELETED_IN_A_RUN = 500
_LOOKED_AT_IN_A_RUN = 5000


class CleanUp(msgspec.Struct, frozen=True):
    """Look at every member's rule."""


class CleanUpAfter(msgspec.Struct, frozen=True):
    """Delete some of one member's old posts."""

    account_id: int


async def rule_of(reader: Reader, account_id: int) -> CleanupRule:
    """The member's own rule; one that deletes nothing where they have none."""
    found = await reader.first(queries.RULE, account=account_id)
    return found if found is not None else CleanupRule(account_id)


async def set_rule(tx: Transaction, rule: CleanupRule) -> None:
    """Set the member's rule; from the next hour on it holds.

    Raises:
        Invalid: names each field that makes no sense.
    """
    faults = [
        Fault(name, f"must be between 0 and {MOST_COUNTED}", "ERR_INVALID")
        for name in ("min_favourites", "min_reblogs")
        if not 0 <= getattr(rule, name) <= MOST_COUNTED
    ]
    if rule.min_age_days not in AGES_DAYS:
        faults.append(Fault("min_age", "is not one of the ages", "ERR_INCLUSION"))
    if faults:
        raise Invalid.many(faults)
    # From the beginning: what was kept so far may not be kept any more.
    values = msgspec.structs.asdict(rule) | {"looked_at_id": 0}
    await tx.run(queries.PUT_RULE, **values)


async def forget_account(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Subscriber: an account is deleted, and its rule with it."""
    await tx.run(queries.DROP_RULE, account=event.account_id)


async def clean_up(services: Services, _payload: CleanUp) -> None:
    """Make a job for each member who has a rule; an old one that still waits is enough."""
    after = 0
    while True:
        async with services.db.write() as tx:
            found = await tx.all(queries.ACTIVE, after=after, limit=_MEMBERS_AT_ONCE)
            for account_id in found:
                key = str(account_id)
                payload = CleanUpAfter(account_id)
                await tx.enqueue("portability.clean_up_after", payload, dedupe_key=key)
        if len(found) < _MEMBERS_AT_ONCE:
            return
        after = found[-1]


async def clean_up_after(services: Services, payload: CleanUpAfter) -> None:
    """Delete a member's old posts, a bounded number in each transaction and in each run."""
    looked = deleted = 0
    while looked < _LOOKED_AT_IN_A_RUN and deleted < _DELETED_IN_A_RUN:
        async with services.db.write() as tx:
            seen, gone, more = await _some(services, tx, payload.account_id)
        looked, deleted = looked + seen, deleted + gone
        if not more:
            return


async def _some(services: Services, tx: Transaction, account_id: int) -> tuple[int, int, bool]:
    """How many posts were looked at and deleted, and whether there are more to look at."""
    rule = await tx.first(queries.RULE, account=account_id)
    if rule is None or not rule.active:
        return 0, 0, False
    before = ids.floor_at(services.clock.now() - rule.min_age_days * DAY)
    found = await tx.all(
        queries.OLD_POSTS,
        account=account_id,
        after=rule.looked_at_id,
        before=before,
        limit=_POSTS_AT_ONCE,
    )
    old = [post_id for post_id, kept in found if not kept]
    for post_id in old:
        await remove(tx, post_id)
    more = len(found) == _POSTS_AT_ONCE
    # At the end the next run begins anew: what keeps a post may end, such as a bookmark.
    await tx.run(queries.LOOKED_AT, account=account_id, place=found[-1][0] if more else 0)
    return len(found), len(old), more


JOBS = (
    JobKind("portability.clean_up", CleanUp, clean_up, timeout_s=600, every_ms=HOUR),
    JobKind("portability.clean_up_after", CleanUpAfter, clean_up_after, timeout_s=600),
)
