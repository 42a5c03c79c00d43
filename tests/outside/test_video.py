"""Videos and recordings, converted by the tools alone: forms, limits, hostile files."""

import asyncio
import os
import shutil
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.recordings import FORMS, SOUNDS, boxes, ffmpeg, sound, video

from rostra.kernel.errors import Invalid
from rostra.outside.video import Converted, VideoTools, container_of
from rostra.outside.video.commands import fitted
from rostra.outside.video.model import LARGEST_AREA
from rostra.outside.video.probe import facts_of
from rostra.settings import load


def tools(folder: Path, **settings: Any) -> VideoTools:
    environ = {f"ROSTRA_VIDEO__{name.upper()}": str(value) for name, value in settings.items()}
    return VideoTools(load(data=folder, environ=environ))


@asynccontextmanager
async def converted(
    folder: Path, data: bytes, *, container: str = "", **settings: Any
) -> AsyncIterator[Converted]:
    made = tools(folder, **settings)
    async with made.folder() as work:
        path = work / "in"
        path.write_bytes(data)
        async with made.converted(path, container or container_of(data[:64])) as result:
            yield result


async def refused(folder: Path, data: bytes, **settings: Any) -> str:
    with pytest.raises(Invalid) as caught:
        async with converted(folder, data, **settings):
            pass
    assert not list((folder / "scratch").iterdir())
    return str(caught.value.details["file"][0]["description"])


@pytest.mark.parametrize("name", FORMS)
async def test_every_form_of_video_becomes_a_streaming_mp4(tmp_path: Path, name: str) -> None:
    async with converted(tmp_path, video(name)) as made:
        facts, data = made.facts, made.path.read_bytes()
        assert (made.kind, made.mime) == ("video", "video/mp4")
        assert (facts.video, facts.audio, facts.width, facts.height) == ("h264", "aac", 160, 120)
        assert (facts.frame_rate, facts.pixels) == ("10/1", "yuv420p")
        assert 0.9 < facts.seconds < 1.3
        assert facts.bitrate > 0
        assert made.poster.startswith(b"\x89PNG")
    order = [name for name, _ in boxes(data) if "/" not in name]
    assert order.index("moov") < order.index("mdat")
    assert not list((tmp_path / "scratch").iterdir())


@pytest.mark.parametrize("name", SOUNDS)
async def test_every_form_of_sound_becomes_an_mp4(tmp_path: Path, name: str) -> None:
    async with converted(tmp_path, sound(name)) as made:
        assert (made.kind, made.mime, made.poster) == ("audio", "audio/mp4", b"")
        assert (made.facts.audio, made.facts.video) == ("aac", "")
        assert made.facts.audio_channels == 2
        assert 0.9 < made.facts.seconds < 1.3


async def test_what_every_client_plays_keeps_its_coding(tmp_path: Path) -> None:
    given = video("mp4", size="320x240", rate=25)
    slices = frames_of(tmp_path, given)
    async with converted(tmp_path, given) as made:
        assert frames_of(tmp_path, made.path.read_bytes()) == slices
    heavier = video("mp4", size="320x240", rate=25, extra=("-pix_fmt", "yuv444p"))
    async with converted(tmp_path, heavier) as made:
        assert made.facts.pixels == "yuv420p"


def frames_of(folder: Path, data: bytes) -> bytes:
    """A checksum of every decoded picture."""
    given, out = folder / "frames.mp4", folder / "frames.md5"
    given.write_bytes(data)
    ffmpeg("-i", given, "-map", "0:v", "-f", "framemd5", out)
    lines = [line for line in out.read_bytes().splitlines() if not line.startswith(b"#")]
    return b"\n".join(line.rpartition(b",")[2] for line in lines)


async def test_pictures_are_upright_small_and_even(tmp_path: Path) -> None:
    turned = bytearray(video("mp4", size="320x180"))
    at = turned.find(b"tkhd") + 4 + 40  # ISO/IEC 14496-12, 8.3.2: the matrix, here a quarter turn
    turned[at : at + 36] = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 180 << 16, 0, 1 << 30)
    async with converted(tmp_path, bytes(turned)) as made:
        assert (made.facts.width, made.facts.height) == (180, 320)
    large = video("webm", size="2560x1440", rate=2, seconds=1.0)
    async with converted(tmp_path, large) as made:
        assert (made.facts.width, made.facts.height) == (1920, 1080)
    fast = video("mp4", size="64x48", rate=100, seconds=0.5)
    async with converted(tmp_path, fast) as made:
        assert made.facts.fps == 60
    wide = video("avi", size="160x120", extra=("-vf", "setsar=2"))
    async with converted(tmp_path, wide) as made:
        assert (made.facts.width, made.facts.height) == (320, 120)


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_sizes_fit(width: int, height: int) -> None:
    wide, high = fitted(width, height)
    assert wide % 2 == high % 2 == 0
    assert wide >= 2
    assert high >= 2
    assert wide * high <= max(LARGEST_AREA, 4 * max(wide, high))


@pytest.mark.parametrize(
    ("data", "settings", "words"),
    [
        (lambda: video(size="640x480"), {"max_pixels": 65_536}, "too many pixels"),
        (lambda: video(rate=30), {"max_frame_rate": 20}, "frames a second"),
        (lambda: video(seconds=3.0), {"max_seconds": 1}, "too long"),
        (lambda: sound(seconds=3.0), {"max_seconds": 1}, "too long"),
        (lambda: video(seconds=6.0, size="640x480", rate=60), {"deadline_s": 0.01}, "too long"),
    ],
)
async def test_limits_hold(tmp_path: Path, data: Any, settings: dict[str, Any], words: str) -> None:
    assert words in await refused(tmp_path, data(), **settings)


