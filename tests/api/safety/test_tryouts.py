"""Rules are tried on the past through the API of the team: asked for, run, shown, given up."""

import asyncio

import pytest
from sqlalchemy import update
from tests.harness.neighbours import Asker, Place
from tests.harness.patience import PATIENCE_S
from tests.harness.staff import staff
from tests.safety.lists.keeping import made
from tests.safety.moderating import decide, queue, report, ruling
from tests.safety.rules.keeping import LINKS, MORE_LINKS

from rostra.kernel.clock import DAY
from rostra.network.credentials.model import Role
from rostra.safety.categories.model import Category
from rostra.safety.decisions.model import ActionKind
from rostra.safety.tryout import access, begin, jobs
from rostra.safety.tryout.kept import State
from rostra.safety.tryout.model import Group, Result, Sample, Side
from rostra.store.query import number, query
from rostra.store.tables.tryouts import rule_tryouts

SAFETY = "/api/rostra/v1/safety"
_ONE = update(rule_tryouts).where(rule_tryouts.c.id == number("id"))
_LEFT = query(_ONE.values(state=int(State.RUNNING), done=7))
_SPOIL = query(_ONE.values(source="no rule"))
TWO = "https://a.example and https://b.example"


@pytest.fixture
async def boss(place: Place) -> Asker:
    return await staff(place, "boss", Role.ADMIN)


async def a_rule(boss: Asker) -> str:
    """A kept rule of two versions; where its try-outs are."""
    made = await boss.do(f"{SAFETY}/rules", name="links", source=LINKS, reason="Spam")
    body = {"version": 1, "source": MORE_LINKS, "reason": "One is enough"}
    await boss.ask("PUT", f"{SAFETY}/rules/{made['id']}", json=body)
    return f"{SAFETY}/rules/{made['id']}/tryouts"


async def test_two_versions_are_tried_in_the_background(place: Place, boss: Asker) -> None:
    ann, bob = await place.members("ann", "bob")
    mo = await staff(place, "mo")
    tryouts = await a_rule(boss)
    post = await bob.post(TWO)
    gone = await bob.post("https://a.example/deleted")
    few = await ann.post("https://a.example/secret", visibility="private")
    await ann.post("nothing")
    await report(ann, bob, post["id"])
    (case,) = await queue(place)
    await decide(place, [case.id], ruling(ActionKind.REMOVE, category=Category.SPAM))
    await place.app.work()
    asked = await boss.do(tryouts, against=1, days=2)
    here = f"{SAFETY}/tryouts/{asked['id']}"
    assert (asked["state"], asked["version"], asked["against"]) == ("waiting", 2, 1)
    assert (asked["total"], asked["result"], asked["asked_by"]) == (0, None, str(boss.account_id))
    await bob.post("https://a.example/ posted since")
    await place.app.work()
    await bob.delete(gone["id"])
    found = await mo.get(here)
    assert (found["state"], found["total"], found["done"]) == ("done", 4, 4)
    assert found["ended_at"]
    result = found["result"]
    assert (result["posts"], result["members"], result["decided"], result["acted"]) == (4, 2, 1, 1)
    new, old = result["rules"]
    assert (new["version"], new["caught"]["posts"], new["caught"]["members"]) == (2, 3, 2)
    assert (old["version"], old["caught"]["posts"]) == (1, 1)
    assert (old["precision"], old["recall"], old["missing"]) == (1.0, 1.0, {})
    assert result["both"]["posts"] == 1
    assert result["second_only"]["posts"] == 0
    shown = {each["id"]: each for each in new["caught"]["samples"]}
    assert set(shown) == {post["id"]}
    assert (shown[post["id"]]["username"], shown[post["id"]]["words"]) == ("bob", TWO)
    assert not any(each in str(result) for each in (few["id"], str(ann.account_id), "'ann'"))
    (listed,) = await mo.get(tryouts)
    assert listed["result"]["posts"] == 4
    assert listed["result"]["rules"][0]["caught"]["samples"] == []
    async with place.db.read() as reader:
        kept = await access.one(reader, int(asked["id"]))
    assert "a.example" not in kept.result
    assert few["id"] not in kept.result
    older = Result(sides=(Side(caught=Group(1, 1, (Sample(int(few["id"]), 1, ""),))),))
    async with place.db.read() as reader:
        assert await access.shown(reader, older) == {}, "as it was kept before"


