"""Following: asking, beginning, changing and ending it. The only writer of follows and requests."""

import msgspec

from rostra.kernel.errors import Forbidden, Invalid, NotFound
from rostra.kernel.paging import Page
from rostra.network.edge import Services, Transaction
from rostra.network.relations import access, queries
from rostra.network.relations.events import (
    Followed,
    FollowRequested,
    FollowRequestEnded,
    Unfollowed,
)
from rostra.network.relations.model import Party, Relation, Wish
from rostra.network.relations.pair import between, lock_pair

# Mastodon's FollowLimitValidator: so many, or a tenth more than one has followers.
FOLLOWS_MAX = 7_500
_LANGUAGES_MAX = 100
_AS_IT_IS = Wish()


async def follow(
    services: Services,
    tx: Transaction,
    account_id: int,
    target_id: int,
    wish: Wish = _AS_IT_IS,
) -> Relation:
    """Follow an account, ask a locked one, or change what an existing follow brings.

    Raises:
        NotFound: there is no such account for this one: itself, not active, or blocking it.
        Forbidden: it blocks the account that it wants to follow.
        Invalid: it follows too many already, or names too many languages.
    """
    account, target = await lock_pair(tx, account_id, target_id)
    was = await between(services, tx, account_id, target_id)
    if was.blocked_by:
        raise NotFound(f"account {target_id} blocks {account_id}")
    if was.blocking:
        raise Forbidden(f"account {account_id} blocks {target_id}")
    given = _given(was, wish)
    pair = {"account": account_id, "target": target_id}
    if was.following or was.requested:
        change = queries.CHANGE_FOLLOW if was.following else queries.CHANGE_REQUEST
        await tx.run(change, **pair, **given)
    else:
        _check_limit(account)
        row = {"id": services.ids.next(), "account_id": account_id, "target_id": target_id}
        if target.locked:
            if await tx.run(queries.ADD_REQUEST, **row, **given):
                await tx.emit(FollowRequested(account_id, target_id))
        elif await tx.run(queries.ADD_FOLLOW, **row, **given):
            await tx.run(queries.COUNT, **pair, by=1)
            await tx.emit(Followed(account_id, target_id))
    return await between(services, tx, account_id, target_id)


def _given(was: Relation, wish: Wish) -> dict[str, object]:
    """The columns that a follow carries: as wished, else as they were, else the defaults."""
    known = was.following or was.requested
    reblogs = (was.showing_reblogs if known else True) if wish.reblogs is None else wish.reblogs
    notify = was.notifying if wish.notify is None else wish.notify
    languages = was.languages if wish.languages is None else wish.languages
    codes = sorted({code.strip().lower() for code in languages} - {""})
    if len(codes) > _LANGUAGES_MAX or any(
        len(code) > 8 or not code.replace("-", "").isalnum() or not code.isascii()  # noqa: PLR2004 (BCP 47's longest part)
        for code in codes
    ):
        raise Invalid("languages", "is invalid")
    return {
        "show_reblogs": int(reblogs),
        "notify": int(notify),
        "languages": msgspec.json.encode(codes).decode(),
    }


def _check_limit(account: Party) -> None:
    allowed = max(FOLLOWS_MAX, account.followers_count + account.followers_count // 10)
    if account.following_count >= allowed:
        raise Invalid("base", f"You cannot follow more than {allowed} people", "ERR_LIMIT")


async def unfollow(
    services: Services, tx: Transaction, account_id: int, target_id: int
) -> Relation:
    """Stop following, or take a request back. Nothing happens where there is neither.

    Raises:
        NotFound: there is no such account.
    """
    await lock_pair(tx, account_id, target_id)
    await end(tx, account_id, target_id)
    return await between(services, tx, account_id, target_id)


async def remove_from_followers(
    services: Services, tx: Transaction, account_id: int, follower_id: int
) -> Relation:
    """End that the other follows this account.

    Raises:
        NotFound: there is no such account.
    """
    await lock_pair(tx, account_id, follower_id)
    await end_follow(tx, follower_id, account_id)
    return await between(services, tx, account_id, follower_id)


async def authorize(
    services: Services, tx: Transaction, account_id: int, asker_id: int
) -> Relation:
    """Let somebody follow who asked for it.

    Raises:
        NotFound: they did not ask, or are gone.
    """
    await lock_pair(tx, account_id, asker_id)
    pair = {"account": asker_id, "target": account_id}
    asked = await tx.first(queries.REQUEST, **pair)
    if asked is None:
        raise NotFound(f"account {asker_id} does not ask to follow {account_id}")
    await end_request(tx, asker_id, account_id)
    show_reblogs, notify, languages = asked
    added = await tx.run(
        queries.ADD_FOLLOW,
        id=services.ids.next(),
        account_id=asker_id,
        target_id=account_id,
        show_reblogs=show_reblogs,
        notify=notify,
        languages=languages,
    )
    if added:
        await tx.run(queries.COUNT, **pair, by=1)
        await tx.emit(Followed(asker_id, account_id))
    return await between(services, tx, account_id, asker_id)


async def reject(services: Services, tx: Transaction, account_id: int, asker_id: int) -> Relation:
    """Refuse somebody who asked to follow.

    Raises:
        NotFound: they did not ask, or are gone.
    """
    await lock_pair(tx, account_id, asker_id)
    if not await end_request(tx, asker_id, account_id):
        raise NotFound(f"account {asker_id} does not ask to follow {account_id}")
    return await between(services, tx, account_id, asker_id)


async def accept_all(services: Services, tx: Transaction, account_id: int, limit: int) -> int:
    """Accept the oldest requests of an account that is no longer locked; how many there were."""
    waiting = await access.follow_requests(tx, account_id, Page(limit, min_id=0))
    for link in waiting.items:
        await authorize(services, tx, account_id, link.account_id)
    return len(waiting.items)


async def end(tx: Transaction, account_id: int, target_id: int) -> None:
    """End the follow and the request of the one; the pair is locked already."""
    await end_follow(tx, account_id, target_id)
    await end_request(tx, account_id, target_id)


async def end_follow(tx: Transaction, account_id: int, target_id: int) -> bool:
    """End the follow of the one; whether there was one."""
    pair = {"account": account_id, "target": target_id}
    if not await tx.run(queries.DROP_FOLLOW, **pair):
        return False
    await tx.run(queries.DROP_ENDORSEMENT, **pair)
    await tx.run(queries.COUNT, **pair, by=-1)
    await tx.emit(Unfollowed(account_id, target_id))
    return True


async def end_request(tx: Transaction, account_id: int, target_id: int) -> bool:
    """End the request of the one; whether there was one."""
    if not await tx.run(queries.DROP_REQUEST, account=account_id, target=target_id):
        return False
    await tx.emit(FollowRequestEnded(account_id, target_id))
    return True
