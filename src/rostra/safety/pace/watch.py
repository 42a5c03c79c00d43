"""Tells the team before a target is missed, and when one was: once, until it is over."""

import contextlib
from collections.abc import Sequence
from typing import Final

import msgspec

from rostra.kernel.clock import HOUR, MINUTE
from rostra.network.instance import access as instance_access
from rostra.outside.mail import Mail, MailRefused
from rostra.safety.edge import Services, Transaction
from rostra.safety.pace import access, hold, queries, surge, words
from rostra.safety.pace.model import Alarm, AlarmState, Target
from rostra.safety.pace.reckon import ahead
from rostra.safety.pace.surge import Release, TellSwitch
from rostra.safety.team.letters import who_may
from rostra.safety.team.model import Permission
from rostra.store.outbox.kinds import JobKind

AGAIN_MS: Final = 12 * HOUR  # what goes on is told again after so long


class Watch(msgspec.Struct, frozen=True):
    """Look whether a target is missed, or will be."""


class Tell(msgspec.Struct, frozen=True):
    """Write to one of the team."""

    email: str
    alarms: tuple[Alarm, ...]


async def watch(services: Services, tx: Transaction, _job: Watch) -> None:
    """Have the team told of every alarm that is new, or goes on for long; one letter for all."""
    now = services.clock.now()
    found = {key_of(each): each for each in await access.alarms(tx, now)}
    known = {tuple(key): (told, over) for *key, told, over in await tx.all(queries.ALARMS)}
    rows: list[dict[str, int]] = []
    for key in known.keys() - found.keys():
        told, over = known[key]
        if not over:
            rows.append(_row(key, told, over=1))
    fresh = [each for key, each in found.items() if is_due(each, known.get(key), now)]
    rows += [_row(key_of(each), now) for each in fresh]
    await tx.run_many(queries.TOLD, rows)
    if fresh and services.mailer.configured:
        await _tell_all(services, tx, fresh, now)
    await _follow(services, tx)


async def _follow(services: Services, tx: Transaction) -> None:
    """Switch measures against a flood, where the forecast or their ends ask for it."""
    running = await instance_access.surge(tx)
    if not running.any and not await surge.terms(tx):
        return
    open_now, found = await access.outlook(services, tx)
    clear_in = found.clear_in_ms if found else None
    await surge.follow(services, tx, open_now, clear_in, known=found is not None)


def key_of(alarm: Alarm) -> tuple[int, ...]:
    """What it is about."""
    return (alarm.category, alarm.target, alarm.state)


def is_due(alarm: Alarm, known: tuple[int, int] | None, now: int) -> bool:
    """Whether it is told of now (UTC ms), by when it was told of last and whether it ended since.

    What comes and goes is told as often as its time to warn is long, at most.
    """
    if known is None:
        return True
    told, over = known
    wait = ahead(alarm.category, Target(alarm.target)) if over else AGAIN_MS
    return now - told >= wait


def _row(key: tuple[int, ...], told_at: int, over: int = 0) -> dict[str, int]:
    category, target, state = key
    return {
        "category": category,
        "target": target,
        "state": state,
        "told_at": told_at,
        "over": over,
    }


async def _tell_all(services: Services, tx: Transaction, alarms: Sequence[Alarm], now: int) -> None:
    """Each learns of the categories that are theirs to see."""
    for email, actor in await who_may(services, tx, Permission.WORK_CASES):
        theirs = tuple(each for each in alarms if actor is None or actor.sees(each.category))
        if theirs:
            await tx.enqueue(
                "pace.tell", Tell(email, theirs), dedupe_key=f"{now}:{email}", priority=7
            )


async def tell(services: Services, job: Tell) -> None:
    """Write one letter. It names no case: mail is read by others."""
    async with services.db.read() as reader:
        place = await instance_access.settings(services, reader)
    if not services.mailer.configured:
        return
    base = services.settings.site.base_url.rstrip("/")
    lines = "\n".join(f"* {words.alarm(each)}." for each in job.alarms)
    text = f"Moderation at {place.title}:\n\n{lines}\n\n{base}/console/pace\n"
    missed = any(each.state == AlarmState.MISSED for each in job.alarms)
    subject = "Moderation is late" if missed else "Moderation will soon be late"
    try:
        await services.mailer.send(Mail(to=job.email, subject=subject, text=text))
    except MailRefused:
        return  # the address takes no mail; trying again would not change that


async def tell_switch(services: Services, job: TellSwitch) -> None:
    """Write to one of the team that a measure was switched."""
    if not services.mailer.configured:
        return
    async with services.db.read() as reader:
        place = await instance_access.settings(services, reader)
    said = words.switched(job.measure, job.what, job.until)
    base = services.settings.site.base_url.rstrip("/")
    text = f"{said} at {place.title}.\n\n{base}/console/pace\n"
    with contextlib.suppress(MailRefused):  # trying again would not change that
        await services.mailer.send(Mail(to=job.email, subject=said, text=text))


JOBS = (
    JobKind("pace.tell_switch", TellSwitch, tell_switch),
    JobKind("pace.release", Release, hold.release, transactional=True),
    JobKind("pace.watch", Watch, watch, transactional=True, every_ms=MINUTE),
    JobKind("pace.tell", Tell, tell),
)
