"""The desk: letters are kept once, lead to cases, are warned of, answered and closed."""

import asyncio

import pytest
from tests.harness.neighbours import Place
from tests.safety.moderating import queue
from tests.safety.notices.desk import DESK, base, draft, look, mail, reply, sent, take, with_posts

from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.kernel.errors import Invalid, NotFound, TooLarge
from rostra.network.accounts.removal import remove_account
from rostra.network.accounts.sign_up import Seat, seat_member
from rostra.safety.cases import access as cases_access
from rostra.safety.categories.model import Category, Sender
from rostra.safety.notices import access, receive, send
from rostra.safety.notices.link import AT_ONCE
from rostra.safety.notices.model import AddressState
from rostra.safety.notices.warn import Warn, warn
from rostra.safety.team.appoint import set_duties
from rostra.safety.team.model import Duty


async def test_a_letter_opens_cases_with_its_deadline(place: Place) -> None:
    eve, urls = await with_posts(place)
    body = f"Threats of violence:\n{urls[0]}\n{urls[1]}\n@eve@{place.services.settings.domain}\n"
    kept = await take(place, mail(f"{body}Please answer within 12 hours."))

    whole = await look(place, kept.notice_id)
    now = place.clock.now()
    assert whole.notice.deadline_at == whole.notice.received_at + 12 * HOUR
    assert whole.notice.reference == "[AbuseID:77AB:1]"
    assert whole.notice.category == Category.VIOLENCE_INCITEMENT
    assert [each.state for each in whole.addresses] == [AddressState.FOUND] * 3
    assert {each.account_id for each in whole.addresses} == {eve.account_id}
    cases = await queue(place, sources=1 << Sender.PROVIDER)
    assert {case.id for case in cases} == {each.case_id for each in whole.addresses}
    assert len(cases) == 3
    assert all(case.status.deadline_at <= now + 12 * HOUR for case in cases)
    assert whole.messages[0].mail_from == "abuse@host.example.org"


async def test_an_open_case_is_joined_not_opened_anew(place: Place) -> None:
    eve, urls = await with_posts(place, 1)
    ann = await place.member("ann")
    post_id = urls[0].rpartition("/")[2]
    await ann.do("/api/v1/reports", account_id=str(eve.account_id), status_ids=[post_id])
    (before,) = await queue(place)
    kept = await take(place, mail(urls[0]))

    (case,) = await queue(place)
    (address,) = (await look(place, kept.notice_id)).addresses
    assert case.id == before.id == address.case_id
    assert case.status.has_source(Sender.MEMBER)
    assert case.status.has_source(Sender.PROVIDER)


async def test_the_same_letter_twice_makes_one_notice(place: Place) -> None:
    _, urls = await with_posts(place)
    first = await take(place, mail(urls[0]))
    again = await take(place, mail(urls[0]))
    without_id = await take(place, mail(f"\n  {urls[0]}\n", Message_ID="<other@host.example.org>"))
    other = await take(place, mail(urls[1], Message_ID="<third@host.example.org>"))

    assert (first.new, again.new, without_id.new, other.new) == (True, False, False, True)
    assert first.notice_id == again.notice_id == without_id.notice_id != other.notice_id
    whole = await look(place, first.notice_id)
    assert (whole.notice.times, len(whole.messages), len(whole.addresses)) == (3, 3, 1)
    assert len(await queue(place)) == 2


async def test_the_same_letter_at_the_same_time_makes_one_notice(place: Place) -> None:
    _, urls = await with_posts(place)
    all_kept = await asyncio.gather(*(take(place, mail(urls[0])) for _ in range(6)))

    assert len({kept.notice_id for kept in all_kept}) == 1
    assert sum(kept.new for kept in all_kept) == 1
    whole = await look(place, all_kept[0].notice_id)
    assert (whole.notice.times, len(whole.messages), len(whole.addresses)) == (6, 6, 1)


async def test_a_copied_message_id_of_somebody_else_hides_no_letter(place: Place) -> None:
    _, urls = await with_posts(place)
    forged = await take(place, mail("nothing", From="Mallory <m@evil.example>"))
    real = await take(place, mail(urls[0]))

    assert real.new
    assert real.notice_id != forged.notice_id


async def test_what_a_second_copy_adds_is_added_and_a_sooner_deadline_counts(place: Place) -> None:
    _, urls = await with_posts(place)
    first = await take(place, mail(f"{urls[0]}\nwithin 24 hours"))
    again = await take(place, mail(f"{urls[0]}\n{urls[1]}\nwithin 2 hours"))

    assert first.notice_id == again.notice_id
    whole = await look(place, first.notice_id)
    assert len(whole.addresses) == 2
    assert whole.notice.deadline_at == whole.notice.received_at + 2 * HOUR


async def test_what_is_not_there_is_told_apart(place: Place) -> None:
    eve, urls = await with_posts(place)
    at = base(place)
    gone_id = urls[1].rpartition("/")[2]
    await take(place, mail(urls[1], Message_ID="<a@host.example.org>"))
    await eve.delete(gone_id)
    kept = await take(
        place,
        mail(
            f"{urls[0]}\n{urls[1]}\n{at}/@eve/1882823065600104729\n{at}/@nobody\n"
            "https://elsewhere.example/@x/1882823065600104729",
            Message_ID="<b@host.example.org>",
        ),
    )

    whole = await look(place, kept.notice_id)
    assert [AddressState(each.state) for each in whole.addresses] == [
        AddressState.FOUND,
        AddressState.GONE,  # a case was about it
        AddressState.UNKNOWN,
        AddressState.UNKNOWN,
        AddressState.NOT_OURS,
    ]


