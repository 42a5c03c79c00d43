"""Replies that wait for an approval: what they are until then, and what becomes of them."""

import pytest
from tests.harness.asking import (
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

from rostra.kernel.clock import HOUR
from rostra.store.tables.posts import interaction_requests, post_mentions


async def test_a_reply_waits_and_is_released(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    await town.follow(cat, bob)
    await town.follow(cat, ann)
    post = await asking(town, ann)
    text = "@cat needle #harbour"
    held = await town.post(bob, text, in_reply_to_id=post, visibility="public")
    own = await one(bob.client, held)
    assert (own["visibility"], own["approval"], own["mentions"]) == ("direct", "pending", [])
    assert own["quote_approval"]["current_user"] == "denied"
    assert (await one(ann.client, held))["content"] == own["content"]
    for who in (cat.client, town.anybody):
        await one(who, held, 404)
    assert await counts(ann.client, post) == (0, 0, 0)
    assert [await notes(who) for who in (ann, cat)] == [["follow"], []]
    assert good(await bob.client.get("/api/v1/accounts/verify_credentials"))["statuses_count"] == 0
    [request] = await waiting(ann)
    assert (request["type"], request["account"]["username"]) == ("reply", "bob")
    assert (request["status"]["id"], request["reply"]["id"]) == (post, held)
    assert (request["accepted_at"], request["rejected_at"], request["uri"]) == (None, None, None)
    town.rostra.clock.advance(HOUR)
    decided = await decide(ann, "authorize", request["id"])
    assert decided["accepted_at"] is not None
    assert await waiting(ann) == []
    assert good(await ann.client.get(f"{REQUESTS}/{request['id']}")) == decided
    shown = await one(cat.client, held)
    assert (shown["visibility"], shown["mentions"][0]["acct"]) == ("public", "cat")
    assert "approval" not in shown
    assert shown["tags"][0]["name"] == "harbour"
    assert shown["edited_at"] is None
    assert await counts(town.anybody, post) == (1, 0, 0)
    assert await notes(cat) == ["mention"]
    await town.rostra.work()
    assert held in ids_of(good(await cat.client.get("/api/v1/timelines/home")))
    assert held in ids_of(good(await town.anybody.get("/api/v1/timelines/tag/harbour")))
    assert ids_of(good(await cat.client.get(f"{POSTS}/{post}/context"))["descendants"]) == [held]
    assert good(await bob.client.get("/api/v1/accounts/verify_credentials"))["statuses_count"] == 1
    assert ids_of(good(await bob.client.get("/api/v2/search?q=needle"))["statuses"]) == [held]
    # It is deleted like any other, and counted down.
    good(await bob.client.delete(f"{POSTS}/{held}"))
    assert await counts(town.anybody, post) == (0, 0, 0)
    await town.rostra.work()
    assert await town.count(interaction_requests) == 0


async def test_a_rejected_reply_is_its_authors_alone(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    post = await asking(town, ann)
    held = await town.post(bob, "@cat needle", in_reply_to_id=post)
    [request] = await waiting(ann)
    decided = await decide(ann, "reject", request["id"])
    assert decided["rejected_at"] is not None
    assert decided["reply"] is None
    own = await one(bob.client, held)
    assert (own["visibility"], own["approval"]) == ("direct", "rejected")
    for who in (ann.client, cat.client, town.anybody):
        await one(who, held, 404)
    assert await notes(cat) == []
    assert await counts(ann.client, post) == (0, 0, 0)
    assert ids_of(good(await bob.client.get(f"{POSTS}/{post}/context"))["descendants"]) == [held]
    assert good(await ann.client.get(f"{POSTS}/{post}/context"))["descendants"] == []
    assert good(await bob.client.delete(f"{POSTS}/{held}"))["text"] == "@cat needle"
    assert await counts(ann.client, post) == (0, 0, 0)
    assert await town.count(interaction_requests) == 0


async def test_a_waiting_post_is_edited_and_stays_waiting(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    post = await asking(town, ann)
    held = await town.post(bob, "first", in_reply_to_id=post)
    edited = good(await bob.client.put(f"{POSTS}/{held}", json={"status": "@cat second #tag"}))
    assert (edited["approval"], edited["edited_at"], edited["tags"]) == ("pending", None, [])
    await town.rostra.work()
    assert await notes(cat) == []
    assert await town.count(post_mentions) == 0
    assert "second" in (await one(ann.client, held))["content"]
    await one(cat.client, held, 404)
    await decide_all(ann, "authorize")
    shown = await one(cat.client, held)
    assert "second" in shown["content"]
    assert (shown["edited_at"], shown["tags"][0]["name"]) == (None, "tag")
    assert await notes(cat) == ["mention"]
    history = good(await cat.client.get(f"{POSTS}/{held}/history"))
    assert [each["content"] for each in history] == [shown["content"]]
    assert "first" not in (await cat.client.get(f"{POSTS}/{held}/history")).text


@pytest.mark.parametrize("refused", [False, True])
async def test_nothing_is_done_with_what_is_held(town: Town, *, refused: bool) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await asking(town, ann)
    held = await town.post(bob, "needle", in_reply_to_id=post)
    if refused:
        await decide_all(ann, "reject")
    for who in (bob,) if refused else (bob, ann):
        for verb in ("favourite", "reblog"):
            good(await who.client.post(f"{POSTS}/{held}/{verb}"), 403)
        for name in ("in_reply_to_id", "quoted_status_id"):
            body = {"status": "x", name: held}
            answer = good(await who.client.post(POSTS, json=body), 422)
            assert set(answer["details"]) == {name}
            assert "has not been released" in answer["error"]
        good(await who.client.post(f"{POSTS}/{held}/bookmark"))  # which nobody else can tell
    good(await bob.client.post(f"{POSTS}/{held}/pin"), 422)
    if not refused:
        await decide_all(ann, "authorize")
        assert await counts(ann.client, held) == (0, 0, 0)
        await town.act(ann, "favourite", held)


async def test_a_waiting_post_keeps_its_picture_poll_and_quote(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    quoted = await town.post(cat, "quoted")
    post = await asking(town, ann)
    poll = {"options": ["tea", "coffee"], "expires_in": 600}
    fields = {"poll": poll, "quoted_status_id": quoted}
    held = await town.post(bob, "which?", in_reply_to_id=post, **fields)
    assert (await one(bob.client, held))["poll"]["options"][0]["title"] == "tea"
    assert good(await cat.client.get(f"{POSTS}/{quoted}"))["quotes_count"] == 0
    assert await notes(cat) == []
    good(await ann.client.post(f"/api/v1/polls/{held}/votes", json={"choices": [0]}), 422)
    changed = {"status": "which?", "poll": {**poll, "options": ["tea", "juice"]}}
    good(await bob.client.put(f"{POSTS}/{held}", json=changed))
    town.rostra.clock.advance(2 * HOUR)
    await town.rostra.work()
    await decide_all(ann, "authorize")
    shown = await one(cat.client, held)
    assert [each["title"] for each in shown["poll"]["options"]] == ["tea", "juice"]
    assert not shown["poll"]["expired"]
    assert shown["quote"]["quoted_status"]["id"] == quoted
    assert good(await cat.client.get(f"{POSTS}/{quoted}"))["quotes_count"] == 1
    assert await notes(cat) == ["quote"]
    good(await ann.client.post(f"/api/v1/polls/{held}/votes", json={"choices": [1]}))
    town.rostra.clock.advance(HOUR)
    await town.rostra.work()
    assert "poll" in await notes(bob)


async def test_a_quote_taken_back_while_it_waited_is_not_counted(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    quoted = await town.post(cat, "quoted")
    post = await asking(town, ann)
    held = await town.post(bob, "see", in_reply_to_id=post, quoted_status_id=quoted)
    good(await cat.client.post(f"{POSTS}/{quoted}/quotes/{held}/revoke"), 404)  # not theirs to see
    await decide_all(ann, "authorize")
    assert good(await cat.client.get(f"{POSTS}/{quoted}"))["quotes_count"] == 0
    assert (await one(bob.client, held))["quote"]["state"] == "revoked"


async def test_a_private_reply_is_released_as_it_was_meant(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    post = await asking(town, ann)
    direct = await town.post(bob, "@ann psst", in_reply_to_id=post, visibility="direct")
    private = await town.post(bob, "hm", in_reply_to_id=post, visibility="private")
    assert good(await ann.client.get("/api/v1/conversations")) == []
    await decide_all(ann, "authorize")
    shown = [(await one(bob.client, each))["visibility"] for each in (direct, private)]
    assert shown == ["direct", "private"]
    assert "approval" not in await one(bob.client, direct)
    for each in (direct, private):
        await one(cat.client, each, 404)
    assert len(good(await ann.client.get("/api/v1/conversations"))) == 1
    assert await counts(ann.client, post) == (0, 0, 0)


async def test_a_waiting_reply_can_be_deleted(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await asking(town, ann)
    held = await town.post(bob, "needle", in_reply_to_id=post)
    [request] = await waiting(ann)
    good(await bob.client.delete(f"{POSTS}/{held}"))
    assert await waiting(ann) == []
    await decide(ann, "authorize", request["id"], 404)
    assert await counts(ann.client, post) == (0, 0, 0)
    assert good(await bob.client.get("/api/v1/accounts/verify_credentials"))["statuses_count"] == 0
    await town.rostra.work()
    assert await town.anywhere("needle") == []


async def test_with_the_same_key_it_waits_once(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await asking(town, ann)
    body, headers = {"status": "re", "in_reply_to_id": post}, {"idempotency-key": "once"}
    made = {good(await bob.client.post(POSTS, json=body, headers=headers))["id"] for _ in range(2)}
    assert len(made) == len(await waiting(ann)) == 1


async def test_a_scheduled_reply_waits_when_its_time_comes(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await asking(town, ann)
    body = {"status": "re", "in_reply_to_id": post, "scheduled_at": "2040-01-01T00:00:00Z"}
    good(await bob.client.post(POSTS, json=body))
    assert await waiting(ann) == []
    town.rostra.clock.advance(20 * 366 * 24 * HOUR)
    await town.rostra.work()
    assert [each["type"] for each in await waiting(ann)] == ["reply"]


PENDING = ("pending.favourite", "pending.reply", "pending.reblog")
