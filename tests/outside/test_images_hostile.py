import asyncio
import gc
import os
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable

import msgspec
import pytest
import pyvips
from tests.harness.patience import PATIENCE_S, Watch
from tests.pictures import animated, find_metadata, photo, png_with

from rostra.kernel.errors import Invalid, TooLarge, Unavailable
from rostra.outside.images.sniff import agrees, sniff
from rostra.outside.images.workers import ImageWorkers
from rostra.settings import Images, Media, Settings

JPEG = bytes(photo().jpegsave_buffer())
PNG = bytes(photo().pngsave_buffer())
GIF = bytes(photo().gifsave_buffer())
WEBP = bytes(photo().webpsave_buffer())
AVIF = bytes(photo().heifsave_buffer(compression="av1", effort=0))
EVERY = {"jpeg": JPEG, "png": PNG, "gif": GIF, "webp": WEBP, "avif": AVIF}

SLEEPER = "import sys, time; sys.stdout.buffer.write({ready}); sys.stdout.flush(); time.sleep(600)"
READY = struct.pack(">II", 7, 0) + b"\xc4\x05ready"


def faulty(code: str) -> tuple[str, ...]:
    """A command for a child that does something else."""
    return (sys.executable, "-I", "-c", code)


def settings(**images: float) -> Settings:
    """Of the child processes, which have time as long as nothing else is said."""
    given = {**msgspec.to_builtins(Images()), "deadline_s": PATIENCE_S, **images}
    return Settings(images=msgspec.convert(given, Images))


def told_by(code: str) -> str:
    """What a fresh interpreter prints."""
    command = [sys.executable, "-I", "-c", code]
    done = subprocess.run(  # noqa: S603 (code of this file)
        command, check=True, capture_output=True, text=True, timeout=PATIENCE_S
    )
    return done.stdout


async def refused(images: ImageWorkers, data: bytes, declared: str = "") -> str:
    """The reason an upload is refused for; the pool must still work after it."""
    with pytest.raises(Invalid) as caught:
        await images.attachment(data, declared)
    assert list(caught.value.details) == ["file"]
    assert (await images.attachment(JPEG)).original.width == 320
    return caught.value.safe


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<!doctype html><script>alert(1)</script>",
        b'{"@context": "https://www.w3.org/ns/activitystreams", "type": "Person"}',
        b"%PDF-1.7\n",
        b"II*\0" + b"\0" * 100,
        b"BM" + b"\0" * 100,
        b"\x00\x00\x00\x18ftypheic\0\0\0\0heicmif1",
        b"\x00\x00\x00\x18ftypmp42\0\0\0\0mp42isom",
        b"#!/bin/sh\n",
        b"GIF",
        b"\xff",
        b"\0" * 4096,
    ],
)
async def test_other_types_are_refused(images: ImageWorkers, data: bytes) -> None:
    assert "not a picture that is accepted here" in await refused(images, data)


async def test_an_empty_file_is_refused(images: ImageWorkers) -> None:
    assert await refused(images, b"") == "Validation failed: File is empty"


@pytest.mark.parametrize("name", EVERY)
async def test_a_declared_type_must_be_the_real_one(images: ImageWorkers, name: str) -> None:
    other = "image/png" if name != "png" else "image/gif"
    assert "declared" in await refused(images, EVERY[name], other)
    assert "declared" in await refused(images, EVERY[name], "text/html")
    await images.attachment(EVERY[name], f"image/{name}; charset=binary")
    await images.attachment(EVERY[name], "application/octet-stream")


def test_types_by_content_and_by_name() -> None:
    assert {name: sniff(data) for name, data in EVERY.items()} == {
        name: f"image/{name}" for name in EVERY
    }
    assert agrees("IMAGE/JPG", "image/jpeg")
    for nothing in ("", "image/*", "binary/octet-stream", "('image/png', None)", "png", "a b/c"):
        assert agrees(nothing, "image/jpeg"), nothing
    assert not agrees("image/svg+xml", "image/png")


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.97])
async def test_a_file_that_ends_early_is_refused(
    images: ImageWorkers, name: str, share: float
) -> None:
    data = EVERY[name]
    await refused(images, data[: max(12, int(len(data) * share))])


