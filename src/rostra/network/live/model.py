"""What the processes tell each other for their streams: ids, never content.

A message says that it is worth looking. Who may see what is asked of the database by the process
that holds the streams, when it delivers.
"""

from typing import Final

import msgspec

TOPIC: Final = "live"


class Told(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """Anything that is told."""


class Posted(Told, frozen=True):
    """A post or a reblog exists; ``edited``: it reads differently now."""

    post_id: int
    edited: bool = False


class Decided(Told, frozen=True):
    """The author of a post has decided on what a member asked: a post looks different to them."""

    account_id: int
    post_id: int


class Deleted(Told, frozen=True):
    """A post or a reblog is gone; the rest says who could see it."""

    post_id: int
    account_id: int
    visibility: int
    reblog_of_id: int = 0
    original_author_id: int = 0
    in_reply_to_account_id: int = 0
    mentioned_ids: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()


class Notified(Told, frozen=True):
    """Members have notifications: pairs of account and notification."""

    made: tuple[tuple[int, int], ...]


class Conversed(Told, frozen=True):
    """A direct post has come into a member's conversation."""

    account_id: int
    post_id: int


class Announced(Told, frozen=True):
    """An announcement is shown, or reads differently; `name`: only its count by this emoji."""

    announcement_id: int
    name: str = ""


class Signal(Told, frozen=True):
    """Something for the `user` stream of some members, or of everybody, that needs no looking up.

    Attributes:
        event: its name in the API, such as `filters_changed` or `announcement.delete`.
        payload: JSON that all of them may see; empty: the event has none.
        account_ids: for whom; empty: everybody.
        channel: the name of the stream it goes to.
    """

    event: str
    payload: str = ""
    account_ids: tuple[int, ...] = ()
    channel: str = "user"


class Ended(Told, frozen=True):
    """Tokens died; none named: all of the account."""

    account_id: int
    token_ids: tuple[int, ...] = ()


Message = Posted | Decided | Deleted | Notified | Conversed | Announced | Signal | Ended

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Message).decode


def packed(message: Message) -> bytes:
    """The message as the bus carries it."""
    return _encode(message)


def unpacked(body: bytes) -> Message | None:
    """The message; None where it can't be read (a process of another version sent it)."""
    try:
        message: Message = _decode(body)
    except msgspec.MsgspecError:
        return None
    return message
