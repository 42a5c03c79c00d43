"""Counts by the day what signals found and what people decided, a minute or two after it was."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from typing import Final

import msgspec

from rostra.kernel import ids
from rostra.kernel.clock import DAY, MINUTE
from rostra.safety.cases.model import Event, EventKind
from rostra.safety.edge import Services, Transaction
from rostra.safety.screening.harms import threshold_of
from rostra.safety.screening.model import Heard, Judgement
from rostra.safety.tallies import queries
from rostra.safety.tallies.acted import above, acted
from rostra.safety.tallies.model import TENTHS, TIMES, WEEK, Measure
from rostra.settings import Screening
from rostra.store.outbox.kinds import JobKind

LAG_MS: Final = 2 * MINUTE
"""A row's id is made before its transaction ends; older ones than this are all there."""
KEPT_MS: Final = 27 * WEEK

Key = tuple[int, str, str, int, str, int]  # as the columns of a tally


class Head(IntEnum):
    """What is read along; the numbers stand in rows."""

    JUDGEMENTS = 1
    DECISIONS = 2


class Count(msgspec.Struct, frozen=True):
    """Count what has come since the last time; so many judgements, and events, at once."""

    most: int = 1_000


class Drop(msgspec.Struct, frozen=True):
    """Forget what is too old to be shown."""


class Decided(msgspec.Struct, frozen=True):
    """What people decided about something, and what had been found in it. UTC ms."""

    at: int
    judgement: Judgement
    acted: bool


_event = msgspec.json.Decoder(Event).decode


async def count(services: Services, tx: Transaction, job: Count) -> None:
    """Count some of what is not counted yet; where there is more, another job goes on."""
    more = [
        await _judgements(services, tx, job.most),
        await _decisions(services, tx, job.most),
    ]
    if any(more):
        await tx.enqueue("tallies.count", job, dedupe_key="more")


async def _judgements(services: Services, tx: Transaction, most: int) -> bool:
    after, until = await _locked(services, tx, Head.JUDGEMENTS)
    rows = await tx.all(queries.JUDGEMENTS, after=after, until=until, limit=most)
    await _add(tx, of_judgements(services.settings.screening, rows))
    full = len(rows) == most
    end = rows[-1].id if full else max(after, until - 1)
    await tx.run(queries.SET_HEAD, id=int(Head.JUDGEMENTS), counted=end)
    return full


async def _decisions(services: Services, tx: Transaction, most: int) -> bool:
    after, until = await _locked(services, tx, Head.DECISIONS)
    rows = await tx.all(queries.EVENTS, after=after, until=until, limit=most)
    judged = [
        (at, judgement_id, _event(data).decision_id)
        for _, kind, data, at, judgement_id in rows
        if kind == EventKind.DECIDED and judgement_id
    ]
    if judged:
        decided = await _decided(tx, judged)
        await _add(tx, of_decisions(services.settings.screening, decided))
    full = len(rows) == most
    end = rows[-1][0] if full else max(after, until - 1)
    await tx.run(queries.SET_HEAD, id=int(Head.DECISIONS), counted=end)
    return full


async def _decided(tx: Transaction, judged: Iterable[tuple[int, int, int]]) -> list[Decided]:
    """What people did, of events with their time, the judgement before them and their decision."""
    known = list(judged)
    done = {
        decision_id: acted(actions, strikes)
        for decision_id, actions, strikes in await tx.all(
            queries.DECISIONS, ids=sorted({decision_id for _, _, decision_id in known})
        )
    }
    found = {
        row.id: row
        for row in await tx.all(queries.BY_ID, ids=sorted({judgement for _, judgement, _ in known}))
    }
    return [
        Decided(at, found[judgement], done[decision])
        for at, judgement, decision in known
        if judgement in found and decision in done
    ]


async def _locked(services: Services, tx: Transaction, head: Head) -> tuple[int, int]:
    """Behind which id to go on, and before which one to stop."""
    await tx.run(queries.ADD_HEAD, id=int(head), counted_id=0)
    after = int(await tx.value(queries.LOCKED_HEAD, id=int(head)))
    return after, ids.floor_at(services.clock.now() - LAG_MS)


async def _add(tx: Transaction, tallies: Mapping[Key, int]) -> None:
    names = ("day", "signal", "version", "measure", "harm", "bucket")
    await tx.run_many(
        queries.ADD,
        [
            {**dict(zip(names, key, strict=True)), "count": count}
            for key, count in sorted(tallies.items())
        ],
    )


def of_judgements(settings: Screening, rows: Iterable[Judgement]) -> Counter[Key]:
    """How often what was found on which day, by each signal and by all of them."""
    found: Counter[Key] = Counter()
    for row in rows:
        day = row.created_at - row.created_at % DAY
        for heard in (_together(row), *row.heard):
            for measure, harm, bucket in _counts(settings, heard):
                found[day, heard.signal, heard.version, int(measure), harm, bucket] += 1
    return found


def of_decisions(settings: Screening, decided: Iterable[Decided]) -> Counter[Key]:
    """How often people agreed on which day, with each signal that gave a score and with all."""
    found: Counter[Key] = Counter()
    for each in decided:
        day = each.at - each.at % DAY
        for heard in (_together(each.judgement), *each.judgement.heard):
            if heard.scores:
                measure = _agreement(above(settings, heard), each.acted)
                found[day, heard.signal, heard.version, int(measure), "", 0] += 1
    return found


def _together(row: Judgement) -> Heard:
    """All that was said as if one signal without a name had: of each harm the highest score."""
    scores: dict[str, float] = {}
    for heard in row.heard:
        for harm, score in heard.scores.items():
            scores[harm] = max(score, scores.get(harm, 0.0))
    failed = any(heard.failed for heard in row.heard)
    return Heard("", "", row.cost_us, failed=failed, scores=scores)


def _counts(settings: Screening, heard: Heard) -> Iterator[tuple[Measure, str, int]]:
    yield Measure.TOOK, "", TIMES.of(heard.us)
    if heard.failed:
        yield Measure.FAILED, "", 0
    if heard.scores:
        yield Measure.FOUND, "", 0
    if above(settings, heard):
        yield Measure.ABOVE, "", 0
    for harm, score in heard.scores.items():
        yield Measure.SCORED, harm, min(TENTHS - 1, int(score * TENTHS))
        if score >= threshold_of(settings, harm):
            yield Measure.REACHED, harm, 0


def _agreement(said: bool, done: bool) -> Measure:  # noqa: FBT001 (the two sides of a table)
    if said:
        return Measure.CAUGHT if done else Measure.OVERDONE
    return Measure.MISSED if done else Measure.PASSED


async def drop(services: Services, tx: Transaction, _job: Drop) -> None:
    """Forget days that are too old."""
    await tx.run(queries.DROP, before=services.clock.now() - KEPT_MS)


JOBS = (
    JobKind("tallies.count", Count, count, transactional=True, every_ms=MINUTE),
    JobKind("tallies.drop", Drop, drop, transactional=True, every_ms=DAY),
)
