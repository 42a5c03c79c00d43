"""Blind second looks: what is put aside, what is shown of it, and how agreement is reckoned."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place, place_of
from tests.harness.staff import staff
from tests.safety.moderating import decide, moderator, queue, report, ruling, undo

from rostra.kernel.clock import DAY, HOUR
from rostra.network.credentials.model import Role
from rostra.safety.categories.model import Category
from rostra.safety.decisions.model import ActionKind
from rostra.safety.reviews.sample import KEPT_FOR, MOST_AN_HOUR, OPEN_FOR, Sample, sample
from rostra.safety.team.appoint import set_duties
from rostra.safety.team.model import Actor, Duty

HERE = "/api/rostra/v1/safety/reviews"
SPAM = ruling(ActionKind.REMOVE, category=Category.SPAM, facts="The same text many times.")


@pytest.fixture
async def place(data_dir: Path, database_url: str) -> AsyncIterator[Place]:
    async with place_of(data_dir, database_url) as running:
        running.clock.advance(DAY - running.clock.now() % DAY + HOUR)
        yield running


@pytest.fixture
async def mod(place: Place) -> Asker:
    return await staff(place, "mod")


async def removed(place: Place, by: Asker, post_id: str, actor: Actor | None = None) -> int:
    """Somebody reports a post, and it is removed."""
    eve = await place.member(f"e{place.services.ids.next() % 10**9}")
    await report(eve, by, post_id)
    return (await decide(place, [case.id for case in await queue(place)], SPAM, actor)).id


async def tomorrow(place: Place) -> None:
    """The job of the next night."""
    place.clock.advance(DAY)
    await sample(place.services, Sample())


async def looked(mod: Asker, view: str = "fine", **more: Any) -> dict[str, Any]:
    """Look at what is next."""
    found = (await mod.get(f"{HERE}/next"))["review"]
    said: dict[str, Any] = await mod.do(f"{HERE}/{found['id']}", view=view, **more)
    return said


async def test_some_of_what_passed_and_of_what_was_decided_is_shown_blindly(
    place: Place, mod: Asker
) -> None:
    ann, bob = await place.members("ann", "bob")
    poll = {"options": ["Now", "Later"], "expires_in": 3600}
    fine = await ann.post("Bread?", spoiler_text="Food", poll=poll, language="en")
    spam = await bob.post("Buy my watches")
    decision_id = await removed(place, bob, spam["id"])
    await tomorrow(place)
    assert (await mod.get(HERE))["waiting"] == 2
    shown = (await mod.get(f"{HERE}/next"))["review"]
    assert set(shown) == {"id", "text", "language"}
    told = json.dumps(shown)
    assert not any(secret in told for secret in (fine["id"], spam["id"], "ann", "bob", "spam"))
    by_sort = {}
    for _ in range(2):
        text = (await mod.get(f"{HERE}/next"))["review"]["text"]
        is_spam = text == "Buy my watches"
        assert is_spam or text == "Food\n\nBread?\n\nNow\n\nLater"
        view = {"view": "against", "category": "spam"} if is_spam else {"view": "fine"}
        said = await looked(mod, **view)
        by_sort[said["sort"]] = said
    decided, passed = by_sort["decided"], by_sort["passed"]
    assert (decided["decision_id"], decided["decided_as"]) == (str(decision_id), "spam")
    assert (decided["status_id"], decided["agrees"], decided["category"]) == (
        spam["id"],
        True,
        "spam",
    )
    assert (passed["status_id"], passed["agrees"], passed["score"]) == (fine["id"], True, None)
    assert (await mod.get(f"{HERE}/next"))["review"] is None
    found = await mod.get(HERE)
    assert found["waiting"] == 0
    assert [(each["sort"], each["sampled"], each["agreement"]) for each in found["weeks"]] == [
        ("passed", 1, 1.0),
        ("decided", 1, 1.0),
    ]


async def test_disagreement_and_doubt_are_counted_and_change_nothing(
    place: Place, mod: Asker
) -> None:
    members = await place.members("ann", "bob", "cora")
    for at, who in enumerate(members):
        spam = await who.post(f"Buy my watches {at}")
        await removed(place, who, spam["id"])
        await tomorrow(place)
    views = ["fine", "unsure", "against"]
    for view in views:
        await looked(mod, view, **({"category": "spam"} if view == "against" else {}))
    found = await mod.get(HERE)
    assert sum(each["sampled"] for each in found["weeks"]) == 3
    assert sum(each["agreed"] for each in found["weeks"]) == 1
    assert sum(each["unsure"] for each in found["weeks"]) == 1
    assert await place.nobody.get(f"/api/v1/statuses/{spam['id']}", 404)
    assert await queue(place) == []


async def test_nobody_looks_at_what_they_decided_or_wrote(place: Place, mod: Asker) -> None:
    bob = await place.member("bob")
    own = await mod.post("What I wrote")
    assert own
    spam = await bob.post("Buy my watches")
    await removed(place, bob, spam["id"], moderator(mod.account_id))
    await tomorrow(place)
    found = await mod.get(HERE)
    assert sum(each["sampled"] for each in found["weeks"]) == 2
    assert found["waiting"] == 0
    assert (await mod.get(f"{HERE}/next"))["review"] is None
    other = await staff(place, "other")
    waits = (await other.get(f"{HERE}/next"))["review"]
    assert waits
    for at in range(2):
        waits = (await other.get(f"{HERE}/next"))["review"]
        await mod.do(f"{HERE}/{waits['id']}", 404, view="fine")
        await other.do(f"{HERE}/{waits['id']}", view="unsure")
        await other.do(f"{HERE}/{waits['id']}", 409, view="unsure")
        assert at < 2


async def test_what_is_wrong_is_named(place: Place, mod: Asker) -> None:
    ann = await place.member("ann")
    await ann.post("Bread")
    await tomorrow(place)
    here = f"{HERE}/{(await mod.get(f'{HERE}/next'))['review']['id']}"
    assert "category" in str(await mod.do(here, 422, view="against", category="rudeness"))
    assert "category" in str(await mod.do(here, 422, view="against"))
    assert "view" in str(await mod.do(here, 422, view="open"))
    await mod.do(f"{HERE}/1", 404, view="fine")
    await ann.do(here, 403, view="fine")
    await ann.get(f"{HERE}/next", 403)
    await ann.get(HERE, 403)


async def test_what_is_not_for_everybody_is_never_put_aside(place: Place, mod: Asker) -> None:
    ann, bob = await place.members("ann", "bob")
    for visibility in ("private", "direct"):
        await ann.post("Between us", visibility=visibility)
    taken_back = await bob.post("Buy my watches")
    decision_id = await removed(place, bob, taken_back["id"])
    await undo(place, decision_id)
    await tomorrow(place)
    assert (await mod.get(HERE))["weeks"] == []


@pytest.mark.parametrize("kind", [ActionKind.REMOVE, ActionKind.HOLD, ActionKind.REACH])
async def test_only_what_all_might_see_is_put_aside_of_what_was_decided(
    place: Place, mod: Asker, kind: ActionKind
) -> None:
    """As its author chose it: what is removed was for everybody, or for few."""
    bob, eve = await place.members("bob", "eve")
    for visibility in ("private", "direct", "unlisted"):
        assert (await mod.get(HERE))["weeks"] == []
        post = await bob.post(f"For @eve: {visibility}", visibility=visibility)
        await report(eve, bob, post["id"])
        (case,) = await queue(place)
        await decide(place, [case.id], ruling(kind, category=Category.SPAM))
        await tomorrow(place)
    weeks = (await mod.get(HERE))["weeks"]
    assert [(each["sort"], each["sampled"]) for each in weeks] == [("decided", 1)]
    shown = (await mod.get(f"{HERE}/next"))["review"]
    assert shown["text"] == "For @eve: unlisted"


async def test_who_is_trusted_with_some_categories_looks_at_nothing(
    place: Place, mod: Asker
) -> None:
    """What is left out for them would tell what was decided."""
    ann, some = await place.member("ann"), await staff(place, "some", Role.MEMBER)
    async with place.db.write() as tx:
        duties = Duty.REVIEWER | Duty.AUDITOR
        await set_duties(tx, some.account_id, duties, {Category.SPAM})
    await ann.post("Bread")
    await tomorrow(place)
    waits = (await mod.get(f"{HERE}/next"))["review"]
    await some.get(f"{HERE}/next", 403)
    await some.do(f"{HERE}/{waits['id']}", 403, view="fine")
    assert (await some.get(HERE))["waiting"] == 0
    assert (await mod.get(HERE))["waiting"] == 1


async def test_what_is_gone_or_changed_is_not_shown(place: Place, mod: Asker) -> None:
    ann, bob = await place.members("ann", "bob")
    first = await ann.post("Bread")
    await tomorrow(place)
    await ann.delete(first["id"])
    assert (await mod.get(HERE))["weeks"] == []
    second = await bob.post("Butter")
    await tomorrow(place)
    await bob.edit(second["id"], "Honey")
    assert (await mod.get(f"{HERE}/next"))["review"] is None


async def test_one_in_a_hundred_and_no_more_than_so_many_an_hour(place: Place, mod: Asker) -> None:
    ann = await place.member("ann")
    ids = [int((await ann.post(f"Post {at}"))["id"]) for at in range(120)]
    await tomorrow(place)
    sampled = (await mod.get(HERE))["weeks"][0]["sampled"]
    by_pick = [sum(each % 100 == pick for each in ids) for pick in range(100)]
    assert 1 <= sampled <= min(max(by_pick), MOST_AN_HOUR)
    before = await mod.get(HERE)
    await sample(place.services, Sample())  # the same again chooses the same
    assert await mod.get(HERE) == before


async def test_what_nobody_looks_at_is_forgotten(place: Place, mod: Asker) -> None:
    ann = await place.member("ann")
    await ann.post("Bread")
    await tomorrow(place)
    await ann.post("Butter")
    await tomorrow(place)
    await looked(mod)
    place.clock.advance(OPEN_FOR)
    await sample(place.services, Sample())
    found = await mod.get(HERE)
    assert (found["waiting"], sum(each["sampled"] for each in found["weeks"])) == (0, 1)
    place.clock.advance(KEPT_FOR)
    await sample(place.services, Sample())
    assert (await mod.get(HERE))["weeks"] == []
