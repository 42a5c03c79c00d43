"""What others see of a poll."""

import msgspec


class PollRow(msgspec.Struct, frozen=True):
    """A poll as it is stored."""

    post_id: int
    account_id: int
    ballot_id: int
    multiple: int
    hide_totals: int
    ends_at: int  # UTC ms
    voters_count: int


class OptionRow(msgspec.Struct, frozen=True):
    """One thing that can be chosen."""

    post_id: int
    title: str
    votes_count: int


class Ballot(msgspec.Struct, frozen=True):
    """What a member chose: a bit for each option, the first one lowest."""

    ballot_id: int
    post_id: int
    choices: int


class Option(msgspec.Struct, frozen=True):
    """One thing that can be chosen, as a viewer sees it."""

    title: str
    votes: int | None  # None: not told before the poll has ended


class Poll(msgspec.Struct, frozen=True, kw_only=True):
    """A poll as a viewer sees it."""

    post_id: int
    ballot_id: int
    ends_at: int  # UTC ms
    ended: bool
    multiple: bool
    voters: int
    votes: int
    options: tuple[Option, ...]
    voted: bool  # also the author, who can't
    choices: tuple[int, ...]  # of the viewer, counted from 0


def bits(choices: tuple[int, ...]) -> int:
    """Choices as they are stored."""
    return sum(1 << choice for choice in set(choices))


def choices_of(stored: int) -> tuple[int, ...]:
    """Choices out of what is stored, in order."""
    return tuple(at for at in range(stored.bit_length()) if stored >> at & 1)
