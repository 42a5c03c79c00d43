"""Banks of hashes, as programs of the team keep them."""

import asyncio
import random
from typing import Any

import pytest
from tests.harness.crowd import good
from tests.harness.neighbours import Asker, Place
from tests.harness.patience import PATIENCE_S
from tests.harness.staff import staff
from tests.safety.banks.banking import hashes_of, picture, show, upload
from tests.safety.moderating import queue

from rostra.kernel.errors import Invalid
from rostra.network.credentials.model import Role
from rostra.safety.banks import manage
from rostra.safety.banks.exchange import MOST_BYTES, MOST_SENT

HERE = "/api/rostra/v1/safety/banks"
_CHANCE = random.Random(9)  # noqa: S311 (the same in every run)


def some_hash() -> str:
    return _CHANCE.randbytes(32).hex()


@pytest.fixture
async def boss(place: Place) -> Asker:
    return await staff(place, "boss", Role.ADMIN)


async def made(boss: Asker, name: str = "own", **more: Any) -> str:
    """A new bank; its address."""
    bank = await boss.do(HERE, name=name, category="hate", **more)
    return f"{HERE}/{bank['id']}"


async def put(who: Asker, path: str, status: int = 200, **body: Any) -> Any:
    return await who.ask("PUT", path, status, json=body)


async def test_a_bank_is_made_changed_and_taken_away(boss: Asker) -> None:
    here = await made(boss, wish="remove", share=0.25, note="ours")
    bank = await boss.get(here)
    assert bank == {
        **bank,
        "name": "own",
        "category": "hate",
        "wish": "remove",
        "share": 0.25,
        "note": "ours",
        "enabled": True,
        "hashes_count": 0,
        "created_by": str(boss.account_id),
    }
    assert await boss.get(HERE) == [bank]
    changed = await put(boss, here, enabled=False, category="spam")
    assert changed == bank | {"enabled": False, "category": "spam"}
    await boss.ask("DELETE", here)
    await boss.get(here, 404)
    assert await boss.get(HERE) == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "two words", "1 to 64 letters"),
        ("name", "", "1 to 64 letters"),
        ("name", "taken", "already been taken"),
        ("category", "nothing", "included in the list"),
        ("wish", "burn", "included in the list"),
        ("share", 1.5, "from 0 to 1"),
        ("note", "x" * 501, "too long"),
    ],
)
async def test_what_a_bank_can_not_be(
    boss: Asker, field: str, value: str | float, words: str
) -> None:
    await made(boss, "taken")
    fine: dict[str, Any] = {"name": "fine", "category": "spam"}
    refused = await boss.do(HERE, 422, **fine | {field: value})
    assert words in refused["details"][field][0]["description"]
    await boss.do(HERE, **fine)


async def test_hashes_are_added_switched_and_taken_out(place: Place, boss: Asker) -> None:
    here = await made(boss)
    mo = await staff(place, "mo")
    value = some_hash()
    (added,) = await mo.do(f"{here}/hashes", hash=value, note="a flag", reason="seen in May")
    assert (added["kind"], added["hash"], added["state"]) == ("pdq", value, "on")
    assert (added["note"], added["reason"]) == ("a flag", "seen in May")
    assert added["added_by"] == str(mo.account_id)
    assert await mo.do(f"{here}/hashes", hash=value.upper()) == []
    (other,) = await mo.do(f"{here}/hashes", hash=value, kind="sha256")
    listed = await mo.get(f"{here}/hashes")
    assert [each["id"] for each in listed] == [other["id"], added["id"]]
    assert await mo.get(f"{here}/hashes?limit=1") == listed[:1]
    assert await mo.get(f"{here}/hashes?below={other['id']}") == listed[1:]
    one = f"{here}/hashes/{added['id']}"
    off = await put(mo, one, enabled=False, reason="harmless", until="2040-01-01")
    assert (off["state"], off["reason"]) == ("off", "harmless")
    assert off["disabled_until"].startswith("2040-01-01")
    assert (await put(mo, one))["state"] == "on"
    elsewhere = await made(boss, "other")
    await put(mo, f"{elsewhere}/hashes/{added['id']}", 404)
    await mo.ask("DELETE", one)
    await mo.ask("DELETE", one, 404)
    assert (await mo.get(here))["hashes_count"] == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"hash": "ab" * 31}, "hash"),
        ({"hash": "zz" * 32}, "hash"),
        ({"hash": "ab" * 32, "kind": "md5"}, "kind"),
        ({"hash": "ab" * 32, "reason": "x" * 501}, "reason"),
        ({"hash": "ab" * 32, "note": "x" * 501}, "note"),
    ],
)
async def test_what_a_hash_can_not_be(boss: Asker, given: dict[str, Any], field: str) -> None:
    here = await made(boss)
    refused = await boss.do(f"{here}/hashes", 422, **given)
    assert list(refused["details"]) == [field]
    assert await boss.get(f"{here}/hashes") == []


