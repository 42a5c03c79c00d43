"""What decisions do to accounts, seen from outside, and that taking it back is exact."""

from typing import Any

import pytest
from tests.harness.crowd import PASSWORD, Town, good, ids_of
from tests.harness.limits import URL, Square, everything_stored, limit, limit_accounts

from rostra.kernel.clock import DAY
from rostra.network.accounts.admission import approve, set_disabled
from rostra.network.accounts.leaving import hide_and_leave
from rostra.network.accounts.limits import Slow
from rostra.store.tables.accounts import accounts

# What ends with a freeze or a suspension, and does not come back.
ENDING = frozenset({"oauth_tokens", "sessions"})
ALL = (
    {"sensitive": True},
    {"reach": True},
    {"slow": Slow(posts=2, per_ms=DAY)},
    {"frozen": True},
    {"suspended": True},
    {"suspended": True, "frozen": True, "reach": True, "sensitive": True},
)


async def _stored(town: Town) -> dict[str, Any]:
    stored = await everything_stored(town)
    return {name: rows for name, rows in stored.items() if name not in ENDING}


@pytest.mark.parametrize("limits", ALL, ids="-".join)
async def test_taking_it_back_leaves_every_row_as_it_was(
    town: Town, limits: dict[str, Any]
) -> None:
    square = await Square(town).fill()
    before = await _stored(town)
    await limit_accounts(town, square.ann.id, **limits)
    await town.rostra.work()
    restricted = await _stored(town)
    assert restricted["accounts"] != before["accounts"]
    await limit_accounts(town, square.ann.id, **limits)  # it can be said twice
    assert await _stored(town) == restricted
    await limit_accounts(town, square.ann.id)
    await town.rostra.work()
    assert await _stored(town) == before


async def test_who_is_suspended_is_not_there(town: Town) -> None:
    square = await Square(town).fill()
    ann, bob = square.ann, square.bob
    await limit_accounts(town, ann.id, suspended=True)
    for name in square.posts:
        await square.one(bob, name, 404)
    for path in (f"{ann.id}", f"{ann.id}/statuses", "lookup?acct=ann"):
        good(await bob.client.get(f"/api/v1/accounts/{path}"), 404)
    assert (await town.anybody.get("/@ann")).status_code == 404
    good(await ann.client.get("/api/v1/accounts/verify_credentials"), 401)
    for path in ("timelines/home", "timelines/public", "notifications", "bookmarks"):
        assert "needle" not in (await bob.client.get(f"/api/v1/{path}")).text, path
    await limit_accounts(town, ann.id)
    await square.one(bob, "private")
    good(await ann.client.get("/api/v1/accounts/verify_credentials"), 401)


async def test_who_is_frozen_is_there_and_signed_out(town: Town) -> None:
    square = await Square(town).fill()
    await limit_accounts(town, square.ann.id, frozen=True)
    await square.one(square.bob, "public")
    good(await square.ann.client.get("/api/v1/accounts/verify_credentials"), 401)
    form = {"name": "ann@members.example", "password": PASSWORD}
    assert (await town.rostra.client().post("/sign-in", data=form)).status_code != 303


async def test_a_freeze_ends_with_its_decision_alone(town: Town) -> None:
    """Sign-in that was off before is off afterwards."""
    ann, bob = await town.members("ann", "bob")
    async with town.db.write() as tx:
        await set_disabled(town.services, tx, bob.id, disabled=True)
    before = await everything_stored(town)
    await limit_accounts(town, ann.id, bob.id, frozen=True)
    async with town.db.write() as tx:
        with pytest.raises(Exception, match="frozen by a decision"):
            await set_disabled(town.services, tx, ann.id, disabled=False)
    await limit_accounts(town, ann.id, bob.id)
    assert (await everything_stored(town))["users"] == before["users"]


async def test_limited_reach(town: Town) -> None:
    square = await Square(town).fill()
    ann, bob, cat = square.ann, square.bob, square.cat
    good(await ann.client.patch("/api/v1/accounts/update_credentials", json={"discoverable": True}))
    found = good(await town.anybody.get("/api/v1/directory?local=true"))
    assert "ann" in {each["username"] for each in found}
    await limit_accounts(town, ann.id, reach=True)
    await town.rostra.work()
    account = good(await town.anybody.get(f"/api/v1/accounts/{ann.id}"))
    assert account["limited"] is True
    assert "limited" not in good(await town.anybody.get(f"/api/v1/accounts/{bob.id}"))
    late = await town.post(ann, "needlelate #harbour")
    public = {square.posts["public"], late}
    assert (await square.one(bob, "public"))["visibility"] == "unlisted"
    for path in ("timelines/public", "timelines/tag/harbour"):
        assert not set(ids_of(good(await town.anybody.get(f"/api/v1/{path}")))) & public, path
    assert public <= set(ids_of(good(await bob.client.get("/api/v1/timelines/home"))))
    found = good(await town.anybody.get("/api/v1/directory?local=true"))
    assert "ann" not in {each["username"] for each in found}
    for who, query, there in ((cat, "an", False), (cat, "ann", True), (bob, "an", True)):
        found = good(await who.client.get(f"/api/v2/search?q={query}&type=accounts"))
        names = {each["username"] for each in found["accounts"]}
        assert ("ann" in names) is there, (who.name, query)
    await limit_accounts(town, ann.id)
    await town.rostra.work()
    shown = set(ids_of(good(await town.anybody.get("/api/v1/timelines/public"))))
    assert public <= shown
    assert (await square.one(bob, "public"))["visibility"] == "public"


