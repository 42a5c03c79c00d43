"""Laws 3 and 6 for archives: only their owner has one, only of their own, and none outlives it."""

import io
import json
import os
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

from tests.harness.browser import Browser
from tests.harness.crowd import Member, Town, good, ids_of
from tests.pictures import SECRETS, find_metadata, gps_corpus, photo

from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.network.accounts.removal import remove_account
from rostra.network.portability import access
from rostra.network.portability.archives import MakeArchive, drop_archive, request_archive
from rostra.network.portability.jobs import SweepArchives, make_archive, sweep_archives
from rostra.network.portability.model import Archive
from rostra.store.tables.portability import archives

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


async def requested(town: Town, who: Member) -> int:
    async with town.db.write() as tx:
        return await request_archive(town.services, tx, who.id)


async def archive_of(town: Town, who: Member) -> Archive | None:
    async with town.db.read() as reader:
        return await access.archive_of(reader, who.id, town.rostra.clock.now())


async def made(town: Town, who: Member) -> zipfile.ZipFile:
    """Ask for an archive, let it be made, and open it."""
    await requested(town, who)
    await town.rostra.work()
    archive = await archive_of(town, who)
    assert archive is not None
    assert archive.ready
    data = await town.services.blobs.get(archive.blob_key)
    assert len(data) == archive.size
    opened = zipfile.ZipFile(io.BytesIO(data))
    assert opened.testzip() is None
    return opened


def read(archive: zipfile.ZipFile, name: str) -> Any:
    return json.loads(archive.read(name))


def everything_in(archive: zipfile.ZipFile) -> bytes:
    return b"\n".join(archive.read(name) for name in archive.namelist())


async def blobs(town: Town) -> list[str]:
    return [found.key async for found in town.services.blobs.list("archives/")]


async def test_it_holds_who_one_is(town: Town) -> None:
    ann = await town.member("ann")
    files = {"avatar": ("me.png", bytes(photo(64, 64).pngsave_buffer()), "image/png")}
    fields = {"display_name": "Ann of the harbour", "note": "I mend nets."}
    await ann.client.patch("/api/v1/accounts/update_credentials", files=files, data=fields)
    archive = await made(town, ann)
    actor = read(archive, "actor.json")
    assert (actor["preferredUsername"], actor["name"]) == ("ann", "Ann of the harbour")
    me_now = good(await ann.client.get("/api/v1/accounts/verify_credentials"))
    avatar = await town.anybody.get(me_now["avatar"])
    assert archive.read(actor["icon"]["url"]) == avatar.content
    assert read(archive, "account.json")["email"] == "ann@members.example"


