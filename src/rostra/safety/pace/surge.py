"""Switches measures against a flood on and off: by hand, by the forecast, and at their ends.

What is in force stands with the settings of the place, where every process knows it without asking.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from rostra.kernel import ids
from rostra.kernel.clock import HOUR
from rostra.kernel.errors import Conflict, Fault, Invalid
from rostra.network.instance import access as instance_access
from rostra.network.instance.model import Measure
from rostra.network.instance.settings import set_surge
from rostra.safety.edge import Reader, Services, Transaction
from rostra.safety.pace import queries
from rostra.safety.pace.surge_model import (
    MAX_HOURS,
    MAX_MOST,
    MAX_OPEN,
    LogEntry,
    MeasureKind,
    Terms,
    What,
)
from rostra.safety.team.letters import who_may
from rostra.safety.team.model import Actor, Permission

SHOWN: Final = 40


class TellSwitch(msgspec.Struct, frozen=True):
    """Write to one of the team that a measure was switched."""

    email: str
    measure: int
    what: int
    until: int


class Release(msgspec.Struct, frozen=True):
    """Let go of the first posts that a measure has held."""

    switch_id: int


async def terms(reader: Reader) -> dict[MeasureKind, Terms]:
    """What was agreed to. One statement."""
    return {MeasureKind(each.measure): each for each in await reader.all(queries.TERMS)}


async def log(reader: Reader, *, limit: int = SHOWN) -> list[LogEntry]:
    """What was agreed and switched, the newest first. One statement."""
    return await reader.all(queries.LOG, limit=limit)


async def agree(services: Services, tx: Transaction, actor: Actor, agreed: Terms) -> Terms:
    """Agree to a measure, or to other terms of it; what is in force already goes on as it is.

    Raises:
        Forbidden: it is not theirs to agree to.
        Invalid: on `hours`, `most`, `when_hours` or `when_open`.
    """
    actor.require(Permission.SURGE)
    measure = MeasureKind(agreed.measure)
    bounds = {
        "hours": (1, MAX_HOURS),
        "most": (1, MAX_MOST) if measure.counts else (0, 0),
        "when_hours": (0, MAX_HOURS),
        "when_open": (0, MAX_OPEN),
    }
    faults = [
        Fault(name, f"must lie between {least} and {most}", "ERR_INVALID")
        for name, (least, most) in bounds.items()
        if not least <= getattr(agreed, name) <= most
    ]
    if faults:
        raise Invalid.many(faults)
    made = msgspec.structs.replace(
        agreed, agreed_by=actor.account_id, agreed_at=services.clock.now()
    )
    await tx.run(queries.AGREE, **msgspec.structs.asdict(made))
    await _note(services, tx, measure, What.AGREED, actor.account_id)
    return made


async def withdraw(services: Services, tx: Transaction, actor: Actor, measure: MeasureKind) -> None:
    """Agree to a measure no longer; where it is in force it ends.

    Raises:
        Forbidden: it is not theirs.
    """
    actor.require(Permission.SURGE)
    if await tx.run(queries.WITHDRAW, measure=int(measure)):
        await _note(services, tx, measure, What.WITHDRAWN, actor.account_id)
        await _off(services, tx, measure, What.OFF_BY_HAND, actor.account_id)


async def switch(
    services: Services, tx: Transaction, actor: Actor, measure: MeasureKind, *, on: bool
) -> None:
    """Switch a measure on or off by hand. Saying it twice changes nothing.

    Raises:
        Forbidden: it is not theirs.
        Conflict: nobody has agreed to it.
    """
    actor.require(Permission.SURGE)
    agreed = (await _locked(tx)).get(measure)
    if not on:
        await _off(services, tx, measure, What.OFF_BY_HAND, actor.account_id)
    elif agreed is None:
        safe = "Nobody has agreed to this measure beforehand"
        raise Conflict(f"{measure.wire} has no terms", safe=safe, code="not_agreed")
    else:
        await _on(services, tx, agreed, What.ON_BY_HAND, actor.account_id)


async def _locked(tx: Transaction) -> Mapping[MeasureKind, Terms]:
    return {MeasureKind(each.measure): each for each in await tx.all(queries.LOCKED_TERMS)}


async def _on(
    services: Services, tx: Transaction, agreed: Terms, what: What, actor_id: int = 0
) -> None:
    measure, now = MeasureKind(agreed.measure), services.clock.now()
    surge = await instance_access.surge(tx)
    if surge.in_force(measure.wire, now):
        return
    until = now + agreed.hours * HOUR
    switch_id = await _note(services, tx, measure, what, actor_id, until)
    held = Measure(now, until, agreed.most, switch_id)
    await set_surge(services, tx, msgspec.structs.replace(surge, **{measure.wire: held}))


async def _off(
    services: Services, tx: Transaction, measure: MeasureKind, what: What, actor_id: int = 0
) -> None:
    surge = await instance_access.surge(tx)
    running: Measure | None = getattr(surge, measure.wire)
    if running is None:
        return
    await set_surge(services, tx, msgspec.structs.replace(surge, **{measure.wire: None}))
    await _note(services, tx, measure, what, actor_id)
    if measure is MeasureKind.HOLD_FIRST_POSTS:
        await tx.enqueue("pace.release", Release(running.switch_id))


async def _note(  # noqa: PLR0917 (the columns of a line)
    services: Services,
    tx: Transaction,
    measure: MeasureKind,
    what: What,
    actor_id: int,
    until: int = 0,
) -> int:
    """Write a line, and tell the team; the line's id."""
    entry = LogEntry(services.ids.next(), int(measure), int(what), actor_id, until)
    await tx.run(queries.ADD_LOG, **msgspec.structs.asdict(entry))
    if services.mailer.configured:
        for email, _ in await who_may(services, tx, Permission.SEE_CASES):
            job = TellSwitch(email, entry.measure, entry.what, until)
            await tx.enqueue("pace.tell_switch", job, priority=7)
    return entry.id


