"""Who hears which event, and which kinds of jobs there are: the one table of both.

``network`` emits events; the slices to the right of the emitting one, and later other parts of the
house, hear them. The composition root calls these two functions.
"""

from rostra.network.accounts.events import (
    AccountChanged,
    AccountCreated,
    AccountRemoved,
    AccountsRestricted,
)
from rostra.network.accounts.jobs import JOBS as ACCOUNT_JOBS
from rostra.network.accounts.leaving import JOBS as LEAVING_JOBS
from rostra.network.accounts.restrict import JOBS as RESTRICTION_JOBS
from rostra.network.announcements import react as announcements
from rostra.network.announcements.jobs import JOBS as ANNOUNCEMENT_JOBS
from rostra.network.conversations import keep as conversations
from rostra.network.credentials.ending import forget_credentials, shut_out
from rostra.network.credentials.events import AccessEnded
from rostra.network.credentials.letters import JOBS as CREDENTIAL_JOBS
from rostra.network.files.withhold import JOBS as FILE_JOBS
from rostra.network.filters import change as filters
from rostra.network.lists import manage as lists
from rostra.network.live.announce import announce
from rostra.network.media import restrict as media_limits
from rostra.network.media.attach import forget_account as forget_pictures
from rostra.network.media.events import MediaRestricted
from rostra.network.media.jobs import JOBS as MEDIA_JOBS
from rostra.network.notifications import of_polls, of_quotes, of_requests, tell
from rostra.network.notifications.events import NotificationsMade
from rostra.network.polls import keep
from rostra.network.polls.events import PollAnew, PollEnded
from rostra.network.polls.jobs import JOBS as POLL_JOBS
from rostra.network.portability import archives, carry_out, cleanup, imports
from rostra.network.portability.jobs import JOBS as PORTABILITY_JOBS
from rostra.network.posts import requests as interaction_requests
from rostra.network.posts import restrict as post_limits
from rostra.network.posts.cards import card_changed
from rostra.network.posts.delete import forget_account as forget_posts
from rostra.network.posts.events import (
    InteractionAnswered,
    InteractionAsked,
    MentionsForgotten,
    PostBroughtIn,
    PostDeleted,
    PostEdited,
    PostFavourited,
    PostHeld,
    PostPublished,
    PostReleased,
    PostsRestricted,
    PostUnfavourited,
)
from rostra.network.posts.jobs import JOBS as POST_JOBS
from rostra.network.posts.schedule import forget_account as forget_scheduled
from rostra.network.previews import authors
from rostra.network.previews.events import CardChanged
from rostra.network.previews.jobs import JOBS as PREVIEW_JOBS
from rostra.network.push import send as push
from rostra.network.push import subscribe as subscriptions
from rostra.network.relations import jobs as relations_jobs
from rostra.network.relations import removal as relations_removal
from rostra.network.relations.events import (
    Blocked,
    Followed,
    FollowRequested,
    FollowRequestEnded,
    Unfollowed,
)
from rostra.network.search import index
from rostra.network.tags import keep as tags
from rostra.network.timelines import fan_out, following
from rostra.network.timelines.jobs import JOBS as TIMELINE_JOBS
from rostra.network.trends import count as trend_counts
from rostra.network.trends import rank as trends
from rostra.store.bus import Bus
from rostra.store.database import Hooks
from rostra.store.outbox import JobKind


def jobs() -> tuple[JobKind, ...]:
    """Every kind of job of the network."""
    return (
        *ACCOUNT_JOBS,
        *LEAVING_JOBS,
        *RESTRICTION_JOBS,
        *ANNOUNCEMENT_JOBS,
        *CREDENTIAL_JOBS,
        *FILE_JOBS,
        *MEDIA_JOBS,
        *media_limits.JOBS,
        *POLL_JOBS,
        *PORTABILITY_JOBS,
        *cleanup.JOBS,
        *carry_out.JOBS,
        *POST_JOBS,
        *post_limits.JOBS,
        *PREVIEW_JOBS,
        *relations_jobs.JOBS,
        *index.JOBS,
        *push.JOBS,
        *TIMELINE_JOBS,
        *trends.JOBS,
    )


def announce_live(hooks: Hooks, bus: Bus) -> None:
    """Wire what is told to the streams of all processes, after the commit."""
    announce(hooks, bus)


def subscribe(hooks: Hooks) -> None:
    """Wire the subscribers that run in the transaction of what they hear."""
    # First: it forgets the posts of an account by the posts' own rows.
    hooks.on(AccountRemoved, index.account_removed)
    hooks.on(AccountRemoved, forget_credentials)
    hooks.on(AccountRemoved, forget_pictures)
    hooks.on(AccountRemoved, forget_posts)
    hooks.on(AccountRemoved, forget_scheduled)
    hooks.on(AccountRemoved, filters.account_removed)
    hooks.on(AccountRemoved, tags.drop_account)
    hooks.on(AccountRemoved, announcements.account_removed)
    hooks.on(Blocked, interaction_requests.blocked)
    hooks.on(PostPublished, fan_out.fan_out)
    hooks.on(PostDeleted, fan_out.drop)
    _restrictions(hooks)
    _previews(hooks)
    _polls(hooks)
    hooks.on(PostDeleted, filters.post_deleted)
    _conversations(hooks)
    _relations(hooks)
    _notifications(hooks)
    _push(hooks)
    _search(hooks)  # last: it reads what the others have written of a post
    _portability(hooks)
    _trends(hooks)


