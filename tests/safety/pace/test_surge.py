"""Measures against a flood: agreed to beforehand, switched, seen by all, and over by themselves."""

from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place
from tests.harness.staff import staff
from tests.safety.moderating import decide, moderator, queue, ruling
from tests.safety.notices.desk import sent
from tests.safety.rules.keeping import live
from tests.safety.screening.test_rules import CASE, HOLD

from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.network.accounts.sign_up import Seat, seat_member
from rostra.network.credentials.model import Role
from rostra.network.instance.settings import change
from rostra.safety.decisions.ends import EndDue, end_due
from rostra.safety.decisions.model import ActionKind
from rostra.safety.pace import surge
from rostra.safety.pace.surge_model import Terms
from rostra.safety.pace.watch import Watch, watch

SURGE = "/api/rostra/v1/safety/surge"
PUBLIC = "/api/rostra/v1/surge"


async def agreed(by: Asker, measure: str, **more: Any) -> None:
    """An admin agrees to a measure and switches it on."""
    await by.ask("PUT", f"{SURGE}/terms", json={"measure": measure, "hours": 2, **more})
    await by.do(f"{SURGE}/on", measure=measure)


async def known(place: Place) -> None:
    """Every process has heard of it."""
    await place.nobody.get(PUBLIC)
    await place.settle()


async def test_measures_are_agreed_to_and_switched_by_those_who_may(place: Place) -> None:
    boss, mo = await staff(place, "boss", Role.ADMIN), await staff(place, "mo")
    seat = Seat(username="au", email="au@example.org", password_hash="", role=Role.MODERATOR)
    async with place.db.write() as tx:
        await seat_member(place.services, tx, seat)
    terms = {"measure": "slow_replies", "hours": 2, "most": 5}
    await mo.ask("PUT", f"{SURGE}/terms", 403, json=terms)
    await mo.do(f"{SURGE}/on", 403, measure="slow_replies")
    assert (await boss.do(f"{SURGE}/on", 409, measure="slow_replies"))["error"]
    wrong = {"measure": "slow_replies", "hours": 999, "most": 0}
    refused = await boss.ask("PUT", f"{SURGE}/terms", 422, json=wrong)
    assert set(refused["details"]) == {"hours", "most"}
    await boss.ask("PUT", f"{SURGE}/terms", json=terms)
    found = await boss.do(f"{SURGE}/on", measure="slow_replies")
    again = await boss.do(f"{SURGE}/on", measure="slow_replies")
    assert found == again  # saying it twice changes nothing
    (running,) = found["measures"]
    assert (await place.nobody.get(PUBLIC))["measures"] == [running]
    assert [each["what"] for each in found["log"]] == ["on_by_hand", "agreed"]
    assert found["log"][0]["actor_id"] == str(boss.account_id)
    assert (await mo.get(SURGE))["terms"][0]["agreed_by"] == str(boss.account_id)
    await boss.do(f"{SURGE}/withdraw", measure="slow_replies")
    assert (await mo.get(SURGE))["terms"] == []
    assert (await place.nobody.get(PUBLIC))["measures"] == []
    await place.app.work()
    told = [each.subject for each in sent(place) if each.to == "au@example.org"]
    assert len(told) == 4
    assert any("switched on by hand, until" in each for each in told)


async def test_sign_up_is_closed_and_opens_by_itself(place: Place) -> None:
    boss = await staff(place, "boss", Role.ADMIN)
    async with place.db.write() as tx:
        await change(place.services, tx, {"registrations": "open"})
    assert (await place.nobody.get("/api/v2/instance"))["registrations"]["enabled"]
    await agreed(boss, "close_sign_up")
    told = (await place.nobody.get("/api/v2/instance"))["registrations"]
    assert not told["enabled"]
    assert "opens again by itself" in told["message"]
    place.clock.advance(2 * HOUR)  # no job has to run for that
    assert (await place.nobody.get("/api/v2/instance"))["registrations"]["enabled"]
    async with place.db.write() as tx:
        await watch(place.services, tx, Watch())
    assert (await boss.get(SURGE))["log"][0]["what"] == "off_at_end"


