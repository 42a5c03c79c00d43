"""Law 8: no stored variant of a picture carries a place, a serial number or an owner."""

from pathlib import Path

import pytest
from tests.harness.app import InProcess, running
from tests.harness.crowd import Town, good
from tests.pictures import SECRETS, find_metadata, gps_corpus


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


async def test_a_file_that_is_no_picture_is_refused(town: Town, rostra: InProcess) -> None:
    ann = await town.member("ann")
    for data in (b"", b"<svg onload=alert(1)>", b"GIF89a" + b"\0" * 50, b"%PDF-1.4"):
        files = {"file": ("picture.jpg", data, "image/jpeg")}
        refusal = good(await ann.client.post("/api/v2/media", files=files), 422)
        assert set(refusal["details"]) == {"file"}
    assert rostra.services.clock.now()
