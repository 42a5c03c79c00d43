"""Every list can be walked in both directions, each item exactly once, whatever the page size."""

import re

import httpx2
import pytest
from tests.api.mastodon.lists import Lists, fill_lists
from tests.harness.crowd import Town, good, ids_of

LINK = re.compile(r'<([^>]*)>; rel="(next|prev)"')
MOST = 9
SIZES = (1, 2, 4, MOST, 40)


def _links(answer: httpx2.Response) -> dict[str, str]:
    return {relation: url for url, relation in LINK.findall(answer.headers.get("link", ""))}


async def _walk(lists: Lists, path: str, relation: str, **first: str | int) -> list[str]:
    """The ids that following one kind of link gives, page after page."""
    found: list[str] = []
    answer = await lists.viewer.client.get(path, params=first)
    for _ in range(200):
        page = ids_of(good(answer))
        assert len(page) <= int(first["limit"])
        found = [*found, *page] if relation == "next" else [*page, *found]
        url = _links(answer).get(relation)
        if url is None:
            return found
        answer = await lists.viewer.client.get(url)
    raise AssertionError(f"{path} has no end")


@pytest.mark.postgresql
async def test_every_list_can_be_walked(town: Town) -> None:
    lists = await fill_lists(town, MOST)
    for path, size in lists.sizes.items():
        whole: list[str] = []
        for limit in SIZES:
            down = await _walk(lists, path, "next", limit=limit)
            up = await _walk(lists, path, "prev", limit=limit, min_id=1)
            assert len(down) == size, (path, limit)
            assert len(set(down)) == size, (path, limit)
            assert up == down, (path, limit)
            whole = whole or down
            assert down == whole, (path, limit)


async def test_what_comes_in_meanwhile_is_met_by_walking_up(town: Town) -> None:
    lists = await fill_lists(town, 2)
    home, client = "/api/v1/timelines/home", lists.viewer.client
    answer = await client.get(home, params={"limit": 3})
    seen = ids_of(good(answer))
    new = [await town.post(lists.viewer, f"news {at}") for at in range(7)]
    url: str | None = f"{_links(answer)['prev']}"
    met: list[str] = []
    while url:
        answer = await client.get(url)
        met = [*ids_of(good(answer)), *met]
        url = _links(answer).get("prev")
    assert met == new[::-1]
    since = good(await client.get(home, params={"since_id": seen[0], "limit": 2}))
    assert ids_of(since) == new[:-3:-1]  # the newest, with a gap below


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("limit=0", 20),
        ("limit=-5", 20),
        ("limit=1000", 40),
        ("limit=ten", 20),
        ("limit=" + "9" * 400, 40),
        ("max_id=no", 20),
        ("max_id=" + "9" * 40, 20),
        ("min_id=", 20),
        ("since_id=0", 20),
        ("max_id=0", 0),
        ("limit[]=3", 20),
    ],
)
async def test_senseless_bounds_are_no_error(town: Town, query: str, size: int) -> None:
    ann = await town.member("ann")
    for at in range(42):
        await town.post(ann, f"post {at}")
    for path in ("/api/v1/timelines/home", "/api/v1/timelines/public"):
        assert len(good(await ann.client.get(f"{path}?{query}"))) == size


async def test_hidden_items_do_not_end_a_walk(town: Town) -> None:
    """A page may be shorter, even empty, and still say where to go on."""
    ann, bob, foe = await town.members("ann", "bob", "foe")
    shown = []
    for at in range(12):
        author = foe if at % 3 else ann
        post_id = await town.post(author, "words #tag")
        if author is ann:
            shown.append(post_id)
        await town.act(bob, "bookmark", post_id)
        await town.act(bob, "favourite", post_id)
    await town.block(foe, bob)
    lists = Lists(bob, {})
    for path in ("timelines/public", "timelines/tag/tag", "bookmarks", "favourites"):
        for limit in (1, 2, 5):
            walked = await _walk(lists, f"/api/v1/{path}", "next", limit=limit)
            assert walked == shown[::-1], (path, limit)
