"""The team is told of hashes that were switched off by themselves."""

import contextlib

import msgspec

from rostra.network.instance import access as instance_access
from rostra.outside.mail import Mail, MailRefused
from rostra.safety.banks import queries
from rostra.safety.banks.events import HashQuarantined
from rostra.safety.edge import Services, Transaction
from rostra.safety.team.letters import who_may
from rostra.safety.team.model import Permission
from rostra.store.outbox.kinds import JobKind


class TellTeam(msgspec.Struct, frozen=True):
    """Write to one of the team."""

    email: str
    bank_id: int
    bank: str
    members: int


async def hash_quarantined(services: Services, tx: Transaction, event: HashQuarantined) -> None:
    """Have everybody told who may switch it on again. Hears `HashQuarantined`."""
    bank = await tx.first(queries.ONE, id=event.bank_id)
    if bank is None or not services.mailer.configured:
        return
    for email, _ in await who_may(services, tx, Permission.BANKS):
        job = TellTeam(email, bank.id, bank.name, event.members)
        key = f"{event.item_id}:{email}"
        await tx.enqueue("banks.tell_team", job, dedupe_key=key, priority=7)


async def tell_team(services: Services, job: TellTeam) -> None:
    """Write one letter. It shows no hash and no picture: mail is read by others."""
    async with services.db.read() as reader:
        place = await instance_access.settings(services, reader)
    base = services.settings.site.base_url.rstrip("/")
    text = (
        f"A hash of the bank {job.bank} at {place.title} met files of {job.members} members within "
        "a day. It is switched off until somebody has looked at it.\n\n"
        f"{base}/console/banks/{job.bank_id}\n"
    )
    with contextlib.suppress(MailRefused):  # trying again would not change that
        await services.mailer.send(Mail(to=job.email, subject="A hash met too much", text=text))


JOBS = (JobKind("banks.tell_team", TellTeam, tell_team),)
