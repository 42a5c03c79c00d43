"""Who may answer, favourite and reblog a post: at once, with approval, or not at all."""

from typing import Any

import pytest
from tests.harness.asking import ASK, ASKING, CLOSED, POSTS, one, waiting
from tests.harness.crowd import Member, Town, good

from rostra.kernel.clock import HOUR

DEFAULTS = "/api/v1/interaction_policies/defaults"
EVERYBODY = {
    "always": ["public"],
    "automatic_approval": ["public"],
    "with_approval": [],
    "manual_approval": [],
}
CLASSES = {
    "public": {"follower", "followed", "mutual", "named", "stranger"},
    "followers": {"follower", "mutual"},
    "following": {"followed", "mutual"},
    "mutuals": {"mutual"},
    "mentioned": {"named"},
    "author": set[str](),
}


async def act(who: Member, verb: str, post_id: str) -> int:
    """Answer, favourite or reblog a post; the status of the answer."""
    if verb == "reply":
        body = {"status": "re", "in_reply_to_id": post_id}
        return (await who.client.post(POSTS, json=body)).status_code
    return (await who.client.post(f"{POSTS}/{post_id}/{verb}")).status_code


async def crowd(town: Town) -> dict[str, Member]:
    """An author, and one of each class."""
    names = ("author", "follower", "followed", "mutual", "named", "stranger")
    people = {name: await town.member(name) for name in names}
    author = people["author"]
    for name in ("follower", "mutual"):
        await town.follow(people[name], author)
    for name in ("followed", "mutual"):
        await town.follow(author, people[name])
    return people


@pytest.mark.parametrize("verb", ["reply", "favourite", "reblog"])
async def test_each_set_holds_whom_it_names(town: Town, verb: str) -> None:
    people = await crowd(town)
    refused = 422 if verb == "reply" else 403
    for name, members in CLASSES.items():
        for sets in ({"always": [name]}, {"with_approval": [name]}):
            policy = {f"can_{verb}": sets}
            fields = {"interaction_policy": policy}
            post = await town.post(people["author"], "for @named", **fields)
            for who, member in people.items():
                may = who == "author" or who in members or (verb == "reply" and who == "named")
                at = (verb, name, sets, who)
                assert await act(member, verb, post) == (200 if may else refused), at
            asked = {each["account"]["username"] for each in await waiting(people["author"])}
            automatic = "always" in sets
            held = set() if automatic else members - ({"named"} if verb == "reply" else set())
            assert asked == held, (verb, name)
            for each in await waiting(people["author"]):
                path = f"/api/v1/interaction_requests/{each['id']}/reject"
                good(await people["author"].client.post(path))


async def test_whom_a_post_answers_counts_as_mentioned(town: Town) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    first = await town.post(bob, "a question")
    closed = await town.post(ann, "an answer", in_reply_to_id=first, interaction_policy=CLOSED)
    assert await act(bob, "reply", closed) == 200
    assert await act(bob, "favourite", closed) == 403
    assert await act(eve, "reply", closed) == 422


