"""Videos and recordings through the API: 202, 206, 200; limits, ranges, and nothing left over."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import pytest
from tests.harness.app import InProcess, running
from tests.harness.crowd import Member, Town, good
from tests.pictures import photo
from tests.recordings import gif, sound, video

from rostra.network.media.jobs import ConvertMedia, RemoveOrphans, convert, remove_orphans
from rostra.store.tables.posts import media

URL = "/api/v1/media"
POSTS = "/api/v1/statuses"


def stored(town: Town) -> list[Path]:
    folder = Path(town.services.settings.media_store)
    return [path for path in folder.rglob("*") if path.is_file()]


async def send(who: Member, data: bytes, status: int = 202, **form: Any) -> Any:
    files = {"file": ("x", data)} | {n: ("t", form.pop(n)) for n in ("thumbnail",) if n in form}
    return good(await who.client.post("/api/v2/media", files=files, data=form), status)


async def ready(town: Town, who: Member, data: bytes, **form: Any) -> Any:
    sent = await send(who, data, **form)
    await town.rostra.work()
    return good(await who.client.get(f"{URL}/{sent['id']}"))


def still() -> bytes:
    return bytes(photo(300, 200).pngsave_buffer())


async def test_rule_8_a_video_is_206_until_it_is_converted(town: Town) -> None:
    ann = await town.member("ann")
    sent = await send(ann, video(), description="A test", focus="0.5,0.25")
    assert (sent["type"], sent["url"], sent["preview_url"], sent["meta"]) == (
        "video",
        None,
        None,
        None,
    )
    waiting = good(await ann.client.get(f"{URL}/{sent['id']}"), 206)
    assert waiting == sent
    refusal = good(await ann.client.post(POSTS, json={"media_ids": [sent["id"]]}), 422)
    assert "still being processed" in refusal["error"]
    assert [path.suffix for path in stored(town)] == [".bin"]
    await town.rostra.work()
    shown = good(await ann.client.get(f"{URL}/{sent['id']}"))
    assert shown["description"] == "A test"
    assert len(shown["blurhash"]) > 6
    meta = shown["meta"]
    assert meta["focus"] == {"x": 0.5, "y": 0.25}
    assert (meta["width"], meta["height"], meta["size"], meta["fps"]) == (160, 120, "160x120", 10)
    assert meta["original"]["frame_rate"] == "10/1"
    assert 0.9 < meta["original"]["duration"] == meta["duration"] < 1.3
    assert meta["length"].startswith("0:00:0")
    assert meta["original"]["bitrate"] > 1000
    assert (meta["small"]["width"], meta["small"]["height"]) == (160, 120)
    assert (meta["audio_encode"], meta["audio_channels"]) == ("aac", "stereo")
    assert sorted(path.suffix for path in stored(town)) in ([".jpg", ".mp4"], [".mp4", ".png"])
    post = good(await ann.client.post(POSTS, json={"status": "", "media_ids": [sent["id"]]}))
    assert post["media_attachments"] == [shown]


async def test_a_recording_of_sound_and_the_picture_that_stands_for_it(town: Town) -> None:
    ann = await town.member("ann")
    bare = await ready(town, ann, sound())
    assert (bare["type"], bare["preview_url"], bare["blurhash"]) == ("audio", None, None)
    assert set(bare["meta"]["original"]) == {"duration", "bitrate"}
    assert bare["url"].endswith(".m4a")
    covered = await ready(town, ann, sound("ogg"), thumbnail=still())
    assert covered["meta"]["small"]["width"] == 300
    assert (await town.anybody.get(covered["preview_url"])).status_code == 200
    files = {"thumbnail": ("t", still())}
    later = good(await ann.client.put(f"{URL}/{bare['id']}", files=files))
    assert (await town.anybody.get(later["preview_url"])).headers["content-type"] == "image/jpeg"
    assert later["blurhash"]
    again = good(await ann.client.put(f"{URL}/{bare['id']}", files=files))
    await town.rostra.work()
    assert (await town.anybody.get(later["preview_url"])).status_code == 404
    assert (await town.anybody.get(again["preview_url"])).status_code == 200
    bad = {"thumbnail": ("t", b"<svg/>")}
    refused = good(await ann.client.put(f"{URL}/{bare['id']}", files=bad), 422)
    assert set(refused["details"]) == {"thumbnail"}
    await send(ann, sound(), 422, thumbnail=b"<html>")
    other = await town.member("bob")
    good(await other.client.put(f"{URL}/{bare['id']}", files=files), 404)


async def test_a_picture_given_while_it_is_converted_stays(town: Town) -> None:
    ann = await town.member("ann")
    sent = await send(ann, video())
    files = {"thumbnail": ("t", still())}
    waiting = good(await ann.client.put(f"{URL}/{sent['id']}", files=files), 206)
    assert waiting["preview_url"] is None
    await town.rostra.work()
    shown = good(await ann.client.get(f"{URL}/{sent['id']}"))
    assert shown["meta"]["small"]["width"] == 300
    assert len(stored(town)) == 2


async def test_an_animated_gif_becomes_a_loop_unless_it_is_transparent(town: Town) -> None:
    ann = await town.member("ann")
    loop = await ready(town, ann, gif())
    assert (loop["type"], loop["url"][-4:]) == ("gifv", ".mp4")
    assert "audio_encode" not in loop["meta"]
    assert loop["preview_url"]
    assert loop["meta"]["fps"] > 1
    clear = good(await ann.client.post("/api/v2/media", files={"file": ("x", gif(alpha=True))}))
    assert (clear["type"], clear["url"][-4:]) == ("image", ".gif")
    webp = bytes(photo().webpsave_buffer())
    assert good(await ann.client.post("/api/v2/media", files={"file": ("x", webp)}))


async def test_rule_8_old_clients_wait_and_get_the_whole(data_dir: Path, database_url: str) -> None:
    # As long as a busy machine may need: how long it is by default is not what this is about.
    async with running(data_dir, database_url, ROSTRA_VIDEO__WAIT_S="60") as rostra:
        ann = await Town(rostra).member("ann")
        files = {"file": ("x", video("webm"), "video/webm")}
        asking = asyncio.create_task(ann.client.post(URL, files=files))
        while not asking.done():
            await rostra.work()
            await asyncio.sleep(0.05)
        assert good(asking.result())["url"].endswith(".mp4")


async def test_old_clients_do_not_wait_for_ever(data_dir: Path, database_url: str) -> None:
    async with running(data_dir, database_url, ROSTRA_VIDEO__WAIT_S="0.3") as rostra:
        ann = await Town(rostra).member("ann")
        answer = await ann.client.post(URL, files={"file": ("x", video())})
        assert good(answer, 202)["url"] is None


async def test_what_can_not_be_taken_is_refused_at_once(town: Town) -> None:
    ann = await town.member("ann")
    head = b"\x1aE\xdf\xa3"
    for data in (head, head + b"\0" * 500, video()[:200], b"#EXTM3U\nfile:///etc/passwd", b"ID3"):
        refused = await send(ann, data, 422)
        assert set(refused["details"]) == {"file"}
    files = {"file": ("x.png", video(), "image/png")}
    good(await ann.client.post("/api/v2/media", files=files), 422)
    assert stored(town) == []
    assert await town.count(media) == 0


async def test_sizes_are_limited(data_dir: Path, database_url: str) -> None:
    limits: dict[str, Any] = {"ROSTRA_VIDEO__MAX_BYTES": "65536", "ROSTRA_VIDEO__MAX_SECONDS": "2"}
    async with running(data_dir, database_url, **limits) as rostra:
        town = Town(rostra)
        ann = await town.member("ann")
        await send(ann, sound("wav", 1.0), 413)
        assert "too long" in (await send(ann, sound("mp3", 3.0), 422))["error"]
        place = good(await ann.client.get("/api/v2/instance"))["configuration"]
        limits_told = place["media_attachments"]
        assert limits_told["video_size_limit"] == 65536
        assert "video/mp4" in limits_told["supported_mime_types"]


async def test_without_ffmpeg_it_says_so(
    data_dir: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with running(data_dir, database_url) as rostra:
        town = Town(rostra)
        ann = await town.member("ann")
        given = await send(ann, b"\0\0\0\x18ftypmp42" + b"\0" * 100, 422)
        assert "ffmpeg is not installed" in given["error"]
        moving = good(await ann.client.post("/api/v2/media", files={"file": ("x", gif())}))
        assert moving["type"] == "image"
        place = good(await ann.client.get("/api/v2/instance"))["configuration"]
        assert place["media_attachments"]["video_size_limit"] == 0
        assert not any("video" in t for t in place["media_attachments"]["supported_mime_types"])


@pytest.mark.postgresql
async def test_what_fails_says_why_and_leaves_nothing(town: Town) -> None:
    ann = await town.member("ann")
    good_head = video("mp4", seconds=3.0, extra=("-movflags", "+faststart"))
    sent = await send(ann, good_head[: len(good_head) // 2])
    await town.rostra.work()
    refused = good(await ann.client.get(f"{URL}/{sent['id']}"), 422)
    assert "damaged" in refused["details"]["file"][0]["description"]
    body = {"status": "x", "media_ids": [sent["id"]]}
    good(await ann.client.post(POSTS, json=body), 422)
    await town.rostra.work()
    assert stored(town) == []
    good(await ann.client.delete(f"{URL}/{sent['id']}"))
    good(await ann.client.get(f"{URL}/{sent['id']}"), 404)


async def test_a_video_stands_alone(town: Town) -> None:
    ann = await town.member("ann")
    film = await ready(town, ann, video())
    picture = await town.picture(ann, still())
    loop = await ready(town, ann, gif())
    mixed = [film["id"], picture["id"]]
    refused = good(await ann.client.post(POSTS, json={"status": "", "media_ids": mixed}), 422)
    assert set(refused["details"]) == {"media_ids"}
    both = [loop["id"], picture["id"]]
    post = good(await ann.client.post(POSTS, json={"status": "", "media_ids": both}))
    good(await ann.client.put(f"{POSTS}/{post['id']}", json={"media_ids": mixed}), 422)
    edited = good(await ann.client.put(f"{POSTS}/{post['id']}", json={"media_ids": mixed[:1]}))
    assert edited["media_attachments"] == [film]


async def test_parts_of_a_file_are_served(town: Town) -> None:
    ann = await town.member("ann")
    shown = await ready(town, ann, video())
    whole = await town.anybody.get(shown["url"])
    data, size = whole.content, len(whole.content)
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["content-length"] == str(size)
    assert "sandbox" in whole.headers["content-security-policy"]
    head = await town.anybody.head(shown["url"])
    assert (head.headers["content-length"], head.content) == (str(size), b"")
    cases: dict[str, tuple[int, int] | None] = {
        "bytes=0-0": (0, 1),
        "bytes=10-19": (10, 20),
        "bytes=100-": (100, size),
        "bytes=-5": (size - 5, size),
        f"bytes=5-{size * 2}": (5, size),
        f"bytes=-{size * 2}": (0, size),
        "bytes=0-1,5-6": None,
        "bytes=9-3": None,
        "bytes=x-": None,
        "bytes=-": None,
        "bytes=" + "9" * 40 + "-": None,
        "pages=1-2": None,
    }
    for asked, part in cases.items():
        answer = await town.anybody.get(shown["url"], headers={"range": asked})
        if part is None:
            assert (answer.status_code, answer.content) == (200, data), asked
            continue
        start, end = part
        assert (answer.status_code, answer.content) == (206, data[start:end]), asked
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
        assert answer.headers["content-length"] == str(end - start)
    for asked in (f"bytes={size}-", "bytes=-0"):
        answer = await town.anybody.get(shown["url"], headers={"range": asked})
        assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{size}")
    tag = whole.headers["etag"]
    for known, status in ((tag, 206), ('"other"', 200), (f"W/{tag}", 200)):
        headers = {"range": "bytes=0-3", "if-range": known}
        assert (await town.anybody.get(shown["url"], headers=headers)).status_code == status
    picture = await town.anybody.get(shown["preview_url"], headers={"range": "bytes=0-3"})
    assert (picture.status_code, len(picture.content)) == (206, 4)
    gone = shown["url"][:-10] + "aaaaaa.mp4"
    assert (await town.anybody.get(gone, headers={"range": "bytes=0-3"})).status_code == 404


async def test_uploads_that_wait_are_nobodys_to_fetch(town: Town) -> None:
    ann = await town.member("ann")
    await send(ann, video())
    (waiting,) = stored(town)
    key = waiting.relative_to(Path(town.services.settings.media_store)).as_posix()
    assert (await town.anybody.get(f"/media/{key}")).status_code == 404


@pytest.mark.parametrize("ending", ["deleted", "orphan"])
async def test_removed_before_it_is_converted(town: Town, ending: str) -> None:
    ann = await town.member("ann")
    sent = await send(ann, video(), thumbnail=still())
    if ending == "deleted":
        good(await ann.client.delete(f"{URL}/{sent['id']}"))
    else:
        town.rostra.clock.advance(25 * 3_600_000)
        await remove_orphans(town.services, RemoveOrphans())
    await town.rostra.work()
    assert stored(town) == []
    assert await town.count(media) == 0


async def test_removed_while_it_is_converted(town: Town) -> None:
    ann = await town.member("ann")
    sent = await send(ann, video())
    work = asyncio.create_task(convert(town.services, ConvertMedia(int(sent["id"]))))
    await asyncio.sleep(0.1)
    good(await ann.client.delete(f"{URL}/{sent['id']}"))
    with contextlib.suppress(Exception):
        await work
    await town.rostra.work()
    assert stored(town) == []


async def test_a_second_try_stores_nothing_twice(rostra: InProcess) -> None:
    town = Town(rostra)
    ann = await town.member("ann")
    sent = await send(ann, video())
    real = town.services.blobs.put

    async def fail(*_: Any) -> None:
        raise OSError("the store is away")

    object.__setattr__(town.services.blobs, "put", fail)
    with pytest.raises(OSError, match="away"):
        await convert(town.services, ConvertMedia(int(sent["id"])))
    object.__setattr__(town.services.blobs, "put", real)
    good(await ann.client.get(f"{URL}/{sent['id']}"), 206)
    await town.rostra.work()
    good(await ann.client.get(f"{URL}/{sent['id']}"))
    assert len(stored(town)) == 2


async def test_a_deleted_video_can_be_posted_again(town: Town) -> None:
    ann = await town.member("ann")
    shown = await ready(town, ann, sound())
    post = await town.post(ann, "", media_ids=[shown["id"]])
    gone = good(await ann.client.delete(f"{POSTS}/{post}"))
    await town.rostra.work()
    assert (await town.anybody.get(shown["url"])).status_code == 404
    kept = gone["media_attachments"][0]
    assert (await town.anybody.get(kept["url"])).status_code == 200
    again = good(await ann.client.post(POSTS, json={"media_ids": [shown["id"]]}))
    good(await ann.client.delete(f"{POSTS}/{again['id']}?delete_media=true"))
    await town.rostra.work()
    assert stored(town) == []


async def test_pages_play_what_plays(town: Town) -> None:
    ann = await town.member("ann")
    for data, tag in ((video(), "video"), (sound(), "audio"), (gif(), "video")):
        shown = await ready(town, ann, data, description="Waves & wind")
        post = await town.post(ann, "Listen.", media_ids=[shown["id"]])
        page = await town.anybody.get(f"/@ann/{post}")
        assert f"<{tag} " in page.text
        assert 'preload="metadata"' in page.text
        assert shown["url"] in page.text
        assert "Waves &amp; wind" in page.text
        assert ("poster=" in page.text) == (tag == "video")
        assert "media-src 'self'" in page.headers["content-security-policy"]
