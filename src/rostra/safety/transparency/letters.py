"""Letters from outside in figures: how many came from whom, and whether they had their answer."""

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

import msgspec

from rostra.safety.notices.model import NoticeState
from rostra.safety.notices.reading.model import SenderKind
from rostra.safety.transparency.figures import OrderRow, Period, hours, median, percentile

SENDERS: Final = {
    SenderKind.HOST: "Hosts",
    SenderKind.STORE: "Stores of apps",
    SenderKind.REGISTRAR: "Registrars",
    SenderKind.AUTHORITY: "Authorities",
    SenderKind.FLAGGER: "Trusted flaggers",
    SenderKind.PRIVATE: "Others",
}
HEADS: Final = (
    *("Sender", "Received", "Answered in time", "Answered late", "Closed without an answer"),
    *("Not answered yet", "Of these overdue", "Median hours to the answer"),
    "Hours that 95 of 100 answers did not exceed",
)


class LetterRow(msgspec.Struct, frozen=True, kw_only=True):
    """A letter; times in UTC ms, 0: not yet.

    Attributes:
        at: when it came.
        answered_at: when the first answer to it went out.
        effected_at: when the last of its reports was upheld, if none is left to decide.
        items: things of this place that it names.
    """

    at: int
    sender_kind: int
    category: int
    state: int
    deadline_at: int
    answered_at: int
    effected_at: int
    items: int


class Became(StrEnum):
    """What became of a letter."""

    IN_TIME = "in time"
    LATE = "late"
    CLOSED = "closed"
    WAITING = "waiting"
    OVERDUE = "overdue"


class Letters(msgspec.Struct):
    """What became of many."""

    received: int = 0
    became: dict[Became, int] = msgspec.field(default_factory=lambda: defaultdict(int))
    times: list[int] = msgspec.field(default_factory=list)

    @property
    def in_time(self) -> int:
        """Those that had their answer before it was due."""
        return self.became.get(Became.IN_TIME, 0)

    @property
    def late(self) -> int:
        """Those that had it after that."""
        return self.became.get(Became.LATE, 0)

    @property
    def closed(self) -> int:
        """Those that got none from here, and wait for none."""
        return self.became.get(Became.CLOSED, 0)

    @property
    def overdue(self) -> int:
        """Those that wait for longer than they were given."""
        return self.became.get(Became.OVERDUE, 0)

    @property
    def waiting(self) -> int:
        """Those that wait, the overdue ones too."""
        return self.became.get(Became.WAITING, 0) + self.overdue


def became(row: LetterRow, now: int) -> Became:
    """What became of a letter by now."""
    if row.answered_at:
        late = bool(row.deadline_at) and row.answered_at > row.deadline_at
        return Became.LATE if late else Became.IN_TIME
    if row.state == NoticeState.CLOSED:
        return Became.CLOSED
    return Became.OVERDUE if 0 < row.deadline_at < now else Became.WAITING


def counted(rows: Iterable[LetterRow], period: Period, now: int) -> dict[int, Letters]:
    """Letters of a period by who wrote; -1: all of them."""
    found: dict[int, Letters] = defaultdict(Letters)
    for row in rows:
        if period.holds(row.at):
            for key in (-1, row.sender_kind):
                found[key].received += 1
                found[key].became[became(row, now)] += 1
                if row.answered_at:
                    found[key].times.append(row.answered_at - row.at)
    return found


def orders(rows: Iterable[LetterRow]) -> list[OrderRow]:
    """The letters of authorities, as orders to act (DSA Art. 9).

    The first answer is what tells the authority that its order has come.
    """
    return [
        OrderRow(
            at=row.at,
            category=row.category,
            items=row.items,
            confirmed_at=row.answered_at,
            effected_at=row.effected_at,
        )
        for row in rows
        if row.sender_kind == SenderKind.AUTHORITY
    ]


def table(rows: Iterable[LetterRow], period: Period, now: int) -> list[tuple[str | int, ...]]:
    """A line for each kind of sender, and one for all; under `HEADS`."""
    found = counted(rows, period, now)
    named = [("All", found.get(-1, Letters()))]
    named += [(name, found[kind]) for kind, name in SENDERS.items() if kind in found]
    return [
        (
            *(name, got.received, got.in_time, got.late, got.closed, got.waiting, got.overdue),
            *(hours(median(got.times)), hours(percentile(got.times, 95))),
        )
        for name, got in named
    ]
