"""Videos and recordings made for tests by ffmpeg, plain ones and ones that tell too much."""

import shutil
import struct
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyvips

from tests.pictures import OWNER, PLACE, SERIAL, animated, jpeg_with, photo

WHO, WHERE, WHICH = OWNER.decode(), PLACE.decode(), SERIAL.decode()
POSITION = "+52.5166+013.4102/"
"""As cameras write it into `©xyz` and `loci`."""

SECRETS = (OWNER, PLACE, SERIAL, POSITION[:8].encode(), b"Chapter of Olive")

_PICTURE = ("-f", "lavfi", "-i", "testsrc2=s={size}:r={rate}:d={seconds}")
_SOUND = ("-f", "lavfi", "-i", "sine=f=440:d={seconds}")
_TOLD = (
    *("-metadata", f"title={WHO}", "-metadata", f"comment={WHERE}"),
    *("-metadata", f"artist={WHO}", "-metadata", f"location={POSITION}"),
    *("-metadata", f"com.apple.quicktime.make={WHICH}", "-metadata", f"serial={WHICH}"),
    *("-metadata:s:0", f"title={WHERE}", "-metadata:s:0", f"handler_name={WHO}"),
    *("-metadata:s:1", f"title={WHICH}", "-metadata:s:1", f"handler_name={WHO}"),
)
_CHAPTERS = f"""\
;FFMETADATA1
title={WHO}
[CHAPTER]
TIMEBASE=1/1000
START=0
END=500
title=Chapter of Olive
"""

