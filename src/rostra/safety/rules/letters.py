"""Tells the team by letter that a rule was put back to shadow."""

import contextlib

import msgspec

from rostra.network.instance import access as instance_access
from rostra.outside.mail import Mail, MailRefused
from rostra.safety.edge import Services, Transaction
from rostra.safety.team.letters import who_may
from rostra.safety.team.model import Permission


class TellBack(msgspec.Struct, frozen=True):
    """Write to one of the team."""

    email: str
    name: str
    why: str


async def tell_team(services: Services, tx: Transaction, name: str, why: str) -> None:
    """Have everybody told who may switch rules."""
    if services.mailer.configured:
        for email, _ in await who_may(services, tx, Permission.SCREENING):
            await tx.enqueue("rules.tell_back", TellBack(email, name, why), priority=7)


async def tell_back(services: Services, job: TellBack) -> None:
    """Write one letter. It names no post: mail is read by others."""
    if not services.mailer.configured:
        return
    async with services.db.read() as reader:
        place = await instance_access.settings(services, reader)
    base = services.settings.site.base_url.rstrip("/")
    text = (
        f"The rule {job.name} at {place.title} is in shadow again. {job.why}.\n\n"
        "It is still asked and counted, and does nothing until somebody switches it on.\n\n"
        f"{base}/console/screening/rules\n"
    )
    subject = f"The rule {job.name} was put back to shadow"
    with contextlib.suppress(MailRefused):  # trying again would not change that
        await services.mailer.send(Mail(to=job.email, subject=subject, text=text))
