"""Law 8: nothing stored, picture, video or sound, carries a place, a serial number or an owner."""

from pathlib import Path

import pytest
from tests.harness.app import InProcess, running
from tests.harness.crowd import Town, good
from tests.pictures import OWNER, SECRETS, exif, find_metadata, gps_corpus, jpeg_with, photo
from tests.recordings import SECRETS as RECORDED
from tests.recordings import boxes, telling_corpus


@pytest.mark.parametrize("name", ["attachment", "avatar", "header"])
async def test_every_stored_variant_is_clean(data_dir: Path, sqlite_url: str, name: str) -> None:
    async with running(data_dir, sqlite_url) as rostra:
        town = Town(rostra)
        stored = await _upload_all(town, name, data_dir)
    assert stored >= len(_corpus(name))


def _corpus(name: str) -> list[tuple[str, str, bytes]]:
    """Attachments: all. The other two take the same way, so of each format the fullest."""
    full = ("all", "trailer", "xmp")
    return [each for each in gps_corpus() if name == "attachment" or each[0].endswith(full)]


async def _upload_all(town: Town, name: str, data_dir: Path) -> int:
    ann = await town.member("ann")
    seen = 0
    for label, mime, data in _corpus(name):
        assert find_metadata(data) or any(secret in data for secret in SECRETS), label
        files = {name if name != "attachment" else "file": ("picture", data, mime)}
        if name == "attachment":
            await ann.client.post("/api/v2/media", files=files)
        else:
            url = "/api/v1/accounts/update_credentials"
            good(await ann.client.patch(url, files=files))
        for path in _files(data_dir):
            content = path.read_bytes()
            assert find_metadata(content) == [], (label, path)
            for secret in SECRETS:
                assert secret not in content, (label, path)
            path_seen = path.with_suffix(path.suffix + ".seen")
            path.rename(path_seen)  # looked at once
            seen += 1
    return seen


def _files(data_dir: Path) -> list[Path]:
    found = (data_dir / "media").rglob("*")
    return [path for path in found if path.is_file() and path.suffix != ".seen"]


# What an MP4 file needs to be played, and the texts that stand in it: our own, the same for all.
_NEEDED = {
    *("ftyp", "free", "mdat", "moov", "mvhd", "trak", "tkhd", "edts", "elst", "mdia", "mdhd"),
    *("hdlr", "minf", "vmhd", "smhd", "dinf", "dref", "stbl", "stsd", "stts", "stss", "ctts"),
    *("stsc", "stsz", "stco", "co64", "sgpd", "sbgp", "udta"),
}
_OWN_TEXTS = {b"VideoHandler", b"SoundHandler"}


async def test_every_stored_video_and_recording_is_clean(data_dir: Path, sqlite_url: str) -> None:
    corpus = telling_corpus()
    cover = jpeg_with(bytes(photo().jpegsave_buffer()), (0xE1, b"Exif\0\0" + exif()))
    async with running(data_dir, sqlite_url) as rostra:
        town = Town(rostra)
        ann = await town.member("ann")
        for label, data in corpus:
            assert any(secret in data for secret in RECORDED), label
            files = {"file": (OWNER.decode(), data)}
            if not label.startswith("mp4"):
                files["thumbnail"] = ("t", cover)
            sent = good(await ann.client.post("/api/v2/media", files=files), 202)
            await rostra.work()
            good(await ann.client.get(f"/api/v1/media/{sent['id']}"))
            await rostra.work()  # what was sent is gone
            assert _clean(label, data_dir) >= 1, label
            assert not any((data_dir / "scratch").iterdir())


def _clean(label: str, data_dir: Path) -> int:
    for path in (found := _files(data_dir)):
        content = path.read_bytes()
        assert path.suffix in {".mp4", ".m4a", ".jpg", ".png", ".webp"}, (label, path)
        for secret in (*SECRETS, *RECORDED):
            assert secret not in content, (label, path, secret)
            assert secret.decode("latin-1").encode("utf-16-be") not in content, (label, path)
        if path.suffix in {".mp4", ".m4a"}:
            assert _surplus(content) == [], (label, path)
        else:
            assert find_metadata(content) == [], (label, path)
        path.rename(path.with_suffix(path.suffix + ".seen"))  # looked at once
    return len(found)


def _surplus(data: bytes) -> list[str]:
    """Everything in an MP4 file that is not needed to play it."""
    found = []
    for path, body in boxes(data):
        name = path.rpartition("/")[2]
        if name == "udta" or path.endswith("udta/meta"):
            continue  # looked into: it may hold the empty list of tags and nothing else
        if name not in _NEEDED:
            found.append(f"box {path} {body[:40]!r}")
        if name == "hdlr" and body[24:].rstrip(b"\0") not in _OWN_TEXTS:
            found.append(f"handler {body[24:]!r}")
        if name == "free" and body.strip(b"\0"):
            found.append(f"free {body[:40]!r}")
        if name in {"mvhd", "tkhd", "mdhd"} and any(body[4:12]):
            found.append(f"time in {path}")
    at = data.find(b"ilst")
    if at >= 0 and data[at - 4 : at] != b"\0\0\0\x08":
        found.append(f"tags {data[at : at + 60]!r}")
    return found


async def test_a_file_that_is_no_picture_is_refused(town: Town, rostra: InProcess) -> None:
    ann = await town.member("ann")
    for data in (b"", b"<svg onload=alert(1)>", b"GIF89a" + b"\0" * 50, b"%PDF-1.4"):
        files = {"file": ("picture.jpg", data, "image/jpeg")}
        refusal = good(await ann.client.post("/api/v2/media", files=files), 422)
        assert set(refusal["details"]) == {"file"}
    assert rostra.services.clock.now()
