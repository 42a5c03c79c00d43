"""Rules as they are kept: their state, their versions, what became of them, what they counted."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Final

import msgspec

from rostra.safety.rules.outcome import Verdict
from rostra.safety.rules.rule import Rule

MOST_RULES: Final = 200
MOST_IN_FORCE: Final = 100  # in shadow or live: each is asked at every post
MAX_REASON: Final = 500
MAX_HOURLY: Final = 10_000
MAX_JUMP: Final = 1_000
HOURLY: Final = 100
JUMP: Final = 5


class State(IntEnum):
    """What a rule is allowed to do; the numbers stand in rows."""

    OFF = 0
    SHADOW = 1  # it is asked and counted, and does nothing
    LIVE = 2

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


BY_NAME: Final[Mapping[str, State]] = {state.wire: state for state in State}


class What(IntEnum):
    """What is written down of a rule; the numbers stand in rows."""

    ADDED = 0
    CHANGED = 1
    SWITCHED = 2
    BOUNDED = 3  # its bounds are others
    PUT_BACK = 4  # it caught too much, and did so itself
    UNTRIED = 5  # it went live, though this version was not tried as it should be

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class Lack(StrEnum):
    """What a version was not tried on, before it may go live."""

    PAST = "past"  # what is stored, within the time for which try-outs are kept
    PRESENT = "present"  # in shadow

    @property
    def words(self) -> str:
        """It in words: the version was ..."""
        return "never tried on the past" if self is Lack.PAST else "never in shadow"


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """How much a live rule may catch before it is put back to shadow by itself.

    Attributes:
        most_an_hour: posts within any hour.
        jump: how many times its own past share of posts; 0: that is not looked at.
    """

    most_an_hour: int = HOURLY
    jump: int = JUMP


class StoredRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as it stands now. Times are UTC ms."""

    id: int
    name: str
    state: State
    version: int
    state_at: int
    switched_by: int
    most_an_hour: int
    jump: int
    created_at: int

    @property
    def bounds(self) -> Bounds:
        """How much it may catch."""
        return Bounds(most_an_hour=self.most_an_hour, jump=self.jump)


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule said from a time on (UTC ms), who wrote it, and why.

    Attributes:
        shadowed_at: when it was first in shadow; 0: never.
    """

    rule_id: int
    number: int
    source: str
    reason: str
    author_id: int
    created_at: int
    shadowed_at: int


class LogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was done with a rule; the id tells when."""

    id: int
    rule_id: int
    version: int
    what: int
    state: int
    actor_id: int
    reason: str


class LiveRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that is asked at every post: in shadow, or live.

    Attributes:
        switched_on_by: who put it into this state; 0: it did so itself, or the command line.
        state_at: since when (UTC ms).
    """

    rule_id: int
    version: int
    name: str
    state: State
    rule: Rule
    switched_on_by: int
    state_at: int
    bounds: Bounds


class Asked(msgspec.Struct, frozen=True):
    """What a rule answered for one post, and how long that took."""

    rule: LiveRule
    verdict: Verdict
    spent_ns: int


class Tally(msgspec.Struct, frozen=True):
    """How often a rule was asked in a span of time, and what it answered.

    Attributes:
        at: when the span begins (UTC ms).
        spent_ns: all of it together.
    """

    at: int
    asked: int
    caught: int
    skipped: int
    spent_ns: int
