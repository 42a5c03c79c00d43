"""What polls tell the rest of the house."""

import msgspec


class PollChanged(msgspec.Struct, frozen=True):
    """Results of a poll are others now, or it has ended; votes are gathered first."""

    post_id: int


class PollEnded(msgspec.Struct, frozen=True):
    """A poll has ended; told in portions where many have voted."""

    post_id: int
    account_id: int  # the author
    voter_ids: tuple[int, ...]
    first: bool  # of the portions


class PollAnew(msgspec.Struct, frozen=True):
    """A poll was changed or taken away: what was told of its end holds no more."""

    post_id: int