@pytest.mark.parametrize("name", EVERY)
async def test_garbage_behind_a_right_beginning_is_refused(images: ImageWorkers, name: str) -> None:
    await refused(images, EVERY[name][:40] + b"\xa5\x00\x5a" * 2000)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", b"PK\x03\x04" + b"z" * 500])
async def test_what_hangs_behind_a_picture_is_dropped(
    images: ImageWorkers, name: str, tail: bytes
) -> None:
    made = await images.attachment(EVERY[name] + tail)
    for variant in made.variants.values():
        assert tail not in variant.data
        assert find_metadata(variant.data) == []


async def test_a_script_inside_a_picture_is_dropped(images: ImageWorkers) -> None:
    script = b"<script>alert(document.domain)</script>"
    made = await images.attachment(png_with(PNG, (b"tEXt", b"Comment\0" + script)))
    assert script not in made.original.data


def png_bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that unpacks to one band of this size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(width + 1)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    )


def gif_bomb() -> bytes:
    """A GIF of small frames that are too many pixels together; they differ, and take no time."""
    dark = pyvips.Image.black(640, 480)
    shades = [dark, (dark + 255).cast("uchar")] * 60
    strip = pyvips.Image.arrayjoin(shades, across=1).copy()
    strip.set_type(pyvips.GValue.gint_type, "page-height", 480)
    return bytes(strip.gifsave_buffer(effort=1))


@pytest.mark.parametrize(
    "make",
    [
        lambda: png_bomb(20_000, 3_000),
        # A frame of 65535 x 65535 announced in front of nothing.
        lambda: JPEG[: (at := JPEG.index(b"\xff\xc0")) + 5] + b"\xff" * 4 + JPEG[at + 9 :],
        lambda: PNG[:16] + struct.pack(">II", 2**31 - 1, 2**31 - 1) + PNG[24:],
        gif_bomb,
    ],
    ids=["png", "jpeg header", "png header", "gif frames"],
)
async def test_bombs_are_refused_by_their_header(
    images: ImageWorkers, make: Callable[[], bytes]
) -> None:
    data = make()
    assert (await images.attachment(JPEG)).original.width == 320  # the child has been started
    with Watch() as watch, pytest.raises(Invalid):
        await images.attachment(data)
    assert watch.seconds < 2.0


async def test_the_pixel_limit_is_told(images: ImageWorkers) -> None:
    reason = await refused(images, png_bomb(20_000, 3_000))
    assert reason == "Validation failed: File has too many pixels (at most 33 million)"


async def test_the_frame_limit_is_told(images: ImageWorkers) -> None:
    reason = await refused(images, bytes(animated(2, 2, frames=1001).gifsave_buffer(effort=1)))
    assert "too many frames (at most 1000)" in reason


async def test_the_byte_limits() -> None:
    small = ImageWorkers(Settings(media=Media(max_picture_bytes=65_536, max_avatar_bytes=70_000)))
    data = JPEG + b"\0" * (66_000 - len(JPEG))
    with pytest.raises(TooLarge):
        await small.attachment(data)
    assert (await small.avatar(data)).original.width == 400
    await small.close()


async def test_a_child_that_needs_too_much_memory_is_refused() -> None:
    pool = ImageWorkers(settings(memory_mb=160))
    noise = pyvips.Image.gaussnoise(5700, 5700).cast("uchar")
    heavy = bytes(noise.jpegsave_buffer(interlace=True, Q=40))
    with pytest.raises(Invalid):
        await pool.attachment(heavy)
    assert (await pool.attachment(JPEG)).original.width == 320
    await pool.close()


async def test_a_child_that_does_not_answer_is_ended_at_the_deadline() -> None:
    pool = ImageWorkers(settings(deadline_s=0.3), command=faulty(SLEEPER.format(ready=READY)))
    started = time.monotonic()
    with Watch() as watch, pytest.raises(Invalid, match="takes too long"):
        await pool.attachment(JPEG)
    assert time.monotonic() - started >= 0.3
    assert watch.seconds < 5.0
    await pool.close()


