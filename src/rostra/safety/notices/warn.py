"""The desk is told when a letter comes, four hours and one hour before it is due, and after."""

from datetime import UTC, datetime
from typing import Final

import msgspec

from rostra.kernel.clock import HOUR, MINUTE
from rostra.network.instance import access as instance_access
from rostra.outside.mail import Mail, MailRefused
from rostra.safety.edge import Services, Transaction
from rostra.safety.notices import queries
from rostra.safety.notices.model import Notice, Stage
from rostra.safety.team.letters import who_may
from rostra.safety.team.model import Permission
from rostra.store.outbox.kinds import JobKind

# What is left of the time when a stage begins; of the first stage any.
LEFT_MS: Final = {Stage.OVER: 0, Stage.ONE_HOUR: HOUR, Stage.FOUR_HOURS: 4 * HOUR}
_ANY_TIME: Final = 2**62
_AT_ONCE: Final = 100
_WORDS: Final = {
    Stage.CAME: "A letter has come",
    Stage.FOUR_HOURS: "A letter is due within four hours",
    Stage.ONE_HOUR: "A letter is due within one hour",
    Stage.OVER: "A letter was not answered in time",
}


class Warn(msgspec.Struct, frozen=True):
    """Tell the desk of what is due."""


class Tell(msgspec.Struct, frozen=True):
    """Write to one of the desk about a letter."""

    notice_id: int
    stage: int
    email: str


def stage_of(notice: Notice, now: int) -> Stage:
    """How far the time of a letter has run."""
    left = notice.deadline_at - now
    return next((stage for stage, from_ in LEFT_MS.items() if left <= from_), Stage.CAME)


async def warn(services: Services, tx: Transaction, _job: Warn) -> None:
    """Mark every letter whose next stage has begun, and have the desk told, once for each stage."""
    now = services.clock.now()
    due: dict[int, Notice] = {}
    for stage, left in (*LEFT_MS.items(), (Stage.CAME, _ANY_TIME)):
        rows = await tx.all(queries.DUE, stage=int(stage), before=now + left, limit=_AT_ONCE)
        due |= {row.id: row for row in rows if row.id not in due}
    if not due:
        return
    by_stage: dict[Stage, list[int]] = {}
    for notice in due.values():
        by_stage.setdefault(stage_of(notice, now), []).append(notice.id)
    emails = await _desk(services, tx)
    for stage, ids in by_stage.items():
        await tx.run(queries.SET_WARNED, ids=ids, stage=int(stage))
        for notice_id in ids:
            for email in emails:
                key = f"{notice_id}:{int(stage)}:{email}"
                await tx.enqueue(
                    "notices.tell", Tell(notice_id, int(stage), email), dedupe_key=key, priority=7
                )


async def _desk(services: Services, tx: Transaction) -> list[str]:
    """Where the desk is written to."""
    if not services.mailer.configured:
        return []
    return [email for email, _ in await who_may(services, tx, Permission.LETTERS)]


async def tell(services: Services, job: Tell) -> None:
    """Write one letter, unless what it warns of has been answered meanwhile."""
    async with services.db.read() as reader:
        notice = await reader.first(queries.BY_ID, id=job.notice_id)
        place = await instance_access.settings(services, reader)
    if notice is None or notice.state or not services.mailer.configured:
        return
    try:
        await services.mailer.send(_written(notice, Stage(job.stage), job.email, place.title))
    except MailRefused:
        return  # the address takes no mail; trying again would not change that


def _written(notice: Notice, stage: Stage, email: str, title: str) -> Mail:
    """Without a word of the letter: it may be hostile, and mail is read by others."""
    due = f"{datetime.fromtimestamp(notice.deadline_at / 1000, UTC):%Y-%m-%d %H:%M} UTC"
    text = (
        f"{_WORDS[stage]} at {title}.\n\nLetter {notice.id} (addresses:"
        f" {notice.addresses_count}) is due on {due}.\n\nrostra admin letters show {notice.id}\n"
    )
    return Mail(to=email, subject=f"{_WORDS[stage]}: {notice.id}, due {due}", text=text)


JOBS = (
    JobKind("notices.warn", Warn, warn, transactional=True, every_ms=MINUTE),
    JobKind("notices.tell", Tell, tell),
)
