"""What was decided is remembered for some time; what it was about stays as it was decided."""

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

from rostra.kernel.clock import DAY, MINUTE
from rostra.network.posts.interaction import RequestState
from rostra.network.posts.jobs import ForgetRequests
from rostra.store.tables.posts import interaction_requests


async def forget(town: Town) -> None:
    """The daily job."""
    async with town.db.write() as tx:
        await tx.enqueue("posts.forget_requests", ForgetRequests())
    await town.rostra.work()


async def test_decided_requests_are_kept_for_their_days(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await asking(town, ann)
    for verb in ("authorize", "reject"):
        await town.post(bob, "re", in_reply_to_id=post)
        await decide_all(ann, verb)
    await town.post(bob, "re", in_reply_to_id=post)
    [open_one] = ids_of(await waiting(ann))
    days = town.services.settings.posts.interaction_request_days
    assert days == 30
    town.rostra.clock.advance(days * DAY - MINUTE)
    await forget(town)
    assert await town.count(interaction_requests) == 3
    town.rostra.clock.advance(MINUTE)
    await forget(town)
    assert await town.count(interaction_requests) == 1
    assert ids_of(await waiting(ann)) == [open_one]  # however long it waits
    await decide(ann, "authorize", open_one)


async def test_what_was_agreed_to_stays_out(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    post = await asking(town, ann)
    held = await town.post(bob, "re", in_reply_to_id=post)
    for verb in ("favourite", "reblog"):
        await town.act(bob, verb, post)
    requests = ids_of(await waiting(ann))
    await decide_all(ann, "authorize")
    town.rostra.clock.advance(31 * DAY)
    await forget(town)
    assert await town.count(interaction_requests) == 0
    for each in requests:
        good(await ann.client.get(f"{REQUESTS}/{each}"), 404)
        await decide(ann, "authorize", each, 404)
        await decide(ann, "reject", each, 404)
    assert await counts(cat.client, post) == (1, 1, 1)
    await one(cat.client, held)
    for verb in ("unfavourite", "unreblog"):
        await town.act(bob, verb, post)
    good(await bob.client.delete(f"{POSTS}/{held}"))
    assert await counts(cat.client, post) == (0, 0, 0)


@pytest.mark.postgresql
async def test_what_was_refused_stays_its_authors_alone(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    await town.follow(cat, bob)
    post = await asking(town, ann)
    held = await town.post(bob, "@cat needle", in_reply_to_id=post)
    [request] = await waiting(ann)
    await decide(ann, "reject", request["id"])
    town.rostra.clock.advance(31 * DAY)
    await forget(town)
    assert await town.count(interaction_requests) == 0
    for who in (ann.client, cat.client, town.anybody):
        await one(who, held, 404)
    await decide(ann, "authorize", request["id"], 404)
    assert await notes(cat) == []
    edited = {"status": "@cat needle again"}
    shown = good(await bob.client.put(f"{POSTS}/{held}", json=edited))
    assert shown["approval"] == "rejected"
    assert await waiting(ann) == []  # an edit asks nobody
    await one(ann.client, held, 404)
    assert await counts(ann.client, post) == (0, 0, 0)
    good(await bob.client.delete(f"{POSTS}/{held}"))
    await town.rostra.work()
    assert await town.anywhere("needle") == []


@pytest.mark.parametrize("verb", ["favourite", "reblog"])
async def test_what_was_refused_can_be_asked_for_again_then(town: Town, verb: str) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await asking(town, ann)
    await town.act(bob, verb, post)
    await decide_all(ann, "reject")
    town.rostra.clock.advance(29 * DAY)
    await forget(town)
    good(await bob.client.post(f"{POSTS}/{post}/{verb}"), 403)
    town.rostra.clock.advance(2 * DAY)
    await forget(town)
    await town.act(bob, verb, post)
    assert [each["type"] for each in await waiting(ann)] == [verb]


async def test_more_than_a_batch_is_forgotten_and_the_rest_stays(town: Town) -> None:
    now = town.services.clock.now()
    old, new = now - 31 * DAY, now - DAY
    made = [
        {
            "id": 1000 + number,
            "post_id": 1,
            "owner_id": 2,
            "account_id": 3,
            "kind": 0,
            "subject_id": 0,
            "visibility": 0,
            "state": int(state),
            "decided_at": at,
        }
        for number, (state, at) in enumerate(
            [(RequestState.REJECTED, old)] * 700
            + [(RequestState.ACCEPTED, old)] * 500
            + [(RequestState.REJECTED, new)] * 2
            + [(RequestState.OPEN, 0)] * 3
        )
    ]
    await town.rows(interaction_requests, made)
    await forget(town)
    assert await town.count(interaction_requests) == 5
    assert await town.count(interaction_requests, interaction_requests.c.decided_at == old) == 0
