"""What belongs to posts beside the post itself."""

import msgspec

from rostra.api.mastodon.entities.accounts import Account, CustomEmoji
from rostra.api.mastodon.entities.statuses import MediaAttachment, Status


class Context(msgspec.Struct, frozen=True):
    """The thread around a post."""

    ancestors: list[Status]
    descendants: list[Status]


class StatusSource(msgspec.Struct, frozen=True):
    """A post as it was written."""

    id: str
    text: str
    spoiler_text: str


class EditedOption(msgspec.Struct, frozen=True):
    """One thing that could be chosen."""

    title: str


class EditedPoll(msgspec.Struct, frozen=True):
    """What a version asked."""

    options: tuple[EditedOption, ...]


class StatusEdit(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a post."""

    content: str
    spoiler_text: str
    sensitive: bool
    created_at: str
    account: Account
    media_attachments: tuple[MediaAttachment, ...] = ()
    emojis: tuple[CustomEmoji, ...] = ()
    poll: EditedPoll | msgspec.UnsetType = msgspec.UNSET
