"""Tells the team by letter what a rule has caught; not of each post, if there are many."""

import contextlib
from typing import Final

import msgspec

from rostra.kernel.clock import MINUTE
from rostra.outside.mail import Mail, MailRefused
from rostra.safety.edge import Services, Transaction
from rostra.safety.screening.model import Caught
from rostra.safety.team.letters import who_may
from rostra.safety.team.model import Permission
from rostra.store.outbox.kinds import JobKind

GATHERED_MS: Final = 15 * MINUTE
"""A rule writes no more often than this, whatever it catches."""


class Notify(msgspec.Struct, frozen=True):
    """Write to the team that a rule has caught something."""

    name: str
    words: str


class Letter(msgspec.Struct, frozen=True):
    """Write to one of them."""

    email: str
    name: str
    words: str


async def notify(services: Services, tx: Transaction, caught: Caught, words: str) -> None:
    """Have the team told within a quarter of an hour, once for all that is caught until then."""
    if services.mailer.configured:
        await tx.enqueue(
            "holding.notify",
            Notify(caught.name, words),
            run_at=services.clock.now() + GATHERED_MS,
            dedupe_key=str(caught.rule_id),
        )


async def spread(services: Services, tx: Transaction, job: Notify) -> None:
    """Leave a letter for each who works on cases: one that is tried again repeats no other."""
    if services.mailer.configured:
        for email, _ in await who_may(services, tx, Permission.WORK_CASES):
            await tx.enqueue("holding.letter", Letter(email, job.name, job.words))


async def send(services: Services, job: Letter) -> None:
    """Write one letter. It names no post: mail is read by others."""
    if not services.mailer.configured:
        return
    base = services.settings.site.base_url.rstrip("/")
    text = f"{job.words}\n\nThe rule {job.name} has caught something.\n\n{base}/console\n"
    with contextlib.suppress(MailRefused):  # trying again would not change that
        await services.mailer.send(Mail(to=job.email, subject=f"Rule {job.name}", text=text))


JOBS = (
    JobKind("holding.notify", Notify, spread, transactional=True),
    JobKind("holding.letter", Letter, send),
)
