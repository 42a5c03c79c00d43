"""Measures against a flood: what was agreed, what is in force, and switching it."""

from typing import Any, Literal

import msgspec

from rostra.api.endpoint import GET, POST, PUT, Auth, Call, Endpoint
from rostra.api.mastodon.times import iso, iso_or_none
from rostra.api.safety.common import BASE, READ, WRITE, actor_of, id_or_none
from rostra.http.params import NoParams
from rostra.kernel import ids
from rostra.network.edge import Reader
from rostra.network.instance import access as instance_access
from rostra.network.instance.model import Surge
from rostra.safety.pace import surge, words
from rostra.safety.pace.surge_model import LogEntry, MeasureKind, Terms, What
from rostra.safety.team.model import Permission

Measure = Literal["hold_first_posts", "slow_replies", "close_sign_up"]


class MeasureParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which measure."""

    measure: Measure


class TermsParams(MeasureParams, frozen=True, kw_only=True):
    """What is agreed to."""

    hours: int
    most: int = 0
    when_hours: int = 0
    when_open: int = 0


class RunningEntity(msgspec.Struct, frozen=True, kw_only=True):
    """A measure that is in force."""

    measure: str
    words: str
    since: str
    until: str


class PublicSurge(msgspec.Struct, frozen=True):
    """What this place does against a flood at the moment."""

    measures: tuple[RunningEntity, ...]


class TermsEntity(msgspec.Struct, frozen=True, kw_only=True):
    """What was agreed to beforehand; `when_hours` 0: it is switched on by hand alone."""

    measure: str
    hours: int
    most: int
    when_hours: int
    when_open: int
    agreed_by: str
    agreed_at: str


class LogEntity(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was agreed, or switched."""

    measure: str
    what: str
    at: str
    actor_id: str | None
    until: str | None


class SurgeEntity(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, for the team."""

    measures: tuple[RunningEntity, ...]
    terms: tuple[TermsEntity, ...]
    log: tuple[LogEntity, ...]


async def public(call: Call[NoParams]) -> PublicSurge:
    """What is in force, for anybody."""
    async with call.services.db.read() as reader:
        place = await instance_access.place(call.services, reader)
    return PublicSurge(_running(place.surge, call.services.clock.now()))


async def show(call: Call[NoParams]) -> SurgeEntity:
    """What was agreed, what is in force, and what became of it."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.SEE_CASES)
        return await _all(call, reader)


async def agree(call: Call[TermsParams]) -> SurgeEntity:
    """Agree to a measure beforehand, or to other terms."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.SURGE)
        agreed = Terms(
            measure=_kind(params.measure),
            hours=params.hours,
            most=params.most,
            when_hours=params.when_hours,
            when_open=params.when_open,
        )
        await surge.agree(call.services, tx, actor, agreed)
        return await _all(call, tx)


async def withdraw(call: Call[MeasureParams]) -> SurgeEntity:
    """Agree no longer; it ends where it is in force."""
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.SURGE)
        await surge.withdraw(call.services, tx, actor, _kind(call.params.measure))
        return await _all(call, tx)


async def switch_on(call: Call[MeasureParams]) -> SurgeEntity:
    """Switch a measure on that was agreed to."""
    return await _switch(call, on=True)


async def switch_off(call: Call[MeasureParams]) -> SurgeEntity:
    """Switch it off."""
    return await _switch(call, on=False)


async def _switch(call: Call[MeasureParams], *, on: bool) -> SurgeEntity:
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.SURGE)
        await surge.switch(call.services, tx, actor, _kind(call.params.measure), on=on)
        return await _all(call, tx)


async def _all(call: Call[Any], reader: Reader) -> SurgeEntity:
    running = await instance_access.surge(reader)
    return SurgeEntity(
        measures=_running(running, call.services.clock.now()),
        terms=tuple(map(_terms, (await surge.terms(reader)).values())),
        log=tuple(map(_entry, await surge.log(reader))),
    )


def _kind(name: str) -> MeasureKind:
    return MeasureKind[name.upper()]


def _running(running: Surge, now: int) -> tuple[RunningEntity, ...]:
    return tuple(
        RunningEntity(
            measure=name,
            words=words.of(name),
            since=iso(measure.since),
            until=iso(measure.until),
        )
        for name, measure in running.running(now).items()
    )


def _terms(terms: Terms) -> TermsEntity:
    return TermsEntity(
        measure=MeasureKind(terms.measure).wire,
        hours=terms.hours,
        most=terms.most,
        when_hours=terms.when_hours,
        when_open=terms.when_open,
        agreed_by=str(terms.agreed_by),
        agreed_at=iso(terms.agreed_at),
    )


def _entry(entry: LogEntry) -> LogEntity:
    return LogEntity(
        measure=MeasureKind(entry.measure).wire,
        what=What(entry.what).wire,
        at=iso(ids.time_of(entry.id)),
        actor_id=id_or_none(entry.actor_id),
        until=iso_or_none(entry.until),
    )


_TEAM: dict[str, Any] = {"auth": Auth.USER, "answer": SurgeEntity}
ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        "/api/rostra/v1/surge",
        public,
        auth=Auth.NONE,
        answer=PublicSurge,
        summary="What this place does against a flood at the moment",
    ),
    Endpoint(GET, f"{BASE}/surge", show, scopes=READ, summary="Measures against a flood", **_TEAM),
    Endpoint(
        PUT,
        f"{BASE}/surge/terms",
        agree,
        scopes=WRITE,
        params=TermsParams,
        summary="Agree to a measure beforehand",
        **_TEAM,
    ),
    Endpoint(
        POST,
        f"{BASE}/surge/withdraw",
        withdraw,
        scopes=WRITE,
        params=MeasureParams,
        summary="Agree to a measure no longer",
        **_TEAM,
    ),
    Endpoint(
        POST,
        f"{BASE}/surge/on",
        switch_on,
        scopes=WRITE,
        params=MeasureParams,
        summary="Switch a measure on",
        **_TEAM,
    ),
    Endpoint(
        POST,
        f"{BASE}/surge/off",
        switch_off,
        scopes=WRITE,
        params=MeasureParams,
        summary="Switch a measure off",
        **_TEAM,
    ),
)
