"""No list asks the database more often for more items: each count is pinned."""

from tests.api.mastodon.lists import Lists, fill_lists
from tests.harness.crowd import Town, good

FEW, MANY = 2, 12
# Statements of one answer, who asks included: when this process has shown the items before, and
# when it has shown none of them.
PINNED = {
    "/api/v1/timelines/home": (2, 8),
    "/api/v1/timelines/public": (2, 8),
    "/api/v1/timelines/tag/{name}": (2, 8),
    "/api/v1/timelines/list/{id}": (4, 10),
    "/api/v1/accounts/{id}/statuses": (2, 8),
    "/api/v1/accounts/{id}/followers": (4, 5),
    "/api/v1/accounts/{id}/following": (4, 5),
    "/api/v1/statuses/{id}/favourited_by": (4, 5),
    "/api/v1/statuses/{id}/reblogged_by": (4, 5),
    "/api/v1/statuses/{id}/quotes": (6, 18),
    "/api/v1/favourites": (3, 9),
    "/api/v1/bookmarks": (3, 9),
    "/api/v1/lists/{id}/accounts": (4, 5),
    "/api/v1/accounts/{id}/endorsements": (4, 5),
    "/api/v1/endorsements": (4, 5),
    "/api/v1/scheduled_statuses": (3, 3),
    "/api/v1/interaction_requests": (4, 10),
    "/api/v1/blocks": (3, 4),
    "/api/v1/mutes": (3, 4),
    "/api/v1/follow_requests": (3, 4),
    "/api/v1/notifications": (6, 13),
}


async def _counts(town: Town, lists: Lists, *, warm: bool) -> dict[str, int]:
    found = {}
    for path in lists.sizes:
        client = lists.viewer.client
        good(await client.get(path, params={"limit": 40}))
        if not warm:
            town.services.fragments.clear()
        with town.rostra.counted() as counted:
            items = good(await client.get(path, params={"limit": 40}))
        assert len(items) == min(40, lists.sizes[path])
        name = path.replace(str(lists.viewer.id), "{id}").replace(lists.viewer.name, "{name}")
        parts = ["{id}" if part.isdecimal() else part for part in name.split("/")]
        found["/".join(parts)] = counted.statements
    return found


async def test_statements_do_not_grow_with_the_list(town: Town) -> None:
    few = await fill_lists(town, FEW, "few")
    few_cold = await _counts(town, few, warm=False)
    few_warm = await _counts(town, few, warm=True)
    await town.clear()
    many = await fill_lists(town, MANY, "many")
    assert await _counts(town, many, warm=False) == few_cold
    assert await _counts(town, many, warm=True) == few_warm
    assert {path: (few_warm[path], few_cold[path]) for path in few_warm} == PINNED
