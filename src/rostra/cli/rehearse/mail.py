"""The host's letters: written as hosts write them, read by the desk, answered with its draft."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import partial

from rostra.cli.rehearse.place import Place
from rostra.cli.rehearse.plan import ANSWER_MS
from rostra.cli.rehearse.world import Letter
from rostra.safety.cases import access as cases_access
from rostra.safety.cases.model import CaseState
from rostra.safety.notices import access, answer, receive, send
from rostra.safety.notices.model import Notice
from rostra.safety.team.model import Actor


@dataclass(slots=True)
class Open:
    """A letter that came: as the desk keeps it, and what of it is not decided yet."""

    letter: Letter
    notice_id: int
    deadline: int  # as the desk has read it (UTC ms)
    named: int  # addresses of ours that the desk has found in it
    case_ids: set[int] = field(default_factory=set)
    taken: bool = False
    answered_at: int = 0  # UTC ms; 0: not yet


class Mail:
    """The letters of the week."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.letters: list[Open] = []
        self.report_ids: list[int] = []

    async def arrive(self, letter: Letter) -> list[int]:
        """Take a letter in; the cases of what it names and is not removed already."""
        place = self._place
        came = await receive.opened(place.services, self._written(letter))
        async with place.db.write() as tx:
            kept = await receive.receive(place.services, tx, came)
        await place.work()
        async with place.db.read() as reader:
            notice = await access.one(reader, kept.notice_id)
            named = await access.every_address(reader, notice.id)
        found = Open(letter, notice.id, notice.deadline_at, sum(bool(a.subject_id) for a in named))
        found.case_ids = {each.case_id for each in named if each.case_id}
        self.letters.append(found)
        self.report_ids += sorted({each.report_id for each in named if each.report_id})
        return sorted(found.case_ids)

    def _written(self, letter: Letter) -> bytes:
        place, posts = self._place, self._place.world.posts
        base = place.services.settings.site.base_url.replace("http", "hxxp", 1)
        lines = [
            f"  {base}/@member{posts[number].author}/{place.places.posts[number]}"
            for number in letter.posts
        ]
        return _LETTER.format(
            reference=letter.reference,
            date=formatdate(letter.at / 1000),
            posts="\n".join(lines),
        ).encode()

    async def look(self) -> None:
        """See which of the cases are decided by now."""
        waiting = {each for found in self.letters for each in found.case_ids}
        if not waiting:
            return
        async with self._place.db.read() as reader:
            cases = await cases_access.by_ids(reader, sorted(waiting))
        closed = {case.id for case in cases.values() if case.status.state != CaseState.OPEN}
        for found in self.letters:
            found.case_ids -= closed

    def ready(self, actor: Actor) -> tuple[int, Callable[[], Awaitable[None]]] | None:
        """The answer to the first letter of which everything is decided, and how long it takes."""
        for found in self.letters:
            if not found.case_ids and not found.taken:
                found.taken = True
                return ANSWER_MS, partial(self._answer, actor, found)
        return None

    async def _answer(self, actor: Actor, found: Open) -> None:
        """Send what the desk has drafted."""
        services = self._place.services
        async with self._place.db.write() as tx:
            drafted = await answer.draft(services, tx, found.notice_id)
            await send.answer(
                services, tx, actor, found.notice_id, text=drafted.text, subject=drafted.subject
            )
        await self._place.work()
        async with self._place.db.read() as reader:
            notice: Notice = await access.one(reader, found.notice_id)
        found.answered_at = notice.answered_at


_LETTER = """\
From: Abuse Team <abuse@host.example>
To: postmaster@rehearsal.example
Subject: [AbuseID:{reference}] Threats of violence on your server
Date: {date}
Message-ID: <{reference}@host.example>
Content-Type: text/plain; charset=utf-8

Dear customer,

we have been told of posts on your server that call for violence:

{posts}

This breaks our acceptable use policy. Remove them, and tell us within 24 hours what you have done,
keeping [AbuseID:{reference}] in the subject. Otherwise we have to suspend your server.

Abuse Team
"""
