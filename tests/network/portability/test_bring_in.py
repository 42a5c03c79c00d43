"""A member's own archive brought in: the same posts, times and files; and nobody hears of them."""

from pathlib import Path
from typing import Any

import pytest
from tests import recordings
from tests.harness.app import running
from tests.harness.crowd import Member, Town, good, ids_of
from tests.network.portability.brought import (
    ELSEWHERE,
    archive,
    brought,
    left,
    note,
    outbox,
    planned,
    posts_of,
    source_of,
    zipped,
)
from tests.pictures import find_metadata, gps_corpus, photo

from rostra.kernel.clock import DAY, HOUR, SECOND
from rostra.network.accounts.removal import remove_account
from rostra.network.portability.notes import Left
from rostra.network.posts.events import PostPublished
from rostra.store.tables.posts import media, post_mentions, post_origins, posts
from rostra.store.tables.previews import post_cards
from rostra.store.tables.timelines import arrivals, home, notifications

OLD: dict[str, Any] = {"ROSTRA_SITE__BASE_URL": "https://old.example"}
SAME = ("spoiler_text", "sensitive", "visibility", "language")
pytestmark = pytest.mark.postgresql


async def lived(town: Town) -> tuple[Member, list[str]]:
    """Ann has written all kinds of posts; the ids of those that can come along."""
    ann, bob = await town.members("ann", "bob")
    photographed = next(data for _, _, data in gps_corpus() if data.startswith(b"\xff\xd8"))
    picture = await town.picture(
        ann, photographed, description="A boat, tied up", focus="-0.5,0.25"
    )
    plain = await town.picture(ann, bytes(photo(64, 48).pngsave_buffer()))
    sent = {"file": ("film", recordings.video(), "application/octet-stream")}
    said = {"description": "Waves"}
    film = good(await ann.client.post("/api/v2/media", files=sent, data=said), 202)
    await town.rostra.work()
    kept = [
        await town.post(
            ann,
            "Aloud #nets & <ropes>, to @bob\n\nhttps://example.org/a?b=1",
            media_ids=ids_of([picture, plain]),
            spoiler_text="Boats",
            language="de",
        ),
        await town.post(ann, "aside", visibility="unlisted", sensitive=True),
        await town.post(ann, "among us", visibility="private", media_ids=ids_of([film])),
    ]
    kept.append(await town.post(ann, "more of it", in_reply_to_id=kept[0]))
    kept.append(await town.post(ann, "and more", in_reply_to_id=kept[3]))
    await town.post(ann, "to you @bob", visibility="direct")
    theirs = await town.post(bob, "something of bob's")
    answer = await town.post(ann, "an answer", in_reply_to_id=theirs)
    await town.post(ann, "and another", in_reply_to_id=answer)
    await town.post(ann, "Which?", poll={"options": ["Cod", "Eel"], "expires_in": 3600})
    await town.act(ann, "reblog", theirs)
    return ann, kept


async def test_the_same_posts_times_and_files(database_url: str, data_dir: Path) -> None:
    (data_dir / "old").mkdir()
    async with running(data_dir / "old", database_url, **OLD) as rostra:
        town = Town(rostra)
        ann, kept = await lived(town)
        before = {post["id"]: post for post in await posts_of(ann) if post["id"] in kept}
        texts = {post_id: await source_of(ann, post) for post_id, post in before.items()}
        path = data_dir / "archive.zip"
        path.write_bytes(await archive(town, ann))
        await town.clear()
    async with running(data_dir, database_url) as rostra:
        rostra.clock.advance(DAY)
        town = Town(rostra)
        ann, eve, bob = await town.members("ann", "eve", "bob")
        await town.follow(eve, ann)
        await town.rostra.work()
        told = _told(town)
        waiting = await town.count(notifications)
        plan, done = await brought(town, ann, path)
        assert (done.posts, done.files, done.faults) == (5, 3, [])
        assert left(plan) == {Left.DIRECT: 1, Left.REPLY: 2, Left.POLL: 1, Left.REBLOG: 1}
        await _are_the_same(ann, before, texts)
        first = (await posts_of(ann))[0]
        await _has_clean_files(town, first, before)
        assert (first["replies_count"], first["mentions"], first["card"]) == (1, [], None)
        await town.rostra.work()
        assert not told
        assert await town.count(notifications) == waiting
        assert not await town.count(post_mentions) + await town.count(post_cards)
        assert not await town.count(home) + await town.count(arrivals)
        await _stand_where_their_time_puts_them(town, ann, eve, bob)


