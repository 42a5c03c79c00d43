"""Deleted means deleted: nothing of a post is left in any table or file."""

from pathlib import Path

from sqlalchemy import select
from tests.harness.crowd import Member, Town, good, ids_of
from tests.pictures import photo

from rostra.network.accounts.removal import remove_account
from rostra.network.media.jobs import RemoveOrphans, remove_orphans
from rostra.store.query import query
from rostra.store.tables.posts import bookmarks, favourites, media, posts, tags
from rostra.store.tables.timelines import home

URL = "/api/v1/statuses"
SECRET = "xylophonic"


def png() -> bytes:
    data = photo(64, 48).write_to_buffer(".png")
    assert isinstance(data, bytes)
    return data


def stored(town: Town) -> set[Path]:
    """Every file in the media folder."""
    folder = Path(town.services.settings.media_store)
    return {path for path in folder.rglob("*") if path.is_file()}


async def rich_post(town: Town, ann: Member, bob: Member) -> tuple[str, str, dict[str, str]]:
    """A post with everything that can hang on one: its id, that of an answer, its picture."""
    picture = await town.picture(ann, png(), description=f"{SECRET} picture")
    body = {
        "status": f"@bob {SECRET} #{SECRET}",
        "spoiler_text": f"{SECRET} warning",
        "media_ids": [picture["id"]],
    }
    headers = {"idempotency-key": "k"}
    shown = good(await ann.client.post(URL, json=body, headers=headers))
    post_id = shown["id"]
    await town.act(ann, "pin", post_id)
    for verb in ("favourite", "bookmark", "reblog", "mute"):
        await town.act(bob, verb, post_id)
    answer = await town.post(bob, "@ann indeed", in_reply_to_id=post_id)
    good(await ann.client.put(f"{URL}/{post_id}", json=body | {"status": f"{SECRET} anew"}))
    return post_id, answer, picture


