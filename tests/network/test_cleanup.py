"""Old posts that delete themselves: by their member's rule, what it keeps stays."""

from typing import Any

import pytest
from msgspec import structs
from tests.harness.browser import Browser
from tests.harness.crowd import Member, Town, good, ids_of
from tests.pictures import photo

from rostra.kernel.clock import DAY, HOUR
from rostra.network.accounts.removal import remove_account
from rostra.network.portability import cleanup
from rostra.network.portability.model import CleanupRule
from rostra.store.tables.portability import cleanup_rules
from rostra.store.tables.posts import posts

NOTHING_KEPT = {
    "active": 1,
    "keep_direct": 0,
    "keep_pinned": 0,
    "keep_favourited": 0,
    "keep_bookmarked": 0,
}


async def rule(town: Town, who: Member, **values: int) -> None:
    async with town.db.write() as tx:
        wanted = structs.replace(CleanupRule(who.id), **{**NOTHING_KEPT, **values})
        await cleanup.set_rule(tx, wanted)


async def an_hour_later(town: Town) -> None:
    town.rostra.clock.advance(HOUR)
    await cleanup.clean_up(town.services, cleanup.CleanUp())
    await town.rostra.work()


async def left(who: Member) -> list[str]:
    """Her posts that are still there, oldest first."""
    found = good(await who.client.get(f"/api/v1/accounts/{who.id}/statuses?limit=40"))
    return ids_of(found)[::-1]


async def each_kind(town: Town, ann: Member, bob: Member) -> dict[str, str]:
    """A post for every reason to keep one, by the name of its field."""
    picture = await town.picture(ann, bytes(photo(32, 24).pngsave_buffer()))
    made: dict[str, str] = {
        "plain": await town.post(ann, "plain"),
        "keep_direct": await town.post(ann, "to @bob", visibility="direct"),
        "keep_media": await town.post(ann, "seen", media_ids=ids_of([picture])),
        "keep_polls": await town.post(ann, "?", poll={"options": ["a", "b"], "expires_in": 300}),
    }
    for field, who, verb in (
        ("keep_pinned", ann, "pin"),
        ("keep_favourited", ann, "favourite"),
        ("keep_bookmarked", ann, "bookmark"),
        ("min_favourites", bob, "favourite"),
        ("min_reblogs", bob, "reblog"),
    ):
        made[field] = await town.post(ann, field)
        await town.act(who, verb, made[field])
    return made


async def test_only_old_posts_go_and_only_those_of_who_wants_it(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    theirs = await town.post(bob, "bob's")
    old = [await town.post(ann, "old"), await town.act(ann, "reblog", theirs)]
    town.rostra.clock.advance(10 * DAY)
    young = await town.post(ann, "young")
    await an_hour_later(town)
    assert len(await left(ann)) == 3
    await rule(town, ann)
    await an_hour_later(town)
    assert len(await left(ann)) == 3  # ten days are not fourteen
    town.rostra.clock.advance(5 * DAY)
    await an_hour_later(town)
    assert await left(ann) == [young]
    assert (await town.anybody.get(f"/api/v1/statuses/{old[0]}")).status_code == 404
    assert await left(bob) == [theirs]
    assert good(await town.anybody.get(f"/api/v1/statuses/{theirs}"))["reblogs_count"] == 0


@pytest.mark.parametrize(
    "kept",
    [
        "keep_direct", "keep_media", "keep_polls", "keep_pinned", "keep_favourited",
        "keep_bookmarked", "min_favourites", "min_reblogs", "plain",
    ],
)  # fmt: skip
async def test_what_the_rule_keeps_stays(town: Town, kept: str) -> None:
    ann, bob = await town.members("ann", "bob")
    made = await each_kind(town, ann, bob)
    town.rostra.clock.advance(20 * DAY)
    await rule(town, ann, **({} if kept == "plain" else {kept: 1}))
    await an_hour_later(town)
    expected = {"plain": [], "min_favourites": ["keep_favourited", "min_favourites"]}
    names = expected.get(kept, [kept])
    assert sorted(await left(ann)) == sorted(made[name] for name in names)


async def test_what_kept_a_post_may_end(town: Town) -> None:
    ann = await town.member("ann")
    post = await town.post(ann, "kept for now")
    await town.act(ann, "bookmark", post)
    town.rostra.clock.advance(20 * DAY)
    await rule(town, ann, keep_bookmarked=1)
    await an_hour_later(town)
    assert await left(ann) == [post]
    await town.act(ann, "unbookmark", post)
    await an_hour_later(town)
    assert await left(ann) == []


async def test_many_go_in_several_runs_and_none_is_forgotten(town: Town) -> None:
    ann = await town.member("ann")
    first = await town.post(ann, "first")
    last = int(first)
    rows: list[dict[str, Any]] = [
        {"id": last + number, "account_id": ann.id, "thread_id": last + number, "created_at": 1}
        for number in range(1, 701)
    ]
    await town.rows(posts, rows)
    town.rostra.clock.advance(20 * DAY)
    await rule(town, ann)
    await an_hour_later(town)
    assert await town.count(posts) == 201
    await an_hour_later(town)
    assert await town.count(posts) == 0


async def test_a_rule_ends_with_its_switch_and_with_the_account(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.post(ann, "stays")
    town.rostra.clock.advance(20 * DAY)
    await rule(town, ann)
    await rule(town, ann, active=0)
    await rule(town, bob)
    await an_hour_later(town)
    assert len(await left(ann)) == 1
    async with town.db.write() as tx:
        await remove_account(town.services, tx, bob.id)
    assert await town.count(cleanup_rules) == 1


async def test_the_page_of_the_rule(town: Town) -> None:
    ann = await town.member("ann")
    browser = Browser(town.rostra)
    browser.client = await town.browser(ann)
    await browser.open("/settings/cleanup")
    fields = browser.form("/settings/cleanup").fields
    assert (fields["min_age"], fields["keep_pinned"], "active" in fields) == ("14", "1", False)
    for wrong in ({"min_age": "3"}, {"min_favourites": "many"}, {"min_reblogs": "-1"}):
        answer = await browser.send("/settings/cleanup", active="1", **wrong)
        assert answer.status_code == 422, wrong
        await browser.open("/settings/cleanup")
    form = {"active": "1", "min_age": "90", "keep_polls": "1", "min_reblogs": "5"}
    await browser.send("/settings/cleanup", **form)
    assert "From the next hour on" in browser.text
    fields = browser.form("/settings/cleanup").fields
    assert {name: fields[name] for name in form} == form
    async with town.db.read() as reader:
        kept = await cleanup.rule_of(reader, ann.id)
    assert (kept.active, kept.min_age_days, kept.keep_polls, kept.min_reblogs) == (1, 90, 1, 5)
    assert kept.min_favourites == 0
