"""What decisions do to posts, seen from outside, and that taking it back is exact."""

from typing import Any

import pytest
from tests.harness.crowd import Town, good, ids_of
from tests.harness.limits import URL, Square, everything_stored, limit

HIDING = ({"held": True}, {"removed": True})
ALL = (
    *HIDING,
    {"sensitive": True},
    {"reach": True},
    {"label": "disputed"},
    {"sensitive": True, "reach": True, "held": True, "label": "disputed"},
)


@pytest.mark.parametrize("limits", ALL, ids="-".join)
async def test_taking_it_back_leaves_every_row_as_it_was(
    town: Town, limits: dict[str, Any]
) -> None:
    square = await Square(town).fill()
    before = await everything_stored(town)
    await limit(town, *square.posts.values(), **limits)
    restricted = await everything_stored(town)
    assert restricted["posts"] != before["posts"]
    await limit(town, *square.posts.values(), **limits)  # it can be said twice
    assert await everything_stored(town) == restricted
    await town.rostra.work()
    await limit(town, *square.posts.values())
    await town.rostra.work()
    assert await everything_stored(town) == before


async def test_from_one_restriction_to_another_and_back(town: Town) -> None:
    square = await Square(town).fill()
    before = await everything_stored(town)
    for limits in (*ALL, *reversed(ALL)):
        await limit(town, *square.posts.values(), **limits)
        await town.rostra.work()
    await limit(town, *square.posts.values())
    await town.rostra.work()
    assert await everything_stored(town) == before


@pytest.mark.parametrize("limits", HIDING, ids="-".join)
async def test_what_is_hidden_is_not_there(town: Town, limits: dict[str, Any]) -> None:
    square = await Square(town).fill()
    await limit(town, *square.posts.values(), **limits)
    for name in square.posts:
        for who in (square.bob, square.cat, town.anybody):
            await square.one(who, name, 404)
        if "held" in limits:
            assert (await square.one(square.ann, name))["visibility"] == "direct"
        else:
            await square.one(square.ann, name, 404)
    of_cat = good(await town.anybody.get(f"{URL}/{square.first}"))
    counted = of_cat["replies_count"], of_cat["reblogs_count"], of_cat["quotes_count"]
    assert counted == (0, 0, 0)
    ann = good(await town.anybody.get(f"/api/v1/accounts/{square.ann.id}"))
    assert (ann["statuses_count"], ann["last_status_at"]) == (0, None)
    for path in ("timelines/public", "timelines/tag/harbour", "trends/statuses"):
        found = ids_of(good(await town.anybody.get(f"/api/v1/{path}")))
        assert not set(found) & set(square.posts.values()), path
    for path in ("timelines/home", "notifications", "bookmarks", "favourites", "conversations"):
        assert "needle" not in (await square.bob.client.get(f"/api/v1/{path}")).text, path


async def test_limited_reach_is_as_if_unlisted(town: Town) -> None:
    square = await Square(town).fill()
    await limit(town, square.posts["public"], reach=True)
    assert (await square.one(town.anybody, "public"))["visibility"] == "unlisted"
    for path in ("timelines/public", "timelines/tag/harbour"):
        found = ids_of(good(await town.anybody.get(f"/api/v1/{path}")))
        assert square.posts["public"] not in found, path
    home = ids_of(good(await square.bob.client.get("/api/v1/timelines/home")))
    assert square.posts["public"] in home


async def test_forced_sensitive_survives_an_edit_and_the_own_word_is_kept(town: Town) -> None:
    square = await Square(town).fill()
    url = f"{URL}/{square.posts['public']}"
    await limit(town, square.posts["public"], sensitive=True)
    assert (await square.one(town.anybody, "public"))["sensitive"]
    edited = good(await square.ann.client.put(url, json={"status": "x", "sensitive": False}))
    assert edited["sensitive"]
    history = good(await square.ann.client.get(f"{url}/history"))
    assert [each["sensitive"] for each in history] == [True, True]
    await limit(town, square.posts["public"])
    assert not (await square.one(town.anybody, "public"))["sensitive"]
    history = good(await square.ann.client.get(f"{url}/history"))
    assert [each["sensitive"] for each in history] == [False, False]
    await limit(town, square.posts["public"], sensitive=True)
    good(await square.ann.client.put(url, json={"status": "y", "sensitive": True}))
    await limit(town, square.posts["public"])
    assert (await square.one(town.anybody, "public"))["sensitive"]


