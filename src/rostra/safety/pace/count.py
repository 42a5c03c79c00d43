"""Counts by the hour what happened to cases, a minute or two after it did."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from rostra.kernel import ids
from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.safety.cases.model import EventKind
from rostra.safety.categories.facts import facts_of
from rostra.safety.edge import Services, Transaction
from rostra.safety.pace import queries
from rostra.safety.pace.model import SPANS, Measure
from rostra.store.outbox.kinds import JobKind

LAG_MS: Final = 2 * MINUTE
"""An event's id is made before its transaction ends; older ones than this are all there."""
KEPT_MS: Final = 92 * DAY
BEGIN_MS: Final = 31 * DAY  # how far back the first count goes
_AT_ONCE: Final = 5_000
_ARRIVED: Final = frozenset({EventKind.OPENED, EventKind.REOPENED})
_LOOKED: Final = frozenset(
    {EventKind.LOOKED, EventKind.CLAIMED, EventKind.PROPOSED, EventKind.DECIDED}
)
_OF_LOOKS: Final = frozenset({Measure.LOOKED, Measure.LOOKED_LATE})

Key = tuple[int, int, int, int]  # hour, category, measure, bucket


class Count(msgspec.Struct, frozen=True):
    """Count what has happened since the last time."""


class Drop(msgspec.Struct, frozen=True):
    """Forget what is too old to be shown."""


class Event(msgspec.Struct, frozen=True):
    """What happened to a case, and what the case is now."""

    id: int
    case_id: int
    kind: int
    at: int
    category: int
    opened_at: int
    looked_at: int
    deadline_at: int


async def count(services: Services, tx: Transaction, _job: Count) -> None:
    """Add the events that are not counted yet; where there are too many, another job goes on."""
    now = services.clock.now()
    begin = ids.floor_at(now - BEGIN_MS)
    first = await tx.run(queries.ADD_HEAD, id=1, counted_id=begin, since=now)
    after = await tx.value(queries.LOCKED_HEAD)
    until = ids.floor_at(now - LAG_MS)
    rows = await tx.all(queries.EVENTS, after=after, until=until, limit=_AT_ONCE)
    if first and rows:
        await tx.run(queries.SET_SINCE, since=ids.time_of(rows[0][0]))
    tallies = tallied(Event(*row) for row in rows)
    await tx.run_many(
        queries.ADD,
        [
            {"hour": hour, "category": category, "measure": measure, "bucket": bucket, "count": n}
            for (hour, category, measure, bucket), n in sorted(tallies.items())
        ],
    )
    full = len(rows) == _AT_ONCE
    await tx.run(queries.SET_HEAD, counted=rows[-1][0] if full else max(after, until - 1))
    if full:
        await tx.enqueue("pace.count", Count(), dedupe_key="more")


def tallied(events: Iterable[Event]) -> Counter[Key]:
    """How much of what happened in which hour."""
    found: Counter[Key] = Counter()
    looked: set[int] = set()
    for event in events:
        hour = event.at - event.at % HOUR
        for measure, bucket in _counts(event):
            # Several things may happen in the millisecond of the first look.
            if measure in _OF_LOOKS and event.case_id in looked:
                continue
            found[hour, event.category, int(measure), bucket] += 1
        if event.looked_at == event.at and event.kind in _LOOKED:
            looked.add(event.case_id)
    return found


def _counts(event: Event) -> Iterator[tuple[Measure, int]]:
    """What an event counts as, and in which bucket."""
    span = event.at - event.opened_at
    if event.kind in _ARRIVED:
        yield Measure.ARRIVED, 0
    elif event.kind == EventKind.MERGED:
        yield Measure.MERGED, 0
    elif event.kind == EventKind.DECIDED:
        yield Measure.DECIDED, SPANS.of(span)
        if 0 < event.deadline_at < event.at:
            yield Measure.DECIDED_LATE, 0
    if event.kind in _LOOKED and event.at == event.looked_at:
        yield Measure.LOOKED, SPANS.of(span)
        if span > facts_of(event.category).first_look:
            yield Measure.LOOKED_LATE, 0


async def drop(services: Services, tx: Transaction, _job: Drop) -> None:
    """Forget hours that are too old."""
    await tx.run(queries.DROP, from_hour=services.clock.now() - KEPT_MS)


JOBS = (
    JobKind("pace.count", Count, count, transactional=True, every_ms=MINUTE),
    JobKind("pace.drop", Drop, drop, transactional=True, every_ms=DAY),
)