async def test_what_is_not_allowed_says_why(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await town.post(ann, interaction_policy=CLOSED)
    reply = await bob.client.post(POSTS, json={"status": "re", "in_reply_to_id": post})
    assert set(good(reply, 422)["details"]) == {"in_reply_to_id"}
    assert "does not let you answer" in reply.json()["error"]
    later = {"status": "re", "in_reply_to_id": post, "scheduled_at": "2040-01-01T00:00:00Z"}
    assert set(good(await bob.client.post(POSTS, json=later), 422)["details"]) == {"in_reply_to_id"}
    for verb in ("favourite", "reblog"):
        refused = good(await bob.client.post(f"{POSTS}/{post}/{verb}"), 403)
        assert refused["error"] == f"Its author does not let you {verb} it"
    shown = await one(bob.client, post)
    counts = ("replies_count", "favourites_count", "reblogs_count")
    assert [shown[each] for each in counts] == [0, 0, 0]
    assert [shown["favourited"], shown["reblogged"]] == [False, False]
    for verb in ("reply", "favourite", "reblog"):
        assert await act(ann, verb, post) == 200


async def test_the_policy_is_shown_where_there_is_one(town: Town) -> None:
    """And with both names of each set."""
    ann, bob = await town.members("ann", "bob")
    assert "interaction_policy" not in await one(bob.client, await town.post(ann))
    same: dict[str, Any] = {"interaction_policy": {"can_reply": {"always": ["public"]}}}
    assert "interaction_policy" not in await one(bob.client, await town.post(ann, **same))
    policy = {
        "can_reply": {"automatic_approval": ["followers", "me"], "manual_approval": ["public"]},
        "can_reblog": {"always": [], "with_approval": ["mutuals"]},
    }
    post = await town.post(ann, interaction_policy=policy)
    for who in (ann.client, bob.client, town.anybody):
        shown = (await one(who, post))["interaction_policy"]
        assert shown == {
            "can_favourite": EVERYBODY,
            "can_reply": {
                "always": ["author", "followers", "mentioned"],
                "automatic_approval": ["author", "followers", "mentioned"],
                "with_approval": ["public"],
                "manual_approval": ["public"],
            },
            "can_reblog": {
                "always": ["author"],
                "automatic_approval": ["author"],
                "with_approval": ["mutuals"],
                "manual_approval": ["mutuals"],
            },
        }
    again = await town.post(ann, interaction_policy=shown)
    assert (await one(bob.client, again))["interaction_policy"] == shown
    reblog = await town.act(ann, "reblog", post)
    assert "interaction_policy" not in reblog
    assert reblog["reblog"]["interaction_policy"] == shown


async def test_forms_say_it_with_brackets(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    form = {
        "status": "x",
        "interaction_policy[can_reply][always][]": ["author"],
        "interaction_policy[can_reply][with_approval][]": ["followers", "following"],
        "interaction_policy[can_favourite][automatic_approval][0]": "followers",
    }
    post = good(await ann.client.post(POSTS, data=form))
    rule = post["interaction_policy"]["can_reply"]
    assert rule["with_approval"] == ["followers", "following"]
    assert post["interaction_policy"]["can_favourite"]["always"] == ["author", "followers"]
    assert await act(bob, "favourite", post["id"]) == 403


@pytest.mark.parametrize("name", ["everybody", "https://place.example/users/ann"])
async def test_an_unknown_set_is_refused_by_its_name(town: Town, name: str) -> None:
    ann = await town.member("ann")
    for old, new in (("always", "automatic_approval"), ("with_approval", "manual_approval")):
        for key in (old, new):
            policy = {"can_reply": {key: [name]}}
            answer = await ann.client.post(
                POSTS, json={"status": "x", "interaction_policy": policy}
            )
            details = good(answer, 422)["details"]
            assert set(details) == {f"interaction_policy.can_reply.{new}"}
            answer = await ann.client.put(DEFAULTS, json={"private": policy})
            assert set(good(answer, 422)["details"]) == {f"private.can_reply.{new}"}
    answer = await ann.client.post(POSTS, json={"status": "x", "interaction_policy": "closed"})
    assert "interaction_policy" in good(answer, 422)["details"]


async def test_new_posts_get_what_is_usual_for_their_visibility(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    usual = good(await ann.client.get(DEFAULTS))
    assert set(usual) == {"public", "unlisted", "private", "direct"}
    assert usual["public"]["can_reblog"] == EVERYBODY
    wanted = {"public": {"can_reply": {"always": ["followers"]}}, "unlisted": ASKING}
    for method in ("PATCH", "PUT"):
        changed = good(await ann.client.request(method, DEFAULTS, json=wanted))
        assert changed["public"]["can_reply"]["always"] == ["author", "followers", "mentioned"]
        assert changed["unlisted"]["can_favourite"]["with_approval"] == ["public"]
        assert changed["private"] == usual["private"]
    assert good(await ann.client.get(DEFAULTS)) == changed
    assert good(await bob.client.get(DEFAULTS)) == usual
    for visibility, rule in (("public", changed["public"]), ("unlisted", changed["unlisted"])):
        post = await town.post(ann, visibility=visibility)
        assert (await one(ann.client, post))["interaction_policy"] == rule
    open_again: dict[str, Any] = {"interaction_policy": {"can_reply": {"always": ["public"]}}}
    assert "interaction_policy" not in await one(ann.client, await town.post(ann, **open_again))
    assert "interaction_policy" not in await one(
        ann.client, await town.post(ann, visibility="private")
    )
    form = {"public[can_reply][with_approval][0]": "public"}
    formed = good(await ann.client.patch(DEFAULTS, data=form))
    assert formed["public"]["can_reply"]["with_approval"] == ["public"]
    assert formed["unlisted"] == usual["unlisted"]  # what is left out is as if never set
    assert good(await ann.client.patch(DEFAULTS, json={})) == usual


async def test_the_policy_is_changed_later(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await town.post(ann)
    assert await act(bob, "favourite", post) == 200
    path = f"{POSTS}/{post}/interaction_policy"
    shown = good(await ann.client.put(path, json={"interaction_policy": CLOSED}))
    assert shown["interaction_policy"]["can_favourite"]["always"] == ["author"]
    assert shown["favourites_count"] == 1  # what was done stays
    assert shown["edited_at"] is None
    assert await act(bob, "reblog", post) == 403
    both = {"interaction_policy": {"can_reblog": ASK}, "quote_approval_policy": "nobody"}
    shown = good(await ann.client.put(path, json=both))
    assert shown["quote_approval"]["automatic"] == []
    assert shown["interaction_policy"]["can_reblog"]["with_approval"] == ["public"]
    assert shown["interaction_policy"]["can_reply"] == EVERYBODY
    good(await bob.client.put(path, json={"interaction_policy": CLOSED}), 404)
    edited = {"status": "y", "interaction_policy": CLOSED}
    shown = good(await ann.client.put(f"{POSTS}/{post}", json=edited))
    assert shown["interaction_policy"]["can_reply"]["always"] == ["author", "mentioned"]
    kept = good(await ann.client.put(f"{POSTS}/{post}", json={"status": "z"}))
    assert kept["interaction_policy"] == shown["interaction_policy"]
    for body in ({"status": "z", "interaction_policy": {"can_reply": {"always": ["public"]}}},):
        opened = good(await ann.client.put(f"{POSTS}/{post}", json=body))
        assert "interaction_policy" not in opened
    assert await act(bob, "reblog", post) == 200


async def test_what_few_see_is_not_opened_by_it(town: Town) -> None:
    ann, friend, stranger = await town.members("ann", "friend", "stranger")
    await town.follow(friend, ann)
    everybody = {"can_reply": {"always": ["public"]}, "can_reblog": {"always": ["public"]}}
    private = await town.post(ann, visibility="private", interaction_policy=everybody)
    for verb in ("reply", "favourite", "reblog"):
        assert await act(stranger, verb, private) == 404
    assert await act(friend, "reblog", private) == 403
    assert await act(friend, "reply", private) == 200


async def test_a_scheduled_post_keeps_it(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    body: dict[str, Any] = {"status": "x", "interaction_policy": CLOSED}
    body["scheduled_at"] = "2040-01-01T00:00:00Z"
    kept = good(await ann.client.post(POSTS, json=body))
    assert kept["params"]["interaction_policy"]["can_reblog"]["always"] == ["author"]
    plain = {"status": "x", "scheduled_at": "2040-01-01T00:00:00Z"}
    assert good(await ann.client.post(POSTS, json=plain))["params"]["interaction_policy"] is None
    town.rostra.clock.advance(20 * 366 * 24 * HOUR)
    await town.rostra.work()
    posts = good(await bob.client.get(f"/api/v1/accounts/{ann.id}/statuses"))
    closed = [each for each in posts if "interaction_policy" in each]
    assert len(posts) == 2
    assert await act(bob, "reply", closed[0]["id"]) == 422


async def test_posts_without_a_policy_cost_nothing_more(town: Town) -> None:
    """And those with one a single statement, where it depends on who somebody is."""
    ann, bob = await town.members("ann", "bob")
    plain = await town.post(ann)
    some = await town.post(ann, interaction_policy={"can_reply": {"always": ["mentioned"]}})
    told = await town.post(
        ann, "@bob", interaction_policy={"can_favourite": {"always": ["mentioned"]}}
    )
    counts = []
    for post in (plain, some, told):
        with town.rostra.counted() as counted:
            await town.act(bob, "favourite", post)
        counts.append(counted.statements)
    assert counts == [counts[0], counts[0], counts[0] + 1]
