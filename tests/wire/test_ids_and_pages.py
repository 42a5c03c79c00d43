"""Rules 5 and 6: what ids look like, and how one gets through a list."""

import itertools
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from tests.harness.crowd import Member, Town, good, ids_of

from rostra.api.endpoint import GET, Auth
from rostra.api.matrices import fill
from rostra.api.routes import all_endpoints

HOME = "/api/v1/timelines/home"
GARBAGE = ("garbage", "-1", "0", "9" * 50, "1.5", "")
LISTS = [
    each
    for each in all_endpoints()
    if each.method == GET
    and "limit" in {field.encode_name for field in msgspec.structs.fields(each.params)}
]


def ids_within(value: Any) -> Iterator[Any]:
    """Every id in an answer that is not null."""
    if isinstance(value, dict):
        for name, each in value.items():
            if (name == "id" or name.endswith("_id")) and each is not None:
                yield each
            yield from ids_within(each)
    elif isinstance(value, list):
        for each in value:
            yield from ids_within(each)


async def walked(who: Member, url: str) -> list[str]:
    """The ids of a whole list, as the links lead through it."""
    seen = []
    while True:
        page = await who.client.get(url)
        seen += ids_of(good(page))
        if "next" not in page.links:
            return seen
        assert "max_id=" in page.links["next"]["url"]
        url = page.links["next"]["url"]


async def test_rule_5_ids_are_texts_of_one_length_in_order_of_time(town: Town, ada: Member) -> None:
    ids = [await town.post(ada, str(number)) for number in range(3)]
    assert {len(each) for each in ids} == {19}
    assert all(each.isdecimal() for each in ids)
    assert ids == sorted(ids)
    post = good(await ada.client.get(f"/api/v1/statuses/{ids[0]}"))
    found = set(ids_within(post))
    assert {type(each) for each in found} == {str}
    assert {ids[0], str(ada.id)} <= found
    assert len(str(ada.id)) == 19


async def test_rule_5_ids_of_neighbours_tell_nothing(town: Town, ada: Member) -> None:
    ids = [int(await town.post(ada, str(number))) for number in range(8)]
    steps = {later - earlier for earlier, later in itertools.pairwise(ids)}
    assert len(steps) == 7
    assert min(steps) > 1


async def test_rule_6_links_lead_through_a_list_both_ways(town: Town, ada: Member) -> None:
    ids = [await town.post(ada, str(number)) for number in range(7)][::-1]
    first = await ada.client.get(HOME, params={"limit": 3})
    assert ids_of(good(first)) == ids[:3]
    assert "max_id=" in first.links["next"]["url"]
    assert "min_id=" in first.links["prev"]["url"]
    second = await ada.client.get(first.links["next"]["url"])
    assert ids_of(good(second)) == ids[3:6]
    assert ids_of(good(await ada.client.get(second.links["prev"]["url"]))) == ids[:3]


async def test_rule_6_min_id_pages_forward_and_since_id_does_not(town: Town, ada: Member) -> None:
    ids = [await town.post(ada, str(number)) for number in range(7)][::-1]
    forward = await ada.client.get(HOME, params={"min_id": ids[6], "limit": 2})
    assert ids_of(good(forward)) == ids[4:6]
    since = await ada.client.get(HOME, params={"since_id": ids[6], "limit": 2})
    assert ids_of(good(since)) == ids[:2]


async def test_rule_6_limits_of_posts_are_capped_at_40(town: Town, ada: Member) -> None:
    for number in range(45):
        await town.post(ada, str(number))
    for limit, expected in (("1000", 40), ("9" * 50, 40), ("garbage", 20), ("", 20), ("7", 7)):
        assert len(good(await ada.client.get(HOME, params={"limit": limit}))) == expected, limit


async def test_rule_6_limits_of_accounts_are_capped_at_80(town: Town, ada: Member) -> None:
    for number in range(85):
        await town.follow(await town.member(f"fan{number}"), ada)
    path = f"/api/v1/accounts/{ada.id}/followers"
    for limit, expected in (("1000", 80), ("garbage", 40), ("3", 3)):
        assert len(good(await ada.client.get(path, params={"limit": limit}))) == expected, limit


async def test_rule_6_garbage_limits_and_bounds_break_no_list(town: Town, ada: Member) -> None:
    assert len(LISTS) > 25
    for endpoint in LISTS:
        client = town.anybody if endpoint.auth is Auth.NONE else ada.client
        path = fill(endpoint.path, {"id": str(ada.id), "hashtag": "tea"})
        plain = await client.get(path, params={"q": "tea"})
        for value in GARBAGE:
            bounds = dict.fromkeys(("max_id", "min_id", "since_id"), "x")
            answer = await client.get(path, params={"q": "tea", "limit": value, **bounds})
            assert answer.status_code in {plain.status_code, 404, 422}, (endpoint.name, value)


@pytest.mark.parametrize(("verb", "path"), [("favourite", "favourites"), ("bookmark", "bookmarks")])
async def test_rule_6_what_was_liked_or_kept_pages_by_ids_of_its_own(
    town: Town, ada: Member, ben: Member, verb: str, path: str
) -> None:
    posts = [await town.post(ada, str(number)) for number in range(3)]
    for post in (posts[1], posts[2], posts[0]):
        await town.act(ben, verb, post)
    seen = await walked(ben, f"/api/v1/{path}?limit=1")
    assert seen == [posts[0], posts[2], posts[1]]


@pytest.mark.parametrize("verb", ["follow", "block", "mute"])
async def test_rule_6_people_page_by_ids_of_their_own(town: Town, ada: Member, verb: str) -> None:
    people = await town.members("ann", "bob", "cid")
    chosen = [people[1], people[2], people[0]]
    for each in chosen:
        town.rostra.clock.advance(1)
        good(await ada.client.post(f"/api/v1/accounts/{each.id}/{verb}"))
    path = {"follow": f"accounts/{ada.id}/following", "block": "blocks", "mute": "mutes"}[verb]
    seen = await walked(ada, f"/api/v1/{path}?limit=1")
    assert seen == [str(each.id) for each in reversed(chosen)]