async def test_the_picture_of_a_post_is_banked_and_met(place: Place, boss: Asker) -> None:
    here = await made(boss, wish="hold")
    ann, bob = await place.members("ann", "bob")
    first = await upload(place, ann, picture(1))
    await show(place, ann, first)
    added = await boss.do(f"{here}/hashes", media_id=str(first), reason="decided")
    assert [each["kind"] for each in added] == ["pdq", "sha256"]
    assert added[0]["hash"] == (await hashes_of(place, first)).pdq.hex()
    await place.app.work()
    (back,) = await boss.get(f"{here}/look_backs")
    assert (back["state"], back["seen_count"], back["found_count"]) == ("done", 1, 1)
    post_id = await show(place, bob, await upload(place, bob, picture(1, "jpg")))
    met = await boss.get(f"{here}/matches")
    assert sorted((each["account_id"], each["kind"]) for each in met) == sorted(
        [
            (str(ann.account_id), "pdq"),
            (str(ann.account_id), "sha256"),
            (str(bob.account_id), "pdq"),
        ]
    )
    assert str(post_id) in {each["post_id"] for each in met}
    assert post_id in {case.subject_id for case in await queue(place)}
    assert await boss.get(f"{here}/matches?limit=1") == met[:1]
    await boss.do(f"{here}/hashes", 404, media_id="1")


async def test_the_past_is_looked_at_again_and_stopped(boss: Asker) -> None:
    here = await made(boss)
    started = await boss.do(f"{here}/look_backs")
    assert started["state"] == "running"
    stopped = await boss.ask("DELETE", f"{here}/look_backs/{started['id']}")
    assert (stopped["state"], stopped["id"]) == ("cancelled", started["id"])
    await boss.ask("DELETE", f"{here}/look_backs/1", 404)


async def test_hashes_that_met_too_much_are_listed(place: Place, boss: Asker) -> None:
    here = await made(boss)
    (bob,) = await place.members("bob")
    found = await hashes_of(place, await upload(place, bob, picture(1)))
    (added,) = await boss.do(f"{here}/hashes", hash=found.pdq.hex())
    most = place.services.settings.moderation.hash_members_a_day
    for member in await place.members(*(f"m{number}" for number in range(most))):
        await upload(place, member, picture(1))
    (off,) = await boss.get(f"{HERE}/quarantined")
    assert (off["id"], off["state"], off["vetted"]) == (added["id"], "quarantined", False)
    assert off["matches_count"] == most + 1
    vetted = await put(boss, f"{here}/hashes/{added['id']}")
    assert (vetted["state"], vetted["vetted"]) == ("on", True)
    assert await boss.get(f"{HERE}/quarantined") == []