async def test_a_post_and_its_author_are_limited_one_by_one(town: Town) -> None:
    square = await Square(town).fill()
    before = await everything_stored(town)
    post = square.posts["public"]
    await limit_accounts(town, square.ann.id, reach=True)
    await limit(town, post, reach=True, removed=True)
    await limit(town, post, reach=True)
    await limit_accounts(town, square.ann.id)
    await town.rostra.work()
    assert (await square.one(square.bob, "public"))["visibility"] == "unlisted"
    await limit_accounts(town, square.ann.id, reach=True)
    await limit(town, post)
    assert (await square.one(square.bob, "public"))["visibility"] == "unlisted"
    await limit_accounts(town, square.ann.id)
    await town.rostra.work()
    assert await everything_stored(town) == before


async def test_what_a_limited_stranger_does_is_set_aside_where_that_is_wanted(town: Town) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    policy = {"for_limited_accounts": "filter"}
    good(await ann.client.patch("/api/v2/notifications/policy", json=policy))
    await town.follow(ann, cat)
    await limit_accounts(town, bob.id, cat.id, reach=True)
    for who in (bob, cat):
        await town.post(who, "@ann hello")
    told = good(await ann.client.get("/api/v1/notifications"))
    assert [each["account"]["username"] for each in told] == ["cat"]


async def test_all_that_they_post_is_covered(town: Town) -> None:
    square = await Square(town).fill()
    await limit_accounts(town, square.ann.id, sensitive=True)
    assert (await square.one(town.anybody, "public"))["sensitive"]
    await limit_accounts(town, square.ann.id)
    assert not (await square.one(town.anybody, "public"))["sensitive"]


async def test_a_suspension_ends_with_the_account_on_its_day(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    day = town.services.clock.now() + DAY
    await limit_accounts(town, ann.id, bob.id, suspended=True, deletes_at=day)
    await limit_accounts(town, bob.id)
    town.rostra.clock.advance(DAY)
    await town.rostra.work()
    assert await town.count(accounts, accounts.c.id == ann.id) == 0
    assert await town.count(accounts, accounts.c.id == bob.id) == 1


async def test_who_waits_or_leaves_goes_on_doing_so(town: Town) -> None:
    ann = await town.member("ann", waiting=True)
    bob = await town.member("bob")
    async with town.db.write() as tx:
        await hide_and_leave(town.services, tx, bob.id)
    before = await everything_stored(town)
    await limit_accounts(town, ann.id, bob.id, suspended=True)
    await limit_accounts(town, ann.id, bob.id)
    assert (await everything_stored(town))["accounts"] == before["accounts"]
    await limit_accounts(town, ann.id, bob.id, suspended=True)
    async with town.db.write() as tx:
        await approve(town.services, tx, ann.id)
    good(await town.anybody.get(f"/api/v1/accounts/{ann.id}"), 404)
    town.rostra.clock.advance(60 * DAY)
    await town.rostra.work()
    await limit_accounts(town, ann.id, bob.id)
    good(await town.anybody.get(f"/api/v1/accounts/{ann.id}"))
    assert await town.count(accounts, accounts.c.id == bob.id) == 1
    await town.rostra.work()
    assert await town.count(accounts, accounts.c.id == bob.id) == 0


async def test_pictures_of_words(town: Town) -> None:
    """A label stands where every app shows it, and goes with the decision."""
    square = await Square(town).fill()
    await limit(town, square.posts["public"], label="This is disputed")
    shown = await square.one(town.anybody, "public")
    assert (shown["moderation_label"], shown["spoiler_text"]) == ("This is disputed",) * 2
    source = good(await square.ann.client.get(f"{URL}/{square.posts['public']}/source"))
    assert source["spoiler_text"] == ""
    assert "This is disputed" in (await town.anybody.get(f"/@ann/{square.posts['public']}")).text
    await limit(town, square.posts["public"], held=True)
    held = await square.one(square.ann, "public")
    assert (held["moderation"], held["spoiler_text"]) == (
        "held",
        "Held by the moderators: only you can see it",
    )
