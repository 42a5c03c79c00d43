"""Laws 3 and 6 for trends: only what is public counts, and what is gone is gone at once."""

from tests.harness.crowd import Member, good
from tests.harness.streets import Streets
from tests.law.surfaces import everything, where

from rostra.network.accounts.leaving import hide_and_leave
from rostra.network.instance import settings
from rostra.network.trends.rank import Rank, rank
from rostra.store.tables.trends import trend_days, trend_hours, trend_uses, trends

VISIBILITIES = ("public", "unlisted", "private", "direct")
FANS = ("bob", "eve", "kim")
WORDS = {"name": "ann", "tag": "nothing", "word": "nothing"}
POSTS = {"/api/v1/trends/statuses", "/api/v1/timelines/link", "/trends"}
SURFACES = {"/api/v1/trends", "/api/v1/trends/tags", "/api/v1/trends/links", *POSTS}


async def scene(streets: Streets) -> tuple[Member, list[Member], dict[str, str]]:
    """Posts of each visibility that everybody who may see them likes, and whose tags all use.

    All of them lead to one page, whose name is that of the tag that trends.
    """
    town, url = streets.town, streets.site.page("/news", "<title>tagpublic</title>")
    ann, *fans = await town.members("ann", *FANS)
    for one in (ann, *fans):
        body = {"discoverable": True}
        good(await one.client.patch("/api/v1/accounts/update_credentials", json=body))
    for fan in fans:
        await town.follow(fan, ann)
    posts = {}
    for visibility in VISIBILITIES:
        text = f"needle{visibility} @bob @eve @kim #tag{visibility} {url}"
        posts[visibility] = await town.post(ann, text, visibility=visibility)
        for fan in fans:
            await town.post(fan, f"@ann #tag{visibility} {url}", visibility=visibility)
            await town.act(fan, "favourite", posts[visibility])
    async with town.db.write() as tx:
        await settings.change(town.services, tx, {"trends_unreviewed": True})
    await streets.work()
    await rank(town.services, Rank())
    return ann, fans, posts


async def seen(streets: Streets, viewer: Member | None, *needles: str) -> set[str]:
    """Where of the trends' surfaces anything of these is."""
    words = {**WORDS, "url": streets.site.url("/news")}
    found = await everything(streets.town, viewer, ["1"], words)
    return {path for needle in needles for path in where(found, needle)} & SURFACES


async def test_only_what_is_public_is_counted_and_shown(streets: Streets) -> None:
    town = streets.town
    ann, fans, _ = await scene(streets)
    stranger = await town.member("stranger")
    for viewer in (None, stranger, ann, *fans):
        assert await seen(streets, viewer, "needlepublic", "tagpublic") == SURFACES
        for hidden in VISIBILITIES[1:]:
            assert await seen(streets, viewer, f"needle{hidden}", f"tag{hidden}") == set()
    assert await town.count(trend_days) == 2
    assert await town.count(trend_uses) == 8
    assert await town.count(trends) == 3


async def test_who_is_blocked_sees_none_of_it(streets: Streets) -> None:
    town = streets.town
    ann, fans, posts = await scene(streets)
    stranger = await town.member("stranger")
    await town.block(ann, stranger)
    await town.block(fans[0], ann)
    for viewer in (stranger, fans[0]):
        assert await seen(streets, viewer, "needlepublic", posts["public"]) == set()
    await town.mute(fans[1], ann)
    assert await seen(streets, fans[1], "needlepublic") == set()
    assert await seen(streets, fans[2], "needlepublic") == POSTS


async def test_who_leaves_and_what_is_deleted_goes_at_once(streets: Streets) -> None:
    town = streets.town
    ann, fans, posts = await scene(streets)
    async with town.db.write() as tx:
        await hide_and_leave(town.services, tx, ann.id)
    assert await seen(streets, fans[0], "needlepublic", posts["public"]) == set()
    for fan in fans:
        for post in good(await fan.client.get(f"/api/v1/accounts/{fan.id}/statuses")):
            good(await fan.client.delete(f"/api/v1/statuses/{post['id']}"))
    assert await seen(streets, fans[0], "tagpublic") == set()
    await town.rostra.work()
    for table in (trend_days, trend_hours, trend_uses):
        assert await town.count(table) == 0
