"""Followers of others whom one follows: each account that is asked for gets its share."""

from typing import Any

from tests.harness.neighbours import Asker, Place

from rostra.store.query import insert
from rostra.store.tables.accounts import accounts, profiles
from rostra.store.tables.relations import follows

URL = "/api/v1/accounts/familiar_followers"
EACH, MOST = 250, 1_000


async def familiar(who: Asker, *of: Asker) -> dict[str, list[str]]:
    """The names that somebody is told, by the accounts they ask for."""
    found = await who.get(URL, params={"id[]": [each.account_id for each in of]})
    names = {str(each.account_id): each.username for each in of}
    return {
        names[each["id"]]: [account["username"] for account in each["accounts"]] for each in found
    }


class Crowd:
    """People past the verbs, who all are followed by one and follow others."""

    def __init__(self, place: Place, size: int) -> None:
        self.place = place
        self.ids = range(1_000, 1_000 + size)
        self.names = [f"fan{number}" for number in self.ids]

    async def comes(self, follower: Asker, *followed: Asker) -> None:
        """Write them all; who comes later follows later."""
        people = [
            {"id": each, "username": name, "username_key": name}
            for each, name in zip(self.ids, self.names, strict=True)
        ]
        ties = [(follower.account_id, each) for each in self.ids]
        ties += [(each, one.account_id) for each in self.ids for one in followed]
        await self._write(accounts, people)
        await self._write(profiles, [{"account_id": each} for each in self.ids])
        await self._write(
            follows,
            # Later than any follow that a member of these tests has made by a verb.
            [
                {"account_id": who, "target_id": whom, "id": (1 << 62) + number}
                for number, (who, whom) in enumerate(ties)
            ],
        )

    async def _write(self, table: Any, rows: list[dict[str, Any]]) -> None:
        async with self.place.db.write() as tx:
            await tx.run_many(insert(table, list(rows[0])), rows)


async def test_one_with_many_takes_nothing_from_one_with_few(place: Place) -> None:
    viewer, friend, small, big = await place.members("viewer", "friend", "small", "big")
    await viewer.relate("follow", friend)
    await friend.relate("follow", small)
    await friend.relate("follow", big)
    crowd = Crowd(place, MOST + 5)
    await crowd.comes(viewer, big)
    found = await familiar(viewer, big, small)
    assert found["small"] == ["friend"]
    assert found["big"] == crowd.names[: -EACH - 1 : -1]
    assert await familiar(viewer, big) == {"big": found["big"]}


async def test_all_together_are_dealt_out_in_turns(place: Place) -> None:
    viewer, friend, small = await place.members("viewer", "friend", "small")
    many = await place.members(*(f"big{number}" for number in range(5)))
    await viewer.relate("follow", friend)
    await friend.relate("follow", small)
    crowd = Crowd(place, EACH)
    await crowd.comes(viewer, *many)
    found = await familiar(viewer, *many, small)
    assert found.pop("small") == ["friend"]
    sizes = [len(names) for names in found.values()]
    assert sum(sizes) == MOST - 1
    assert {*sizes} == {199, 200}
    assert all(names == crowd.names[::-1][: len(names)] for names in found.values())


async def test_the_number_of_statements_is_the_same_for_many(place: Place) -> None:
    viewer, *others = await place.members("viewer", "ann", "ben", "eve", "zoe")
    for number, one in enumerate(others):
        await viewer.relate("follow", one)
        for other in others[:number]:
            await one.relate("follow", other)
    await familiar(viewer, *others)
    for asked in (others[:1], others):
        await place.settle()
        with place.app.counted() as reading:
            found = await familiar(viewer, *asked)
        assert reading.statements == 3  # token, followers, heads
    assert found == {
        "ann": ["zoe", "eve", "ben"],
        "ben": ["zoe", "eve"],
        "eve": ["zoe"],
        "zoe": [],
    }