async def test_what_is_held_can_be_deleted_but_not_edited(town: Town) -> None:
    square = await Square(town).fill()
    url = f"{URL}/{square.posts['reply']}"
    await limit(town, square.posts["reply"], held=True)
    refused = good(await square.ann.client.put(url, json={"status": "x"}), 422)
    assert "held by the moderators" in refused["error"]
    good(await square.ann.client.delete(url))
    await limit(town, square.posts["reply"])  # it is gone, and that is no fault
    of_cat = good(await town.anybody.get(f"{URL}/{square.first}"))
    assert of_cat["replies_count"] == 0
    ann = good(await town.anybody.get(f"/api/v1/accounts/{square.ann.id}"))
    assert ann["statuses_count"] == 5  # public, unlisted, private, the quote and the reblog


async def test_many_posts_take_as_many_statements_as_few(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    counts = []
    for size in (2, 20):
        first = await town.post(bob)
        posts = [await town.post(ann, f"{at} #tag", in_reply_to_id=first) for at in range(size)]
        for limits in ({"removed": True}, {}):
            with town.rostra.counted() as counted:
                await limit(town, *posts, **limits)
            counts.append(counted.statements)
    assert counts[:2] == counts[2:]
    assert max(counts) <= 18


@pytest.mark.postgresql
async def test_hidden_on_the_web_and_in_an_app_alone(town: Town) -> None:
    square = await Square(town).fill()
    post = square.posts["public"]
    seven = town.rostra.client(await town.token(square.cat.id, "read", 7))
    before = await everything_stored(town)
    await limit(town, post, hidden_on=("7", "web"))
    good(await seven.get(f"{URL}/{post}"), 404)
    for path in ("timelines/public", "timelines/tag/harbour", f"accounts/{square.ann.id}/statuses"):
        assert post not in ids_of(good(await seven.get(f"/api/v1/{path}"))), path
        assert post in ids_of(good(await square.cat.client.get(f"/api/v1/{path}"))), path
    await square.one(square.cat, "public")
    for path in (f"/@ann/{post}", f"/@ann/{post}/embed"):
        assert (await town.anybody.get(path)).status_code == 404, path
    for path in ("/@ann", "/public", "/@ann.rss", "/tags/harbour"):
        page = await town.anybody.get(path)
        assert page.status_code == 200, path
        assert "needlepublic" not in page.text, path
    await limit(town, post, hidden_on=("7",))
    assert (await town.anybody.get(f"/@ann/{post}")).status_code == 200
    await limit(town, post)
    assert await everything_stored(town) == before


async def test_counts_tell_nothing_of_what_is_hidden(town: Town) -> None:
    """Unread notifications, requests and conversations."""
    ann, bob = await town.members("ann", "bob")
    earlier = await town.post(ann, "@bob first", visibility="direct")
    later = await town.post(ann, "@bob second", visibility="direct", in_reply_to_id=earlier)
    before = await everything_stored(town)
    unread = "/api/v1/notifications/unread_count"
    assert good(await bob.client.get(unread))["count"] == 2
    await limit(town, later, removed=True)
    assert good(await bob.client.get(unread))["count"] == 1
    [conversation] = good(await bob.client.get("/api/v1/conversations"))
    assert conversation["last_status"]["id"] == earlier
    await limit(town, earlier, removed=True)
    assert good(await bob.client.get("/api/v1/conversations")) == []
    assert good(await bob.client.get(unread))["count"] == 0
    await limit(town, earlier, later)
    assert await everything_stored(town) == before
