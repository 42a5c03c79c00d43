"""Announcements: what operators tell everybody, dismissed and reacted to by members."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select
from tests.harness.neighbours import Asker, Place
from tests.pictures import photo

from rostra.api.mastodon.times import iso
from rostra.kernel.clock import DAY, HOUR
from rostra.kernel.errors import Invalid, NotFound
from rostra.network.accounts.removal import remove_account
from rostra.network.announcements import access, keep, react
from rostra.network.announcements.model import Words
from rostra.network.instance import emoji
from rostra.network.live.model import TOPIC, Announced, Message, Signal, unpacked
from rostra.store.query import query
from rostra.store.tables.announcements import (
    announcement_reactions,
    announcement_reactors,
    announcement_reads,
    announcements,
)

PATH = "/api/v1/announcements"


async def announce(place: Place, text: str = "The harbour is closed.", **more: Any) -> int:
    """An announcement that is shown at once, unless `publish_at` says another time."""
    place.clock.advance(1)
    publish_at = more.pop("publish_at", place.clock.now())
    async with place.db.write() as tx:
        return await keep.create(place.services, tx, Words(text, **more), publish_at=publish_at)


async def texts(who: Asker) -> list[str]:
    """What somebody is told, as HTML."""
    return [each["content"] for each in await who.get(PATH)]


async def custom_emoji(place: Place, shortcode: str) -> None:
    """An emoji of this place."""
    data = bytes(photo(32, 32).pngsave_buffer())
    async with (
        emoji.stored_picture(place.services, data) as picture,
        place.db.write() as tx,
    ):
        await emoji.put_emoji(place.services, tx, shortcode, picture)


async def test_an_announcement_as_clients_read_it(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    await custom_emoji(place, "anchor")
    public, private = await ben.post("open"), await ben.post("closed", visibility="private")
    base = place.services.settings.site.base_url
    starts, ends = place.clock.now() + DAY, place.clock.now() + DAY + HOUR
    text = (
        f"Work at #Harbour by @ben and @nobody :anchor:\n\n{public['url']} {private['url']} "
        "https://example.org/@ben/1"
    )
    made = await announce(place, text, starts_at=starts, ends_at=ends)
    [shown] = await ann.get(PATH)
    content = shown.pop("content")
    assert content.startswith("<p>Work at <a href=")
    assert f'<a href="{base}/@ben" class="u-url mention">@<span>ben</span></a>' in content
    assert "@nobody" in content
    assert shown.pop("published_at")[:10] == "2027-01-15"
    assert shown.pop("updated_at")[:10] == "2027-01-15"
    [picture] = shown.pop("emojis")
    assert picture["shortcode"] == "anchor"
    assert shown == {
        "id": str(made),
        "starts_at": iso(starts),
        "ends_at": iso(ends),
        "all_day": False,
        "published": True,
        "read": False,
        "mentions": [
            {"id": str(ben.account_id), "username": "ben", "url": f"{base}/@ben", "acct": "ben"}
        ],
        "statuses": [{"id": public["id"], "url": public["url"]}],
        "tags": [{"name": "Harbour", "url": f"{base}/tags/Harbour"}],
        "reactions": [],
    }
    await ben.relate("block", ann)
    [shown] = await ann.get(PATH)
    assert shown["mentions"] == shown["statuses"] == []


async def test_who_may_ask(place: Place) -> None:
    made = await announce(place)
    await place.nobody.get(PATH, 401)
    await place.nobody.do(f"{PATH}/{made}/dismiss", 401)
    await place.nobody.ask("PUT", f"{PATH}/{made}/reactions/👍", 401)


@pytest.mark.postgresql
async def test_it_is_shown_from_its_time_until_it_is_over(place: Place) -> None:
    ann = await place.member("ann")
    now = place.clock.now()
    draft = await announce(place, "draft", publish_at=0)
    later = await announce(place, "later", publish_at=now + HOUR, ends_at=now + 3 * HOUR)
    whole = await announce(place, "whole days", starts_at=now, ends_at=now, all_day=True)
    assert await texts(ann) == ["<p>whole days</p>"]
    for unseen in (draft, later, 1):
        await ann.do(f"{PATH}/{unseen}/dismiss", 404)
        await ann.ask("PUT", f"{PATH}/{unseen}/reactions/👍", 404)
        await ann.ask("DELETE", f"{PATH}/{unseen}/reactions/👍", 404)
    [shown] = await ann.get(PATH)
    assert (shown["starts_at"], shown["ends_at"]) == ("2027-01-15T00:00:00.000Z",) * 2
    place.clock.advance(2 * HOUR)
    assert await texts(ann) == ["<p>whole days</p>", "<p>later</p>"]
    place.clock.advance(HOUR)
    assert await texts(ann) == ["<p>whole days</p>"]
    place.clock.advance(DAY)
    assert await texts(ann) == []
    await ann.do(f"{PATH}/{whole}/dismiss", 404)
    async with place.db.read() as reader:
        assert [each.id for each in await access.every(reader)] == [whole, later, draft]


async def test_dismissed_ones_stay_and_are_read(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    made = await announce(place)
    for _ in range(2):
        assert await ann.do(f"{PATH}/{made}/dismiss") == {}
    assert [each["read"] for each in await ann.get(PATH)] == [True]
    assert [each["read"] for each in await ben.get(PATH)] == [False]
    async with place.db.read() as reader:
        now = place.clock.now()
        assert not await access.shown(reader, ann.account_id, now=now, unread=True)
        assert await access.shown(reader, ben.account_id, now=now, unread=True)


@pytest.mark.postgresql
async def test_reactions_count_each_member_once(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    await custom_emoji(place, "anchor")
    path = f"{PATH}/{await announce(place)}/reactions"
    for who, name in ((ann, "👍"), (ann, "👍"), (ben, "👍"), (ben, "anchor")):
        assert await who.ask("PUT", f"{path}/{name}") == {}
    thumb, anchor = (await ann.get(PATH))[0]["reactions"]
    assert thumb == {"name": "👍", "count": 2, "me": True}
    assert (anchor["name"], anchor["count"], anchor["me"]) == ("anchor", 1, False)
    assert anchor["url"].startswith("http")
    assert anchor["static_url"]
    assert await ann.ask("DELETE", f"{path}/👍") == {}
    await ann.ask("DELETE", f"{path}/👍", 404)
    await ann.ask("DELETE", f"{path}/anchor", 404)
    found = (await ann.get(PATH))[0]["reactions"]
    assert found[0] == {"name": "👍", "count": 1, "me": False}
    await ben.ask("DELETE", f"{path}/👍")
    assert [each["name"] for each in (await ann.get(PATH))[0]["reactions"]] == ["anchor"]
    async with place.db.write() as tx:
        await emoji.drop_emoji(place.services, tx, "anchor")
    assert (await ann.get(PATH))[0]["reactions"] == []


@pytest.mark.parametrize("name", ["smile", "a", "👍👍", "%20", "%F0%9F%91%8D%00", "x" * 3000, "é"])
async def test_what_is_no_emoji(place: Place, name: str) -> None:
    ann = await place.member("ann")
    path = f"{PATH}/{await announce(place)}/reactions"
    answer = await ann.client.put(f"{path}/{name}")
    assert answer.status_code in {404, 422}
    if answer.status_code == 422:
        assert list(answer.json()["details"]) == ["name"]
    assert (await ann.get(PATH))[0]["reactions"] == []


async def test_no_more_than_eight_different_reactions(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    path = f"{PATH}/{await announce(place)}/reactions"
    for name in "😀😁😂😃😄😅😆"[: react.MAX_KINDS - 1]:
        await ann.ask("PUT", f"{path}/{name}")
    both = await asyncio.gather(
        ann.client.put(f"{path}/👍"), ben.client.put(f"{path}/👎"), return_exceptions=False
    )
    assert sorted(answer.status_code for answer in both) == [200, 422]
    refused = await ben.ask("PUT", f"{path}/🎉", 422)
    assert refused["error"] == "Validation failed: Limit of different reactions reached"
    await ben.ask("PUT", f"{path}/😀")
    assert len((await ann.get(PATH))[0]["reactions"]) == react.MAX_KINDS


async def test_what_operators_write_wrongly(place: Place) -> None:
    now = place.clock.now()
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("text", {"text": "  "}),
        ("text", {"text": "x" * (keep.MAX_TEXT + 1)}),
        ("ends_at", {"starts_at": now + HOUR, "ends_at": now}),
        ("starts_at", {"all_day": True}),
        ("publish_at", {"ends_at": now - HOUR}),
        ("publish_at", {"ends_at": now + HOUR, "publish_at": now + 2 * HOUR}),
    ]
    for field, given in wrong:
        with pytest.raises(Invalid) as refused:
            await announce(place, **{"text": "words", **given})
        assert list(refused.value.details) == [field]
    made = await announce(place, publish_at=now + HOUR)
    async with place.db.write() as tx:
        for verb in (keep.publish, keep.withdraw, keep.remove):
            with pytest.raises(NotFound):
                await verb(place.services, tx, 1)
        with pytest.raises(Invalid):
            await keep.change(place.services, tx, made, Words("x", ends_at=now + HOUR))


async def test_no_more_than_forty_at_once(place: Place) -> None:
    ann = await place.member("ann")
    for at in range(access.MOST_SHOWN):
        await announce(place, f"number {at}", publish_at=place.clock.now() + (at % 2) * HOUR)
    with pytest.raises(Invalid):
        await announce(place)
    first = await announce(place, publish_at=0)
    async with place.db.write() as tx:
        await keep.change(place.services, tx, first, Words("a draft may be changed"))
        with pytest.raises(Invalid):
            await keep.publish(place.services, tx, first)
    place.clock.advance(HOUR)
    assert len(await ann.get(PATH)) == access.MOST_SHOWN


async def test_changed_published_withdrawn_and_removed(place: Place) -> None:
    ann = await place.member("ann")
    services, hour = place.services, place.clock.now() + HOUR
    told = services.bus.subscribe(TOPIC)

    async def heard() -> list[Message | None]:
        await place.app.work()
        return [unpacked(each.body) for each in await told.wait(0.01)]

    made = await announce(place, publish_at=0)
    shown, gone = Announced(made), Signal("announcement.delete", str(made))
    async with place.db.write() as tx:
        await keep.publish(services, tx, made, publish_at=hour)
        await keep.change(services, tx, made, Words("Other words.", ends_at=hour + HOUR))
    assert await heard() == []
    place.clock.advance(HOUR)
    assert await heard() == [shown]
    await ann.do(f"{PATH}/{made}/dismiss")
    async with place.db.write() as tx:
        await keep.change(services, tx, made, Words("Longer.", ends_at=hour + 2 * HOUR))
    assert await heard() == [shown]
    [read] = await ann.get(PATH)
    assert (read["content"], read["read"]) == ("<p>Longer.</p>", True)
    assert read["updated_at"] > read["published_at"]
    place.clock.advance(HOUR)
    assert await heard() == []  # it ends later by now
    place.clock.advance(HOUR)
    assert await heard() == [gone]
    async with place.db.write() as tx:
        await keep.change(services, tx, made, Words("For good."))
        await keep.publish(services, tx, made)
        await keep.withdraw(services, tx, made)
        await keep.withdraw(services, tx, made)
    assert await heard() == [shown, gone]
    assert await texts(ann) == []
    async with place.db.write() as tx:
        await keep.publish(services, tx, made)
        await react.react(services, tx, ann.account_id, made, "👍")
        await keep.remove(services, tx, made)
    assert await heard() == [shown, gone]
    place.clock.advance(HOUR)
    assert await heard() == []
    assert await texts(ann) == []
    async with place.db.read() as reader:
        for table in (announcements, announcement_reads, announcement_reactions):
            assert not await reader.value(query(select(func.count()).select_from(table)))


async def test_what_a_member_leaves_behind(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    path = f"{PATH}/{await announce(place)}"
    for who in (ann, ben):
        await who.ask("PUT", f"{path}/reactions/👍")
    await ann.ask("PUT", f"{path}/reactions/🎉")
    await ann.do(f"{path}/dismiss")
    async with place.db.write() as tx:
        await remove_account(place.services, tx, ann.account_id)
    assert (await ben.get(PATH))[0]["reactions"] == [{"name": "👍", "count": 1, "me": True}]
    async with place.db.read() as reader:
        for table, left in ((announcement_reads, 0), (announcement_reactors, 1)):
            assert await reader.value(query(select(func.count()).select_from(table))) == left


async def test_the_number_of_statements_is_the_same_for_many(place: Place) -> None:
    ann, ben = await place.members("ann", "ben")
    post = await ben.post("open")
    counts = []
    for _ in range(2):
        for _ in range(5):
            made = await announce(place, f"@ben wrote {post['url']}")
            await ben.ask("PUT", f"{PATH}/{made}/reactions/👍")
        await ann.get(PATH)
        await place.settle()
        with place.app.counted() as counted:
            await ann.get(PATH)
        counts.append(counted.statements)
    assert counts == [5, 5]  # token, announcements, reactions, accounts, posts