async def test_nothing_is_left_of_a_deleted_post(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(bob, ann)
    await town.post(ann, "#kept")
    post_id, answer, picture = await rich_post(town, ann, bob)
    assert len(stored(town)) == 2
    assert (await town.anybody.get(picture["url"])).status_code == 200
    good(await ann.client.delete(f"{URL}/{post_id}?delete_media=true"))
    for who in (ann.client, bob.client, town.anybody):
        good(await who.get(f"{URL}/{post_id}"), 404)
    assert ids_of(good(await bob.client.get("/api/v1/favourites"))) == []
    assert post_id not in ids_of(good(await bob.client.get("/api/v1/timelines/home")))
    await town.rostra.work()
    assert await town.anywhere(SECRET) == []
    # A thread's number outlives its first post: it is what the answers have in common.
    assert set(await town.anywhere(int(post_id))) <= {"posts.thread_id", "thread_mutes.thread_id"}
    assert await town.anywhere(int(picture["id"])) == []
    assert stored(town) == set()
    for address in (picture["url"], picture["preview_url"]):
        assert (await town.anybody.get(address)).status_code == 404
    left = good(await bob.client.get(f"{URL}/{answer}"))
    assert left["in_reply_to_id"] is None
    assert left["in_reply_to_account_id"] == str(ann.id)
    assert await town.count(tags) == 1


async def test_an_answer_to_a_deleted_post_stays_an_answer(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    first = await town.post(ann)
    await town.post(bob, in_reply_to_id=first)
    good(await ann.client.delete(f"{URL}/{first}"))
    await town.rostra.work()
    url = f"/api/v1/accounts/{bob.id}/statuses"
    assert good(await bob.client.get(url, params={"exclude_replies": "true"})) == []
    assert len(good(await bob.client.get(url))) == 1


async def test_a_deleted_post_can_be_written_again_with_its_pictures(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    picture = await town.picture(ann, png(), description="a gradient")
    shown = good(await ann.client.post(URL, json={"status": "look", "media_ids": [picture["id"]]}))
    gone = good(await ann.client.delete(f"{URL}/{shown['id']}"))
    kept = gone["media_attachments"][0]
    assert (kept["id"], kept["description"]) == (picture["id"], "a gradient")
    assert kept["url"] != picture["url"]
    await town.rostra.work()
    # What others had the address of is gone; the author's own copy waits under another.
    for key in ("url", "preview_url"):
        assert (await bob.client.get(picture[key])).status_code == 404
        assert (await ann.client.get(kept[key])).status_code == 200
    good(await bob.client.get(f"/api/v1/media/{kept['id']}"), 404)
    again = good(await ann.client.post(URL, json={"status": "look", "media_ids": [kept["id"]]}))
    assert again["media_attachments"][0]["url"] == kept["url"]
    assert len(stored(town)) == 2


async def test_pictures_that_are_not_posted_again_go_after_a_day(town: Town) -> None:
    ann = await town.member("ann")
    picture = await town.picture(ann, png())
    town.rostra.clock.advance(20 * 3_600_000)
    shown = good(await ann.client.post(URL, json={"status": "", "media_ids": [picture["id"]]}))
    town.rostra.clock.advance(20 * 3_600_000)
    good(await ann.client.delete(f"{URL}/{shown['id']}"))
    await town.rostra.work()
    assert len(stored(town)) == 2
    town.rostra.clock.advance(25 * 3_600_000)
    await remove_orphans(town.services, RemoveOrphans())
    await town.rostra.work()
    assert stored(town) == set()
    assert await town.count(media) == 0


async def test_pictures_dropped_while_they_move_leave_no_file(town: Town) -> None:
    ann = await town.member("ann")
    picture = await town.picture(ann, png())
    shown = good(await ann.client.post(URL, json={"status": "", "media_ids": [picture["id"]]}))
    good(await ann.client.delete(f"{URL}/{shown['id']}"))
    good(await ann.client.delete(f"/api/v1/media/{picture['id']}"))
    await town.rostra.work()
    assert stored(town) == set()


async def test_an_edit_removes_the_pictures_it_leaves_out(town: Town) -> None:
    ann = await town.member("ann")
    pictures = [await town.picture(ann, png()) for _ in range(2)]
    both = [picture["id"] for picture in pictures]
    shown = good(await ann.client.post(URL, json={"status": "two", "media_ids": both}))
    body = {"status": "one", "media_ids": both[1:]}
    edited = good(await ann.client.put(f"{URL}/{shown['id']}", json=body))
    assert ids_of(edited["media_attachments"]) == both[1:]
    await town.rostra.work()
    assert len(stored(town)) == 2
    versions = good(await ann.client.get(f"{URL}/{shown['id']}/history"))
    assert [ids_of(version["media_attachments"]) for version in versions] == [both[1:], both[1:]]


async def test_what_hangs_on_a_post_in_thousands_goes_in_chunks(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post_id = int(await town.post(ann))
    fans = range(1, 1201)
    for table in (favourites, bookmarks):
        await town.rows(table, [{"account_id": n, "post_id": post_id, "id": n} for n in fans])
    row = {"visibility": 0, "reblog_of_id": post_id, "account_id": bob.id}
    await town.rows(posts, [{"id": n, "thread_id": n, **row} for n in range(1, 121)])
    reblogged = {"post_id": 7, "author_id": bob.id, "reblog_of_id": post_id}
    await town.rows(home, [{"account_id": n, **reblogged} for n in range(1, 51)])
    good(await ann.client.delete(f"{URL}/{post_id}"))
    good(await town.anybody.get(f"{URL}/7"), 404)
    await town.rostra.work()
    assert await town.anywhere(post_id) == []


async def test_a_reblog_is_deleted_even_when_its_original_is_hidden(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post_id = await town.post(ann)
    reblog = await town.act(bob, "reblog", post_id)
    good(await ann.client.delete(f"{URL}/{reblog['id']}"), 404)
    await town.block(ann, bob)
    good(await bob.client.delete(f"{URL}/{reblog['id']}"), 404)
    assert await town.count(posts) == 1
    assert good(await ann.client.get(f"{URL}/{post_id}"))["reblogs_count"] == 0


async def test_a_removed_account_takes_its_posts_and_traces_along(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(bob, ann)
    await rich_post(town, ann, bob)
    await town.picture(ann, png())
    theirs = await town.post(bob, "@ann stays")
    for verb in ("favourite", "bookmark", "reblog", "mute"):
        await town.act(ann, verb, theirs)
    before = good(await bob.client.get(f"{URL}/{theirs}"))
    assert (before["favourites_count"], before["reblogs_count"]) == (1, 1)
    async with town.db.write() as tx:
        await remove_account(town.services, tx, ann.id, keep_name=False)
    assert good(await town.anybody.get("/api/v1/timelines/public")) != []
    await town.rostra.work()
    after = good(await bob.client.get(f"{URL}/{theirs}"))
    assert (after["favourites_count"], after["reblogs_count"], after["mentions"]) == (0, 0, [])
    assert await town.anywhere(SECRET) == []
    assert stored(town) == set()
    async with town.db.read() as reader:
        authors = await reader.all(query(select(posts.c.account_id).distinct(), int))
    assert authors == [bob.id]
    left = await town.anywhere(ann.id)
    assert set(left) <= {"posts.in_reply_to_account_id"}
