"""Writes notifications in the transaction of what they tell of, and takes them back with it.

Nobody is told of what they did themselves, of what somebody did whom they block or whose
notifications they mute, of a conversation that they mute, and of the same thing twice. A published
post costs at most two statements, however many are told.
"""

from collections.abc import Sequence
from typing import Any

from rostra.kernel import ids
from rostra.kernel.clock import DAY, HOUR
from rostra.network.accounts.events import AccountRemoved
from rostra.network.edge import Services, Transaction
from rostra.network.notifications.events import NotificationsMade
from rostra.network.notifications.model import GROUPED, HIDDEN, PENDING, Kind, Outcome
from rostra.network.notifications.queries import set_aside, telling
from rostra.network.posts.events import (
    PostDeleted,
    PostEdited,
    PostFavourited,
    PostPublished,
    PostsRestricted,
    PostUnfavourited,
)
from rostra.network.posts.model import Visibility
from rostra.network.relations.events import (
    Blocked,
    Followed,
    FollowRequested,
    FollowRequestEnded,
    Unfollowed,
)

# As in Mastodon: who is here for less is new, who follows for less is no follower yet.
NEW_DAYS = 30
FOLLOWER_DAYS = 3
# A group takes in what comes within so many hours of its first.
GROUP_HOURS = 12
# Of those who have reblogged a post, so many are told of an edit: the latest.
REBLOGGERS_TOLD = 1_000


async def post_published(services: Services, tx: Transaction, event: PostPublished) -> None:
    """Tell those whom a post mentions, followers who asked for it, or whose post was reblogged."""
    if event.reblog_of_id:
        await tell_one(
            services,
            tx,
            Kind.REBLOG,
            to=event.original_author_id,
            by=event.account_id,
            post_id=event.reblog_of_id,
        )
        return
    answers_another = event.in_reply_to_id and event.in_reply_to_account_id != event.account_id
    told = await tx.all(
        telling.OF_POST,
        from_account=event.account_id,
        post=event.post_id,
        mentioned=list(event.mentioned_ids),
        tell_followers=int(event.visibility < Visibility.DIRECT and not answers_another),
        unasked=int(event.visibility == Visibility.DIRECT),
        answered=event.in_reply_to_account_id,
        **_times(services),
    )
    await add(services, tx, told, event.account_id, event.post_id)


async def post_edited(services: Services, tx: Transaction, event: PostEdited) -> None:
    """Tell those newly mentioned, and, in the place of the last time, those who reblogged it."""
    await tx.run(telling.DROP_UPDATES, post=event.post_id)
    told = await tx.all(
        telling.OF_EDIT,
        from_account=event.account_id,
        post=event.post_id,
        mentioned=list(event.mentioned_ids),
        limit=REBLOGGERS_TOLD,
        unasked=int(event.visibility == Visibility.DIRECT),
        answered=0,
        **_times(services),
    )
    await add(services, tx, told, event.account_id, event.post_id)


async def add(
    services: Services,
    tx: Transaction,
    told: Sequence[tuple[int, str, int]],
    from_account_id: int,
    post_id: int,
) -> None:
    """Write one notification for each of the accounts with their kinds and verdicts."""
    if told:
        rows: list[dict[str, Any]] = [
            {
                "id": services.ids.next(),
                "account_id": account_id,
                "kind": kind,
                "from_account_id": from_account_id,
                "post_id": post_id,
                "set_aside": verdict,
            }
            for account_id, kind, verdict in told
            if verdict != Outcome.DROP
        ]
        await tx.run_many(telling.ADD, rows)
        await tx.emit(NotificationsMade(tuple((row["account_id"], row["id"]) for row in rows)))


async def tell_one(
    services: Services, tx: Transaction, kind: Kind, *, to: int, by: int, post_id: int = 0
) -> None:
    """Tell one member, if they want to hear of it."""
    notification_id = services.ids.next()
    told = await tx.run(
        telling.ADD_ONE,
        id=notification_id,
        recipient=to,
        from_account=by,
        kind=kind.value,
        post=post_id,
        unasked=0,
        answered=0,
        asked=int(kind.value in PENDING),
        **_times(services),
        **_group_keys(services, kind, post_id),
    )
    if told:
        await tx.emit(NotificationsMade(((to, notification_id),)))


