"""Nobody releases what they have not seen: an edit of what waits asks anew, by another id."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import update
from tests.harness.asking import POSTS, REQUESTS, asking, decide, notes, one, waiting
from tests.harness.crowd import Member, Town, good
from tests.pictures import photo

from rostra.network.posts import edit, react, requests
from rostra.network.posts.model import Draft
from rostra.network.posts.prepare import prepare
from rostra.network.posts.screened import screened
from rostra.network.relations.pair import lock_all
from rostra.network.screening import What
from rostra.store.query import number, query
from rostra.store.tables.posts import favourites, interaction_requests, posts
from rostra.store.tables.timelines import notifications

PENDING = {"types[]": ["pending.reply", "mention"]}
POLL = {"options": ["tea", "coffee"], "expires_in": 600}

# What an edit and a withdrawal begin with.
LOCK_POST = query(update(posts).where(posts.c.id == number("id")).values(version=posts.c.version))
LOCK_FAVOURITE = query(
    update(favourites).where(favourites.c.post_id == number("id")).values(id=favourites.c.id)
)


def png() -> bytes:
    """A small picture."""
    return bytes(photo(64, 48).write_to_buffer(".png"))


async def held_reply(town: Town, ann: Member, bob: Member, **fields: Any) -> tuple[str, str]:
    """A reply of bob's that waits for ann, and the request of it."""
    post = await asking(town, ann)
    held = await town.post(bob, "kind words", in_reply_to_id=post, **fields)
    [request] = await waiting(ann, status_id=post)
    return held, request["id"]


async def change(town: Town, who: Member, held: str, **fields: Any) -> Any:
    """An edit through the API, a moment later."""
    town.rostra.clock.advance(1)
    body = {"status": "kind words", **fields}
    return good(await who.client.put(f"{POSTS}/{held}", json=body))


