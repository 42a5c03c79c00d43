"""What tests of the notice desk do again and again."""

from typing import Any

from tests.harness.neighbours import Asker, Place
from tests.safety.moderating import moderator

from rostra.outside.mail import Mail, MemoryMailer
from rostra.safety.notices import access, answer, receive, send
from rostra.safety.notices.model import Whole
from rostra.safety.team.model import Actor

DESK = moderator()


def base(place: Place) -> str:
    return place.services.settings.site.base_url.rstrip("/")


def mail(body: str, **headers: str) -> bytes:
    given = {
        "From": "Abuse Team <abuse@host.example.org>",
        "Subject": "[AbuseID:77AB:1] Complaint about your server",
        "Message-ID": "<77ab@host.example.org>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "\n".join(f"{name}: {value}" for name, value in given.items())
    return f"{head}\n\n{body}".encode()


async def take(place: Place, data: bytes, **how: Any) -> receive.Kept:
    came = await receive.opened(place.services, data, **how)
    async with place.db.write() as tx:
        return await receive.receive(place.services, tx, came)


async def look(place: Place, notice_id: int) -> Whole:
    async with place.db.read() as reader:
        return await access.whole(reader, notice_id)


async def draft(place: Place, notice_id: int, language: str = "") -> answer.Draft:
    async with place.db.read() as reader:
        return await answer.draft(place.services, reader, notice_id, language)


async def reply(place: Place, notice_id: int, actor: Actor = DESK, **given: Any) -> int:
    drafted = await draft(place, notice_id)
    said = {"text": drafted.text, "subject": drafted.subject, **given}
    async with place.db.write() as tx:
        return await send.answer(place.services, tx, actor, notice_id, **said)


def sent(place: Place) -> list[Mail]:
    mailer = place.app.mailer
    assert isinstance(mailer, MemoryMailer)
    return mailer.sent


async def with_posts(place: Place, count: int = 2) -> tuple[Asker, list[str]]:
    eve = await place.member("eve")
    return eve, [(await eve.post(f"post {n}"))["url"] for n in range(count)]
