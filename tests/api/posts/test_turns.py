"""What is done to a post while something else is done to it: one waits for the other."""

from typing import Any

import pytest
from tests.harness.crowd import Town, good
from tests.harness.turns import in_turn

from rostra.network.polls.vote import vote as cast
from rostra.network.posts import react
from rostra.network.posts.model import Draft, Visibility
from rostra.network.posts.prepare import prepare
from rostra.network.posts.publish import publish
from rostra.network.posts.screened import screened
from rostra.store.database import Transaction
from rostra.store.tables.posts import bookmarks, pins, posts

URL = "/api/v1/statuses"
ASKED: dict[str, Any] = {"options": ["tea", "coffee", "neither"], "expires_in": 3600}


@pytest.mark.postgresql
async def test_a_vote_counts_that_comes_while_its_post_is_edited(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    asked = good(await ann.client.post(URL, json={"status": "Which?", "poll": ASKED}))

    async def choose(tx: Transaction) -> None:
        await cast(town.services, tx, bob.id, int(asked["id"]), [1])

    body = {"status": "Which, then?", "poll": ASKED}
    edited = good(await in_turn(town.db, choose, ann.client.put(f"{URL}/{asked['id']}", json=body)))
    votes = [option["votes_count"] for option in edited["poll"]["options"]]
    assert (edited["poll"]["voters_count"], votes) == (1, [0, 1, 0])


@pytest.mark.postgresql
@pytest.mark.parametrize("what", ["bookmark", "pin", "reply"])
async def test_what_comes_onto_a_post_that_is_being_deleted_goes_with_it(
    town: Town, what: str
) -> None:
    ann = await town.member("ann")
    post_id, services = await town.post(ann), town.services
    draft = Draft(text="yes", in_reply_to_id=int(post_id), visibility=Visibility.FOLLOWERS)
    reply = await screened(services, ann.id, prepare(services.settings, draft))

    async def hang_on(tx: Transaction) -> None:
        if what == "reply":
            await publish(services, tx, ann.id, reply)
        else:
            verb = react.bookmark if what == "bookmark" else react.pin
            await verb(services, tx, ann.id, int(post_id))

    async def delete() -> None:
        good(await ann.client.delete(f"{URL}/{post_id}"))
        await town.rostra.work()

    await in_turn(town.db, hang_on, delete())
    assert await town.count(bookmarks) + await town.count(pins) == 0
    assert await town.count(posts) == (what == "reply")
    assert await town.count(posts, posts.c.in_reply_to_id == int(post_id)) == 0