async def test_one_post_is_answered_only_so_often(place: Place) -> None:
    boss = await staff(place, "boss", Role.ADMIN)
    ann, bob, cem = await place.members("ann", "bob", "cem")
    post = await ann.post("What do you think?")
    other = await ann.post("And of this?")
    await bob.post("Before", in_reply_to_id=post["id"])
    place.clock.advance(MINUTE)
    await agreed(boss, "slow_replies", most=2)
    await known(place)
    await bob.post("First", in_reply_to_id=post["id"])
    place.clock.advance(20_000)
    await cem.post("Second", in_reply_to_id=post["id"])
    body = {"status": "Third", "in_reply_to_id": post["id"]}
    answer = await bob.client.post("/api/v1/statuses", json=body)
    assert answer.status_code == 429
    assert 38 <= int(answer.headers["retry-after"]) <= 40
    assert "Try again in" in answer.json()["error"]
    await bob.post("Elsewhere", in_reply_to_id=other["id"])
    await ann.post("My own", in_reply_to_id=post["id"])
    place.clock.advance(41_000)
    await bob.post("Third", in_reply_to_id=post["id"])


async def test_first_posts_of_new_accounts_wait_by_a_decision_each(place: Place) -> None:
    boss, mo = await staff(place, "boss", Role.ADMIN), await staff(place, "mo")
    old = await place.member("old")
    place.clock.advance(8 * DAY)
    calm = await _statements(place, old)
    await agreed(boss, "hold_first_posts", most=3)
    await known(place)
    assert await _statements(place, old) == calm
    new = await place.member("new")
    await old.relate("follow", new)
    posts = [await new.post(f"Hello @old {at} #flood") for at in range(4)]
    assert [each.get("moderation") for each in posts] == ["held"] * 3 + [None]  # the cap
    for who in (old, mo):
        shown = await who.post("Me too")
        await place.nobody.get(f"/api/v1/statuses/{shown['id']}")
    await new.post("A word to you", visibility="direct")
    for each in posts[:3]:
        await place.nobody.get(f"/api/v1/statuses/{each['id']}", 404)
    await place.app.work()
    shown = {posts[3]["id"]}  # and nowhere else either
    for path in ("timelines/home", "timelines/public", "timelines/tag/flood"):
        found = {each["id"] for each in await old.get(f"/api/v1/{path}")}
        assert found & {each["id"] for each in posts} == shown, path
    told = await old.get("/api/v1/notifications?types[]=mention")
    assert {each["status"]["id"] for each in told if each["account"]["username"] == "new"} == {
        posts[3]["id"],
        *(each["status"]["id"] for each in told if each["status"]["visibility"] == "direct"),
    }
    cases = await queue(place)
    assert [each.subject_id for each in cases] == [int(each["id"]) for each in posts[:3]]
    found = await mo.get(f"/api/rostra/v1/safety/cases/{cases[0].id}")
    (decision,) = found["decisions"]
    assert decision["automated_decision"]
    assert "until this measure ends" in decision["facts"]
    kinds = [each["type"] for each in await new.get("/api/v1/notifications")]
    assert kinds.count("moderation_warning") == 3
    # A moderator lets one go and removes another; the rest goes with the measure.
    await decide(place, [cases[0].id], ruling(ActionKind.NONE), moderator(mo.account_id))
    await place.nobody.get(f"/api/v1/statuses/{posts[0]['id']}")
    await decide(place, [cases[1].id], ruling(ActionKind.REMOVE), moderator(mo.account_id))
    await boss.do(f"{SURGE}/off", measure="hold_first_posts")
    await place.app.work()
    await place.nobody.get(f"/api/v1/statuses/{posts[1]['id']}", 404)
    await place.nobody.get(f"/api/v1/statuses/{posts[2]['id']}")
    assert await queue(place) == []
    await known(place)
    assert (await new.post("At last")).get("moderation") is None


async def test_what_something_else_was_found_in_stays_open_at_the_end(place: Place) -> None:
    boss, mo = await staff(place, "boss", Role.ADMIN), await staff(place, "mo")
    await live(place, source=CASE)
    await agreed(boss, "hold_first_posts", most=9)
    await known(place)
    new, other, third = await place.members("new", "other", "third")
    found = await new.post("cheap pills")
    noted = await other.post("Hello")
    looked_at = await third.post("Hello too")
    assert {each["moderation"] for each in (found, noted, looked_at)} == {"held"}
    cases = {str(case.subject_id): case.id for case in await queue(place)}
    assert cases.keys() == {each["id"] for each in (found, noted, looked_at)}
    path = f"/api/rostra/v1/safety/cases/{cases[noted['id']]}"
    await mo.do(f"{path}/note", words="Ask the others")
    await mo.get(f"/api/rostra/v1/safety/cases/{cases[looked_at['id']]}")
    await boss.do(f"{SURGE}/off", measure="hold_first_posts")
    await place.app.work()
    for each in (found, noted, looked_at):
        await place.nobody.get(f"/api/v1/statuses/{each['id']}")
    assert {str(case.subject_id) for case in await queue(place)} == {found["id"], noted["id"]}


