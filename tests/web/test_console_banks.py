"""Banks of hashes in the console."""

import random

import pytest
from tests.harness.browser import Browser
from tests.harness.crowd import ids_of
from tests.pictures import waves
from tests.web.conftest import Streets
from tests.web.console import HERE, post, said, staff, waiting

from rostra.network.credentials.model import Role
from rostra.safety.banks.csv_form import HEADS
from rostra.safety.categories.model import Category
from rostra.safety.team.model import Duty

BANKS = f"{HERE}/banks"
HASH = "0f" * 32


async def _made(streets: Streets, share: str = "100") -> tuple[Browser, str]:
    """An admin who has made a bank; its address."""
    _, admin = await staff(streets, Role.ADMIN)
    await admin.open(BANKS)
    await admin.send(BANKS, name="own", category="hate", wish="remove", share=share)
    assert "It is made" in admin.text
    return admin, admin.path


async def test_a_bank_is_made_changed_and_taken_away(streets: Streets) -> None:
    _, admin = await staff(streets, Role.ADMIN)
    assert "No banks yet" in (await admin.open(BANKS)).text
    await admin.send(BANKS, name="two words", category="hate", share="much")
    assert "is no number" in admin.text
    await admin.send(BANKS, name="two words", category="hate", share="50")
    assert "letters without accents" in admin.text
    admin, here = await _made(streets, "50")
    for words in ("own", "Hate", "50 % of its matches", "Wish: remove", "0 hashes"):
        assert words in admin.text, words
    await admin.send(here, name="own", category="spam", share="101")
    assert "from 0 to 1" in admin.text
    await admin.send(here, name="theirs", category="spam", share="100", wish="look", enabled="")
    assert "It is changed" in admin.text
    assert "theirs" in admin.text
    assert "Off" in admin.text
    await admin.send(f"{here}/remove")
    assert "The bank is gone" in admin.text
    assert (await admin.open(here)).status_code == 404


@pytest.mark.postgresql
async def test_hashes_are_added_switched_and_taken_out(streets: Streets) -> None:
    admin, here = await _made(streets)
    _, mo = await staff(streets)
    await mo.open(here)
    assert "Change the bank" not in mo.text  # admins keep banks, moderators keep hashes
    await mo.send(f"{here}/hashes", hash="12", kind="pdq")
    assert "64 hexadecimal digits" in mo.text
    await mo.send(f"{here}/hashes", hash=HASH, kind="pdq", label="a flag", reason="seen in May")
    for words in ("looked for from now on", HASH, "a flag", "seen in May", "met nothing yet"):
        assert words in mo.text, words
    await mo.send(f"{here}/hashes", hash=HASH, kind="pdq")
    assert "It was there already" in mo.text
    (switch,) = [
        form.attributes["action"]
        for form in mo.forms()
        if form.attributes.get("action", "").startswith(f"{here}/hashes/") and "to" in form.fields
    ]
    await mo.send(switch, reason="harmless", days="7")
    assert "It is off." in mo.text
    assert "Off until" in mo.text
    assert "harmless" in mo.text
    await mo.send(switch)
    assert "It is on." in mo.text
    await mo.send(f"{here}/look-back")
    assert "Goes on: 0 of" in mo.text
    stop, _ = [  # the newest, and the one for the hash that was added
        form.attributes["action"] for form in mo.forms() if "look-backs" in str(form.attributes)
    ]
    await mo.send(stop)
    assert "Stopped: 0 of" in mo.text
    await mo.send(f"{switch}/remove")
    assert HASH not in mo.text
    assert (await mo.client.get(f"{here}/list.csv")).status_code == 403
    assert (await admin.open(here)).status_code == 200


async def test_lists_come_in_and_go_out(streets: Streets) -> None:
    admin, here = await _made(streets)
    chance = random.Random(2)  # noqa: S311 (the same in every run)
    lines = [",".join(HEADS)]
    lines += [f"pdq,{chance.randbytes(32).hex()},own,POSITIVE_CLASS,x{at}" for at in range(1_200)]
    data = "\n".join(lines).encode()

    async def send(data: bytes) -> str:
        await admin.open(here)
        await admin.send(f"{here}/import", {"csv": ("x.csv", data, "text/csv")}, of="pdq")
        return " ".join(admin.text.split())

    assert "file that is not empty" in await send(b"")
    told = await send(b"nothing of the kind\n12\n")
    assert "Line 1, column 1: must be 64 hexadecimal digits" in told
    assert "Line 2, column 1" in told
    assert "at most 4 MB" in await send(b"x" * 5_000_000)
    assert "1200 are new, 0 were there already" in await send(data)
    assert "0 are new, 1200 were there already" in await send(data)
    saved = await admin.client.get(f"{here}/list.csv")
    assert saved.headers["content-disposition"] == 'attachment; filename="own.csv"'
    assert sorted(saved.text.splitlines()) == sorted(lines)
    assert "Older ones" in (await admin.open(here)).text


