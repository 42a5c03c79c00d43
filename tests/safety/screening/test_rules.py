"""Rules are asked at every post: in shadow they are counted; what live ones ask for is done."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place
from tests.harness.staff import staff
from tests.safety.moderating import decide, moderator, queue, report, ruling
from tests.safety.rules.keeping import add, live, to
from tests.safety.screening.listener import Listener, judged_by

from rostra.kernel.clock import HOUR, MINUTE
from rostra.network.credentials.model import Role
from rostra.network.posts.events import PostPublished
from rostra.network.posts.model import Draft
from rostra.network.posts.prepare import prepare
from rostra.network.posts.screened import screened
from rostra.safety.categories.model import Category
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions import undo as undoing
from rostra.safety.decisions.ends import EndDue, end_due
from rostra.safety.decisions.model import ActionKind, Decision
from rostra.safety.rules.model import State
from rostra.safety.screening import access
from rostra.safety.screening.model import Told
from rostra.safety.screening.screen import Screening
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.appoint import set_duties
from rostra.safety.team.model import Duty

POSTS = "/api/v1/statuses"
BASE = "/api/rostra/v1/safety"
RULE = '''"""Offers of pills."""
when("pills" in lower(post.text))
{}
catches("cheap pills")
spares("cheap tea")
'''
HOLD = RULE.format(
    'hold(category="spam", within="12h", message="Offers of pills wait for a look.")'
)
CASE = RULE.format('case(category="spam")')
MARKED = RULE.format(
    'label("Perhaps an offer", ends="7d", category="spam", message="It looks like an offer.")\n'
    'limit(ends="2d", category="spam", message="It is shown less.")'
)


@pytest.fixture
async def place(database_url: str, data_dir: Path) -> AsyncIterator[Place]:
    """A place with a signal, and no rule."""
    async with judged_by(data_dir, database_url, Listener({"kill": {"violence": 0.5}})) as made:
        yield made


async def decisions(place: Place, post: dict[str, Any]) -> list[Decision]:
    async with place.db.read() as reader:
        return await decisions_access.about(reader, Subject(SubjectKind.POST, int(post["id"])))


async def told(place: Place, post: dict[str, Any]) -> tuple[Told, ...]:
    async with place.db.read() as reader:
        found = await access.of_subject(reader, Subject(SubjectKind.POST, int(post["id"])))
    return found[0].judgement.told


async def seen(asker: Asker, post: dict[str, Any]) -> bool:
    answer = await asker.client.get(f"{POSTS}/{post['id']}")
    return bool(answer.status_code == 200)


async def let_time_pass(place: Place, ms: int) -> None:
    place.clock.advance(ms)
    async with place.db.write() as tx:
        await end_due(place.services, tx, EndDue())


async def test_in_shadow_a_rule_is_kept_and_does_nothing(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    rule = await to(place, await add(place, source=HOLD), State.SHADOW)
    post = await ann.post("cheap PILLS")
    assert await seen(bob, post)
    assert await told(place, post) == (Told(rule.id, 1, "links", False, ("hold",)),)
    assert await queue(place) == []
    assert await decisions(place, post) == []


async def test_a_live_rule_opens_a_case(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    await live(place, source=CASE)
    post = await ann.post("cheap pills")
    assert await seen(bob, post)
    [case] = await queue(place)
    assert case.subject.id == int(post["id"])
    assert await decisions(place, post) == []


async def test_what_a_rule_spares_is_published(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    await live(place, source=HOLD)
    post = await ann.post("cheap tea")
    assert await seen(bob, post)
    assert await told(place, post) == ()


async def test_what_is_held_is_seen_by_its_author_alone(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    await bob.relate("follow", ann)
    published = place.told(PostPublished)
    rule = await live(place, source=HOLD)
    post = await ann.post("cheap pills for @bob #pills", poll=None)
    assert post["moderation"] == "held"
    assert not await seen(bob, post)
    assert await seen(ann, post)
    assert published == []
    for path in ("timelines/home", "timelines/tag/pills", "notifications"):
        found = await bob.get(f"/api/v1/{path}")
        assert [each for each in found if each.get("type") != "follow"] == []
    me = await ann.get(f"/api/v1/accounts/{ann.account_id}")
    assert me["statuses_count"] == 0
    [decision] = await decisions(place, post)
    assert decision.rule_id == rule.id
    assert decision.machine_decided
    assert decision.machine_found
    assert decision.facts == "It was caught by the rule links, version 1: Offers of pills."
    assert decision.words == "Offers of pills wait for a look."
    assert [action.kind for action in decision.done] == [ActionKind.HOLD]
    [case] = await queue(place)
    assert case.status.waits
    assert "waits" in {reason.name for reason in case.why}


async def test_its_author_reads_why_and_how_long(place: Place) -> None:
    ann = await place.member("ann")
    await live(place, source=HOLD)
    first = await ann.post("cheap pills")
    label = "It waits until somebody has looked at it. Offers of pills wait for a look."
    assert first["moderation_label"] == label
    place.clock.advance(40 * MINUTE)
    [case] = await queue(place)
    await decide(place, [case.id], ruling(ActionKind.NONE))
    second = await ann.post("more pills")
    label = label.replace("it.", "it; that usually takes 40 minutes.")
    assert second["moderation_label"] == label


async def test_what_is_released_is_published_with_its_own_time(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    await bob.relate("follow", ann)
    await live(place, source=HOLD)
    options = {"options": ["yes", "no"], "expires_in": 3600}
    held = await ann.post("cheap pills for @bob #pills", poll=options)
    after = await ann.post("something else")
    place.clock.advance(HOUR)
    published = place.told(PostPublished)
    [case] = await queue(place)
    await decide(place, [case.id], ruling(ActionKind.NONE))
    assert [event.post_id for event in published] == [int(held["id"])]
    shown = await bob.get(f"{POSTS}/{held['id']}")
    assert shown["created_at"] == held["created_at"]
    assert (shown["visibility"], shown.get("moderation")) == ("public", None)
    assert "moderation_label" not in shown
    assert [each["acct"] for each in shown["mentions"]] == ["bob"]
    assert [each["name"] for each in shown["tags"]] == ["pills"]
    home = await bob.get("/api/v1/timelines/home")
    assert [each["id"] for each in home] == [after["id"], held["id"]]
    public = await place.nobody.get("/api/v1/timelines/public")
    assert [each["id"] for each in public] == [after["id"], held["id"]]
    assert [each["type"] for each in await bob.get("/api/v1/notifications")] == ["mention"]
    me = await ann.get(f"/api/v1/accounts/{ann.account_id}")
    assert me["statuses_count"] == 2


async def test_what_is_removed_stays_unseen(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    await live(place, source=HOLD)
    post = await ann.post("cheap pills")
    [case] = await queue(place)
    made = await decide(place, [case.id], ruling(ActionKind.REMOVE))
    await let_time_pass(place, 13 * HOUR)
    assert not await seen(bob, post)
    assert not await seen(ann, post)
    async with place.db.write() as tx:
        await undoing.undo(place.services, tx, moderator(), made.id)
    assert await seen(bob, post)


async def test_a_rule_that_is_taken_back_lets_go(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    await live(place, source=HOLD)
    post = await ann.post("cheap pills")
    [decision] = await decisions(place, post)
    async with place.db.write() as tx:
        await undoing.undo(place.services, tx, moderator(), decision.id)
    assert await seen(bob, post)
    public = await place.nobody.get("/api/v1/timelines/public")
    assert [each["id"] for each in public] == [post["id"]]
    [case] = await queue(place)
    assert not case.status.waits


async def test_nobody_has_looked_in_time(place: Place) -> None:
    ann, bob, mod = *(await place.members("ann", "bob")), await staff(place, "mod")
    await live(place, source=HOLD)
    post = await ann.post("cheap pills")
    found = await mod.get(f"{BASE}/screening/holds")
    assert (found["waiting"], found["overdue"]) == (1, 0)
    [hold] = found["holds"]
    assert hold["post_id"] == post["id"]
    await let_time_pass(place, 11 * HOUR)
    assert not await seen(bob, post)
    await let_time_pass(place, 2 * HOUR)
    assert await seen(bob, post)
    found = await mod.get(f"{BASE}/screening/holds")
    assert (found["waiting"], found["settled"]["let_go"]) == (0, 1)
    [case] = await queue(place)
    assert not case.status.waits, "somebody still looks, and not before all others"


async def test_a_reviewer_sees_holds_of_their_categories_alone(place: Place) -> None:
    ann = await place.member("ann")
    theirs, others = [await staff(place, name, Role.MEMBER) for name in ("theirs", "others")]
    async with place.db.write() as tx:
        await set_duties(tx, theirs.account_id, Duty.REVIEWER, {Category.SPAM})
        await set_duties(tx, others.account_id, Duty.REVIEWER, {Category.HATE})
    await live(place, source=HOLD)
    settled = await ann.post("cheap pills")
    [case] = await queue(place)
    await decide(place, [case.id], ruling(ActionKind.NONE, category=Category.SPAM))
    post = await ann.post("more cheap pills")
    await let_time_pass(place, MINUTE)
    where = f"{BASE}/screening/holds"
    found = await theirs.get(where)
    assert [each["post_id"] for each in found["holds"]] == [post["id"]]
    assert (found["waiting"], found["settled"]["released"]) == (1, 1)
    assert found["median_s"] is not None
    hidden = await others.get(where)
    assert (hidden["holds"], hidden["waiting"], hidden["overdue"]) == ([], 0, 0)
    assert (set(hidden["settled"].values()), hidden["median_s"]) == ({0}, None)
    assert not any(each["id"] in str(hidden) for each in (settled, post))


async def test_or_it_goes_on_waiting(database_url: str, data_dir: Path) -> None:
    environ = {"ROSTRA_SCREENING__HOLD_OVERDUE": "keep"}
    async with judged_by(data_dir, database_url, **environ) as place:
        ann, bob, mod = *(await place.members("ann", "bob")), await staff(place, "mod")
        await live(place, source=HOLD)
        post = await ann.post("cheap pills")
        await let_time_pass(place, 13 * HOUR)
        assert not await seen(bob, post)
        found = await mod.get(f"{BASE}/screening/holds")
        assert (found["waiting"], found["overdue"], found["median_s"]) == (1, 1, None)
        [case] = await queue(place)
        await decide(place, [case.id], ruling(ActionKind.NONE))
        assert await seen(bob, post)
        found = await mod.get(f"{BASE}/screening/holds")
        assert (found["waiting"], found["settled"]["released"]) == (0, 1)
        assert found["median_s"] == 13 * 3600


async def test_its_author_may_delete_it(place: Place) -> None:
    ann, mod = await place.member("ann"), await staff(place, "mod")
    await live(place, source=HOLD)
    post = await ann.post("cheap pills")
    await ann.delete(post["id"])
    found = await mod.get(f"{BASE}/screening/holds")
    assert (found["waiting"], found["settled"]["gone"]) == (0, 1)
    me = await ann.get(f"/api/v1/accounts/{ann.account_id}")
    assert me["statuses_count"] == 0


async def test_labels_and_limits_have_an_end(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    await live(place, source=MARKED)
    post = await ann.post("cheap pills")
    shown = await bob.get(f"{POSTS}/{post['id']}")
    assert shown["moderation_label"] == "Perhaps an offer"
    assert shown["visibility"] == "unlisted"
    [decision] = await decisions(place, post)
    assert {action.kind for action in decision.done} == {ActionKind.LABEL, ActionKind.REACH}
    await let_time_pass(place, 8 * 24 * HOUR)
    shown = await bob.get(f"{POSTS}/{post['id']}")
    assert "moderation_label" not in shown
    assert shown["visibility"] == "public"


async def test_an_edit_is_labelled_and_limited_once(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    rule = await live(place, source=MARKED)
    post = await ann.post("cheap pills")
    for at in range(3):
        await ann.edit(post["id"], f"cheaper pills {at}")
    [first] = await decisions(place, post)
    assert (first.rule_id, len(first.done)) == (rule.id, 2)
    told = await ann.get("/api/v1/notifications?types[]=moderation_warning")
    assert len(told) == 1
    await let_time_pass(place, 3 * 24 * HOUR)  # the limit is over, the label is not
    await ann.edit(post["id"], "the cheapest pills")
    anew, _ = await decisions(place, post)
    assert {action.kind for action in anew.done} == {ActionKind.REACH}
    assert (await bob.get(f"{POSTS}/{post['id']}"))["moderation_label"] == "Perhaps an offer"


async def test_an_edit_is_held_as_well(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    await live(place, source=HOLD)
    post = await ann.post("cheap tea")
    await ann.edit(post["id"], "cheap pills")
    assert not await seen(bob, post)
    [case] = await queue(place)
    await decide(place, [case.id], ruling(ActionKind.NONE))
    assert (await bob.get(f"{POSTS}/{post['id']}"))["content"] == "<p>cheap pills</p>"


async def test_what_was_reported_is_held_and_left_to_people(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    await live(place, source=HOLD)
    post = await ann.post("cheap tea")
    await report(bob, ann, post["id"])
    await ann.edit(post["id"], "cheap pills")
    assert not await seen(bob, post)
    [decision] = await decisions(place, post)
    assert (decision.machine_decided, decision.case_id) == (1, 0)
    [case] = await queue(place)
    assert (case.status.reports_count, case.status.waits) == (1, 1)
    await decide(place, [case.id], ruling(ActionKind.NONE))
    assert await seen(bob, post)
    assert await queue(place) == []


async def test_rules_know_the_author_and_what_signals_said(place: Place) -> None:
    source = '''"""Newcomers."""
when(author.age_days < 1, posts_by(author, "10m") >= 2, length(post.links) > 0)
case(category="spam")
catches("https://a.example", author.age_days == 0, posts_by(author, "10m") == 2)
spares("https://a.example", author.age_days == 2, posts_by(author, "10m") == 2)
'''
    ann = await place.member("ann")
    await live(place, source=source)
    for _ in range(2):
        await ann.post("https://a.example")
    assert await queue(place) == []
    post = await ann.post("https://a.example")
    assert [case.subject.id for case in await queue(place)] == [int(post["id"])]


async def test_what_is_new_is_made_ready_before_the_transaction(place: Place) -> None:
    ann = await place.member("ann")
    await ann.post("tea")
    rule = await live(place, source=HOLD)
    services = place.services
    screen = services.screen
    assert isinstance(screen, Screening)
    assert screen.registries.lately(services).rules == ()
    await screened(services, ann.account_id, prepare(services.settings, Draft(text="tea")))
    assert [each.rule_id for each in screen.registries.lately(services).rules] == [rule.id]