def _told(town: Town) -> list[PostPublished]:
    heard: list[PostPublished] = []
    town.db.ties.hooks.after(PostPublished, heard.append)  # type: ignore[attr-defined] # both databases have it
    return heard


async def _are_the_same(ann: Member, before: dict[str, Any], texts: dict[str, str]) -> None:
    after = await posts_of(ann)
    assert [await source_of(ann, post) for post in after] == list(texts.values())
    for was, now in zip(before.values(), after, strict=True):
        assert [now[name] for name in SAME] == [was[name] for name in SAME]
        assert now["created_at"][:19] == was["created_at"][:19]
        assert now["id"] != was["id"]
        assert int(now["id"]) >> 40 == int(was["id"]) >> 40  # about the same second
        assert [each["name"] for each in now["tags"]] == [each["name"] for each in was["tags"]]
        assert [_of_file(each) for each in now["media_attachments"]] == [
            _of_file(each) for each in was["media_attachments"]
        ]
    assert after[3]["in_reply_to_id"] == after[0]["id"]
    assert after[4]["in_reply_to_id"] == after[3]["id"]


def _of_file(attachment: dict[str, Any]) -> tuple[Any, ...]:
    focus = attachment["meta"].get("focus")
    return attachment["type"], attachment["description"], focus


async def _has_clean_files(town: Town, first: dict[str, Any], before: dict[str, Any]) -> None:
    picture = first["media_attachments"][0]
    assert picture["description"] == "A boat, tied up"
    served = await town.anybody.get(picture["url"])
    assert served.status_code == 200
    assert find_metadata(served.content) == []
    urls = {each["url"] for post in before.values() for each in post["media_attachments"]}
    assert picture["url"] not in urls


async def _stand_where_their_time_puts_them(
    town: Town, ann: Member, eve: Member, bob: Member
) -> None:
    new = await town.post(ann, "new")
    found = good(await bob.client.get(f"/api/v1/accounts/{ann.id}/statuses"))
    assert found[0]["id"] == new
    assert "among us" not in str(found)
    assert "among us" in str(await posts_of(ann, eve))
    public = good(await town.anybody.get("/api/v1/timelines/public"))
    assert [each["created_at"] for each in public] == sorted(
        (each["created_at"] for each in public), reverse=True
    )
    assert "Aloud" in public[-1]["content"]
    assert "more of it" in str(public)
    tagged = good(await bob.client.get("/api/v1/timelines/tag/nets"))
    assert len(tagged) == 1
    results = good(await ann.client.get("/api/v2/search?q=ropes&type=statuses"))
    assert ids_of(results["statuses"]) == [public[-1]["id"]]
    me = good(await ann.client.get("/api/v1/accounts/verify_credentials"))
    assert me["statuses_count"] == 6
    assert me["last_status_at"] == found[0]["created_at"][:10]


async def test_once_and_not_again_what_was_deleted(town: Town, tmp_path: Path) -> None:
    ann, bob = await town.members("ann", "bob")
    path = zipped(tmp_path / "a.zip", {"outbox.json": outbox(note(1), note(2, "Two."), note(3))})
    _, done = await brought(town, ann, path)
    assert done.posts == 3
    plan, done = await brought(town, ann, path)
    assert (done.posts, left(plan)) == (0, {Left.HERE: 3})
    two = next(post for post in await posts_of(ann) if "Two" in post["content"])
    good(await ann.client.delete(f"/api/v1/statuses/{two['id']}"))
    await town.rostra.work()
    assert await town.anywhere(int(two["id"])) == []
    plan, done = await brought(town, ann, path)
    assert (done.posts, left(plan)) == (0, {Left.HERE: 2, Left.GONE: 1})
    plan, done = await brought(town, ann, path, again=True)
    assert (done.posts, left(plan)) == (1, {Left.HERE: 2})
    assert "Two" in (await posts_of(ann))[1]["content"]
    # What one has brought in says nothing of another.
    _, done = await brought(town, bob, path)
    assert done.posts == 3
    async with town.db.write() as tx:
        await remove_account(town.services, tx, ann.id)
    await town.rostra.work()
    assert await town.count(post_origins) == 3


