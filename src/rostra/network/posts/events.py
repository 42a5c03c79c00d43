"""What posts tell the rest of the house, in the transaction that wrote it."""

from typing import Self

import msgspec

from rostra.network.posts.interaction import Kind, Request
from rostra.network.posts.model import PollForm, Visibility


class PostPublished(msgspec.Struct, frozen=True):
    """A post or a reblog exists now. Ids are 0 where there is none."""

    post_id: int
    account_id: int
    visibility: int
    thread_id: int
    language: str = ""
    in_reply_to_id: int = 0
    in_reply_to_account_id: int = 0
    reblog_of_id: int = 0
    original_author_id: int = 0  # of a reblog
    quoted_author_id: int = 0
    mentioned_ids: tuple[int, ...] = ()
    author_merged_since: int = 0  # accounts.merged_since of the author
    author_followers: int = 0
    tagged: bool = False  # it carries hashtags or a link
    poll: PollForm | None = None
    let_go: bool = False  # it was held, and what held it has ended: by somebody, or by itself


class PostBroughtIn(msgspec.Struct, frozen=True):
    """A post from long ago stands here now: nobody is told of it, and it is in no home."""

    post_id: int
    account_id: int
    visibility: int


class PostEdited(msgspec.Struct, frozen=True):
    """A post reads differently now."""

    post_id: int
    account_id: int
    visibility: int
    thread_id: int
    mentioned_ids: tuple[int, ...] = ()  # those mentioned for the first time
    had_poll: bool = False
    poll: PollForm | None = None


class QuoteRevoked(msgspec.Struct, frozen=True):
    """The author of a post has taken it out of another, which looks different now."""

    post_id: int
    quoting_id: int


class MentionsForgotten(msgspec.Struct, frozen=True):
    """These posts no longer mention an account that is gone."""

    post_ids: tuple[int, ...]


class PostDeleted(msgspec.Struct, frozen=True):
    """A post or a reblog is gone. The rest says who could see it: its rows tell no more."""

    post_id: int
    account_id: int
    reblog_of_id: int = 0
    had_poll: bool = False
    original_author_id: int = 0  # of a reblog
    visibility: int = 0
    in_reply_to_account_id: int = 0
    mentioned_ids: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()  # of a public post


class PostFavourited(msgspec.Struct, frozen=True):
    """Somebody favourited a post."""

    post_id: int
    account_id: int
    author_id: int
    thread_id: int


class PostUnfavourited(msgspec.Struct, frozen=True):
    """Somebody took a favourite back."""

    post_id: int
    account_id: int
    author_id: int


class PostHeld(msgspec.Struct, frozen=True):
    """A post was written, or rewritten, that nobody is to hear of before it is released."""

    post_id: int
    account_id: int
    had_poll: bool = False
    poll: PollForm | None = None


class PostReleased(msgspec.Struct, frozen=True):
    """A post with a poll was held for so long (ms); told after `PostPublished`."""

    post_id: int
    waited: int


class _Interaction(msgspec.Struct, frozen=True):
    kind: int  # an `interaction.Kind`
    owner_id: int  # who is asked
    account_id: int
    post_id: int
    subject_id: int  # the reply or the reblog; 0: a favourite

    @classmethod
    def of(cls, request: Request) -> Self:
        """What is told of this request."""
        return cls(
            request.kind,
            request.owner_id,
            request.account_id,
            request.post_id,
            request.subject_id,
        )


class InteractionAsked(_Interaction, frozen=True):
    """Somebody asks the author of a post to agree to what they want to do with it."""


class InteractionDecided(_Interaction, frozen=True):
    """The author has agreed or refused; told after what follows from it has happened."""

    @property
    def changed_id(self) -> int:
        """The post that looks different to whoever asked: their reply, else what they did it to."""
        return self.subject_id if self.kind == Kind.REPLY else self.post_id


class InteractionAnswered(_Interaction, frozen=True):
    """That is decided, or was taken back: there is nothing to ask any more."""


class Restricted(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision did to one post: the visibilities before and after it."""

    post_id: int
    account_id: int
    before: int
    after: int
    reblog_of_id: int = 0
    original_author_id: int = 0  # of a reblog that is hidden now
    in_reply_to_account_id: int = 0
    mentioned_ids: tuple[int, ...] = ()  # of a post that is hidden now
    tags: tuple[str, ...] = ()  # of a public post that is hidden now
    reads_differently: bool = False  # to those who see it before and after

    @property
    def hidden(self) -> bool:
        """Whether it is gone now for some who could see it, and not merely seen less."""
        held = int(Visibility.HELD)
        return self.after >= held > self.before or self.before == held < self.after

    @property
    def shown(self) -> bool:
        """Whether it is there again for others than its author."""
        return self.before >= int(Visibility.HELD) > self.after


class PostsRestricted(msgspec.Struct, frozen=True):
    """Decisions have restricted posts, or taken that back."""

    posts: tuple[Restricted, ...]
