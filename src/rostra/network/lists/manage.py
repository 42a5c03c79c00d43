"""Making, changing and deleting lists, and who stands in them. The only writer of lists."""

from collections.abc import Sequence

from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.text.clean import normalise
from rostra.network.accounts.events import AccountRemoved
from rostra.network.edge import Services, Transaction
from rostra.network.lists import homes, queries
from rostra.network.lists.model import ListChanges, ListRow, RepliesPolicy
from rostra.network.relations.events import Unfollowed

LISTS_MAX = 50  # of a member, as in Mastodon
MEMBERS_MAX = 500  # of a list
TITLE_MAX = 256  # characters

_NEW = ListRow(0, 0, "", RepliesPolicy.LIST, 0)


async def create(
    services: Services, tx: Transaction, account_id: int, changes: ListChanges
) -> ListRow:
    """Make a list.

    Raises:
        Invalid: a senseless title or policy, or too many lists.
    """
    wanted = _changed(_NEW, changes)
    row = ListRow(
        services.ids.next(), account_id, wanted.title, wanted.replies_policy, wanted.exclusive
    )
    await tx.run(
        queries.ADD,
        id=row.id,
        account_id=account_id,
        title=row.title,
        replies_policy=row.replies_policy,
        exclusive=row.exclusive,
    )
    # Counted with the new one in it, as pins are.
    if (await tx.first(queries.HOW_MANY, account=account_id) or 0) > LISTS_MAX:
        raise Invalid("base", f"You have reached the maximum of {LISTS_MAX} lists", "ERR_LIMIT")
    return row


async def change(
    services: Services, tx: Transaction, account_id: int, list_id: int, changes: ListChanges
) -> ListRow:
    """Change a list of one's own.

    Raises:
        NotFound: it is not theirs, or there is none.
        Invalid: a senseless title or policy.
    """
    row = await _locked(tx, account_id, list_id)
    wanted = _changed(row, changes)
    await tx.run(
        queries.CHANGE,
        list=list_id,
        title=wanted.title,
        policy=wanted.replies_policy,
        alone=wanted.exclusive,
    )
    if wanted.exclusive != row.exclusive:
        members = await tx.all(queries.TARGETS, list=list_id)
        await homes.settle(services, tx, account_id, members)
    return wanted


async def delete(services: Services, tx: Transaction, account_id: int, list_id: int) -> None:
    """Delete a list of one's own.

    Raises:
        NotFound: it is not theirs, or there is none.
    """
    row = await _locked(tx, account_id, list_id)
    members = await tx.all(queries.TARGETS, list=list_id) if row.exclusive else []
    await tx.run(queries.EMPTY, list=list_id)
    await tx.run(queries.DROP, list=list_id)
    await homes.settle(services, tx, account_id, members)


async def add_members(
    services: Services, tx: Transaction, account_id: int, list_id: int, targets: Sequence[int]
) -> None:
    """Put accounts into a list of one's own, all or none.

    Raises:
        NotFound: it is not theirs, or one of the accounts is not followed.
        Invalid: one of the accounts stands there already, or there are too many.
    """
    row = await _locked(tx, account_id, list_id)
    wanted = list(dict.fromkeys(targets))
    if not wanted:
        return
    if len(await tx.all(queries.ELIGIBLE, account=account_id, ids=wanted)) != len(wanted):
        raise NotFound(f"account {account_id} does not follow all of {len(wanted)}")
    if await tx.all(queries.AMONG, list=list_id, ids=wanted):
        raise Invalid("account_ids", "has already been taken", "ERR_TAKEN")
    await tx.run_many(
        queries.ADD_MEMBER,
        [
            {
                "list_id": list_id,
                "target_id": target_id,
                "id": services.ids.next(),
                "account_id": account_id,
            }
            for target_id in wanted
        ],
    )
    if (await tx.first(queries.HOW_MANY_MEMBERS, list=list_id) or 0) > MEMBERS_MAX:
        message = f"A list has at most {MEMBERS_MAX} members"
        raise Invalid("account_ids", message, "ERR_LIMIT")
    if row.exclusive:
        await homes.settle(services, tx, account_id, wanted)


async def remove_members(
    services: Services, tx: Transaction, account_id: int, list_id: int, targets: Sequence[int]
) -> None:
    """Take accounts out of a list of one's own; those that do not stand there are passed over.

    Raises:
        NotFound: it is not theirs, or there is none.
    """
    row = await _locked(tx, account_id, list_id)
    wanted = list(dict.fromkeys(targets))
    if not wanted:
        return
    await tx.run(queries.DROP_MEMBERS, list=list_id, ids=wanted)
    if row.exclusive:
        await homes.settle(services, tx, account_id, wanted)


async def unfollowed(_services: Services, tx: Transaction, event: Unfollowed) -> None:
    """Take an account out of all lists of somebody who no longer follows it."""
    await tx.run(queries.LEAVE, account=event.account_id, target=event.target_id)


async def drop_account(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Delete the lists of an account that is being removed, and take it out of those of others."""
    for statement in queries.DROP_OWN:
        await tx.run(statement, account=event.account_id)


async def _locked(tx: Transaction, account_id: int, list_id: int) -> ListRow:
    """The list, locked so that changes to it come one after the other."""
    row = await tx.first(queries.LOCK_OWN, account=account_id, list=list_id)
    if row is None:
        raise NotFound(f"list {list_id} of {account_id}")
    return row


def _changed(row: ListRow, changes: ListChanges) -> ListRow:
    title = row.title if changes.title is None else normalise(changes.title).strip()
    if not title:
        raise Invalid("title", "can't be blank", "ERR_BLANK")
    if len(title) > TITLE_MAX:
        message = f"is too long (maximum is {TITLE_MAX} characters)"
        raise Invalid("title", message, "ERR_TOO_LONG")
    policy: int = row.replies_policy
    if changes.replies_policy is not None:
        named = RepliesPolicy.from_wire(changes.replies_policy)
        if named is None:
            raise Invalid("replies_policy", "is not included in the list", "ERR_INCLUSION")
        policy = named
    alone = row.exclusive if changes.exclusive is None else int(changes.exclusive)
    return ListRow(row.id, row.account_id, title, int(policy), alone)
