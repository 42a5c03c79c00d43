"""Laws 3 and 6 for trends: only what is public counts, and what is gone is gone at once."""

from tests.harness.crowd import Member, Town, good
from tests.law.surfaces import everything, where

from rostra.network.accounts.leaving import hide_and_leave
from rostra.network.instance import settings
from rostra.network.trends.rank import Rank, rank
from rostra.store.tables.trends import trend_days, trend_hours, trend_uses, trends

VISIBILITIES = ("public", "unlisted", "private", "direct")
FANS = ("bob", "eve", "kim")
WORDS = {"name": "ann", "tag": "nothing", "word": "nothing"}
SURFACES = {"/api/v1/trends", "/api/v1/trends/tags", "/api/v1/trends/statuses", "/trends"}


async def scene(town: Town) -> tuple[Member, list[Member], dict[str, str]]:
    """Posts of each visibility that everybody who may see them likes, and whose tags all use."""
    ann, *fans = await town.members("ann", *FANS)
    for one in (ann, *fans):
        body = {"discoverable": True}
        good(await one.client.patch("/api/v1/accounts/update_credentials", json=body))
    for fan in fans:
        await town.follow(fan, ann)
    posts = {}
    for visibility in VISIBILITIES:
        text = f"needle{visibility} @bob @eve @kim #tag{visibility}"
        posts[visibility] = await town.post(ann, text, visibility=visibility)
        for fan in fans:
            await town.post(fan, f"@ann #tag{visibility}", visibility=visibility)
            await town.act(fan, "favourite", posts[visibility])
    async with town.db.write() as tx:
        await settings.change(town.services, tx, {"trends_unreviewed": True})
    await town.rostra.work()
    await rank(town.services, Rank())
    return ann, fans, posts


async def seen(town: Town, viewer: Member | None, *needles: str) -> set[str]:
    """Where of the trends' surfaces anything of these is."""
    found = await everything(town, viewer, ["1"], WORDS)
    return {path for needle in needles for path in where(found, needle)} & SURFACES


async def test_only_what_is_public_is_counted_and_shown(town: Town) -> None:
    ann, fans, _ = await scene(town)
    stranger = await town.member("stranger")
    for viewer in (None, stranger, ann, *fans):
        assert await seen(town, viewer, "needlepublic", "tagpublic") == SURFACES
        for hidden in VISIBILITIES[1:]:
            assert await seen(town, viewer, f"needle{hidden}", f"tag{hidden}") == set()
    assert await town.count(trend_days) == 1
    assert await town.count(trend_uses) == 4
    assert await town.count(trends) == 2


async def test_who_is_blocked_sees_none_of_it(town: Town) -> None:
    ann, fans, posts = await scene(town)
    stranger = await town.member("stranger")
    await town.block(ann, stranger)
    await town.block(fans[0], ann)
    for viewer in (stranger, fans[0]):
        assert await seen(town, viewer, "needlepublic", posts["public"]) == set()
    await town.mute(fans[1], ann)
    assert await seen(town, fans[1], "needlepublic") == set()
    assert await seen(town, fans[2], "needlepublic") == {"/api/v1/trends/statuses", "/trends"}


async def test_who_leaves_and_what_is_deleted_goes_at_once(town: Town) -> None:
    ann, fans, posts = await scene(town)
    async with town.db.write() as tx:
        await hide_and_leave(town.services, tx, ann.id)
    assert await seen(town, fans[0], "needlepublic", posts["public"]) == set()
    for fan in fans:
        for post in good(await fan.client.get(f"/api/v1/accounts/{fan.id}/statuses")):
            good(await fan.client.delete(f"/api/v1/statuses/{post['id']}"))
    assert await seen(town, fans[0], "tagpublic") == set()
    await town.rostra.work()
    for table in (trend_days, trend_hours, trend_uses):
        assert await town.count(table) == 0