async def follow(
    services: Services, tx: Transaction, open_now: int, clear_in_ms: int | None, *, known: bool
) -> None:
    """End what has come to its end, and do what the forecast asks for as it was agreed.

    Args:
        services: the house's parts.
        tx: the transaction.
        open_now: how many cases are open.
        clear_in_ms: how long they take; None: they are never done.
        known: whether there is a forecast at all; without one nothing is switched by it.
    """
    now = services.clock.now()
    agreed, surge = await _locked(tx), await instance_access.surge(tx)
    for measure in MeasureKind:
        running: Measure | None = getattr(surge, measure.wire)
        its = agreed.get(measure)
        if running is not None and running.until <= now:
            await _off(services, tx, measure, What.OFF_AT_END)
        elif its is None or not known:
            continue
        elif running is None:
            if its.asks_for(open_now, clear_in_ms) and await _rested(tx, its, now):
                await _on(services, tx, its, What.ON_BY_FORECAST)
        elif its.lets_go(open_now, clear_in_ms) and await _by_forecast(tx, running):
            await _off(services, tx, measure, What.OFF_BY_FORECAST)


async def _rested(tx: Transaction, agreed: Terms, now: int) -> bool:
    """A cap is one: after its end the forecast switches nothing on for as long again.

    Nor does it within that time where somebody has switched it off by hand.
    """
    last = await tx.first(queries.LAST, measure=agreed.measure)
    if last is None or last.what not in {What.OFF_AT_END, What.OFF_BY_HAND}:
        return True
    return now - ids.time_of(last.id) >= agreed.hours * HOUR


async def _by_forecast(tx: Transaction, running: Measure) -> bool:
    """What was switched on by hand stays until its end, or until it is switched off by hand."""
    entry = await tx.first(queries.ENTRY, id=running.switch_id)
    return entry is not None and entry.what == What.ON_BY_FORECAST