async def test_a_child_that_reads_nothing_is_ended_at_the_deadline() -> None:
    pool = ImageWorkers(settings(deadline_s=0.3), command=faulty(SLEEPER.format(ready=READY)))
    with pytest.raises(Invalid, match="takes too long"):
        await pool.attachment(JPEG + b"\0" * 1_000_000)  # more than a pipe holds
    await pool.close()


@pytest.mark.parametrize(
    "then",
    ["sys.exit(3)", "sys.stdout.buffer.write(b'\\xff' * 64)", "sys.stdout.buffer.write(b'x')"],
)
async def test_a_child_that_fails_costs_one_picture(then: str) -> None:
    code = f"import sys; w = sys.stdout.buffer; w.write({READY!r}); w.flush(); "
    pool = ImageWorkers(settings(), command=faulty(code + f"sys.stdin.buffer.read(9); {then}"))
    with pytest.raises(Invalid, match="could not be processed"):
        await pool.attachment(JPEG)
    await pool.close()


@pytest.mark.parametrize("code", ["raise SystemExit(1)", "print('x' * 50, flush=True)"])
async def test_a_child_that_does_not_start_is_our_fault(code: str) -> None:
    pool = ImageWorkers(settings(), command=faulty(code))
    with pytest.raises(Unavailable):
        await pool.attachment(JPEG)
    await pool.close()


async def test_a_missing_command_is_our_fault() -> None:
    pool = ImageWorkers(settings(), command=("/nonexistent/python",))
    with pytest.raises(Unavailable):
        await pool.attachment(JPEG)
    await pool.close()


async def test_children_are_replaced() -> None:
    pool = ImageWorkers(settings(), pictures_per_child=2)
    for _ in range(5):
        assert (await pool.attachment(JPEG)).original.width == 320
    await pool.close()


async def test_pictures_wait_for_each_other_up_to_a_limit() -> None:
    pool = ImageWorkers(settings(children=2))
    asked = await asyncio.gather(*(pool.avatar(JPEG) for _ in range(80)), return_exceptions=True)
    turned_away = [answer for answer in asked if isinstance(answer, Unavailable)]
    assert len(turned_away) == 80 - 64
    assert not [answer for answer in asked if isinstance(answer, Invalid)]
    assert (await pool.avatar(JPEG)).original.width == 400
    await pool.close()


async def test_a_caller_that_gives_up_disturbs_nobody(images: ImageWorkers) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await images.attachment(JPEG)
    assert (await images.attachment(PNG)).source == "image/png"


def test_one_pool_serves_several_event_loops() -> None:
    pool = ImageWorkers(settings())
    for _ in range(3):
        made = asyncio.run(pool.attachment(JPEG))
        assert made.original.width == 320
    asyncio.run(pool.close())
    asyncio.run(pool.close())
    with pytest.raises(Unavailable):
        asyncio.run(pool.attachment(JPEG))
    gc.collect()


async def test_closing_ends_pictures_at_work() -> None:
    pool = ImageWorkers(settings(), command=faulty(SLEEPER.format(ready=READY)))
    tasks = [asyncio.create_task(pool.attachment(JPEG)) for _ in range(3)]
    await asyncio.sleep(0.3)
    with Watch() as watch:
        await pool.close()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(answer, Unavailable) for answer in answers)
    assert watch.seconds < 5.0


def test_a_child_is_confined() -> None:
    code = (
        "import os, resource as r; from rostra.outside.images import child; child.confine(300);"
        "print(os.nice(0), r.getrlimit(r.RLIMIT_AS)[0] >> 20, r.getrlimit(r.RLIMIT_FSIZE)[0],"
        "r.getrlimit(r.RLIMIT_CORE)[0], r.getrlimit(r.RLIMIT_NOFILE)[0])"
    )
    nice = min(os.nice(0) + 10, 19)  # these tests may be nice already
    assert told_by(code).split() == [str(nice), "300", "0", "0", "32"]


def test_the_server_never_loads_libvips() -> None:
    code = (
        "import sys, rostra.outside.images, rostra.outside.http, rostra.outside.mail;"
        "print(*{'pyvips', '_libvips', 'PIL', 'blurhash'} & set(sys.modules))"
    )
    assert told_by(code).split() == []
