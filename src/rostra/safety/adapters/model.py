"""What is known of adapters: whether they answer, what waits. Times are UTC ms, 0: never."""

from enum import StrEnum
from typing import Final

import msgspec

from rostra.kernel.clock import MINUTE, SECOND

OPENS_AFTER: Final = 5
"""So many failures in a row, and it is left alone for a while."""

FIRST_PAUSE: Final = 5 * SECOND
"""After a failure nothing is asked for so long, twice as long after each further one."""

FIRST_REST: Final = 30 * SECOND
LONGEST_REST: Final = 10 * MINUTE


class State(StrEnum):
    """How an adapter is doing."""

    NEW = "new"  # nothing was asked so far
    ANSWERING = "answering"
    FAILING = "failing"  # the last questions failed; it is asked after longer and longer pauses
    RESTING = "resting"  # too many failed: it is asked nothing until a time
    PROBING = "probing"  # that time is over: one question will tell


class Circuit(msgspec.Struct, frozen=True):
    """Whether an adapter is asked at all; folded from what became of the questions.

    Attributes:
        failures: in a row.
        rests: in a row, without an answer between.
        retry_at: it is asked nothing before.
        failure: why the last question failed.
        failed_at: when.
        answered_at: when it has answered last.
    """

    failures: int = 0
    rests: int = 0
    retry_at: int = 0
    failure: str = ""
    failed_at: int = 0
    answered_at: int = 0

    def state(self, now: int) -> State:
        """How it is doing."""
        if self.rests:
            return State.RESTING if self.retry_at > now else State.PROBING
        if self.failures:
            return State.FAILING
        return State.ANSWERING if self.answered_at else State.NEW

    def room(self, now: int, most: int) -> int:
        """How many questions may be asked now: all, one to see whether it is back, or none."""
        if self.retry_at > now:
            return 0
        return 1 if self.rests else most

    def answered(self, now: int) -> "Circuit":
        """It has answered."""
        return Circuit(failure=self.failure, failed_at=self.failed_at, answered_at=now)

    def failed(self, now: int, why: str) -> "Circuit":
        """It has not, or not in the form that was asked for."""
        failures, rests = self.failures + 1, self.rests
        if failures < OPENS_AFTER:
            pause = FIRST_PAUSE << (failures - 1)
        else:
            pause = min(FIRST_REST << min(rests, 10), LONGEST_REST)
            rests += 1
        return Circuit(failures, rests, now + pause, why, now, self.answered_at)


class Item(msgspec.Struct, frozen=True):
    """A post that an adapter is to be asked about.

    Attributes:
        post_id: the post.
        stamp: another one each time that it is put there: it has changed since.
        since: when it was put there.
        tries: how often asking failed.
    """

    post_id: int
    stamp: int
    since: int
    tries: int


class Said(msgspec.Struct, frozen=True):
    """What of a post may leave: its words, and how its pictures look (PDQ, in hexadecimal)."""

    text: str
    language: str = ""
    looks: tuple[str, ...] = ()


class Answer(msgspec.Struct, frozen=True):
    """What an adapter says: scores from 0 to 1 by our harms, and a sentence."""

    scores: dict[str, float]
    reason: str = ""


class Figures(msgspec.Struct, frozen=True):
    """What became of posts in some days.

    Attributes:
        answered: posts that it has said something of.
        late: of these, longer than a minute after they were put there.
        failed: questions without an answer.
        given_up: posts that were asked about in vain.
        skipped: posts that were left out, for too many were waiting.
        took_ms: all answers together.
        slowest_ms: the slowest of them.
    """

    answered: int = 0
    late: int = 0
    failed: int = 0
    given_up: int = 0
    skipped: int = 0
    took_ms: int = 0
    slowest_ms: int = 0

    @property
    def mean_ms(self) -> int | None:
        """How long an answer takes, on average."""
        return self.took_ms // self.answered if self.answered else None


class NoAnswer(Exception):
    """An answer that is not in the form that was asked for: it says nothing."""