async def test_what_is_here_by_itself_is_not_doubled(town: Town, tmp_path: Path) -> None:
    ann, bob = await town.members("ann", "bob")
    first = await town.post(ann, "first")
    town.rostra.clock.advance(SECOND)  # archives tell seconds
    gone = await town.post(ann, "gone")
    town.rostra.clock.advance(SECOND)
    await town.post(ann, "second", in_reply_to_id=first)
    path = tmp_path / "a.zip"
    path.write_bytes(await archive(town, ann))
    good(await ann.client.delete(f"/api/v1/statuses/{gone}"))
    plan = await planned(town, ann, path)
    assert (plan.posts, left(plan)) == ([], {Left.HERE: 2, Left.GONE: 1})
    plan = await planned(town, bob, path)
    assert (plan.posts, left(plan)) == ([], {Left.OTHERS: 2, Left.GONE: 1})
    _, done = await brought(town, ann, path, again=True)
    assert done.posts == 1
    assert ["gone" in each["content"] for each in await posts_of(ann)] == [False, True, False]


async def test_a_run_that_was_ended_goes_on(town: Town, tmp_path: Path) -> None:
    ann = await town.member("ann")
    notes = [
        note(number, inReplyTo=f"{ELSEWHERE}/statuses/{number - 1}") for number in range(2, 60)
    ]
    path = zipped(tmp_path / "a.zip", {"outbox.json": outbox(note(1), *notes)})
    seen = 0

    def ended(_count: int, _what: str) -> None:
        nonlocal seen
        seen += 1
        if seen == 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await brought(town, ann, path, tell=ended)
    half = await town.count(posts)
    assert 20 <= half < 59
    _, done = await brought(town, ann, path)
    assert (half + done.posts, await town.count(posts)) == (59, 59)
    assert await town.count(posts, posts.c.in_reply_to_id == 0) == 1
    assert await town.count(posts, posts.c.depth == 58) == 1


async def test_equal_times_keep_their_order(town: Town, tmp_path: Path) -> None:
    ann = await town.member("ann")
    at = "2019-05-04T10:00:00Z"
    notes = [note(number, f"No. {number}", published=at) for number in range(1, 31)]
    path = zipped(tmp_path / "a.zip", {"outbox.json": outbox(*notes)})
    await brought(town, ann, path)
    found = await posts_of(ann)
    assert [each["content"] for each in found] == [f"<p>No. {n}</p>" for n in range(1, 31)]
    assert {each["created_at"][:19] for each in found} == {at[:19]}
    assert len({int(each["id"]) & 0xFFFFF for each in found}) > 20  # nobody can tell the next


async def test_an_answer_stands_behind_what_came_in_before(town: Town, tmp_path: Path) -> None:
    ann = await town.member("ann")
    at = "2019-05-04T10:00:00Z"
    first = note(1, "First", published=at)
    answer = note(2, "Second", published=at, inReplyTo=first["id"])
    await brought(town, ann, zipped(tmp_path / "a.zip", {"outbox.json": outbox(first)}))
    await brought(town, ann, zipped(tmp_path / "b.zip", {"outbox.json": outbox(first, answer)}))
    parent, child = [int(each["id"]) for each in await posts_of(ann)]
    assert parent >> 20 < child >> 20


async def test_looking_writes_nothing(town: Town, tmp_path: Path) -> None:
    ann = await town.member("ann")
    path = zipped(tmp_path / "a.zip", {"outbox.json": outbox(note(1))})
    plan = await planned(town, ann, path)
    assert len(plan.posts) == 1
    assert await town.count(posts) == 0
    assert await town.count(media) == 0
    town.rostra.clock.advance(HOUR)
    await brought(town, ann, path)
    (row,) = await posts_of(ann)
    assert row["created_at"] == "2019-05-01T01:00:00.000Z"