async def test_lists_come_in_and_go_out(boss: Asker) -> None:
    first, second = await made(boss), await made(boss, "other")
    lines = ["signal_type,signal_str,collab,category,tags"]
    lines += [f"pdq,{some_hash()},x,POSITIVE_CLASS,number {at}" for at in range(1_500)]
    more = [f"pdq,{some_hash()},x,NEGATIVE_CLASS,", "url,https://example.org,x,POSITIVE_CLASS,"]
    csv = "\n".join([*lines, lines[1], *more])
    outcome = await boss.do(f"{first}/import", csv=csv)
    assert outcome == {
        "added": 1_500,
        "known": 0,
        "twice": 1,
        "harmless": 1,
        "others": {"url": 1},
    }
    page = await boss.get(f"{first}/export")
    rest = await boss.get(f"{first}/export?after={page['after']}")
    assert rest["after"] is None
    whole = page["csv"] + rest["csv"]
    assert sorted(whole.replace(",own,", ",x,").splitlines()) == sorted(lines)
    sent = await boss.client.post(f"{second}/import", files={"file": ("x.csv", whole.encode())})
    assert good(sent)["added"] == 1_500
    assert (await boss.do(f"{second}/import", csv=whole))["known"] == 1_500


async def test_of_two_who_take_a_name_at_once_the_second_is_told(place: Place) -> None:
    """PostgreSQL shows neither what the other has not committed."""
    fine = manage.Wanted(name="own", category="hate")

    async def take(bank_id: int) -> None:
        async with place.db.write() as tx:
            if bank_id:
                await manage.change(place.services, tx, bank_id, fine)
            else:
                await manage.make(place.services, tx, fine)

    async with place.db.write() as tx:
        other = await manage.make(place.services, tx, manage.Wanted(name="old", category="hate"))
    for bank_id in (0, other.id):
        async with place.db.write() as tx:
            made = await manage.make(place.services, tx, fine)
            second = asyncio.create_task(take(bank_id))
            await asyncio.sleep(0.2)
        with pytest.raises(Invalid) as told:
            await asyncio.wait_for(second, PATIENCE_S)
        assert told.value.details["name"][0]["error"] == "ERR_TAKEN"
        async with place.db.write() as tx:
            await manage.remove(place.services, tx, made.id)


async def test_lists_with_faults_and_large_ones_are_refused(boss: Asker) -> None:
    here = await made(boss)
    refused = await boss.do(f"{here}/import", 422, csv=f"{some_hash()}\n12\n\n{some_hash()[:-1]}\n")
    told = [each["description"] for each in refused["details"]["csv"]]
    assert [each.partition(":")[0] for each in told] == ["line 2, column 1", "line 4, column 1"]
    assert "csv" in (await boss.do(f"{here}/import", 422, csv=""))["details"]
    assert "kind" in (await boss.do(f"{here}/import", 422, csv="x", kind="md5"))["details"]
    many = "\n".join(some_hash() for _ in range(MOST_SENT + 1))
    refused = await boss.do(f"{here}/import", 422, csv=many)
    assert f"line {MOST_SENT + 1}" in refused["details"]["csv"][0]["description"]
    huge = b"x" * (10 * 1024 * 1024)
    assert len(huge) > MOST_BYTES
    answer = await boss.client.post(f"{here}/import", files={"file": ("x.csv", huge)})
    assert "rostra banks import" in good(answer, 413)["error"]
    assert (await boss.get(here))["hashes_count"] == 0


async def test_moderators_keep_hashes_and_admins_keep_banks(place: Place, boss: Asker) -> None:
    here = await made(boss)
    mo = await staff(place, "mo")
    await mo.do(HERE, 403, name="theirs", category="spam")
    await put(mo, here, 403, enabled=False)
    await mo.ask("DELETE", here, 403)
    await mo.do(f"{here}/import", 403, csv=some_hash())
    await mo.get(f"{here}/export", 403)
    assert await mo.get(HERE) == [await boss.get(here)]
