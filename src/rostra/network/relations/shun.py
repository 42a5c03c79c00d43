"""Blocking, muting and private notes: what a member does about another without asking them."""

from rostra.kernel.clock import SECOND
from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.text.clean import normalise
from rostra.network.accounts import access as accounts_access
from rostra.network.edge import Services, Transaction
from rostra.network.relations import queries
from rostra.network.relations.events import Blocked
from rostra.network.relations.follow import end
from rostra.network.relations.model import Relation
from rostra.network.relations.pair import between, lock_pair

NOTE_MAX = 2_000  # characters, as in Mastodon
_YEAR_S = 366 * 86_400


async def block(services: Services, tx: Transaction, account_id: int, target_id: int) -> Relation:
    """Block an account: neither sees the other, and follows and requests end both ways.

    An account that blocks this one can be blocked back.

    Raises:
        NotFound: there is no such account, or it is the same.
    """
    await lock_pair(tx, account_id, target_id)
    await end(tx, account_id, target_id)
    await end(tx, target_id, account_id)
    added = await tx.run(
        queries.ADD_BLOCK, id=services.ids.next(), account_id=account_id, target_id=target_id
    )
    if added:
        await tx.emit(Blocked(account_id, target_id))
    return await between(services, tx, account_id, target_id)


async def unblock(services: Services, tx: Transaction, account_id: int, target_id: int) -> Relation:
    """Stop blocking an account.

    Raises:
        NotFound: there is no such account, or it is the same.
    """
    await lock_pair(tx, account_id, target_id)
    await tx.run(queries.DROP_BLOCK, account=account_id, target=target_id)
    return await between(services, tx, account_id, target_id)


async def mute(
    services: Services,
    tx: Transaction,
    account_id: int,
    target_id: int,
    *,
    notifications: bool = True,
    duration_s: int = 0,
) -> Relation:
    """Hide an account's posts and, with ``notifications``, what they would be notified of.

    Args:
        services: the house's parts.
        tx: the transaction.
        account_id: who mutes.
        target_id: whom.
        notifications: whether their notifications are hidden as well.
        duration_s: seconds until it ends by itself; 0: never.

    Raises:
        NotFound: there is no such account, or it is the same.
        Invalid: a senseless duration.
    """
    if not 0 <= duration_s <= 100 * _YEAR_S:
        raise Invalid("duration", "is invalid")
    await lock_pair(tx, account_id, target_id)
    await tx.run(
        queries.SET_MUTE,
        id=services.ids.next(),
        account_id=account_id,
        target_id=target_id,
        notifications=int(notifications),
        expires_at=services.clock.now() + duration_s * SECOND if duration_s else 0,
    )
    return await between(services, tx, account_id, target_id)


async def unmute(services: Services, tx: Transaction, account_id: int, target_id: int) -> Relation:
    """Stop muting an account.

    Raises:
        NotFound: there is no such account, or it is the same.
    """
    await lock_pair(tx, account_id, target_id)
    await tx.run(queries.DROP_MUTE, account=account_id, target=target_id)
    return await between(services, tx, account_id, target_id)


async def take_note(
    services: Services, tx: Transaction, account_id: int, target_id: int, comment: str
) -> Relation:
    """Keep a note on an account that only its writer reads; an empty one removes it.

    Raises:
        NotFound: there is no such account for the writer.
        Invalid: the note is longer than ``NOTE_MAX`` characters.
    """
    words = normalise(comment).strip()
    if len(words) > NOTE_MAX:
        message = f"is too long (maximum is {NOTE_MAX} characters)"
        raise Invalid("comment", message, "ERR_TOO_LONG")
    if account_id == target_id:
        raise NotFound("a note on oneself")
    await accounts_access.public(tx, account_id, target_id)
    if words:
        await tx.run(queries.SET_NOTE, account_id=account_id, target_id=target_id, comment=words)
    else:
        await tx.run(queries.DROP_NOTE, account=account_id, target=target_id)
    return await between(services, tx, account_id, target_id)