async def test_it_holds_all_that_is_ones_own(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    picture = await town.picture(ann, bytes(photo(64, 48).pngsave_buffer()), description="A boat")
    posts = [
        await town.post(ann, "aloud #nets", media_ids=ids_of([picture]), spoiler_text="Boats"),
        await town.post(ann, "aside", visibility="unlisted"),
        await town.post(ann, "among us", visibility="private"),
        await town.post(ann, "to you @bob", visibility="direct"),
    ]
    theirs = await town.post(bob, "something of bob's")
    posts.append(await town.post(ann, "an answer", in_reply_to_id=theirs))
    for verb in ("favourite", "bookmark", "reblog"):
        await town.act(ann, verb, theirs)
    archive = await made(town, ann)
    outbox = read(archive, "outbox.json")
    items = outbox["orderedItems"]
    assert (outbox["type"], outbox["totalItems"]) == ("OrderedCollection", 6)
    assert [item["type"] for item in items] == ["Create"] * 5 + ["Announce"]
    base = town.services.settings.site.base_url
    me = f"{base}/users/ann"
    notes = [item["object"] for item in items[:5]]
    assert [note["id"] for note in notes] == [f"{me}/statuses/{post}" for post in posts]
    assert [note["source"]["content"] for note in notes][1:3] == ["aside", "among us"]
    followers, named = f"{me}/followers", f"{base}/users/bob"
    reach = [(note["to"], note["cc"]) for note in notes[:4]]
    assert reach == [
        ([PUBLIC], [followers]),
        ([followers], [PUBLIC]),
        ([followers], []),
        ([named], []),
    ]
    assert notes[4]["inReplyTo"] == f"{base}/users/bob/statuses/{theirs}"
    assert notes[0]["summary"] == "Boats"
    assert notes[0]["tag"] == [{"type": "Hashtag", "href": f"{base}/tags/nets", "name": "#nets"}]
    assert items[5]["object"] == f"{base}/users/bob/statuses/{theirs}"
    for name in ("likes.json", "bookmarks.json"):
        kept = read(archive, name)
        assert kept["orderedItems"] == [f"{base}/users/bob/statuses/{theirs}"]
        assert kept["totalItems"] == 1
    (attachment,) = notes[0]["attachment"]
    assert attachment["name"] == "A boat"
    served = await town.anybody.get(picture["url"])
    assert archive.read(attachment["url"].lstrip("/")) == served.content


async def test_a_poll_is_a_question(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    poll = {"options": ["Cod", "Eel"], "expires_in": 3600}
    post = await town.post(ann, "Which?", poll=poll)
    await town.post(ann, "Which ones?", poll={**poll, "multiple": True, "hide_totals": True})
    votes = f"/api/v1/polls/{post}/votes"
    good(await bob.client.post(votes, json={"choices": [1]}))
    items = read(await made(town, ann), "outbox.json")["orderedItems"]
    one, several = (item["object"] for item in items)
    assert (one["type"], one["votersCount"]) == ("Question", 1)
    told = [(option["name"], option["replies"]["totalItems"]) for option in one["oneOf"]]
    assert told == [("Cod", 0), ("Eel", 1)]
    assert several["anyOf"] == [{"type": "Note", "name": name} for name in ("Cod", "Eel")]
    assert "closed" not in one
    town.rostra.clock.advance(2 * HOUR)
    items = read(await made(town, ann), "outbox.json")["orderedItems"]
    assert items[0]["object"]["closed"] == items[0]["object"]["endTime"]


async def test_nothing_of_others_is_in_it(town: Town) -> None:
    """Neither what they wrote nor, of what can't be seen any more, that it is there."""
    ann, bob, cat = await town.members("ann", "bob", "cat")
    await town.follow(ann, bob)
    seen = await town.post(bob, "Quarzgeheimnis aloud")
    hidden = await town.post(bob, "Quarzgeheimnis for followers", visibility="private")
    blocked = await town.post(cat, "Quarzgeheimnis of cat")
    await town.post(bob, "Quarzgeheimnis for @ann", visibility="direct")
    for post in (seen, hidden, blocked):
        await town.act(ann, "favourite", post)
        await town.act(ann, "bookmark", post)
    for post in (seen, blocked):
        await town.act(ann, "reblog", post)
        await town.post(ann, "an answer", in_reply_to_id=post)
    await town.post(ann, "an answer", in_reply_to_id=hidden)
    await town.unfollow(ann, bob)
    await town.block(cat, ann)
    archive = await made(town, ann)
    whole = everything_in(archive).decode()
    assert "Quarzgeheimnis" not in whole
    assert whole.count(seen) == 5  # favourite, bookmark twice, reblog, answered
    assert hidden not in whole
    assert blocked not in whole
    assert "bob@members.example" not in whole


async def test_only_its_owner_gets_it(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.post(ann, "mine")
    await made(town, ann)
    await made(town, bob)
    archive = await archive_of(town, ann)
    assert archive
    path = f"/settings/data/archives/{archive.id}"
    mine, theirs = await town.browser(ann), await town.browser(bob)
    own = await mine.get(path)
    assert own.status_code == 200
    assert own.headers["content-type"] == "application/zip"
    assert own.headers["content-length"] == str(archive.size) == str(len(own.content))
    assert own.headers["cache-control"] == "private, no-store"
    assert own.headers["content-disposition"].startswith('attachment; filename="ann-')
    other = await theirs.get(path)
    assert other.status_code == 404
    never = await theirs.get(f"/settings/data/archives/{archive.id + 1}")
    assert never.status_code == 404
    nobody = await town.anybody.get(path)
    assert nobody.headers["location"].endswith("/sign-in?next=" + path.replace("/", "%2F"))
    for client in (town.anybody, ann.client, mine):  # the key alone opens nothing
        assert (await client.get(f"/media/{archive.blob_key}")).status_code == 404
    page = Browser(town.rostra)
    page.client = theirs
    await page.open("/settings/data")
    token = {"csrf_token": page.forms()[0].fields["csrf_token"]}
    assert (await theirs.post(f"{path}/delete", data=token)).status_code == 404
    assert (await mine.get(path)).status_code == 200


async def test_a_deleted_post_is_deleted_from_the_archive_too(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    first, second = await town.post(ann, "Quarz one"), await town.post(ann, "Quarz two")
    await made(town, ann)
    await made(town, bob)
    good(await ann.client.delete(f"/api/v1/statuses/{first}"))
    assert await archive_of(town, ann) is None
    await town.rostra.work()
    assert len(await blobs(town)) == 1  # bob's
    # one that is being made begins anew, whenever the deletion comes
    archive_id = await requested(town, ann)
    good(await ann.client.delete(f"/api/v1/statuses/{second}"))
    await make_archive(town.services, MakeArchive(archive_id))
    again = await archive_of(town, ann)
    assert again
    assert not again.ready
    town.rostra.clock.advance(2 * MINUTE)
    await town.rostra.work()
    archive = await archive_of(town, ann)
    assert archive
    assert archive.ready
    data = await town.services.blobs.get(archive.blob_key)
    assert b"Quarz" not in everything_in(zipfile.ZipFile(io.BytesIO(data)))
    assert len(await blobs(town)) == 2


async def test_who_deletes_without_end_gets_none(town: Town) -> None:
    ann = await town.member("ann")
    await requested(town, ann)
    for _ in range(8):
        post = await town.post(ann)
        good(await ann.client.delete(f"/api/v1/statuses/{post}"))
        await town.rostra.work()
        post = await town.post(ann)
        good(await ann.client.delete(f"/api/v1/statuses/{post}"))
        town.rostra.clock.advance(MINUTE - 2)
    assert await town.count(archives) == 0
    assert await blobs(town) == []


async def test_it_goes_with_the_account(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await made(town, ann)
    waiting = await requested(town, bob)
    async with town.db.write() as tx:
        await remove_account(town.services, tx, ann.id)
        await remove_account(town.services, tx, bob.id)
    await make_archive(town.services, MakeArchive(waiting))
    await town.rostra.work()
    assert await town.count(archives) == 0
    assert await blobs(town) == []


async def test_its_time_ends_and_what_a_crash_left_is_swept(town: Town, data_dir: Path) -> None:
    ann, bob = await town.members("ann", "bob")
    await made(town, ann)
    left = "archives/aa/" + "a" * 32 + ".zip"
    await town.services.blobs.put(left, b"PK", "application/zip")
    now_s = town.rostra.clock.now() / 1000
    for path in (data_dir / "media" / "archives").rglob("*.zip"):
        os.utime(path, (now_s, now_s))
    begun = data_dir / "archive-x1"
    begun.mkdir()
    (begun / "archive.zip").write_bytes(b"PK")
    os.utime(begun, (now_s, now_s))
    await sweep_archives(town.services, SweepArchives())
    assert len(await blobs(town)) == 2
    town.rostra.clock.advance(2 * DAY)
    await requested(town, bob)  # and nobody ever makes it
    await sweep_archives(town.services, SweepArchives())
    assert len(await blobs(town)) == 1
    assert not begun.exists()
    town.rostra.clock.advance(6 * DAY)
    assert await archive_of(town, ann) is None
    await sweep_archives(town.services, SweepArchives())
    await town.rostra.work()
    assert await town.count(archives) == 0
    assert await blobs(town) == []


async def test_its_owner_may_delete_it_and_have_another(town: Town) -> None:
    ann = await town.member("ann")
    await made(town, ann)
    archive = await archive_of(town, ann)
    assert archive
    await made(town, ann)  # takes its place
    newer = await archive_of(town, ann)
    assert newer
    assert newer.id != archive.id
    assert await blobs(town) == [newer.blob_key]
    async with town.db.write() as tx:
        await drop_archive(town.services, tx, ann.id, newer.id)
    await town.rostra.work()
    assert await blobs(town) == []


async def test_pictures_in_it_tell_no_place(town: Town) -> None:
    ann = await town.member("ann")
    _, _, data = next(iter(gps_corpus()))
    picture = await town.picture(ann, data)
    await town.post(ann, "at home", media_ids=ids_of([picture]))
    archive = await made(town, ann)
    whole = everything_in(archive)
    assert not any(secret in whole for secret in SECRETS)
    for name in archive.namelist():
        if name.startswith("media_attachments/"):
            assert not find_metadata(archive.read(name))


async def test_one_lost_picture_does_not_spoil_the_rest(town: Town) -> None:
    ann = await town.member("ann")
    pictures = [
        await town.picture(ann, bytes(photo(64, side).pngsave_buffer())) for side in (48, 50)
    ]
    await town.post(ann, "two", media_ids=ids_of(pictures))
    lost = pictures[0]["url"].partition("/media/")[2]
    await town.services.blobs.delete([lost])
    archive = await made(town, ann)
    files = [name for name in archive.namelist() if name.startswith("media_attachments/")]
    assert files == [f"media_attachments/files/{pictures[1]['id']}.png"]


async def test_memory_does_not_grow_with_what_is_packed(town: Town) -> None:
    ann = await town.member("ann")
    picture = await town.picture(ann, bytes(photo(64, 48).pngsave_buffer()))
    await town.post(ann, "large", media_ids=ids_of([picture]))
    key = picture["url"].partition("/media/")[2]
    await town.services.blobs.put(key, bytes(48_000_000), "image/png")
    for number in range(120):
        await town.post(ann, f"{number} " + "x" * 900)
    archive_id = await requested(town, ann)
    tracemalloc.start()
    try:
        await make_archive(town.services, MakeArchive(archive_id))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 12_000_000
    archive = await archive_of(town, ann)
    assert archive
    assert archive.size > 48_000_000
    town.rostra.clock.advance(HOUR)