async def test_reblogs_and_posts_to_few_are_no_first_posts(place: Place) -> None:
    boss = await staff(place, "boss", Role.ADMIN)
    old = await place.member("old")
    posts = [await old.post(f"One of {at}") for at in range(4)]
    place.clock.advance(8 * DAY)
    await agreed(boss, "hold_first_posts", most=99)
    await known(place)
    new = await place.member("new")
    for each in posts:
        await new.react("reblog", each["id"])
        await new.post("To a few", visibility="private")
    assert (await new.post("The first")).get("moderation") == "held"
    await boss.do(f"{SURGE}/off", measure="hold_first_posts")
    await place.app.work()
    await known(place)
    for _ in range(2):
        await new.post("Shown", visibility="unlisted")
    await agreed(boss, "hold_first_posts", most=99)
    await known(place)
    assert (await new.post("The fourth")).get("moderation") is None


async def _statements(place: Place, by: Asker) -> int:
    """How many statements a post takes."""
    await by.post("Good morning")
    await place.settle()
    with place.app.counted() as counted:
        await by.post("Good evening")
    return counted.statements


async def test_what_somebody_let_go_is_not_held_again(place: Place) -> None:
    boss, mo = await staff(place, "boss", Role.ADMIN), await staff(place, "mo")
    place.clock.advance(8 * DAY)
    await live(place, source=HOLD)
    new = await place.member("new")
    post = await new.post("cheap pills")
    assert post["moderation"] == "held"
    await agreed(boss, "hold_first_posts", most=9)
    await known(place)
    [case] = await queue(place)
    await decide(place, [case.id], ruling(ActionKind.NONE), moderator(mo.account_id))
    await place.app.work()
    await place.nobody.get(f"/api/v1/statuses/{post['id']}")
    assert await queue(place) == []


async def test_what_waits_is_let_go_at_the_end(place: Place) -> None:
    boss = await staff(place, "boss", Role.ADMIN)
    await agreed(boss, "hold_first_posts", most=9)
    await known(place)
    new = await place.member("new")
    post = await new.post("Hello")
    await place.nobody.get(f"/api/v1/statuses/{post['id']}", 404)
    place.clock.advance(2 * HOUR + 1)
    async with place.db.write() as tx:
        await end_due(place.services, tx, EndDue())
    await place.nobody.get(f"/api/v1/statuses/{post['id']}")


async def test_the_forecast_switches_on_and_off_and_the_cap_is_one(place: Place) -> None:
    boss = await staff(place, "boss", Role.ADMIN)
    terms = {"measure": "slow_replies", "hours": 4, "most": 5, "when_hours": 24, "when_open": 100}
    await boss.ask("PUT", f"{SURGE}/terms", json=terms)

    async def whats(open_now: int, clear_in: int | None, *, known: bool = True) -> list[str]:
        async with place.db.write() as tx:
            await surge.follow(place.services, tx, open_now, clear_in, known=known)
        log = (await boss.get(SURGE))["log"]
        return [each["what"] for each in log][::-1][1:]

    assert await whats(99, None) == []
    assert await whats(500, None, known=False) == []
    assert await whats(500, 23 * HOUR) == []
    assert await whats(500, None) == ["on_by_forecast"]
    assert await whats(500, 20 * HOUR) == ["on_by_forecast"]  # not yet good enough
    assert await whats(500, 12 * HOUR) == ["on_by_forecast", "off_by_forecast"]
    assert (await whats(500, None))[2:] == ["on_by_forecast"]
    place.clock.advance(4 * HOUR)
    assert (await whats(500, None))[3:] == ["off_at_end"]
    assert len(await whats(500, None)) == 4  # a cap is one
    place.clock.advance(4 * HOUR)
    assert (await whats(500, None))[4:] == ["on_by_forecast"]


@pytest.mark.parametrize(
    ("open_now", "clear_in", "wanted"),
    [(10, None, (False, True)), (100, None, (True, False)), (100, 25 * HOUR, (True, False)),
     (100, 24 * HOUR, (False, False)), (60, 13 * HOUR, (False, False)),
     (900, 12 * HOUR, (False, True)), (49, None, (False, True))],
)  # fmt: skip
def test_terms_ask_and_let_go(
    open_now: int, clear_in: int | None, wanted: tuple[bool, bool]
) -> None:
    terms = Terms(measure=1, hours=4, when_hours=24, when_open=100)
    assert (terms.asks_for(open_now, clear_in), terms.lets_go(open_now, clear_in)) == wanted
    assert not Terms(measure=1, hours=4).asks_for(open_now, clear_in)
