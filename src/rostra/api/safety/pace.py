"""How moderation keeps pace."""

from typing import Any, Literal

import msgspec

from rostra.api.endpoint import GET, Auth, Call, Endpoint
from rostra.api.mastodon.times import iso, iso_or_none
from rostra.api.safety import entities
from rostra.api.safety.common import BASE, READ, actor_of, case_entity
from rostra.network.edge import Reader
from rostra.safety.categories.facts import facts_of
from rostra.safety.pace import access
from rostra.safety.pace.model import ALL, Alarm, AlarmState, Forecast, Pace, Row, Target, Times
from rostra.safety.team.model import Permission


class PaceParams(msgspec.Struct, frozen=True):
    """How far to look back."""

    window: Literal["day", "week"] = "day"


class TimesEntity(msgspec.Struct, frozen=True, kw_only=True):
    """How long something took; null where nothing was done."""

    count: int
    median_s: int | None
    p95_s: int | None
    target_s: int | None  # null: of all categories together
    in_time: float | None  # the share of it that met its target


class RowEntity(msgspec.Struct, frozen=True, kw_only=True):
    """The pace of a category."""

    category: str | None  # null: all together
    arrived: int
    cleared: int
    merged: int
    first_look: TimesEntity
    decision: TimesEntity
    open: int
    late: int
    unseen: int
    unseen_late: int
    oldest_at: str | None
    due_at: str | None


class HourEntity(msgspec.Struct, frozen=True, kw_only=True):
    """What came and went in an hour, and what was open at its end."""

    at: str
    arrived: int
    cleared: int
    open: int


class ForecastEntity(msgspec.Struct, frozen=True, kw_only=True):
    """When what is open will be done; null: never, at this pace."""

    hours: int
    arriving_per_hour: float
    clearing_per_hour: float
    clear_in_s: int | None
    soonest_s: int | None
    latest_s: int | None


class AlarmEntity(msgspec.Struct, frozen=True, kw_only=True):
    """A target that is missed, or will be."""

    category: str
    target: str  # look, decision
    state: str  # soon, missed
    cases: int
    within_s: int
    expected: float


class PaceEntity(msgspec.Struct, frozen=True, kw_only=True):
    """How moderation keeps pace."""

    window_s: int
    counted_until: str | None
    rows: tuple[RowEntity, ...]
    hours: tuple[HourEntity, ...]
    worst: entities.Case | None
    forecast: ForecastEntity | None
    alarms: tuple[AlarmEntity, ...]


async def show(call: Call[PaceParams]) -> PaceEntity:
    """How moderation keeps pace."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.RECORD)

    async def work(reader: Reader) -> Pace:
        return await access.pace(call.services, reader, access.WINDOWS[call.params.window])

    return pace_entity(await call.services.db.slowly(work))


def pace_entity(pace: Pace) -> PaceEntity:
    """All of it."""
    return PaceEntity(
        window_s=pace.window_ms // 1000,
        counted_until=iso_or_none(pace.counted_until),
        rows=tuple(map(_row, pace.rows)),
        hours=tuple(
            HourEntity(at=iso(each.at), arrived=each.arrived, cleared=each.cleared, open=each.open)
            for each in pace.flows
        ),
        worst=case_entity(pace.worst) if pace.worst else None,
        forecast=_forecast(pace.forecast) if pace.forecast else None,
        alarms=tuple(map(_alarm, pace.alarms)),
    )


def _row(row: Row) -> RowEntity:
    facts = None if row.category == ALL else facts_of(row.category)
    waiting = row.waiting
    return RowEntity(
        category=facts.slug if facts else None,
        arrived=row.arrived,
        cleared=row.cleared,
        merged=row.merged,
        first_look=_times(row.look, facts.first_look if facts else None),
        decision=_times(row.decision, facts.decision if facts else None),
        open=waiting.cases,
        late=waiting.late,
        unseen=waiting.unseen,
        unseen_late=waiting.unseen_late,
        oldest_at=iso_or_none(waiting.oldest_at),
        due_at=iso_or_none(waiting.due_at),
    )


def _times(times: Times, target: int | None) -> TimesEntity:
    return TimesEntity(
        count=times.count,
        median_s=_seconds(times.median_ms),
        p95_s=_seconds(times.p95_ms),
        target_s=_seconds(target),
        in_time=times.met,
    )


def _forecast(forecast: Forecast) -> ForecastEntity:
    return ForecastEntity(
        hours=forecast.hours,
        arriving_per_hour=round(forecast.arriving, 3),
        clearing_per_hour=round(forecast.clearing, 3),
        clear_in_s=_seconds(forecast.clear_in_ms),
        soonest_s=_seconds(forecast.soonest_ms),
        latest_s=_seconds(forecast.latest_ms),
    )


def _alarm(alarm: Alarm) -> AlarmEntity:
    return AlarmEntity(
        category=facts_of(alarm.category).slug,
        target=Target(alarm.target).wire,
        state=AlarmState(alarm.state).wire,
        cases=alarm.cases,
        within_s=alarm.within_ms // 1000,
        expected=round(alarm.expected, 1),
    )


def _seconds(ms: int | None) -> int | None:
    return None if ms is None else ms // 1000


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        f"{BASE}/pace",
        show,
        auth=Auth.USER,
        scopes=READ,
        params=PaceParams,
        answer=PaceEntity,
        summary="Arrivals, clearances, times, targets, the forecast, alarms",
    ),
)