async def test_the_files_of_a_case_go_into_a_bank_and_are_met(streets: Streets) -> None:
    _, here = await _made(streets)
    ann, bob = await streets.town.members("ann", "bob")
    data = waves(1, 220, 160)
    sent = await streets.town.picture(ann, bytes(data.pngsave_buffer()), description="A flag")
    post_id = await post(ann, "look", media_ids=ids_of([sent]))
    await said(streets, bob, ann, post_id)
    (case,) = await waiting(streets)
    at = f"{HERE}/cases/{case.id}"
    _, mo = await staff(streets)
    assert f"{at}/bank" in (await mo.open(at)).text
    assert "A flag" in (await mo.open(f"{at}/bank")).text
    await mo.send(f"{at}/bank", **{"media[]": "1"})
    assert "Choose a file of this case" in mo.text
    await mo.open(f"{at}/bank")
    await mo.send(f"{at}/bank", reason="decided")
    assert "2 hashes are looked for" in mo.text
    await streets.rostra.work()
    copy = await streets.town.picture(bob, bytes(data.jpegsave_buffer()))
    theirs = await post(bob, "look", media_ids=ids_of([copy]))
    await streets.rostra.work()
    assert theirs in {each.subject_id for each in await waiting(streets)}
    text = " ".join((await mo.open(here)).text.split())
    for words in (f"/posts/{theirs}", "A file, byte for byte.", "Done: 1 of 1 looked at"):
        assert words in text, words


async def test_a_case_without_files_has_nothing_for_a_bank(streets: Streets) -> None:
    ann, bob = await streets.town.members("ann", "bob")
    await said(streets, bob, ann, await post(ann, "words"))
    (case,) = await waiting(streets)
    _, mo = await staff(streets)
    assert f"cases/{case.id}/bank" not in (await mo.open(f"{HERE}/cases/{case.id}")).text
    assert "Nothing to add" in (await mo.open(f"{HERE}/cases/{case.id}/bank")).text


async def test_hashes_that_met_too_much_are_shown(streets: Streets) -> None:
    admin, here = await _made(streets)
    most = streets.rostra.services.settings.moderation.hash_members_a_day
    await admin.send(here, name="own", category="hate", share="100", wish="look", enabled="1")
    data = bytes(waves(1, 220, 160).pngsave_buffer())
    ann = await streets.town.member("ann")
    sent = await streets.town.picture(ann, data)
    await said(streets, ann, ann, await post(ann, "x", media_ids=ids_of([sent])))
    (case,) = await waiting(streets)
    await admin.open(f"{HERE}/cases/{case.id}/bank")
    await admin.send(f"{HERE}/cases/{case.id}/bank")
    await streets.rostra.work()
    for member in await streets.town.members(*(f"m{number}" for number in range(most))):
        await streets.town.picture(member, data)
    await streets.rostra.work()
    text = (await admin.open(BANKS)).text
    assert "Switched off, because they met too much" in text
    assert f"files of {most + 1} members within a day" in text
    switch = next(
        form.attributes["action"] for form in admin.forms() if form.fields.get("to") == "on"
    )
    await admin.send(switch)
    assert "Vetted" in admin.text


async def test_who_sees_some_categories_sees_their_banks(streets: Streets) -> None:
    _, here = await _made(streets)
    _, reviewer = await staff(streets, Role.MEMBER, Duty.REVIEWER, (Category.HATE,))
    assert "own" in (await reviewer.open(here)).text
    assert "Add a hash" not in reviewer.text
    _, other = await staff(streets, Role.MEMBER, Duty.REVIEWER, (Category.SPAM,))
    assert (await other.open(here)).status_code == 404
    assert "No banks yet" in (await other.open(BANKS)).text
    _, member = await streets.member("cora")
    assert (await member.open(BANKS)).status_code == 404