async def test_what_was_changed_is_not_released_by_what_was_seen(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    held, seen = await held_reply(town, ann, bob)
    await change(town, bob, held, status="other words")
    for verb in ("authorize", "reject"):
        refused = await ann.client.post(f"{REQUESTS}/{seen}/{verb}")
        made_up = await ann.client.post(f"{REQUESTS}/{int(seen) + 1}/{verb}")
        assert (refused.status_code, refused.text) == (404, made_up.text)
    good(await ann.client.get(f"{REQUESTS}/{seen}"), 404)
    await one(cat.client, held, 404)
    assert (await one(bob.client, held))["approval"] == "pending"
    [request] = await waiting(ann)
    assert request["id"] > seen
    assert "other words" in request["reply"]["content"]
    assert (request["account"]["username"], request["accepted_at"]) == ("bob", None)
    await decide(ann, "authorize", request["id"])
    assert "other words" in (await one(cat.client, held))["content"]
    assert await town.count(interaction_requests) == 1


CHANGES = {
    "words": "other words",
    "warning": "beware",
    "picture": "a cat",
    "description": "a dog",
    "poll": "juice",
    "language": "'de'",
}


@pytest.mark.parametrize("what", CHANGES)
async def test_whatever_is_changed_is_looked_at_again(town: Town, what: str) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    picture = await town.picture(bob, png(), description="a cat")
    shows = {"media_ids": [picture["id"]]}
    before: dict[str, dict[str, Any]] = {"description": shows, "poll": {"poll": POLL}}
    held, seen = await held_reply(town, ann, bob, **before.get(what, {}))
    described = {"media_attributes": [{"id": picture["id"], "description": "a dog"}]}
    fields: dict[str, dict[str, Any]] = {
        "words": {"status": "other words"},
        "warning": {"spoiler_text": "beware"},
        "picture": shows,
        "description": shows | described,
        "poll": {"poll": POLL | {"options": ["tea", "juice"]}},
        "language": {"language": "de"},
    }
    assert CHANGES[what] not in shown_of(await one(ann.client, held))
    await change(town, bob, held, **fields[what])
    await decide(ann, "authorize", seen, 404)
    await one(cat.client, held, 404)
    [request] = await waiting(ann)
    assert CHANGES[what] in shown_of(request["reply"])
    await decide(ann, "authorize", request["id"])
    assert CHANGES[what] in shown_of(await one(cat.client, held))


def shown_of(post: Any) -> str:
    """What is read of a post."""
    pictures = [each["description"] for each in post["media_attachments"]]
    options = [each["title"] for each in (post["poll"] or {"options": []})["options"]]
    return str([post["spoiler_text"], post["content"], post["language"], pictures, options])


async def test_media_of_what_waits_are_changed_by_an_edit_alone(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    picture = await town.picture(bob, png(), description="a cat")
    _, seen = await held_reply(town, ann, bob, media_ids=[picture["id"]])
    path = f"/api/v1/media/{picture['id']}"
    good(await bob.client.put(path, json={"description": "a dog"}), 404)
    good(await bob.client.put(path, files={"thumbnail": ("a.png", png(), "image/png")}), 404)
    good(await bob.client.delete(path), 422)
    shown = await decide(ann, "authorize", seen)
    assert shown["reply"]["media_attachments"][0]["description"] == "a cat"


async def test_whoever_is_asked_is_told_anew_and_once(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    held, _ = await held_reply(town, ann, bob)
    first = good(await ann.client.get("/api/v1/notifications", params=PENDING))
    for turn in range(3):
        await change(town, bob, held, status=f"words {turn}")
    found = good(await ann.client.get("/api/v1/notifications", params=PENDING))
    assert [each["type"] for each in found] == ["pending.reply"]
    assert found[0]["id"] > first[0]["id"]
    assert "words 2" in found[0]["status"]["content"]
    assert await notes(ann) == []
    assert await town.count(notifications) == 1


async def test_edits_do_not_lift_the_limit_nor_are_they_bound_by_it(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await asking(town, ann)
    most = town.services.settings.posts.max_interaction_requests
    held = [await town.post(bob, f"re {n}", in_reply_to_id=post) for n in range(most)]
    await change(town, bob, held[0], status="changed")
    body = {"status": "one more", "in_reply_to_id": post}
    assert "Too much" in good(await bob.client.post(POSTS, json=body), 422)["error"]
    assert await town.count(interaction_requests) == most


@pytest.mark.parametrize("verb", ["authorize", "reject"])
async def test_what_is_decided_is_not_asked_anew(town: Town, verb: str) -> None:
    ann, bob = await town.members("ann", "bob")
    held, seen = await held_reply(town, ann, bob)
    await decide(ann, verb, seen)
    shown = await change(town, bob, held, status="other words")
    assert await waiting(ann) == []
    await decide(ann, verb, seen)  # it can still be said again
    if verb == "authorize":
        history = good(await ann.client.get(f"{POSTS}/{held}/history"))
        assert ["kind" in each["content"] for each in history] == [True, False]
        assert shown["edited_at"]
    else:
        assert shown["approval"] == "rejected"
        await one(ann.client, held, 404)


@pytest.mark.parametrize("first", ["edit", "approval"])
async def test_an_edit_and_an_approval_take_turns(town: Town, first: str) -> None:
    """Whichever comes while the other is not committed yet waits for it, and meets what it left."""
    ann, bob, cat = await town.members("ann", "bob", "cat")
    held, seen = await held_reply(town, ann, bob)
    services = town.services
    prepared = prepare(services.settings, Draft(text="other words"), editing=True)
    draft = await screened(services, bob.id, prepared, What.EDIT)
    if first == "edit":
        async with town.db.write() as tx:
            await edit.edit(services, tx, bob.id, int(held), draft)
            approval = asyncio.create_task(ann.client.post(f"{REQUESTS}/{seen}/authorize"))
            await asyncio.sleep(0.3)
        good(await approval, 404)
        await one(cat.client, held, 404)
        [request] = await waiting(ann)
        assert "other words" in request["reply"]["content"]
        return
    async with town.db.write() as tx:
        await requests.authorize(services, tx, ann.id, int(seen))
        body = {"status": "other words"}
        editing = asyncio.create_task(bob.client.put(f"{POSTS}/{held}", json=body))
        await asyncio.sleep(0.3)
    assert good(await editing)["edited_at"]
    history = good(await cat.client.get(f"{POSTS}/{held}/history"))
    assert ["kind" in each["content"] for each in history] == [True, False]
    assert await waiting(ann) == []


@pytest.mark.parametrize("who_blocks", ["ann", "bob"])
@pytest.mark.parametrize("other", ["edit", "approval", "withdrawal"])
async def test_a_block_waits_for_what_has_begun(town: Town, who_blocks: str, other: str) -> None:
    """All lock accounts, what waits, and requests in this order: none waits for ever."""
    ann, bob = await town.members("ann", "bob")
    held, seen = await held_reply(town, ann, bob)
    services, post = town.services, await asking(town, ann)
    await town.act(bob, "favourite", post)
    prepared = prepare(services.settings, Draft(text="other words"), editing=True)
    draft = await screened(services, bob.id, prepared, What.EDIT)
    async with town.db.write() as tx:
        if other == "edit":
            await tx.run(LOCK_POST, id=int(held))
        elif other == "approval":
            await lock_all(tx, [ann.id, bob.id])
        else:
            await tx.run(LOCK_FAVOURITE, id=int(post))
        blocking = town.block(ann, bob) if who_blocks == "ann" else town.block(bob, ann)
        block = asyncio.create_task(blocking)
        await asyncio.sleep(0.3)
        if other == "edit":
            await edit.edit(services, tx, bob.id, int(held), draft)
        elif other == "approval":
            await requests.authorize(services, tx, ann.id, int(seen))
        else:
            await react.unfavourite(services, tx, bob.id, int(post))
    await block
    assert await town.count(interaction_requests) == 0
    assert await town.count(favourites) == 0
    approval = (await one(bob.client, held)).get("approval")
    assert approval == (None if other == "approval" else "rejected")


async def test_of_many_edits_and_approvals_none_releases_what_was_not_seen(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    released = 0
    for _ in range(8):
        held, seen = await held_reply(town, ann, bob)
        body = {"status": "other words"}
        approval, edited = await asyncio.gather(
            ann.client.post(f"{REQUESTS}/{seen}/authorize"),
            bob.client.put(f"{POSTS}/{held}", json=body),
        )
        good(edited)
        if approval.status_code == 200:
            released += 1
            history = good(await cat.client.get(f"{POSTS}/{held}/history"))
            assert ["kind" in each["content"] for each in history] == [True, False]
        else:
            good(approval, 404)
            await one(cat.client, held, 404)
    assert len(await waiting(ann)) == 8 - released