async def test_files_that_break_off_are_refused(tmp_path: Path) -> None:
    fast = video("mp4", seconds=4.0, extra=("-movflags", "+faststart"))
    late = video("mp4", seconds=4.0)  # its table of contents stands at the end
    for data in (late[: len(late) // 2], fast[: len(fast) // 2], video("mkv")[:300]):
        assert "damaged" in await refused(tmp_path, data)
    for name in ("mp3", "flac", "ogg", "wav"):
        assert await refused(tmp_path, sound(name)[:60])


async def test_a_stream_that_turns_huge_stays_small(tmp_path: Path) -> None:
    """The decoder stops at the limit of pixels, whatever the header said."""
    parts = [tmp_path / "small.ts", tmp_path / "huge.ts"]
    for path, size in zip(parts, ("64x48", "4000x4000"), strict=True):
        ffmpeg("-f", "lavfi", "-i", f"color=s={size}:r=5:d=2", "-c:v", "libx264", path)
    joined, out = tmp_path / "joined.ts", tmp_path / "bomb.mkv"
    joined.write_bytes(b"".join(path.read_bytes() for path in parts))
    ffmpeg("-i", joined, "-map", "0:v:0", "-c", "copy", "-bsf:v", "dump_extra", out)
    assert "damaged" in await refused(tmp_path, out.read_bytes(), max_pixels=1_000_000)


PLAYLISTS = (
    b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    b"ffconcat version 1.0\nfile /etc/passwd\n",
    b"<?xml version='1.0'?><MPD><BaseURL>http://127.0.0.1/</BaseURL></MPD>",
    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    b"<html><video src=x></html>",
    b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
    b"[playlist]\nFile1=http://127.0.0.1/\n",
    b"",
)


@pytest.mark.parametrize("text", PLAYLISTS)
async def test_what_names_other_files_is_never_read(tmp_path: Path, text: bytes) -> None:
    assert container_of(text) == ""
    disguises = (b"\x00\x00\x00\x18ftypmp42", b"\x1aE\xdf\xa3", b"ID3\x03\0\0\0\0\0\0", b"OggS")
    for head in disguises:
        assert await refused(tmp_path, head + text)


async def test_references_to_other_files_are_not_followed(tmp_path: Path) -> None:
    """A QuickTime file whose samples are said to lie in another file (`dref`, `url `)."""
    secret = tmp_path / "secret"
    secret.write_bytes(video("mov", size="64x48"))
    data = bytearray(video("mov"))
    at = data.find(b"dref")
    assert at > 0
    address = secret.as_uri().encode() + b"\0"
    box = struct.pack(">I", 12 + len(address)) + b"url \0\0\0\0" + address
    outside = bytes(data[: at + 12]) + box + bytes(data[at + 12 + 12 :])
    with pytest.raises(Invalid):  # the boxes around it no longer fit, and nothing was opened
        async with converted(tmp_path, outside):
            pass


async def test_the_child_is_limited(tmp_path: Path) -> None:
    assert await refused(tmp_path, video("mkv", size="1280x720"), memory_mb=256)


async def test_without_the_programs_it_says_which(tmp_path: Path) -> None:
    empty = tmp_path / "bin"
    empty.mkdir()
    none = VideoTools(load(data=tmp_path, environ={}), path=str(empty))
    assert not none.available
    with pytest.raises(Invalid, match="ffmpeg is not installed"):
        none.require()
    (empty / "ffmpeg").symlink_to(shutil.which("ffmpeg") or "")
    half = VideoTools(load(data=tmp_path, environ={}), path=str(empty))
    with pytest.raises(Invalid, match="ffprobe is not installed"):
        half.require()


async def test_giving_up_ends_the_child(tmp_path: Path) -> None:
    data = video("avi", size="1280x720", rate=30, seconds=20.0)  # takes many seconds to convert
    work = asyncio.create_task(_long(tmp_path, data))
    await asyncio.sleep(1.0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not list((tmp_path / "scratch").iterdir())


async def _long(folder: Path, data: bytes) -> None:
    async with converted(folder, data):
        raise AssertionError("it was not given up")


async def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    made = tools(tmp_path)
    async with made.folder() as fresh:
        stale = fresh.with_name("stale")
        stale.mkdir()
        (stale / "in").write_bytes(b"x")
        os.utime(stale, (0, 0))
        made.sweep()
        assert (fresh.exists(), stale.exists()) == (True, False)


@given(st.binary(max_size=300))
def test_any_answer_of_the_probe_is_read_or_refused(answer: bytes) -> None:
    try:
        facts_of(answer, "mov")
    except ValueError:
        return


def test_absurd_numbers_are_none() -> None:
    stream = (
        b'{"streams":[{"codec_type":"video","codec_name":"h264","width":-5,"height":4,'
        b'"avg_frame_rate":"999999999999999999999999/1","sample_aspect_ratio":"99999:1"}],'
        b'"format":{"duration":"1e400","bit_rate":"nan"}}'
    )
    facts = facts_of(stream, "mov")
    assert (facts.width, facts.frame_rate, facts.seconds, facts.bitrate) == (0, "", 0.0, 0)
