"""What is counted for a transparency report: pure, from rows to figures. Times in UTC ms."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from typing import Final, Self

import msgspec

from rostra.safety.categories.facts import facts_of
from rostra.safety.categories.model import MastodonCategory, Sender
from rostra.safety.transparency import words

TOTAL: Final = "TOTAL"
HOUR: Final = 3_600_000
OWN: Final = -1  # a decision that nobody asked for


class Period(msgspec.Struct, frozen=True):
    """From the first to the last day, both counted, in UTC."""

    first: date
    last: date

    @classmethod
    def half_year(cls, day: date) -> Self:
        """January to June, or July to December."""
        if day.month <= 6:  # noqa: PLR2004 (June)
            return cls(date(day.year, 1, 1), date(day.year, 6, 30))
        return cls(date(day.year, 7, 1), date(day.year, 12, 31))

    @property
    def start(self) -> int:
        """The first moment."""
        return _ms(self.first)

    @property
    def end(self) -> int:
        """The first moment after it."""
        return _ms(self.last + timedelta(days=1))

    @property
    def label(self) -> str:
        """`2026-01-01/2026-06-30`."""
        return f"{self.first.isoformat()}/{self.last.isoformat()}"

    def holds(self, at: int) -> bool:
        """Whether a moment is in it."""
        return self.start <= at < self.end


class DecisionRow(msgspec.Struct, frozen=True, kw_only=True):
    """A decision on `subjects` things."""

    at: int
    category: int
    by_law: bool = False
    source: int = OWN  # a `Sender`, or `OWN`
    machine_found: bool = False
    machine_decided: bool = False
    subjects: int = 1
    visibility: tuple[words.Visibility, ...] = ()
    account: words.Account | None = None
    told_at: int = 0  # the first report or signal
    looked_at: int = 0
    undone: bool = False

    @property
    def restricts(self) -> bool:
        """Whether anything was restricted."""
        return bool(self.visibility) or self.account is not None

    @property
    def by_notice(self) -> bool:
        """Whether it follows from a notice of Art. 16, not from the place's own initiative."""
        return self.source != OWN and is_notice(self.source, self.category)


class NoticeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A report: by whom, about how many things, and what came of it."""

    at: int
    category: int
    source: int = Sender.MEMBER
    items: int = 1
    decided_at: int = 0
    acted: bool = False
    by_law: bool = False
    machine_decided: bool = False


class OrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """An order of an authority (DSA Art. 9 and 10)."""

    at: int
    category: int = 0
    items: int = 1
    country: str = ""
    for_information: bool = False
    confirmed_at: int = 0
    effected_at: int = 0


class Outcome(IntEnum):
    """What came of a complaint."""

    OPEN = 0
    UPHELD = 1
    PARTLY = 2
    REVERSED = 3
    OMITTED = 4


class About(IntEnum):
    """What a complaint is about."""

    VISIBILITY = 1
    SERVICE = 2
    ACCOUNT = 3
    MONEY = 4
    NOTICE = 5  # nothing was done about a notice
    FLAGGER = 6  # nothing was done about a trusted flagger's


class ComplaintRow(msgspec.Struct, frozen=True, kw_only=True):
    """A complaint about a decision (Art. 20)."""

    at: int
    about: About
    outcome: Outcome = Outcome.OPEN
    answered_at: int = 0
    newly_restricted: bool = False


class Measures(msgspec.Struct):
    """What was done: how often, and how."""

    taken: int = 0
    machine_found: int = 0
    visibility: dict[str, int] = msgspec.field(default_factory=lambda: defaultdict(int))
    account: dict[str, int] = msgspec.field(default_factory=lambda: defaultdict(int))

    def add(self, row: DecisionRow) -> None:
        """Count one more."""
        self.taken += row.subjects
        self.machine_found += row.subjects if row.machine_found else 0
        for each in row.visibility:
            self.visibility[each] += row.subjects
        if row.account is not None:
            self.account[row.account] += row.subjects


class Notices(msgspec.Struct):
    """What was asked for, and what came of it."""

    received: int = 0
    items: int = 0
    by_law: int = 0
    by_terms: int = 0
    machine_decided: int = 0
    by_people: int = 0
    times: list[int] = msgspec.field(default_factory=list)

    def add(self, row: NoticeRow) -> None:
        """Count one more."""
        self.received += 1
        self.items += row.items
        if row.acted:
            self.by_law += row.by_law
            self.by_terms += not row.by_law
        if row.decided_at:
            self.times.append(row.decided_at - row.at)
            self.machine_decided += row.machine_decided
            self.by_people += not row.machine_decided


class Complaints(msgspec.Struct):
    """How many, with which outcome, in what time."""

    total: int = 0
    outcomes: dict[Outcome, int] = msgspec.field(default_factory=lambda: defaultdict(int))
    times: list[int] = msgspec.field(default_factory=list)

    def add(self, row: ComplaintRow) -> None:
        """Count one more."""
        self.total += 1
        self.outcomes[row.outcome] += 1
        if row.answered_at:
            self.times.append(row.answered_at - row.at)


class Pace(msgspec.Struct):
    """Of the cases of one of our categories: how soon."""

    decided: int = 0
    restricted: int = 0
    undone: int = 0
    in_time: int = 0
    timed: int = 0
    to_look: list[int] = msgspec.field(default_factory=list)
    to_decide: list[int] = msgspec.field(default_factory=list)

    def add(self, row: DecisionRow) -> None:
        """Count one more."""
        self.decided += row.subjects
        self.restricted += row.subjects if row.restricts else 0
        self.undone += row.subjects if row.undone else 0
        if row.told_at and row.told_at <= row.at:
            took = row.at - row.told_at
            self.to_decide.append(took)
            self.timed += 1
            self.in_time += took <= facts_of(row.category).decision
            if row.told_at <= row.looked_at <= row.at:
                self.to_look.append(row.looked_at - row.told_at)


def is_notice(source: int, category: int) -> bool:
    """Whether somebody said that something is illegal, not just against the rules of the house."""
    outside = source in {Sender.OUTSIDER, Sender.TRUSTED_FLAGGER} or source >= Sender.PROVIDER
    return outside or (
        source == Sender.MEMBER and facts_of(category).mastodon is MastodonCategory.LEGAL
    )


def codes_of(category: int) -> tuple[str, ...]:
    """The rows of the templates that something of a category is counted in."""
    facts = facts_of(category)
    return (TOTAL, facts.dsa, *facts.keywords)


def measures(rows: Iterable[DecisionRow], period: Period, *, by_law: bool) -> dict[str, Measures]:
    """What the place did on its own initiative, by row of the templates."""
    found: dict[str, Measures] = defaultdict(Measures)
    for row in rows:
        own = row.restricts and not row.by_notice and row.by_law == by_law
        if own and period.holds(row.at):
            for code in codes_of(row.category):
                found[code].add(row)
    return found


def notices(rows: Iterable[NoticeRow], period: Period, *, flaggers: bool) -> dict[str, Notices]:
    """Notices by row of the templates: all of them, or those of trusted flaggers."""
    found: dict[str, Notices] = defaultdict(Notices)
    for row in rows:
        told = is_notice(row.source, row.category) and period.holds(row.at)
        if told and (not flaggers or row.source == Sender.TRUSTED_FLAGGER):
            for code in codes_of(row.category):
                found[code].add(row)
    return found


def complaints(rows: Iterable[ComplaintRow], period: Period) -> dict[About, Complaints]:
    """Complaints by what they are about."""
    found: dict[About, Complaints] = defaultdict(Complaints)
    for row in rows:
        if period.holds(row.at):
            found[row.about].add(row)
    return found


def pace(rows: Iterable[DecisionRow], period: Period) -> dict[int, Pace]:
    """How soon cases were decided, by our own categories; 0: all of them."""
    found: dict[int, Pace] = defaultdict(Pace)
    for row in rows:
        if period.holds(row.at):
            found[0].add(row)
            found[row.category].add(row)
    return found


def machine_share(rows: Iterable[DecisionRow], period: Period) -> tuple[int, int]:
    """Measures that a machine took alone, and those that people took."""
    machine = people = 0
    for row in rows:
        if row.restricts and period.holds(row.at):
            machine += row.subjects if row.machine_decided else 0
            people += 0 if row.machine_decided else row.subjects
    return machine, people


def median(times: Sequence[int]) -> int | None:
    """The middle one; of two the lower."""
    return sorted(times)[(len(times) - 1) // 2] if times else None


def percentile(times: Sequence[int], share: int) -> int | None:
    """The time that `share` of 100 were not slower than."""
    return sorted(times)[max(0, -(-len(times) * share // 100) - 1)] if times else None


def hours(time: int | None) -> str:
    """Hours with one digit behind the point, as the templates want a time; empty: none."""
    return "" if time is None else f"{time / HOUR:.1f}"


def _ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000
