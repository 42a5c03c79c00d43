"""What is posted while a home is built anew stands in it all the same."""

import pytest
from tests.harness.crowd import Town, good, ids_of
from tests.harness.turns import in_turn

from rostra.network.posts.model import Draft
from rostra.network.posts.prepare import prepare
from rostra.network.posts.publish import publish
from rostra.network.posts.screened import screened
from rostra.network.timelines import fan_out
from rostra.store.database import Transaction

HOME = "/api/v1/timelines/home"


@pytest.mark.postgresql
async def test_a_post_in_flight_is_not_lost_from_a_home_that_is_built_anew(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(ann, bob)
    before = await town.post(bob, "before")
    async with town.db.write() as tx:
        await fan_out.put_one_to_sleep(tx, ann.id)
    town.rostra.clock.advance(1)
    draft = await screened(
        town.services, bob.id, prepare(town.services.settings, Draft(text="in flight"))
    )
    posted: list[str] = []

    async def post(tx: Transaction) -> None:
        posted.append(str(await publish(town.services, tx, bob.id, draft)))

    good(await in_turn(town.db, post, ann.client.get(HOME)))
    town.rostra.clock.advance(fan_out.CAUGHT_UP_MS)
    await town.rostra.work()
    assert ids_of(good(await ann.client.get(HOME))) == [*posted, before]