def _times(services: Services) -> dict[str, int]:
    """Now, and since when accounts are new and followers are not counted as such yet."""
    now = services.clock.now()
    return {
        "now": now,
        "since_new": now - NEW_DAYS * DAY,
        "since_follower": ids.floor_at(now - FOLLOWER_DAYS * DAY),
    }


def _group_keys(services: Services, kind: Kind, post_id: int) -> dict[str, str]:
    """The key of a new group of this kind, and the oldest one that is still joined."""
    if kind not in GROUPED:
        return {"group_key": "", "oldest_key": ""}
    about = f"{kind.value}-{post_id}" if post_id else kind.value
    hour = services.clock.now() // HOUR
    return {
        "group_key": f"{about}-{hour}",
        "oldest_key": f"{about}-{hour - GROUP_HOURS + 1}",
    }


async def take_back(tx: Transaction, kind: Kind, *, to: int, by: int, post_id: int = 0) -> None:
    """Tell of it no more."""
    await tx.run(telling.DROP_ONE, recipient=to, from_account=by, kind=kind.value, post=post_id)


async def posts_restricted(_services: Services, tx: Transaction, event: PostsRestricted) -> None:
    """What was told of posts that decisions hide is in no list and no count, until they end."""
    held = Visibility.HELD
    hidden = [p.post_id for p in event.posts if p.before < held <= p.after]
    shown = [p.post_id for p in event.posts if p.after < held <= p.before]
    for posts, change in ((hidden, HIDDEN), (shown, -HIDDEN)):
        if posts:
            await tx.run(telling.MARK_OF_POSTS, ids=posts, change=change)


async def post_deleted(_services: Services, tx: Transaction, event: PostDeleted) -> None:
    """Nothing tells of a post or a reblog that is gone."""
    if event.reblog_of_id:
        await tx.run(telling.DROP_REBLOG, post=event.reblog_of_id, from_account=event.account_id)
    else:
        await tx.run(telling.DROP_POST, post=event.post_id)


async def post_favourited(services: Services, tx: Transaction, event: PostFavourited) -> None:
    """Tell the author."""
    await tell_one(
        services,
        tx,
        Kind.FAVOURITE,
        to=event.author_id,
        by=event.account_id,
        post_id=event.post_id,
    )


async def post_unfavourited(_services: Services, tx: Transaction, event: PostUnfavourited) -> None:
    """Take it back."""
    await take_back(
        tx, Kind.FAVOURITE, to=event.author_id, by=event.account_id, post_id=event.post_id
    )


async def followed(services: Services, tx: Transaction, event: Followed) -> None:
    """Tell whoever has a new follower."""
    await tell_one(services, tx, Kind.FOLLOW, to=event.target_id, by=event.account_id)


async def unfollowed(_services: Services, tx: Transaction, event: Unfollowed) -> None:
    """Take it back."""
    await take_back(tx, Kind.FOLLOW, to=event.target_id, by=event.account_id)


async def follow_requested(services: Services, tx: Transaction, event: FollowRequested) -> None:
    """Tell whoever is asked."""
    await tell_one(services, tx, Kind.FOLLOW_REQUEST, to=event.target_id, by=event.account_id)


async def follow_request_ended(
    _services: Services, tx: Transaction, event: FollowRequestEnded
) -> None:
    """Take it back: there is nothing to decide any more."""
    await take_back(tx, Kind.FOLLOW_REQUEST, to=event.target_id, by=event.account_id)


async def blocked(_services: Services, tx: Transaction, event: Blocked) -> None:
    """Remove all that the two were told of each other."""
    await tx.run(telling.DROP_PAIR, recipient=event.account_id, from_account=event.target_id)


async def account_removed(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Remove all that an account was told, and that others were told of it."""
    await tx.run(telling.DROP_ACCOUNT, gone=event.account_id)
    for statement in set_aside.FORGET_POLICY:
        await tx.run(statement, gone=event.account_id)
