"""Members whom a live rule slows down: by a decision each, told why and until when."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place
from tests.harness.staff import staff
from tests.safety.moderating import moderator, queue, report, ruling
from tests.safety.rules.keeping import add, live, to
from tests.safety.screening.listener import Listener, judged_by

from rostra.api.mastodon.times import iso
from rostra.api.safety.decisions import time_of
from rostra.kernel.clock import DAY, HOUR, MINUTE, SECOND
from rostra.kernel.text.lengths import at_words
from rostra.network.credentials.model import Role
from rostra.safety.decisions import undo as undoing
from rostra.safety.decisions.decide import decide_subjects
from rostra.safety.decisions.ends import EndDue, end_due
from rostra.safety.decisions.model import Action, ActionKind
from rostra.safety.rules.model import State
from rostra.safety.subjects import Subject, SubjectKind
from rostra.store.query import query
from rostra.store.tables.accounts import slowed_accounts

POSTS = "/api/v1/statuses"
MINE = "/api/rostra/v1/moderation/statements"
RULE = '''"""Offers of pills."""
when("pills" in lower(post.text))
{}
catches("cheap pills")
spares("cheap tea")
'''
MESSAGE = "Offers are posted less often."
SLOW = RULE.format(f'slow(posts=2, per="1h", ends="1d", category="spam", message="{MESSAGE}")')


@pytest.fixture
async def place(database_url: str, data_dir: Path) -> AsyncIterator[Place]:
    """A place with a signal, and no rule."""
    async with judged_by(data_dir, database_url, Listener({})) as made:
        yield made


async def refused(who: Asker, text: str = "More") -> tuple[int, str]:
    """The seconds and the words of a refusal to post."""
    answer = await who.client.post(POSTS, json={"status": text})
    assert answer.status_code == 429, answer.text
    return int(answer.headers["retry-after"]), answer.json()["error"]


async def statements(mod: Asker, who: Asker) -> list[dict[str, Any]]:
    """The decisions about a member, the latest first."""
    found = await mod.get(f"/api/rostra/v1/safety/decisions?account_id={who.account_id}")
    return list(found)


async def test_a_member_is_slowed_down_and_told_why_and_until_when(place: Place) -> None:
    ann, mod = await place.member("ann"), await staff(place, "mod")
    await live(place, source=SLOW)
    caught = await ann.post("cheap pills")
    assert caught["visibility"] == "public", "what they have said stays"
    [made] = await statements(mod, ann)
    [done] = made["actions"]
    assert (done["action"], done["posts"], done["per_seconds"]) == ("slow", 2, 3600)
    assert made["facts"] == "It was caught by the rule links, version 1: Offers of pills."
    assert (made["words"], made["automated_decision"]) == (MESSAGE, True)
    assert await queue(place) == []
    await ann.post("One")
    await ann.post("Two")
    wait, words = await refused(ann)
    assert wait == 3600
    day = at_words(place.clock.now() + DAY)
    assert words.startswith(f"You may post 2 times in 1 hour until {day}: the team has decided so")
    assert words.endswith("Try again in 1 hour")
    place.clock.advance(45 * MINUTE)
    assert await refused(ann) == (900, words.replace("again in 1 hour", "again in 15 minutes"))
    place.clock.advance(15 * MINUTE)
    await ann.post("Three")


async def test_others_post_as_before(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    await live(place, source=SLOW)
    await ann.post("cheap pills")
    for at in range(4):
        await bob.post(f"A fine day {at}")


async def test_what_is_deleted_counts_and_what_is_refused_does_not(place: Place) -> None:
    ann = await place.member("ann")
    await live(place, source=SLOW)
    await ann.post("cheap pills")
    place.clock.advance(SECOND)
    first = await ann.post("One")
    await ann.client.delete(f"{POSTS}/{first['id']}")
    wrong = {"status": "Two", "media_ids": ["1"]}
    assert (await ann.client.post(POSTS, json=wrong)).status_code == 422
    key = {"Idempotency-Key": "once"}
    for _ in range(3):
        answer = await ann.client.post(POSTS, json={"status": "Two"}, headers=key)
        assert answer.status_code == 200
    await refused(ann)


async def test_it_ends_by_itself_though_no_job_runs(place: Place) -> None:
    ann = await place.member("ann")
    await live(place, source=SLOW)
    await ann.post("cheap pills")
    for at in range(2):
        await ann.post(f"Post {at}")
    place.clock.advance(DAY - MINUTE)
    for at in range(2):
        await ann.post(f"Next day {at}")
    assert (await refused(ann))[0] == 60, "its end comes before the hour is over"
    place.clock.advance(MINUTE)
    for at in range(4):
        await ann.post(f"As before {at}")
    async with place.db.write() as tx:
        await end_due(place.services, tx, EndDue())
        assert await tx.all(query(slowed_accounts.select())) == []


async def test_whoever_is_slow_enough_is_not_told_again(place: Place) -> None:
    ann, mod = await place.member("ann"), await staff(place, "mod")
    await live(place, source=SLOW)
    await ann.post("cheap pills")
    await ann.post("more pills")
    assert len(await statements(mod, ann)) == 1
    stricter = SLOW.replace("posts=2", "posts=1").replace("pills", "herbs")
    await live(place, name="herbs", source=stricter)
    place.clock.advance(HOUR)
    await ann.post("cheap herbs")
    assert len(await statements(mod, ann)) == 2
    assert "You may post once in 1 hour" in (await refused(ann))[1]


async def test_two_rules_that_catch_a_post_slow_down_once(place: Place) -> None:
    ann, mod = await place.member("ann"), await staff(place, "mod")
    await live(place, source=SLOW)
    await live(
        place, name="cheap", source=SLOW.replace("pills", "cheap").replace("cheap tea", "tea")
    )
    await ann.post("cheap pills")
    assert len(await statements(mod, ann)) == 1


async def test_an_edit_that_names_somebody_else_counts_as_a_post(place: Place) -> None:
    ann, bob, eve = await place.members("ann", "bob", "eve")
    await live(place, source=SLOW)
    await ann.post("cheap pills")
    post = (await ann.post(f"Look, @{bob.username}"))["id"]
    await ann.edit(post, f"Look here, @{bob.username}")
    await ann.edit(post, f"Look here, @{bob.username} and @{eve.username}")
    await ann.edit(post, f"@{eve.username} and @{bob.username} were named before, and I am @ann")
    other = await place.member("olga")
    answer = await ann.client.put(f"{POSTS}/{post}", json={"status": f"@{other.username}"})
    assert answer.status_code == 429, answer.text


async def test_of_several_paces_the_slowest_holds_until_it_is_taken_back(place: Place) -> None:
    ann, mod = await place.member("ann"), await staff(place, "mod")
    await live(place, source=SLOW)
    await live(place, name="herbs", source=SLOW.replace("2", "1").replace("pills", "herbs"))
    for text in ("cheap pills", "cheap herbs"):
        await ann.post(text)
    stricter, _ = await statements(mod, ann)
    await refused(ann)
    async with place.db.write() as tx:
        await undoing.undo(place.services, tx, moderator(), int(stricter["id"]))
    await ann.post("As many as the other says")
    await refused(ann)


async def test_taking_it_back_frees_at_once(place: Place) -> None:
    ann, mod = await place.member("ann"), await staff(place, "mod")
    await live(place, source=SLOW)
    await ann.post("cheap pills")
    for at in range(2):
        await ann.post(f"Post {at}")
    await refused(ann)
    [made] = await statements(mod, ann)
    async with place.db.write() as tx:
        await undoing.undo(place.services, tx, moderator(), int(made["id"]))
    await ann.post("As before")


async def test_in_shadow_nobody_is_slowed_down(place: Place) -> None:
    ann, mod = await place.member("ann"), await staff(place, "mod")
    await to(place, await add(place, source=SLOW), State.SHADOW)
    for at in range(4):
        await ann.post(f"cheap pills {at}")
    assert await statements(mod, ann) == []


async def test_what_was_reported_is_left_open(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    post = await ann.post("cheap tea")
    await report(bob, ann, post["id"], category="spam")
    await live(place, source=SLOW)
    await ann.edit(post["id"], "cheap pills")
    for at in range(2):
        await ann.post(f"Post {at}")
    await refused(ann)
    [case] = await queue(place)
    assert case.subject.id == int(post["id"])


async def test_no_rule_slows_down_an_admin(place: Place) -> None:
    boss = await staff(place, "boss", Role.ADMIN)
    await live(place, source=SLOW)
    for at in range(4):
        await boss.post(f"cheap pills {at}")
    assert len(await queue(place)) == 4, "somebody looks at it instead"


async def test_a_scheduled_post_waits_for_its_turn(place: Place) -> None:
    ann = await place.member("ann")
    at = iso(place.clock.now() + 10 * MINUTE)
    answer = await ann.client.post(POSTS, json={"status": "Later", "scheduled_at": at})
    assert answer.status_code == 200, answer.text
    await live(place, source=SLOW)
    await ann.post("cheap pills")
    for each in range(2):
        await ann.post(f"Post {each}")
    place.clock.advance(11 * MINUTE)
    await place.app.work()
    [waiting] = await ann.get("/api/v1/scheduled_statuses")
    due_at = time_of(waiting["scheduled_at"])
    assert 48 * MINUTE < due_at - place.clock.now() <= 49 * MINUTE, "an hour after the first"
    place.clock.advance(50 * MINUTE)
    await place.app.work()
    assert await ann.get("/api/v1/scheduled_statuses") == []
    posts = await ann.get(f"/api/v1/accounts/{ann.account_id}/statuses")
    assert "Later" in posts[0]["content"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"posts": 0}, "posts"),
        ({"posts": 1_001}, "posts"),
        ({"per_seconds": 0}, "per_seconds"),
        ({"per_seconds": 86_401}, "per_seconds"),
        ({"ends_at": ""}, "actions"),
        ({"ends_at": "2999-07-16T15:06:40Z"}, "actions"),
    ],
)
async def test_people_slow_down_too_within_bounds(
    place: Place, wrong: dict[str, Any], field: str
) -> None:
    ann, mod = await place.member("ann"), await staff(place, "mod")
    post = await ann.post("Again and again")
    right = {"action": "slow", "posts": 1, "per_seconds": 60}
    right["ends_at"] = iso(place.clock.now() + HOUR)
    body: dict[str, Any] = {
        "category": "spam",
        "facts": "Twenty posts in a minute.",
        "subject_ids": [post["id"]],
    }
    where = "/api/rostra/v1/safety/decisions"
    answer = await mod.client.post(where, json={**body, "actions": [{**right, **wrong}]})
    assert answer.status_code == 422
    assert field in answer.json()["details"]
    await mod.do(where, **body, actions=[right])
    await ann.post("One")
    assert (await refused(ann))[0] == 60


async def test_what_people_decide_is_left_by_a_laxer_rule(place: Place) -> None:
    ann, mod = await place.member("ann"), await staff(place, "mod")
    first = await ann.post("Again and again")
    ends_at = place.clock.now() + HOUR
    action = Action(kind=ActionKind.SLOW, posts=1, per_ms=HOUR, ends_at=ends_at)
    async with place.db.write() as tx:
        subject = Subject(SubjectKind.POST, int(first["id"]))
        await decide_subjects(place.services, tx, moderator(), ruling(actions=(action,)), [subject])
    await live(place, source=SLOW)
    await ann.post("cheap pills")
    assert len(await statements(mod, ann)) == 1
