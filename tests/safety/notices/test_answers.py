"""Answers: drafted address by address, sent in their thread, kept as they went."""

from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import pytest
from tests.harness.neighbours import Place
from tests.safety.moderating import decide, ruling
from tests.safety.notices.desk import DESK, draft, look, mail, reply, sent, take, with_posts

from rostra.kernel.errors import Conflict, Forbidden, Invalid
from rostra.network.credentials.model import Role
from rostra.outside.mail import compose
from rostra.safety.decisions.model import ActionKind
from rostra.safety.notices import access, send
from rostra.safety.notices.model import AddressState, MessageState, NoticeState
from rostra.safety.team.model import Actor, Duty


async def test_the_draft_says_what_was_done_and_why(place: Place) -> None:
    _, urls = await with_posts(place, 3)
    kept = await take(place, mail("\n".join(urls)))
    first, second, _ = (await look(place, kept.notice_id)).addresses
    assert (await draft(place, kept.notice_id)).open_count == 3
    await decide(place, [first.case_id], ruling(ActionKind.REMOVE, facts="It threatens a person."))
    await decide(place, [second.case_id], ruling(ActionKind.NONE, facts="It is a quote."))

    drafted = await draft(place, kept.notice_id)
    assert drafted.open_count == 1
    assert drafted.to == "abuse@host.example.org"
    assert drafted.subject == "Re: [AbuseID:77AB:1] Complaint about your server"
    parts = drafted.text.split("- http")
    assert "removed or closed on 20" in parts[1]
    assert "reason: It threatens a person." in parts[1]
    assert "left as it is" in parts[2]
    assert "being looked at" in parts[3]
    assert " UTC" in drafted.text


async def test_what_is_gone_by_a_decision_already_needs_no_other_one(place: Place) -> None:
    _, urls = await with_posts(place, 2)
    kept = await take(place, mail("\n".join(urls)))
    first, _ = (await look(place, kept.notice_id)).addresses
    await decide(place, [first.case_id], ruling(ActionKind.REMOVE, facts="It threatens a person."))

    later = mail("And again:\n" + "\n".join(urls), Message_ID="<78@host.example.org>")
    again = await take(place, later)
    gone, there = (await look(place, again.notice_id)).addresses
    assert (gone.case_id, gone.state) == (0, AddressState.FOUND)
    assert there.case_id
    drafted = await draft(place, again.notice_id)
    assert drafted.open_count == 1
    assert "reason: It threatens a person." in drafted.text


@pytest.mark.parametrize(
    ("language", "greeting"),
    [("de", "Guten Tag"), ("fr", "Bonjour"), ("es", "Hola"), ("en", "Hello"), ("xx", "Hello")],
)
async def test_the_draft_speaks_the_letters_language(
    place: Place, language: str, greeting: str
) -> None:
    kept = await take(place, mail("nothing in here"))

    assert (await draft(place, kept.notice_id, language)).text.startswith(greeting)


async def test_an_answer_is_sent_in_its_thread_and_kept_as_it_went(place: Place) -> None:
    _, urls = await with_posts(place, 1)
    kept = await take(place, mail(urls[0]))
    message_id = await reply(place, kept.notice_id, language="en")
    await place.app.work()

    [letter] = [each for each in sent(place) if each.to == "abuse@host.example.org"]
    assert "[AbuseID:77AB:1]" in letter.subject
    async with place.db.read() as reader:
        message, raw = await access.message(reader, message_id)
    assert message.state == MessageState.SENT
    assert raw == bytes(compose(letter, place.services.settings.mail_from, 0))
    parsed = message_from_bytes(raw, policy=SMTP)
    assert parsed["In-Reply-To"] == parsed["References"] == "<77ab@host.example.org>"
    assert parsed["Auto-Submitted"] is None
    assert (await look(place, kept.notice_id)).notice.state == NoticeState.ANSWERED


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("subject", {"subject": "Re: [AbuseID:77AB:1]\r\nBcc: all@example.org"}),
        ("subject", {"subject": "Re: something else"}),
        ("to", {"to": "a@example.org, b@example.org"}),
        ("to", {"to": "a@example.org\nBcc: b@example.org"}),
        ("text", {"text": "  "}),
    ],
)
async def test_an_answer_that_could_smuggle_something_is_refused(
    place: Place, field: str, given: dict[str, Any]
) -> None:
    kept = await take(place, mail("nothing"))

    with pytest.raises(Invalid) as refused:
        await reply(place, kept.notice_id, **given)
    assert list(refused.value.details) == [field]
    assert (await look(place, kept.notice_id)).notice.state == NoticeState.OPEN
    await reply(place, kept.notice_id)  # with nothing changed it goes


async def test_headers_of_the_letter_smuggle_nothing_into_the_answer(place: Place) -> None:
    kept = await take(
        place,
        mail(
            "hello",
            Subject="=?utf-8?q?=5BTicket=239=5D_x=0D=0ABcc=3A_all=40example=2Eorg?=",
            Message_ID="<a b\u00e9@host.example.org>",
        ),
    )
    message_id = await reply(place, kept.notice_id)

    async with place.db.read() as reader:
        _, raw = await access.message(reader, message_id)
    parsed = message_from_bytes(raw, policy=SMTP)
    assert parsed["Bcc"] is None
    assert parsed["In-Reply-To"] is None
    assert parsed["Subject"] == "Re: [Ticket#9] x Bcc: all@example.org"


async def test_only_the_desk_answers_and_closes(place: Place) -> None:
    kept = await take(place, mail("nothing"))
    member, reviewer = Actor(9), Actor(9, Role.MEMBER, Duty.REVIEWER)
    for actor in (member, reviewer):
        with pytest.raises(Forbidden):
            await reply(place, kept.notice_id, actor)
        with pytest.raises(Forbidden):
            async with place.db.write() as tx:
                await send.close(place.services, tx, actor, kept.notice_id, "no")
    await reply(place, kept.notice_id, Actor(9, Role.MEMBER, Duty.NOTICE_DESK))


async def test_a_letter_is_closed_once_and_with_a_reason(place: Place) -> None:
    kept = await take(place, mail("nothing"))

    async def close(why: str) -> None:
        async with place.db.write() as tx:
            await send.close(place.services, tx, DESK, kept.notice_id, why)

    with pytest.raises(Invalid):
        await close(" ")
    await close("Not about us.")
    with pytest.raises(Conflict):
        await close("again")
    notice = (await look(place, kept.notice_id)).notice
    assert (notice.state, notice.closed_why) == (NoticeState.CLOSED, "Not about us.")
