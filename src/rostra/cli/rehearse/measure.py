"""What came of a rehearsal, read from the rows that production writes too."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec

from rostra.cli.rehearse.desk import Counts
from rostra.cli.rehearse.mail import Open
from rostra.cli.rehearse.place import Place
from rostra.cli.rehearse.plan import START, TARGET
from rostra.cli.rehearse.world import NOTHING_WRONG
from rostra.kernel.clock import HOUR, MINUTE, SECOND
from rostra.safety.cases import access as cases_access
from rostra.safety.cases.model import Case
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions.model import ActionKind, Decision
from rostra.safety.reports import access as reports_access

_AT_ONCE = 500
T = TypeVar("T")


class Answer(msgspec.Struct, frozen=True):
    """A letter: when it came, was due, and was answered (UTC ms; 0: not).

    Attributes:
        posts: that it names.
        found: of ours that the desk has found in it.
        read: the deadline that the desk has read in it.
    """

    at: int
    deadline: int
    answered_at: int
    posts: int
    found: int
    read: int

    @property
    def in_time(self) -> bool:
        """Whether it was answered by its deadline."""
        return 0 < self.answered_at <= self.deadline


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """What a rehearsal leaves behind.

    Attributes:
        report_ids: of the reports that were filed.
        too_late: reports that were not, because the post was gone.
        letters: of the host.
        counts: what people have done.
        case_ids: that judging has opened.
        alarms: of ordinary posts, how many would be looked into.
    """

    report_ids: Sequence[int]
    too_late: int
    letters: Sequence[Open]
    counts: Counts
    case_ids: Sequence[int] = ()
    alarms: int = 0


class Call(msgspec.Struct, frozen=True):
    """A call to violence. UTC ms, 0: not yet."""

    written_at: int
    told_at: int
    looked_at: int
    acted_at: int


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one rehearsal."""

    begins: int  # UTC ms: what is below is counted from then on, but for reports and cases
    end: int
    reports: int
    too_late: int
    cases: int
    open_reports: tuple[int, ...]  # at each full hour
    open_cases: tuple[int, ...]
    standing_reports: int  # that wait when it begins
    standing_cases: int
    cleared_at: int  # UTC ms: the last of those is decided; 0: never
    standing_decisions: int  # by which people cleared them
    calls: tuple[Call, ...]
    answers: tuple[Answer, ...]
    decisions: int
    read: int
    clusters: int
    seconds: int
    machine: int
    decided_at: tuple[int, ...]  # each decision of a person
    decided_cases: int
    wronged: int  # posts removed with which nothing is wrong
    spared: int  # posts left with which something is
    busy_ms: int
    copies: int  # of floods, written while it runs
    copies_early: int  # of those: judged or met before anybody told of them
    alarms: int

    @property
    def human(self) -> int:
        """Decisions that people made."""
        return self.decisions + self.clusters + self.seconds

    @property
    def judged(self) -> tuple[Call, ...]:
        """The calls whose hour is over."""
        return tuple(
            call
            for call in self.calls
            if call.told_at >= self.begins and call.told_at + TARGET <= self.end
        )

    @property
    def within(self) -> float:
        """The share of them that was acted on within the hour."""
        hits = sum(0 < each.acted_at <= each.told_at + TARGET for each in self.judged)
        return hits / len(self.judged) if self.judged else 1.0

    @property
    def up(self) -> tuple[int, ...]:
        """How long each call stood that was written while it runs, and whose hour is over; ms.

        One that still stands has stood until the end.
        """
        return tuple(
            (call.acted_at or self.end) - call.written_at
            for call in self.calls
            if call.written_at >= self.begins and call.written_at + TARGET <= self.end
        )

    @property
    def in_time(self) -> tuple[int, int]:
        """Letters answered in time, of those that are answered or whose deadline is over."""
        due = [
            each
            for each in self.answers
            if each.at >= self.begins and (each.answered_at or each.deadline <= self.end)
        ]
        return sum(each.in_time for each in due), len(due)

    @property
    def posts_found(self) -> tuple[int, int]:
        """Posts that the desk found in letters, of those that they name."""
        return sum(each.found for each in self.answers), sum(each.posts for each in self.answers)

    @property
    def deadlines_read(self) -> tuple[int, int]:
        """Letters whose deadline the desk has read to the second, of all."""
        right = sum(each.read // SECOND == each.deadline // SECOND for each in self.answers)
        return right, len(self.answers)


async def measured(place: Place, begins: int, left: Left) -> Outcome:
    """Read it all."""
    counts = left.counts
    reports, cases, decisions = await _rows(place, left)
    spans = [(each.status.opened_at, each.status.decided_at) for each in cases]
    machine = {each.id for each in decisions.values() if each.machine_decided}
    # What is there from the first on comes within the first minute.
    standing = [
        case for case in cases if _waits(begins, case.status.opened_at, case.status.decided_at)
    ]
    ends = [case.status.decided_at for case in standing]
    wronged, spared = _faults(place, cases, decisions)
    copies = _copies(place, begins, cases)
    return Outcome(
        begins=begins,
        end=place.world.plan.end,
        reports=len(reports),
        too_late=left.too_late,
        cases=len(cases),
        open_reports=_open(place, reports),
        open_cases=_open(place, spans),
        standing_reports=sum(_waits(begins, *span) for span in reports),
        standing_cases=len(standing),
        cleared_at=max(ends, default=begins) if all(ends) else 0,
        standing_decisions=len({c.status.decision_id for c in standing} - {0} - machine)
        + counts.seconds,
        calls=_calls(place, cases),
        answers=tuple(map(_answer, left.letters)),
        decisions=counts.decisions,
        read=counts.read,
        clusters=counts.clusters,
        seconds=counts.seconds,
        machine=len(machine),
        decided_at=tuple(counts.by_time),
        decided_cases=sum(case.status.decided_at > 0 for case in cases),
        wronged=wronged,
        spared=spared,
        busy_ms=counts.busy_ms,
        copies=len(copies),
        copies_early=sum(case.status.opened_at < told_at for case, told_at in copies),
        alarms=left.alarms,
    )


def _answer(letter: Open) -> Answer:
    return Answer(
        at=letter.letter.at,
        deadline=letter.letter.deadline,
        answered_at=letter.answered_at,
        posts=len(letter.letter.posts),
        found=letter.named,
        read=letter.deadline,
    )


async def _rows(
    place: Place, left: Left
) -> tuple[list[tuple[int, int]], list[Case], dict[int, Decision]]:
    """When each report came and was decided, all cases, all decisions about them."""
    reports, cases, decisions = [], dict[int, Case](), dict[int, Decision]()
    async with place.db.read() as reader:
        for some in _parts(left.case_ids):
            cases |= await cases_access.by_ids(reader, some)
        for some in _parts(left.report_ids):
            found = await reports_access.by_ids(reader, some)
            reports += [(each.row.created_at, each.row.decided_at) for each in found]
            joined = await cases_access.cases_of_reports(reader, some)
            case_ids = sorted({each for ids in joined.values() for each in ids} - set(cases))
            cases |= await cases_access.by_ids(reader, case_ids)
        decided = sorted({case.status.decision_id for case in cases.values()} - {0})
        for some in _parts(decided):
            decisions |= await decisions_access.by_ids(reader, some)
    return reports, [cases[case_id] for case_id in sorted(cases)], decisions


def _waits(moment: int, came_at: int, decided_at: int) -> bool:
    """Whether it was there, or came within a minute, and was not decided before."""
    return came_at < moment + MINUTE and not 0 < decided_at < moment


def _parts(whole: Sequence[T]) -> list[Sequence[T]]:
    return [whole[at : at + _AT_ONCE] for at in range(0, len(whole), _AT_ONCE)]


def _open(place: Place, spans: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """How many were open at each full hour."""
    hours = (place.world.plan.end - START) // HOUR
    change = [0] * (hours + 2)
    for begun, ended in spans:
        change[min(hours + 1, (begun - START) // HOUR + 1)] += 1
        if ended:
            change[min(hours + 1, (ended - START) // HOUR + 1)] -= 1
    found, now = [], 0
    for hour in range(hours + 1):
        now += change[hour]
        found.append(now)
    return tuple(found)


def _calls(place: Place, cases: Sequence[Case]) -> tuple[Call, ...]:
    posts, number_of = place.world.posts, place.places.number_of
    first: dict[int, Call] = {}
    for case in sorted(cases, key=lambda case: case.status.opened_at):
        status = case.status
        post = posts[number_of[case.subject_id]]
        if post.violent and case.subject_id not in first:
            times = status.opened_at, status.looked_at, status.decided_at
            first[case.subject_id] = Call(post.at, *times)
    return tuple(first.values())


def _copies(place: Place, begins: int, cases: Sequence[Case]) -> list[tuple[Case, int]]:
    """The first case about each copy of a flood, and when somebody was to tell of it."""
    posts, number_of = place.world.posts, place.places.number_of
    told = {told.post: told.at for told in reversed(place.world.told)}
    first: dict[int, Case] = {}
    for case in sorted(cases, key=lambda case: case.status.opened_at):
        number = number_of[case.subject_id]
        post = posts[number]
        if post.flood >= 0 and post.really != NOTHING_WRONG and post.at >= begins:
            first.setdefault(number, case)
    return [(case, told[number]) for number, case in first.items() if number in told]


def _faults(
    place: Place, cases: Sequence[Case], decisions: Mapping[int, Decision]
) -> tuple[int, int]:
    """Posts that were removed and should not be, and the other way round."""
    removing = {
        each.id
        for each in decisions.values()
        if any(action.kind == ActionKind.REMOVE for action in each.done)
    }
    wronged = spared = 0
    for case in cases:
        status = case.status
        really = place.world.posts[place.places.number_of[case.subject_id]].really
        removed = status.decision_id in removing
        wronged += removed and really == NOTHING_WRONG
        spared += bool(status.decided_at) and not removed and really != NOTHING_WRONG
    return wronged, spared