async def test_who_may_not_switch_rules_tries_none(place: Place, boss: Asker) -> None:
    mo, ann = await staff(place, "mo"), await place.member("ann")
    tryouts = await a_rule(boss)
    await mo.do(tryouts, 403)
    await ann.do(tryouts, 403)
    assert await mo.get(tryouts) == []
    await boss.get(f"{SAFETY}/rules/7/tryouts", 404)
    await boss.get(f"{SAFETY}/tryouts/7", 404)
    await boss.do(f"{SAFETY}/tryouts/7/cancel", 404)
    await boss.do(tryouts, 404, version=9)
    refused = await boss.do(tryouts, 422, days=0)
    assert "days" in refused["details"]
    refused = await boss.do(tryouts, 422, source=LINKS.replace("post.links", "post.lunks"))
    assert "2:13: there is no feature post.lunks" in refused["error"]
    for _ in range(begin.MOST_WAITING):
        await boss.do(tryouts, source=LINKS)
    refused = await boss.do(tryouts, 409)
    assert "wait already" in refused["error"]


async def test_what_is_given_up_does_not_run(place: Place, boss: Asker) -> None:
    tryouts = await a_rule(boss)
    asked = await boss.do(tryouts, source=LINKS)
    assert asked["version"] is None
    here = f"{SAFETY}/tryouts/{asked['id']}"
    assert (await boss.do(f"{here}/cancel"))["state"] == "cancelled"
    await place.app.work()
    found = await boss.get(here)
    assert (found["state"], found["result"], found["total"]) == ("cancelled", None, 0)


async def test_one_that_runs_is_given_up_within_moments(place: Place, boss: Asker) -> None:
    tryouts = await a_rule(boss)
    ann = await place.member("ann")
    await ann.post("hello")
    asked = await boss.do(tryouts)
    here = f"{SAFETY}/tryouts/{asked['id']}"
    running = asyncio.create_task(place.app.work())
    while (await boss.get(here))["state"] == "waiting":  # noqa: ASYNC110 (its row alone tells)
        await asyncio.sleep(0.01)
    await boss.do(f"{here}/cancel")
    await asyncio.wait_for(running, PATIENCE_S)
    assert (await boss.get(here))["state"] == "cancelled"


async def test_what_ended_amid_it_begins_anew_and_what_can_not_be_says_so(
    place: Place, boss: Asker
) -> None:
    tryouts = await a_rule(boss)
    asked = await boss.do(tryouts)
    async with place.db.write() as tx:  # as a process leaves it that is killed
        await tx.run(_LEFT, id=int(asked["id"]))
    await place.app.work()
    found = await boss.get(f"{SAFETY}/tryouts/{asked['id']}")
    assert (found["state"], found["done"]) == ("done", 0)
    spoilt = await boss.do(tryouts)
    async with place.db.write() as tx:  # as where a list is gone that a rule asks for
        await tx.run(_SPOIL, id=int(spoilt["id"]))
    await place.app.work()
    failed = await boss.get(f"{SAFETY}/tryouts/{spoilt['id']}")
    assert failed["state"] == State.FAILED.wire
    assert failed["failure"].startswith("1:")


async def test_lists_answer_for_the_past(place: Place, boss: Asker) -> None:
    """As they would answer today."""
    ann = await place.member("ann")
    await made(place, "wares", "phrases", "cheap shoes")
    await ann.post("buy cheap shoes")
    await ann.post("hello there, good morning")
    source = """when(listed(post.text, "wares"), signal("lists").violence > 0.5)
case(category="spam")
catches("cheap shoes", signal("lists").violence == 0.8)
spares("hello", signal("lists").violence == 0.8)
"""
    asked = await boss.do(await a_rule(boss), source=source)
    await place.app.work()
    found = await boss.get(f"{SAFETY}/tryouts/{asked['id']}")
    assert found["state"] == "done", found
    (rule,) = found["result"]["rules"]
    assert [each["words"] for each in rule["caught"]["samples"]] == ["buy cheap shoes"]
    assert rule["skipped"] == 0


@pytest.mark.postgresql
async def test_old_ones_are_forgotten(place: Place, boss: Asker) -> None:
    tryouts = await a_rule(boss)
    await boss.do(tryouts)
    place.clock.advance(jobs.KEPT_MS - DAY)
    await boss.do(tryouts)
    place.clock.advance(2 * DAY)
    async with place.db.write() as tx:
        await jobs.drop(place.services, tx, jobs.DropOld())
    assert len(await boss.get(tryouts)) == 1
