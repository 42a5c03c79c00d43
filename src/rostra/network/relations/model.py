"""What others see of relations between accounts."""

from enum import IntEnum

import msgspec


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    """How one account stands to another (`id`), and what it has noted of them."""

    id: int
    following: bool = False
    showing_reblogs: bool = False
    notifying: bool = False
    languages: tuple[str, ...] = ()  # empty: all
    followed_by: bool = False
    blocking: bool = False
    blocked_by: bool = False
    muting: bool = False
    muting_notifications: bool = False
    muting_expires_at: int = 0  # UTC ms; 0: never
    requested: bool = False
    requested_by: bool = False
    endorsed: bool = False
    note: str = ""


class Wish(msgspec.Struct, frozen=True):
    """What a follower wants to get; None: as it was, or the default of a new follow."""

    reblogs: bool | None = None  # default: yes
    notify: bool | None = None  # default: no
    languages: tuple[str, ...] | None = None  # default and empty: all


class Link(msgspec.Struct, frozen=True):
    """A line of a list of relations: its own id, over which pages run, and who stands there."""

    id: int
    account_id: int
    expires_at: int = 0  # of a mute, UTC ms; 0: never


class Party(msgspec.Struct, frozen=True):
    """One of the two whom a change concerns."""

    id: int
    state: int
    locked: int
    following_count: int
    followers_count: int


class Between(IntEnum):
    """What a row between two accounts says; `EXISTS` stands for the account itself."""

    FOLLOWING = 0
    FOLLOWED_BY = 1
    REQUESTED = 2
    REQUESTED_BY = 3
    BLOCKING = 4
    BLOCKED_BY = 5
    MUTING = 6
    NOTED = 7
    EXISTS = 8
    ENDORSED = 9
