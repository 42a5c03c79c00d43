"""Laws 3 and 6 for interaction policies: an archive holds them, and nothing outlives them.

What is asked and decided is the concern of two; it goes with either of them.
"""

import pytest
from tests.harness.asking import ASK, ASKING, asking, decide, one, waiting
from tests.harness.crowd import Member, Town, good
from tests.law.test_archives import PUBLIC, everything_in, made, read, requested

from rostra.network.accounts.removal import remove_account
from rostra.store.tables.accounts import users
from rostra.store.tables.posts import favourites, interaction_requests, posts
from rostra.store.tables.timelines import notifications

DEFAULTS = "/api/v1/interaction_policies/defaults"
FEW = {
    "can_favourite": {"always": ["public"], "with_approval": []},
    "can_reply": {"always": ["author", "following", "mentioned"], "with_approval": ["followers"]},
    "can_reblog": {"always": ["author", "mutuals"], "with_approval": []},
}


async def test_an_archive_holds_what_new_posts_get(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    good(await ann.client.put(DEFAULTS, json={"public": FEW, "private": ASKING}))
    held = read(await made(town, ann), "account.json")
    policies = held["default_interaction_policies"]
    assert policies["public"] == FEW
    assert policies["private"]["can_reblog"] == {"always": ["author"], "with_approval": ["public"]}
    assert (policies["unlisted"], policies["direct"]) == (None, None)
    assert held["default_quote_policy"] == "public"
    # What was taken along can be said again elsewhere.
    good(await bob.client.put(DEFAULTS, json=policies))
    both = [good(await who.client.get(DEFAULTS)) for who in (ann, bob)]
    assert both[0] == both[1]


async def test_an_archive_holds_the_policy_of_each_post(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    theirs = await town.post(bob, "something of bob's")
    few = await town.post(ann, "for @cat", interaction_policy=FEW, in_reply_to_id=theirs)
    asks = await town.post(ann, "ask me", interaction_policy={"can_reply": ASK})
    anybodys = await town.post(ann, "go ahead")
    opened = await town.post(ann, "not so strict", interaction_policy=FEW)
    path = f"/api/v1/statuses/{opened}/interaction_policy"
    good(await ann.client.put(path, json={"interaction_policy": {}}))
    outbox = read(await made(town, ann), "outbox.json")
    notes = {item["object"]["id"].rpartition("/")[2]: item for item in outbox["orderedItems"]}
    found = {each: notes[each]["object"].get("interactionPolicy") for each in notes}
    base = f"{town.services.settings.site.base_url}/users"
    me, everybody = f"{base}/ann", {"automaticApproval": [PUBLIC], "manualApproval": []}
    assert found[few] == {
        "canLike": everybody,
        "canReply": {
            "automaticApproval": [me, f"{me}/following", f"{base}/cat", f"{base}/bob"],
            "manualApproval": [f"{me}/followers"],
        },
        "canAnnounce": {"automaticApproval": [me, f"{me}/mutuals"], "manualApproval": []},
    }
    assert found[asks] == {
        "canLike": everybody,
        "canReply": {"automaticApproval": [me], "manualApproval": [PUBLIC]},
        "canAnnounce": everybody,
    }
    assert (found[anybodys], found[opened]) == (None, None)
    assert outbox["@context"][1]["interactionPolicy"]["@id"] == "gts:interactionPolicy"
    assert good(await cat.client.get(f"/api/v1/statuses/{few}"))["interaction_policy"]


async def test_nobody_elses_archive_holds_them(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await asking(town, ann, "needle")
    good(await ann.client.put(DEFAULTS, json={"public": FEW}))
    await town.post(bob, "@ann words", in_reply_to_id=post)
    for verb in ("favourite", "bookmark"):
        await town.act(bob, verb, post)
    held = everything_in(await made(town, bob))
    assert b"needle" not in held
    assert b'"interactionPolicy":{"can' not in held
    assert read(await made(town, bob), "account.json")["default_interaction_policies"] == {
        "public": None,
        "unlisted": None,
        "private": None,
        "direct": None,
    }


async def busy(town: Town, asker: Member, asked: Member, word: str) -> dict[str, str]:
    """Everything that one can ask of another: agreed to, refused, and waiting."""
    made_ids: dict[str, str] = {}
    for verb in ("authorize", "reject", ""):
        post = await asking(town, asked, f"{word} asks {verb}")
        made_ids[verb or "waits"] = await town.post(
            asker, f"{word} answers {verb}", in_reply_to_id=post
        )
        for each in ("favourite", "reblog"):
            await town.act(asker, each, post)
        for request in await waiting(asked, status_id=post) if verb else ():
            await decide(asked, verb, request["id"])
    return made_ids


@pytest.mark.parametrize("leaves", ["asker", "asked"])
async def test_nothing_of_it_is_left_of_an_account_that_is_gone(town: Town, leaves: str) -> None:
    """Policies, requests of either side whatever became of them, what waits, and what is told."""
    ann, bob, cat = await town.members("ann", "bob", "cat")
    gone, stays = (bob, ann) if leaves == "asker" else (ann, bob)
    good(await gone.client.put(DEFAULTS, json={"public": FEW}))
    kept = await busy(town, cat, stays, "between others")
    replies = await busy(town, bob, ann, "needle")
    assert await town.count(interaction_requests) == 18
    assert await town.count(users, users.c.default_interaction_policies != "") == 1
    await requested(town, gone)
    await town.rostra.work()
    async with town.db.write() as tx:
        await remove_account(town.services, tx, gone.id)
    await town.rostra.work()
    await town.settle()
    # An answer of somebody else stays one: bob's to ann, if she is gone.
    answers = {"posts.in_reply_to_account_id"} if leaves == "asked" else set()
    assert set(await town.anywhere(gone.id)) == answers
    assert await town.count(users, users.c.default_interaction_policies != "") == 0
    of_gone = interaction_requests.c.account_id == gone.id
    assert await town.count(interaction_requests, of_gone) == 0
    assert await town.count(favourites, favourites.c.account_id == gone.id) == 0
    assert await town.count(posts, posts.c.account_id == gone.id) == 0
    told = notifications.c.from_account_id == gone.id
    assert await town.count(notifications, told) == 0
    assert [found.key async for found in town.services.blobs.list("archives/")] == []
    # What is between others is as it was.
    assert len(await waiting(stays)) == 3
    assert (await one(cat.client, kept["reject"]))["approval"] == "rejected"
    if leaves == "asked":  # who asked keeps their words, and nobody else sees those that were held
        shown = {each: await one(bob.client, post) for each, post in replies.items()}
        assert shown["waits"]["approval"] == shown["reject"]["approval"] == "rejected"
        assert "approval" not in shown["authorize"]
        for each in ("waits", "reject"):
            await one(cat.client, replies[each], 404)
    else:
        assert await town.anywhere("needle answers") == []
    for request in await waiting(stays):
        await decide(stays, "authorize", request["id"])
