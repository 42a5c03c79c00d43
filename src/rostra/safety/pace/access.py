"""Loads how moderation keeps pace: what is open now, and what the hours come to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from rostra.kernel import ids
from rostra.kernel.clock import DAY, HOUR
from rostra.safety.cases import access as cases_access
from rostra.safety.cases.access import View
from rostra.safety.edge import Reader, Services
from rostra.safety.pace import queries, reckon
from rostra.safety.pace.model import (
    ALL,
    Alarm,
    Flow,
    Forecast,
    Measure,
    Pace,
    Row,
    Target,
    Times,
    Waiting,
)

WINDOWS: Final = {"day": DAY, "week": 7 * DAY}
SHOWN_MS: Final = 3 * DAY  # the hours that are told one by one
RATE_MS: Final = 6 * HOUR  # what the present pace of a category is reckoned from
_DONE: Final = {
    Measure.LOOKED: Target.LOOK,
    Measure.DECIDED: Target.DECISION,
    Measure.MERGED: Target.DECISION,
}
_CLEARED: Final = frozenset({Measure.DECIDED, Measure.MERGED})

Spread = dict[tuple[int, int], dict[int, int]]


async def pace(services: Services, reader: Reader, window_ms: int = DAY) -> Pace:
    """How moderation keeps pace, looking back so long. Seven statements, however much is open."""
    now = services.clock.now()
    head = await reader.first(queries.HEAD)
    counted_until, since = (ids.time_of(head[0]), head[1]) if head else (0, now)
    hour = now - now % HOUR
    spread = await _spread(reader, hour + HOUR - window_ms)
    waiting = await open_now(reader, now)
    rates = await present_rates(reader, now)
    shown = await _flows(reader, waiting, max(hour + HOUR - SHOWN_MS, since - since % HOUR), hour)
    due = await cases_access.queue(reader, View(due_first=True), limit=1)
    return Pace(
        window_ms=window_ms,
        counted_until=counted_until,
        since=since,
        rows=_rows(spread, waiting),
        flows=shown,
        worst=due[0] if due else None,
        forecast=reckon.forecast(_total(waiting).cases, _whole(shown, since, counted_until)),
        alarms=reckon.alarms(waiting.values(), rates),
    )


def _whole(flows: Iterable[Flow], since: int, until: int) -> list[Flow]:
    return [each for each in flows if since <= each.at <= until - HOUR]


async def open_now(reader: Reader, now: int) -> dict[int, Waiting]:
    """What is open, by category. Two statements."""
    unseen = {category: rest for category, *rest in await reader.all(queries.UNSEEN, now=now)}
    found: dict[int, Waiting] = {}
    for category, cases, oldest, due, late, soon in await reader.all(queries.OPEN, now=now):
        count, count_late, count_soon = unseen.get(category, (0, 0, 0))
        found[category] = Waiting(
            category=category,
            cases=cases,
            oldest_at=oldest,
            due_at=due,
            late=late,
            due_soon=soon,
            unseen=count,
            unseen_late=count_late,
            unseen_soon=count_soon,
        )
    return found


async def present_rates(reader: Reader, now: int) -> dict[tuple[int, Target], float]:
    """How many cases of a category are looked at, and done, in an hour. One statement."""
    rates: dict[tuple[int, Target], float] = defaultdict(float)
    for category, measure, count in await reader.all(queries.RATES, from_hour=now - RATE_MS):
        target = _DONE.get(Measure(measure))
        if target is not None:
            rates[category, target] += count * HOUR / RATE_MS
    return rates


async def _spread(reader: Reader, from_hour: int) -> Spread:
    found: Spread = defaultdict(dict)
    for category, measure, bucket, count in await reader.all(queries.SPREAD, from_hour=from_hour):
        found[category, measure][bucket] = count
    return found


async def _flows(
    reader: Reader, waiting: Mapping[int, Waiting], start: int, hour: int
) -> list[Flow]:
    counts: dict[int, tuple[int, int]] = {}
    for at, measure, count in await reader.all(queries.HOURLY, from_hour=start):
        arrived, cleared = counts.get(at, (0, 0))
        if measure == Measure.ARRIVED:
            counts[at] = (arrived + count, cleared)
        elif measure in _CLEARED:
            counts[at] = (arrived, cleared + count)
    return reckon.flows(counts, start, hour + HOUR, _total(waiting).cases)


def _rows(spread: Spread, waiting: Mapping[int, Waiting]) -> list[Row]:
    """All together, then each category that had or has cases, the one due first at the head."""
    categories = {category for category, _ in spread} | set(waiting)
    rows = [_row(each, spread, waiting.get(each, Waiting(category=each))) for each in categories]
    rows.sort(key=lambda row: (row.waiting.due_at or 2**62, row.category))
    together: Spread = defaultdict(dict)
    for (_, measure), buckets in spread.items():
        into = together[ALL, measure]
        for bucket, count in buckets.items():
            into[bucket] = into.get(bucket, 0) + count
    return [_row(ALL, together, _total(waiting)), *rows]


def _row(category: int, spread: Spread, waiting: Waiting) -> Row:
    def how_many(measure: Measure) -> int:
        return sum(spread.get((category, measure), {}).values())

    def spans(measure: Measure, late: Measure) -> Times:
        return reckon.times(spread.get((category, measure), {}), how_many(late))

    return Row(
        category=category,
        arrived=how_many(Measure.ARRIVED),
        merged=how_many(Measure.MERGED),
        look=spans(Measure.LOOKED, Measure.LOOKED_LATE),
        decision=spans(Measure.DECIDED, Measure.DECIDED_LATE),
        waiting=waiting,
    )


def _total(waiting: Mapping[int, Waiting]) -> Waiting:
    """All of it as one."""

    def added(name: str) -> int:
        return sum(getattr(each, name) for each in waiting.values())

    def first(name: str) -> int:
        return min(
            (getattr(each, name) for each in waiting.values() if getattr(each, name)), default=0
        )

    counts = ("cases", "late", "due_soon", "unseen", "unseen_late", "unseen_soon")
    return Waiting(
        category=ALL,
        oldest_at=first("oldest_at"),
        due_at=first("due_at"),
        **{name: added(name) for name in counts},
    )


async def outlook(services: Services, reader: Reader) -> tuple[int, Forecast | None]:
    """How many cases are open, and when they will be done. Four statements."""
    now = services.clock.now()
    head = await reader.first(queries.HEAD)
    waiting = await open_now(reader, now)
    total = _total(waiting).cases
    if head is None:
        return total, None
    hour, since = now - now % HOUR, head[1]
    shown = await _flows(reader, waiting, hour + HOUR - SHOWN_MS, hour)
    return total, reckon.forecast(total, _whole(shown, since, ids.time_of(head[0])))


async def alarms(reader: Reader, now: int) -> list[Alarm]:
    """What is late, and what will be at the present pace. Three statements."""
    waiting = await open_now(reader, now)
    return reckon.alarms(waiting.values(), await present_rates(reader, now))
