"""What waits for an author: decided, taken back, and gone with what it is about."""

import pytest
from tests.harness.asking import (
    ASKING,
    POSTS,
    REQUESTS,
    asking,
    counts,
    decide,
    decide_all,
    notes,
    one,
    waiting,
)
from tests.harness.crowd import Town, good, ids_of

from rostra.network.accounts.removal import remove_account
from rostra.store.tables.posts import favourites, interaction_requests, posts

PENDING = ("pending.favourite", "pending.reply", "pending.reblog")


async def test_a_favourite_waits_and_is_released(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await asking(town, ann)
    for _ in range(2):
        shown = await town.act(bob, "favourite", post)
        assert (shown["favourited"], shown["favourites_count"]) == (True, 0)
    assert await notes(ann) == []
    assert good(await ann.client.get(f"{POSTS}/{post}/favourited_by")) == []
    assert ids_of(good(await bob.client.get("/api/v1/favourites"))) == [post]
    [request] = await waiting(ann)
    assert (request["type"], request["reply"], request["status"]["id"]) == ("favourite", None, post)
    await decide(ann, "authorize", request["id"])
    assert await counts(ann.client, post) == (0, 1, 0)
    assert await notes(ann) == ["favourite"]
    shown = good(await ann.client.get(f"{POSTS}/{post}/favourited_by"))
    assert [each["username"] for each in shown] == ["bob"]
    shown = await town.act(bob, "unfavourite", post)
    assert (shown["favourited"], shown["favourites_count"]) == (False, 0)
    assert await town.count(interaction_requests) == 0


async def test_a_reblog_waits_and_is_released(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    await town.follow(cat, bob)
    post = await asking(town, ann)
    first = await town.act(bob, "reblog", post)
    assert (await town.act(bob, "reblog", post))["id"] == first["id"]
    assert (first["visibility"], first["approval"], first["reblogged"]) == (
        "direct",
        "pending",
        True,
    )
    assert first["reblog"]["reblogs_count"] == 0
    for who in (ann.client, cat.client, town.anybody):  # who is asked sees the request alone
        await one(who, first["id"], 404)
        path = f"/api/v1/accounts/{bob.id}/statuses"
        assert good(await who.get(path)) == []
    assert good(await ann.client.get(f"{POSTS}/{post}/reblogged_by")) == []
    assert await notes(ann) == []
    [request] = await waiting(ann)
    assert (request["type"], request["reply"], request["status"]["id"]) == ("reblog", None, post)
    await decide(ann, "authorize", request["id"])
    assert (await one(cat.client, first["id"]))["reblog"]["id"] == post
    assert await counts(ann.client, post) == (0, 0, 1)
    assert await notes(ann) == ["reblog"]
    await town.rostra.work()
    assert ids_of(good(await cat.client.get("/api/v1/timelines/home"))) == [first["id"]]
    await town.act(bob, "unreblog", post)
    assert await counts(ann.client, post) == (0, 0, 0)
    assert await town.count(interaction_requests) == 0


@pytest.mark.parametrize("verb", ["favourite", "reblog"])
async def test_what_waits_is_taken_back_and_counts_nothing_down(town: Town, verb: str) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    post = await asking(town, ann)
    await town.act(cat, verb, post)
    await decide_all(ann, "authorize")
    before = await counts(ann.client, post)
    await town.act(bob, verb, post)
    assert len(await waiting(ann)) == 1
    shown = await town.act(bob, f"un{verb}", post)
    assert not shown["favourited"]
    assert not shown["reblogged"]
    assert await waiting(ann) == []
    assert await counts(ann.client, post) == before
    shown = good(await bob.client.get("/api/v1/accounts/verify_credentials"))
    assert shown["statuses_count"] == 0
    assert await town.act(bob, verb, post)  # and may be asked again
    assert len(await waiting(ann)) == 1


@pytest.mark.parametrize("verb", ["favourite", "reblog"])
async def test_what_was_rejected_is_gone_and_not_asked_again(town: Town, verb: str) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await asking(town, ann)
    await town.act(bob, verb, post)
    [request] = await waiting(ann)
    await decide(ann, "reject", request["id"])
    shown = await one(bob.client, post)
    assert not shown["favourited"]
    assert not shown["reblogged"]
    assert await counts(ann.client, post) == (0, 0, 0)
    for taken_back in (False, True):
        if taken_back:
            await town.act(bob, f"un{verb}", post)
        refused = good(await bob.client.post(f"{POSTS}/{post}/{verb}"), 403)
        assert refused["error"] == "Its author has declined that"
    assert await waiting(ann) == []
    path = f"{POSTS}/{post}/interaction_policy"
    good(await ann.client.put(path, json={"interaction_policy": {"can_reply": {}}}))
    assert (await town.act(bob, verb, post))["id"]  # the author has changed their mind
    assert sum(await counts(ann.client, post)) == 1


async def test_a_decision_can_be_said_twice_and_not_changed(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await asking(town, ann)
    for verb, other in (("authorize", "reject"), ("reject", "authorize")):
        await town.post(bob, "re", in_reply_to_id=post)
        [request] = await waiting(ann)
        first = await decide(ann, verb, request["id"])
        assert await decide(ann, verb, request["id"]) == first
        refused = await decide(ann, other, request["id"], 422)
        assert "before" in refused["error"]
    assert await counts(ann.client, post) == (1, 0, 0)


async def test_requests_are_filtered_and_paged(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    first, second = await asking(town, ann), await asking(town, ann)
    made = []
    for who, post in ((bob, first), (bob, second), (cat, first)):
        for verb in ("favourite", "reblog"):
            await town.act(who, verb, post)
        await town.post(who, "re", in_reply_to_id=post)
    made = ids_of(await waiting(ann))
    assert len(made) == 9
    assert made == sorted(made, reverse=True)
    assert len(await waiting(ann, status_id=second)) == 3
    for name, kind in (("favourites", "favourite"), ("replies", "reply"), ("reblogs", "reblog")):
        others = {each: "false" for each in ("favourites", "replies", "reblogs") if each != name}
        assert {each["type"] for each in await waiting(ann, **others)} == {kind}
        assert len(await waiting(ann, **{name: "false"})) == 6
    none = {"favourites": "false", "replies": "false", "reblogs": "false"}
    refused = good(await ann.client.get(REQUESTS, params=none), 422)
    assert set(refused["details"]) == {"favourites"}
    pages, path = [], f"{REQUESTS}?limit=4"
    while path:
        answer = await ann.client.get(path)
        pages.append(ids_of(good(answer)))
        path = answer.links.get("next", {}).get("url", "")
    assert [len(page) for page in pages if page] == [4, 4, 1]
    assert [each for page in pages for each in page] == made
    assert ids_of(await waiting(ann, min_id=made[4], limit=2)) == made[2:4]
    assert await waiting(bob) == []
    await town.mute(ann, cat)
    assert len(await waiting(ann)) == 6


async def test_a_page_of_requests_costs_as_much_however_many_they_are(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    found = set()
    for _ in range(3):
        post = await asking(town, ann)
        for verb in ("favourite", "reblog"):
            await town.act(bob, verb, post)
        await town.post(bob, "re", in_reply_to_id=post)
        await waiting(ann)  # what is shown is made once
        with town.rostra.counted() as counted:
            await waiting(ann)
        found.add(counted.statements)
    assert found == {4}


async def test_nobody_else_decides(town: Town) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    post = await asking(town, ann)
    held = await town.post(bob, "re", in_reply_to_id=post)
    [request] = await waiting(ann)
    for who in (bob, eve):
        good(await who.client.get(f"{REQUESTS}/{request['id']}"), 404)
        for verb in ("authorize", "reject"):
            await decide(who, verb, request["id"], 404)
    assert (await one(bob.client, held))["approval"] == "pending"


async def test_too_much_of_one_member_does_not_wait(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    post, other = await asking(town, ann), await asking(town, cat)
    most = town.services.settings.posts.max_interaction_requests
    for number in range(most):
        await town.post(bob, f"re {number}", in_reply_to_id=post)
    answers = [await bob.client.post(f"{POSTS}/{post}/{verb}") for verb in ("favourite", "reblog")]
    body = {"status": "one more", "in_reply_to_id": post}
    answers.append(await bob.client.post(POSTS, json=body))
    for answer in answers:
        assert "Too much" in good(answer, 422)["error"]
    assert not (await one(bob.client, post))["favourited"]
    await town.post(bob, "elsewhere", in_reply_to_id=other)
    await town.post(cat, "somebody else", in_reply_to_id=post)
    requests = await waiting(ann)
    await decide(ann, "reject", requests[-1]["id"])
    await town.act(bob, "favourite", post)


async def test_what_waits_goes_with_the_post(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await asking(town, ann)
    held = await town.post(bob, "needle", in_reply_to_id=post)
    for verb in ("favourite", "reblog"):
        await town.act(bob, verb, post)
    requests = ids_of(await waiting(ann))
    good(await ann.client.delete(f"{POSTS}/{post}"))
    assert await waiting(ann) == []
    for each in requests:
        await decide(ann, "authorize", each, 404)
    await town.rostra.work()
    assert await town.count(interaction_requests) == 0
    assert await town.count(favourites) == 0
    assert await town.count(posts) == 1
    assert (await one(bob.client, held))["approval"] == "rejected"
    await one(ann.client, held, 404)


@pytest.mark.parametrize("who_blocks", ["ann", "bob"])
async def test_what_waits_goes_with_a_block(town: Town, who_blocks: str) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    post = await asking(town, ann)
    await town.act(cat, "favourite", post)
    held = await town.post(bob, "needle", in_reply_to_id=post)
    for verb in ("favourite", "reblog"):
        await town.act(bob, verb, post)
    requests = ids_of(await waiting(ann, status_id=post))
    blocking = (ann, bob) if who_blocks == "ann" else (bob, ann)
    await town.block(*blocking)
    assert [each["account"]["username"] for each in await waiting(ann)] == ["cat"]
    for each in requests[:-1]:
        await decide(ann, "authorize", each, 404)
    assert (await one(bob.client, held))["approval"] == "rejected"
    await one(ann.client, held, 404)
    assert await town.count(favourites) == 1
    assert await town.count(posts) == 2
    assert await counts(ann.client, post) == (0, 0, 0)


@pytest.mark.parametrize("leaves", ["ann", "bob"])
async def test_what_waits_goes_with_an_account(town: Town, leaves: str) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    post, open_post = await asking(town, ann), await town.post(cat)
    counted = await town.post(cat, interaction_policy=ASKING)
    await town.act(bob, "favourite", open_post)
    await town.act(bob, "favourite", counted)
    held = await town.post(bob, "needle", in_reply_to_id=post)
    for verb in ("favourite", "reblog"):
        await town.act(bob, verb, post)
    gone = ann if leaves == "ann" else bob
    async with town.db.write() as tx:
        await remove_account(town.services, tx, gone.id)
    if leaves == "bob":
        assert await waiting(ann) == []
    await town.rostra.work()
    if leaves == "bob":
        assert await town.count(interaction_requests) == 0
        assert await counts(ann.client, post) == (0, 0, 0)
        assert await counts(cat.client, open_post) == (0, 0, 0)
        assert await counts(cat.client, counted) == (0, 0, 0)
    else:
        assert (await one(bob.client, held))["approval"] == "rejected"
        assert await town.count(interaction_requests) == 1  # the one for cat


async def test_whoever_is_asked_is_told_if_their_app_knows_of_it(town: Town) -> None:
    """By GoToSocial's types, until it is decided or taken back; others hear nothing of it."""
    ann, bob = await town.members("ann", "bob")
    post = await asking(town, ann)
    held = await town.post(bob, "@ann re", in_reply_to_id=post)
    for verb in ("favourite", "reblog"):
        await town.act(bob, verb, post)
    assert await notes(ann) == []
    assert good(await ann.client.get("/api/v1/notifications/unread_count"))["count"] == 0
    for path in ("/api/v2/notifications", "/api/v1/notifications/requests"):
        assert "pending." not in (await ann.client.get(path)).text
    wanted = {"types[]": [*PENDING, "mention"]}
    assert sorted(await notes(ann, **wanted)) == sorted(PENDING)
    assert await notes(ann, **{"types[]": ["mention"]}) == []
    found = good(await ann.client.get("/api/v1/notifications", params=wanted))
    about = {each["type"]: each["status"]["id"] for each in found}
    assert about == {PENDING[0]: post, PENDING[1]: held, PENDING[2]: post}
    assert {each["account"]["username"] for each in found} == {"bob"}
    count = good(await ann.client.get("/api/v1/notifications/unread_count", params=wanted))
    assert count["count"] == 3
    groups = good(await ann.client.get("/api/v2/notifications", params=wanted))
    assert len(groups["notification_groups"]) == 3
    await town.act(bob, "unfavourite", post)
    assert sorted(await notes(ann, **wanted)) == sorted(PENDING[1:])
    await decide_all(ann, "authorize")
    assert await notes(ann, **{"types[]": list(PENDING)}) == []
    assert sorted(await notes(ann)) == ["mention", "reblog"]
    await town.post(bob, "again", in_reply_to_id=post)
    good(await bob.client.delete(f"{POSTS}/{held}"))
    await town.block(ann, bob)
    assert await notes(ann, **wanted) == []
