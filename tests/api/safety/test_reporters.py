"""Who reports: trusted flaggers go first; who abuses reports is warned, then not listened to."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.api.safety.test_safety import BASE
from tests.harness.neighbours import Asker, Place
from tests.harness.staff import staff
from tests.safety.moderating import queue, report

from rostra.kernel.clock import DAY
from rostra.network.accounts.events import AccountRemoved
from rostra.network.credentials.model import Role
from rostra.safety.categories.model import Category, Sender
from rostra.safety.decisions.ends import EndDue, end_due
from rostra.safety.reports.flaggers import trusts_address

ABOUT: dict[str, Any] = {"category": "other", "facts": "Nine reports of a lost cat as terrorism."}


async def judged(
    place: Place, mo: Asker, who: Asker, action: str, status: int = 200, *, days: int = 0
) -> Any:
    """Decide about somebody as a reporter."""
    ends = datetime.fromtimestamp((place.clock.now() + days * DAY) / 1000, UTC).isoformat()
    what = {"action": action} | ({"ends_at": ends} if days else {})
    about = {"subject_type": "account", "subject_ids": [str(who.account_id)]}
    return await mo.do(f"{BASE}/decisions", status, actions=[what], **about, **ABOUT)


async def stands(mo: Asker, who: Asker) -> tuple[bool, bool]:
    """Whether somebody was warned, and is not listened to."""
    told = await mo.get(f"{BASE}/reporters/{who.account_id}")
    return told["warned_at"] is not None, told["set_aside_until"] is not None


@pytest.mark.postgresql
async def test_abuse_of_reports_is_warned_of_then_set_aside_for_a_time(place: Place) -> None:
    mo = await staff(place, "mo")
    ann, bob, cem = await place.members("ann", "bob", "cem")
    posts = [(await bob.post(text))["id"] for text in ("one", "two", "three", "four")]
    await report(bob, ann, harm="harassment")  # a case about the reporter stays as it is
    await report(cem, bob, posts[0], harm="spam")
    await judged(place, mo, ann, "mute_reporter", 409, days=7)
    warning = await judged(place, mo, ann, "warn_reporter")
    assert await stands(mo, ann) == (True, False)
    assert [case.account_id for case in await queue(place)].count(ann.account_id) == 1
    for wrong in (
        {"days": 0},
        {"days": 400},
    ):
        await judged(place, mo, ann, "mute_reporter", 422, **wrong)
    body = {"actions": [{"action": "warn_reporter"}], "subject_ids": [posts[0]], **ABOUT}
    await mo.do(f"{BASE}/decisions", 422, **body)
    muted = await judged(place, mo, ann, "mute_reporter", days=7)
    assert await stands(mo, ann) == (True, True)
    [note, _] = await ann.get("/api/v1/notifications", params={"types[]": "moderation_warning"})
    assert note["moderation_warning"]["text"] == ABOUT["facts"]
    assert note["moderation_warning"]["action"] == "none"
    assert await bob.get(f"{BASE}/reporters/{ann.account_id}", 403)

    before = {case.subject_id: case for case in await queue(place)}
    told = await report(ann, bob, posts[1], harm="spam")  # without an error, and without a case
    assert told["action_taken"] is False
    await report(ann, bob, posts[0], harm="spam")  # which joins what is open
    await report(ann, bob, posts[2], harm="terrorism")  # and the gravest harm is looked at
    after = {case.subject_id: case for case in await queue(place)}
    assert set(after) - set(before) == {int(posts[2])}
    joined = after[int(posts[0])].status
    assert (joined.reports_count, joined.weight) == (2, 1_000)
    grave = after[int(posts[2])].status
    assert (grave.category, grave.weight) == (Category.TERRORISM, 0)

    await mo.do(f"{BASE}/decisions/{muted['id']}/undo", facts="It was somebody else.")
    assert await stands(mo, ann) == (True, False)
    await judged(place, mo, ann, "mute_reporter", days=7)
    place.clock.advance(8 * DAY)
    async with place.db.write() as tx:
        await end_due(place.services, tx, EndDue())
    assert await stands(mo, ann) == (True, False)
    await report(ann, bob, posts[3], harm="spam")
    assert {case.subject_id for case in await queue(place)} > set(after)
    await mo.do(f"{BASE}/decisions/{warning['id']}/undo", facts="It was somebody else.")
    assert await stands(mo, ann) == (False, False)


@pytest.mark.postgresql
async def test_trusted_flaggers_go_first_until_they_are_taken_off(place: Place) -> None:
    mo, flo = await staff(place, "mo"), await staff(place, "flo", Role.ADMIN)
    ann, bob = await place.members("ann", "bob")
    posts = [(await bob.post(text))["id"] for text in ("one", "two")]
    path = f"{BASE}/flaggers"
    given: dict[str, Any] = {"account_id": str(ann.account_id), "name": "Ann of the hotline"}
    await mo.do(path, 403, **given)
    member = await flo.do(path, **given)
    assert (member["name"], member["added_by"]) == ("Ann of the hotline", str(flo.account_id))
    await flo.do(path, 409, **given)
    for wrong in (
        {},
        {"address": "no address"},
        {"address": "@"},
        given | {"address": "a.example"},
    ):
        await flo.do(path, 422, **wrong)
    await flo.do(path, address="Hotline.Example")
    assert [each["address"] for each in await mo.get(path)] == ["", "hotline.example"]
    async with place.db.read() as reader:
        assert await trusts_address(reader, "olga@hotline.example")
        assert not await trusts_address(reader, "olga@not-hotline.example")
    assert (await mo.get(f"{BASE}/reporters/{ann.account_id}"))["trusted_flagger"]
    await report(ann, bob, posts[0], harm="spam")
    [case] = await queue(place)
    assert case.status.has_source(Sender.TRUSTED_FLAGGER)
    assert case.status.weight == 5_000
    assert "trusted" in {reason.name for reason in case.why}
    await flo.ask("DELETE", f"{path}/{member['id']}")
    await flo.ask("DELETE", f"{path}/{member['id']}", 404)
    await report(ann, bob, posts[1], harm="spam")
    [_, plain] = await queue(place)
    assert plain.status.weight == 1_000
    await flo.do(path, **given)
    async with place.db.write() as tx:
        await tx.emit(AccountRemoved(ann.account_id))
    assert len(await mo.get(path)) == 1
