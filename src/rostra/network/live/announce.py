"""Puts what has been committed on the bus. Runs after the commit, in the process that wrote it.

What another slice has to say to streams is a `Signal`; see docs/streaming.md.
"""

from collections.abc import Callable, Iterator
from typing import Any

from rostra.network.announcements.events import (
    AnnouncementGone,
    AnnouncementReacted,
    AnnouncementShown,
)
from rostra.network.conversations.events import ConversationChanged
from rostra.network.credentials.events import AccessEnded
from rostra.network.edge import Bus
from rostra.network.filters.events import FiltersChanged
from rostra.network.live.model import (
    TOPIC,
    Announced,
    Conversed,
    Decided,
    Deleted,
    Ended,
    Message,
    Notified,
    Posted,
    Signal,
    packed,
)
from rostra.network.notifications.events import NotificationsMade
from rostra.network.polls.events import PollChanged
from rostra.network.posts.events import (
    InteractionDecided,
    PostDeleted,
    PostEdited,
    PostPublished,
    PostsRestricted,
    QuoteRevoked,
)
from rostra.store.database import Hooks

_AT_ONCE = 500  # pairs of one message


def _published(event: PostPublished) -> Iterator[Message]:
    yield Posted(event.post_id)


def _edited(event: PostEdited) -> Iterator[Message]:
    yield Posted(event.post_id, edited=True)


def _poll_changed(event: PollChanged) -> Iterator[Message]:
    yield Posted(event.post_id, edited=True)


def _revoked(event: QuoteRevoked) -> Iterator[Message]:
    yield Posted(event.quoting_id, edited=True)


def _decided(event: InteractionDecided) -> Iterator[Message]:
    yield Decided(event.account_id, event.changed_id)


def _deleted(event: PostDeleted) -> Iterator[Message]:
    yield Deleted(
        post_id=event.post_id,
        account_id=event.account_id,
        visibility=event.visibility,
        reblog_of_id=event.reblog_of_id,
        original_author_id=event.original_author_id,
        in_reply_to_account_id=event.in_reply_to_account_id,
        mentioned_ids=event.mentioned_ids,
        tags=event.tags,
    )


def _restricted(event: PostsRestricted) -> Iterator[Message]:
    for each in event.posts:
        if each.hidden:
            yield Deleted(
                post_id=each.post_id,
                account_id=each.account_id,
                visibility=each.before,
                reblog_of_id=each.reblog_of_id,
                original_author_id=each.original_author_id,
                in_reply_to_account_id=each.in_reply_to_account_id,
                mentioned_ids=each.mentioned_ids,
                tags=each.tags,
            )
        elif each.reads_differently:
            yield Posted(each.post_id, edited=True)


def _notified(event: NotificationsMade) -> Iterator[Message]:
    for at in range(0, len(event.made), _AT_ONCE):
        yield Notified(event.made[at : at + _AT_ONCE])


def _filters_changed(event: FiltersChanged) -> Iterator[Message]:
    yield Signal("filters_changed", account_ids=(event.account_id,))


def _conversed(event: ConversationChanged) -> Iterator[Message]:
    yield Conversed(event.account_id, event.post_id)


def _announced(event: AnnouncementShown) -> Iterator[Message]:
    yield Announced(event.announcement_id)


def _reacted(event: AnnouncementReacted) -> Iterator[Message]:
    yield Announced(event.announcement_id, event.name)


def _announcement_gone(event: AnnouncementGone) -> Iterator[Message]:
    yield Signal("announcement.delete", str(event.announcement_id))


def _ended(event: AccessEnded) -> Iterator[Message]:
    if event.token_ids or not event.session_ids:  # streams hang on tokens alone
        yield Ended(event.account_id, event.token_ids)


def announce(hooks: Hooks, bus: Bus) -> None:
    """Wire the events that streams hear of."""

    def after(event: type[Any], messages: Callable[[Any], Iterator[Message]]) -> None:
        def listener(happened: Any) -> None:
            for message in messages(happened):
                bus.publish(TOPIC, packed(message))

        hooks.after(event, listener)

    after(PostPublished, _published)
    after(PostEdited, _edited)
    after(PollChanged, _poll_changed)
    after(QuoteRevoked, _revoked)
    after(InteractionDecided, _decided)
    after(PostDeleted, _deleted)
    after(PostsRestricted, _restricted)
    after(NotificationsMade, _notified)
    after(FiltersChanged, _filters_changed)
    after(ConversationChanged, _conversed)
    after(AnnouncementShown, _announced)
    after(AnnouncementReacted, _reacted)
    after(AnnouncementGone, _announcement_gone)
    after(AccessEnded, _ended)