def _trends(hooks: Hooks) -> None:
    """What is talked about is counted by jobs; what is gone has no rank at once."""
    hooks.on(PostPublished, trend_counts.post_published)
    hooks.on(PostEdited, trend_counts.post_edited)
    hooks.on(PostDeleted, trend_counts.post_deleted)
    hooks.on(PostDeleted, trends.post_deleted)
    hooks.on(PostsRestricted, trend_counts.posts_restricted)
    hooks.on(AccountChanged, trend_counts.account_changed)
    hooks.on(AccountsRestricted, trend_counts.accounts_restricted)
    hooks.on(AccountRemoved, trend_counts.account_removed)
    hooks.on(AccountRemoved, trends.account_removed)


def _restrictions(hooks: Hooks) -> None:
    """What a decision does to somebody reaches all that is theirs."""
    hooks.on(AccountsRestricted, shut_out)
    hooks.on(AccountsRestricted, media_limits.accounts_restricted)
    hooks.on(AccountsRestricted, post_limits.accounts_restricted)
    hooks.on(MediaRestricted, post_limits.media_restricted)


def _previews(hooks: Hooks) -> None:
    """Posts show what is known of their links, and who wrote what they lead to."""
    hooks.on(CardChanged, card_changed)
    hooks.on(AccountChanged, authors.account_changed)
    hooks.on(AccountRemoved, authors.account_removed)


def _polls(hooks: Hooks) -> None:
    """Polls are written, changed and removed with their posts."""
    hooks.on(PostPublished, keep.post_published)
    hooks.on(PostEdited, keep.post_edited)
    hooks.on(PostHeld, keep.post_held)
    hooks.on(PostReleased, keep.post_released)
    hooks.on(PostDeleted, keep.post_deleted)
    hooks.on(AccountRemoved, keep.account_removed)


def _conversations(hooks: Hooks) -> None:
    """Inboxes are kept in step with direct posts."""
    hooks.on(PostPublished, conversations.post_published)
    hooks.on(PostEdited, conversations.post_edited)
    hooks.on(PostDeleted, conversations.post_deleted)
    hooks.on(PostsRestricted, conversations.posts_restricted)
    hooks.on(Blocked, conversations.blocked)
    hooks.on(AccountRemoved, conversations.account_removed)


def _relations(hooks: Hooks) -> None:
    """Homes and lists follow whom their owners follow."""
    hooks.on(AccountRemoved, relations_removal.drop_account)
    hooks.on(AccountChanged, relations_jobs.account_changed)
    hooks.on(Followed, following.followed)
    hooks.on(Unfollowed, following.unfollowed)
    hooks.on(Unfollowed, lists.unfollowed)
    hooks.on(AccountRemoved, lists.drop_account)


def _portability(hooks: Hooks) -> None:
    """Copies of what is deleted are deleted as well."""
    hooks.on(PostDeleted, archives.post_deleted)
    hooks.on(AccountRemoved, archives.forget_account)
    hooks.on(AccountRemoved, cleanup.forget_account)
    hooks.on(AccountRemoved, imports.forget_account)


def _notifications(hooks: Hooks) -> None:
    """Members are told of what others do."""
    hooks.on(PostPublished, tell.post_published)
    hooks.on(PostEdited, tell.post_edited)
    hooks.on(PostDeleted, tell.post_deleted)
    hooks.on(PostsRestricted, tell.posts_restricted)
    hooks.on(PostFavourited, tell.post_favourited)
    hooks.on(PostUnfavourited, tell.post_unfavourited)
    hooks.on(PostPublished, of_quotes.post_published)
    hooks.on(PostEdited, of_quotes.post_edited)
    hooks.on(InteractionAsked, of_requests.asked)
    hooks.on(InteractionAnswered, of_requests.answered)
    hooks.on(PollEnded, of_polls.poll_ended)
    hooks.on(PollAnew, of_polls.poll_anew)
    hooks.on(Followed, tell.followed)
    hooks.on(Unfollowed, tell.unfollowed)
    hooks.on(FollowRequested, tell.follow_requested)
    hooks.on(FollowRequestEnded, tell.follow_request_ended)
    hooks.on(Blocked, tell.blocked)
    hooks.on(AccountRemoved, tell.account_removed)


def _push(hooks: Hooks) -> None:
    """Devices hear of notifications, and no longer than their tokens live."""
    hooks.on(NotificationsMade, push.made)
    hooks.on(AccessEnded, subscriptions.access_ended)
    hooks.on(AccountRemoved, subscriptions.account_removed)


def _search(hooks: Hooks) -> None:
    """The indexes are kept in step with posts and names."""
    hooks.on(PostPublished, index.post_published)
    hooks.on(PostBroughtIn, index.post_brought_in)
    hooks.on(PostEdited, index.post_edited)
    hooks.on(MentionsForgotten, index.mentions_forgotten)
    hooks.on(PostDeleted, index.post_deleted)
    hooks.on(PostsRestricted, index.posts_restricted)
    hooks.on(CardChanged, index.card_changed)
    hooks.on(AccountCreated, index.account_created)
    hooks.on(AccountChanged, index.account_changed)