FORMS: dict[str, tuple[str, ...]] = {
    "mp4": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"),
    "mov": ("-c:v", "mpeg4", "-c:a", "pcm_s16le"),
    "webm": ("-c:v", "libvpx", "-b:v", "300k", "-c:a", "libopus"),
    "mkv": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "flac"),
    "avi": ("-c:v", "mjpeg", "-c:a", "mp3"),
}
SOUNDS: dict[str, tuple[str, ...]] = {
    "mp3": ("-c:a", "libmp3lame"),
    "ogg": ("-c:a", "libvorbis"),
    "opus": ("-c:a", "libopus"),
    "flac": ("-c:a", "flac"),
    "wav": ("-c:a", "pcm_s16le"),
    "m4a": ("-c:a", "aac"),
}


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for a while."""
    with TemporaryDirectory() as folder:
        yield Path(folder)


def ffmpeg(*arguments: str | Path) -> None:
    """Run it; what it complains of fails the test."""
    program = shutil.which("ffmpeg")
    assert program, "the tests of videos need ffmpeg (Debian: apt-get install ffmpeg)"
    command = [program, "-nostdin", "-hide_banner", "-v", "error", "-y", *map(str, arguments)]
    subprocess.run(command, check=True)  # noqa: S603 (our own arguments)


@cache
def _made(name: str, size: str, rate: int, seconds: float, extra: tuple[str, ...]) -> bytes:
    form = FORMS.get(name) or SOUNDS[name]
    words = {"size": size, "rate": rate, "seconds": seconds}
    inputs = [*(_PICTURE if name in FORMS else ()), *_SOUND]
    with scratch() as folder:
        path = folder / f"made.{name}"
        ffmpeg(*(each.format_map(words) for each in inputs), *form, *extra, path)
        return path.read_bytes()


def video(
    name: str = "mp4",
    size: str = "160x120",
    rate: int = 10,
    seconds: float = 1.0,
    extra: Sequence[str] = (),
) -> bytes:
    """A moving test picture with a tone."""
    return _made(name, size, rate, seconds, tuple(extra))


def sound(name: str = "mp3", seconds: float = 1.0, extra: Sequence[str] = ()) -> bytes:
    """A tone."""
    return _made(name, "", 0, seconds, tuple(extra))


def gif(*, alpha: bool = False) -> bytes:
    """An animated GIF; with alpha half of it is transparent."""
    if not alpha:
        return bytes(animated().write_to_buffer(".gif"))
    frames = [photo(32, 24, alpha=True), photo(32, 24, alpha=True).invert()]
    frames[1] = frames[1].extract_band(0, n=3).bandjoin(frames[0].extract_band(3))
    strip = pyvips.Image.arrayjoin(frames, across=1).copy()
    strip.set_type(pyvips.GValue.array_int_type, "delay", [80, 80])
    strip.set_type(pyvips.GValue.gint_type, "page-height", 24)
    return bytes(strip.write_to_buffer(".gif"))


def telling_corpus() -> list[tuple[str, bytes]]:
    """Name and bytes of uploads that tell place, owner and serial number in every way we know."""
    with scratch() as folder:
        cover, chapters, note = folder / "c.jpg", folder / "chapters.txt", folder / "note.txt"
        cover.write_bytes(jpeg_with(bytes(photo().jpegsave_buffer()), (0xFE, OWNER + PLACE)))
        chapters.write_text(_CHAPTERS, encoding="utf-8")
        note.write_text(f"{WHO} {WHERE} {WHICH}", encoding="utf-8")
        found = [(name, video(name, extra=_TOLD)) for name in FORMS]
        found += [(name, sound(name, extra=_TOLD[:-8])) for name in SOUNDS]
        tagged = ("-movflags", "use_metadata_tags", *_TOLD)
        found.append(("mp4 mdta", video("mp4", extra=tagged)))
        found.append(("mp4 chapters", _with(folder, "mp4", ("-i", chapters), ("-map_chapters", 1))))
        found.append(("mkv chapters", _with(folder, "mkv", ("-i", chapters), ("-map_chapters", 1))))
        attached = ("-attach", note, "-metadata:s:t", "mimetype=text/plain")
        found.append(("mkv attachment", _with(folder, "mkv", (), attached)))
        covered = ("-map", "0:a", "-map", "1:v", "-c", "copy", "-disposition:v", "attached_pic")
        titled = (*covered, "-metadata:s:v", f"title={WHO}", "-metadata:s:v", f"comment={WHERE}")
        found += [(f"{n} cover", _with(folder, n, ("-i", cover), titled)) for n in ("mp3", "flac")]
        found.append(("m4a cover", _with(folder, "m4a", ("-i", cover), covered)))
    plain = video("mp4")
    found.append(("mp4 free box", plain + _box(b"free", b" ".join(SECRETS))))
    found.append(("mp4 xmp", plain + _box(b"uuid", b"\xbe" * 16 + b" ".join(SECRETS))))
    found.append(("mp4 sei", video("mp4", extra=("-bsf:v", _sei()))))
    found.append(("mp3 trailing", sound("mp3") + b"TAG" + WHO.encode().ljust(125, b"\0")))
    return found


def _sei() -> str:
    """A free text between the slices, where some cameras write positions."""
    text = f"{WHO}_{POSITION}".replace(" ", "_").replace(",", "_")
    return f"h264_metadata=sei_user_data=086f3693-b7b3-4f2c-9653-21492feee5b8+{text}"


def _with(folder: Path, name: str, inputs: Sequence[object], options: Sequence[object]) -> bytes:
    given, out = folder / f"given.{name}", folder / f"out.{name}"
    given.write_bytes(video(name) if name in FORMS else sound(name))
    maps = () if "-map" in options else ("-c", "copy")
    ffmpeg("-i", given, *map(str, inputs), *maps, *map(str, options), out)
    return out.read_bytes()


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def boxes(data: bytes, at: int = 0, end: int = 0) -> list[tuple[str, bytes]]:
    """Every box of an MP4 file with its path and, where it holds no others, its body."""
    found: list[tuple[str, bytes]] = []
    end = end or len(data)
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, at)
        size = size if size >= 8 else end - at
        name = kind.decode("latin-1")
        if name in {"moov", "trak", "mdia", "minf", "stbl", "udta", "edts", "dinf"}:
            found += [(f"{name}/{path}", body) for path, body in boxes(data, at + 8, at + size)]
        found.append((name, b"" if name == "mdat" else data[at + 8 : at + size]))
        at += size
    return found
