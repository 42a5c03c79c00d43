"""Who follows a hashtag and lets another go at once: what is counted is what is followed."""

import pytest
from sqlalchemy import select
from tests.harness.crowd import Town, good
from tests.harness.turns import in_turn

from rostra.network.tags import keep
from rostra.store.database import Transaction
from rostra.store.query import query
from rostra.store.tables.accounts import users

_COUNTED = query(select(users.c.followed_tags), int)


@pytest.mark.postgresql
@pytest.mark.parametrize(("first", "then"), [("follow", "unfollow"), ("unfollow", "follow")])
async def test_changes_at_once_are_counted_both(town: Town, first: str, then: str) -> None:
    ann = await town.member("ann")
    names = {"unfollow": "tea", "follow": "bread"}
    good(await ann.client.post("/api/v1/tags/tea/follow"))

    async def change(tx: Transaction) -> None:
        verb = {"follow": keep.follow, "unfollow": keep.unfollow}[first]
        await verb(town.services, tx, ann.id, names[first])

    later = ann.client.post(f"/api/v1/tags/{names[then]}/{then}")
    good(await in_turn(town.db, change, later))
    async with town.db.read() as reader:
        assert await reader.all(_COUNTED) == [1]