async def test_since_when_something_is_gone_is_seen_from_the_letter_on(place: Place) -> None:
    eve, urls = await with_posts(place)
    kept = await take(place, mail(f"{urls[0]}\n{urls[1]}"))
    place.clock.advance(HOUR)
    await eve.delete(urls[0].rpartition("/")[2])
    deleted_at = place.clock.now()
    first, second = (await look(place, kept.notice_id)).addresses
    assert (first.state, second.state) == (AddressState.GONE, AddressState.FOUND)
    assert deleted_at - MINUTE < first.gone_at <= deleted_at
    assert "has not been there since" in (await draft(place, kept.notice_id)).text

    async with place.db.write() as tx:
        await remove_account(place.services, tx, eve.account_id)
    assert (await look(place, kept.notice_id)).addresses[1].state == AddressState.GONE


async def test_what_an_enclosed_message_names_opens_no_case(place: Place) -> None:
    _, urls = await with_posts(place)
    domain = place.services.settings.domain.partition(":")[0]
    body = (
        "--x\nContent-Type: text/plain\n\nSpam.\n--x\nContent-Type: message/feedback-report\n\n"
        "Feedback-Type: abuse\nUser-Agent: x\nVersion: 1\n--x\nContent-Type: message/rfc822\n\n"
        f"From: Rostra <rostra@{domain}>\nSubject: hi\n\n{urls[0]}\n--x--\n"
    )
    kept = await take(
        place, mail(body, Content_Type="multipart/report; report-type=feedback-report; boundary=x")
    )

    (address,) = (await look(place, kept.notice_id)).addresses
    assert (address.enclosed, address.case_id, address.state) == (1, 0, AddressState.FOUND)
    assert await queue(place) == []


async def test_many_addresses_are_linked_by_jobs(place: Place) -> None:
    eve = await place.member("eve")
    urls = [(await eve.post(f"post {n}"))["url"] for n in range(3)]
    at = base(place)
    fillers = [f"{at}/@eve/{1882823065600104729 + n}" for n in range(2 * AT_ONCE)]
    kept = await take(place, mail("\n".join([urls[0], *fillers, urls[1], urls[2]])))
    assert (await look(place, kept.notice_id)).notice.unlinked_count == AT_ONCE + 3

    await place.app.work()

    async with place.db.read() as reader:
        addresses = await access.every_address(reader, kept.notice_id)
    assert (await look(place, kept.notice_id)).notice.unlinked_count == 0
    assert sum(each.state == AddressState.FOUND for each in addresses) == 3
    assert len(await queue(place)) == 3


async def test_the_desk_is_warned_once_for_each_stage(place: Place) -> None:
    seat = Seat(username="desk", email="desk@example.org", password_hash="")
    async with place.db.write() as tx:
        account_id = await seat_member(place.services, tx, seat)
        await set_duties(tx, account_id, Duty.NOTICE_DESK)
    kept = await take(place, mail("within 24 hours"))

    async def warned() -> list[str]:
        before = len(sent(place))
        for _ in range(2):  # the second time there is nothing new
            async with place.db.write() as tx:
                await warn(place.services, tx, Warn())
            await place.app.work()
        return [each.subject.partition(":")[0] for each in sent(place)[before:]]

    assert await warned() == ["A letter has come"]
    place.clock.advance(21 * HOUR)
    assert await warned() == ["A letter is due within four hours"]
    place.clock.advance(2 * HOUR + 30 * MINUTE)
    assert await warned() == ["A letter is due within one hour"]
    place.clock.advance(DAY)
    assert await warned() == ["A letter was not answered in time"]
    assert all("AbuseID" not in each.text for each in sent(place))
    await reply(place, kept.notice_id)
    await place.app.work()
    other = await take(place, mail("within 24 hours, new", Message_ID="<n@host.example.org>"))
    async with place.db.write() as tx:
        await send.close(place.services, tx, DESK, other.notice_id, "no need")
    assert await warned() == []


async def test_letters_are_listed_by_what_is_due_first(place: Place) -> None:
    for hours in (30, 2, 10):
        await take(place, mail(f"within {hours} hours", Message_ID=f"<{hours}@host.example.org>"))

    async with place.db.read() as reader:
        rows = await access.listed(reader, limit=2)
        rest = await access.listed(reader, after=rows[-1])
    assert [row.message_id for row in (*rows, *rest)] == [
        f"<{hours}@host.example.org>" for hours in (2, 10, 30)
    ]


async def test_what_can_be_no_letter_is_refused(place: Place) -> None:
    with pytest.raises(TooLarge):
        await receive.opened(place.services, b"x" * (receive.MAX_KEPT + 1))
    with pytest.raises(Invalid):
        await receive.opened(place.services, b" \n")
    with pytest.raises(Invalid):
        await receive.opened(place.services, b"{}", form="xarf")
    with pytest.raises(NotFound):
        await look(place, 1)


async def test_files_are_judged_with_their_posts(place: Place) -> None:
    """An unknown file is unknown, and a report in XARF comes the same way."""
    at = base(place)
    key = "media/k7/k7abcdefghijklmnopqrstuvwxyz2345.webp"
    kept = await take(place, mail(f"{place.services.settings.media_url}/{key} {at}/api/v1/media/7"))

    (address,) = (await look(place, kept.notice_id)).addresses
    assert address.state == AddressState.UNKNOWN
    async with place.db.read() as reader:
        assert await cases_access.queue(reader) == []
