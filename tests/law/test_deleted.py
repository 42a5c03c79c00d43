"""Law 6: deleted means deleted, in every table, on disk, and for everybody."""

from pathlib import Path

import apsw
import pytest
from tests.harness.app import running
from tests.harness.crowd import Member, Town, good, ids_of
from tests.law.surfaces import everything, where
from tests.pictures import photo

from rostra.kernel.clock import DAY
from rostra.network.media.jobs import RemoveOrphans, remove_orphans
from rostra.store.tables.posts import bookmarks, favourites, media, posts

NEEDLE = "Quarzgeheimnis"
WORDS = {"name": "ann", "tag": NEEDLE.lower(), "word": "Suchwort"}


async def _written(town: Town, ann: Member, bob: Member) -> tuple[str, list[str]]:
    """A post with all that a post can have, its words in every place; its id and its URLs."""
    pictures = []
    for number in range(2):
        data = bytes(photo(64 + number, 48).pngsave_buffer())
        pictures.append(await town.picture(ann, data, description=f"{NEEDLE} painted"))
    post_id = await town.post(
        ann,
        f"{NEEDLE} @bob #{NEEDLE} https://example.org/{NEEDLE}",
        spoiler_text=f"{NEEDLE} warned",
        media_ids=ids_of(pictures),
    )
    town.rostra.clock.advance(1000)
    body = {"status": f"{NEEDLE} again, Suchwort @bob #{NEEDLE}", "media_ids": ids_of(pictures)}
    good(await ann.client.put(f"/api/v1/statuses/{post_id}", json=body))
    await town.act(ann, "pin", post_id)
    for verb in ("favourite", "bookmark", "reblog"):
        await town.act(bob, verb, post_id)
    await town.rostra.work()
    urls = [each[size] for each in pictures for size in ("url", "preview_url")]
    return post_id, urls


async def _deleted(town: Town, ann: Member, post_id: str, *, with_pictures: bool = True) -> None:
    """Delete it, as clients do; without its pictures they are kept a while for a new draft."""
    query = {"delete_media": "true"} if with_pictures else {}
    good(await ann.client.delete(f"/api/v1/statuses/{post_id}", params=query))
    await town.rostra.work()
    if not with_pictures:
        town.rostra.clock.advance(3 * DAY)
        await remove_orphans(town.services, RemoveOrphans())
        await town.rostra.work()


@pytest.mark.parametrize("with_pictures", [True, False], ids=["at once", "after a while"])
async def test_nothing_of_a_deleted_post_is_left(
    town: Town, data_dir: Path, *, with_pictures: bool
) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(bob, ann)
    post_id, urls = await _written(town, ann, bob)
    assert len(await town.anywhere(NEEDLE)) >= 4
    assert len(await town.anywhere(int(post_id))) >= 8
    for url in urls:
        assert (await town.anybody.get(url)).status_code == 200
    assert _files(data_dir)
    shown = where(await everything(town, ann, [post_id, str(ann.id)], WORDS), NEEDLE)
    assert {"/api/v2/search", "/search", "/home", "/@ann"} <= set(shown)
    await _deleted(town, ann, post_id, with_pictures=with_pictures)
    assert await town.anywhere(NEEDLE) == []
    assert await town.anywhere(NEEDLE.lower()) == []
    assert await town.anywhere(int(post_id)) == []
    assert _files(data_dir) == []
    for url in urls:
        assert (await town.anybody.get(url)).status_code == 404
    for table in (posts, media, favourites, bookmarks):
        assert await town.count(table) == 0
    for viewer in (ann, bob, None):
        found = await everything(town, viewer, [post_id, str(ann.id)], WORDS)
        assert where(found, NEEDLE) == []
        assert where(found, post_id) == []


def _files(data_dir: Path) -> list[str]:
    return [str(path) for path in (data_dir / "media").rglob("*") if path.is_file()]


async def test_answers_to_it_stay_without_a_trace_of_its_words(town: Town) -> None:
    """Of the id only the number of the thread is left, which groups the answers."""
    ann, bob = await town.members("ann", "bob")
    post_id = await town.post(ann, NEEDLE)
    reply = await town.post(bob, "an answer", in_reply_to_id=post_id)
    await town.act(bob, "mute", reply)
    await _deleted(town, ann, post_id)
    assert await town.anywhere(NEEDLE) == []
    left = await town.anywhere(int(post_id))
    assert set(left) <= {"posts.thread_id", "thread_mutes.thread_id"}
    shown = good(await bob.client.get(f"/api/v1/statuses/{reply}"))
    assert shown["in_reply_to_id"] is None
    assert post_id not in str(shown)
    good(await bob.client.delete(f"/api/v1/statuses/{reply}"))
    await town.rostra.work()
    assert await town.count(posts) == 0


async def test_it_is_gone_at_once_not_only_after_the_jobs(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(bob, ann)
    post_id, _ = await _written(town, ann, bob)
    good(await ann.client.delete(f"/api/v1/statuses/{post_id}"))
    for viewer in (ann, bob, None):
        found = await everything(town, viewer, [post_id, str(ann.id), str(bob.id)], WORDS)
        assert where(found, NEEDLE) == []


async def test_an_edit_that_takes_a_picture_away_removes_it(town: Town, data_dir: Path) -> None:
    ann, bob = await town.members("ann", "bob")
    post_id, urls = await _written(town, ann, bob)
    body = {"status": "without pictures"}
    good(await ann.client.put(f"/api/v1/statuses/{post_id}", json=body))
    await town.rostra.work()
    assert _files(data_dir) == []
    assert (await town.anybody.get(urls[0])).status_code == 404


async def test_the_bytes_of_the_file_are_overwritten(data_dir: Path, sqlite_url: str) -> None:
    """Neither free pages nor the log keep the words, while the server runs on."""
    path = data_dir / "rostra.sqlite3"
    async with running(data_dir, sqlite_url) as rostra:
        town = Town(rostra)
        ann, bob = await town.members("ann", "bob")
        for number in range(20):
            await town.post(bob, f"filler {number} " + "x" * 500)
        post_id, _ = await _written(town, ann, bob)
        assert NEEDLE.encode() in _bytes(path)
        assert NEEDLE.lower().encode() in _bytes(path)  # the search index
        await _deleted(town, ann, post_id)
        connection = apsw.Connection(str(path))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        assert NEEDLE.encode() not in _bytes(path)
        assert NEEDLE.lower().encode() not in _bytes(path)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()


def _bytes(path: Path) -> bytes:
    log = path.with_name(f"{path.name}-wal")
    return path.read_bytes() + (log.read_bytes() if log.exists() else b"")
