"""A server whose media are still at the places: it serves them, and tells how many are left."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.cli.test_ark import Program
from tests.harness.app import InProcess, running
from tests.hosting.ark.afloat import database_in
from tests.hosting.ark.test_jobs import hold
from tests.hosting.providers import places_file

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.jobs import CopyAll, copy_all, stores_of
from rostra.hosting.ark.manifest import Entry
from rostra.hosting.ark.media.installation import behind_of, ferry_of
from rostra.hosting.ark.media.later import Later, left_in
from rostra.hosting.ark.read import entries
from rostra.hosting.ark.restore import choose, path_of
from rostra.hosting.ark.seal import Sealer
from rostra.store.blobs import Left

KEY, OTHER = "media/aa/one.png", "media/bb/two.mp4"


@pytest.fixture
async def places(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the places, with a copy of two media there, which are not here any more."""
    file = places_file(tmp_path / "places.toml", tmp_path / "places")
    monkeypatch.setenv("ROSTRA_HOSTING_PLACES", str(file))
    url = database_in(data_dir)
    async with running(data_dir, url, None, ROSTRA_HOSTING__PLACES=str(file)) as rostra:
        services = rostra.services
        keys = ark_keys.make(data_dir, (ark_keys.new_paper_key()[1],))
        await hold(services.settings)
        await services.blobs.put(KEY, b"a picture", "image/png")
        await services.blobs.put(OTHER, b"a recording", "video/mp4")
        await copy_all(services, CopyAll())
        stores = stores_of(services.settings)
        found, later = await choose(stores), Later(data_dir)
        async for entry in entries(stores, found.manifest, Sealer(keys.data_key)):
            if entry.kind == "media":
                path_of(data_dir, entry).unlink()
                later.add(entry)
        later.flush()
        later.close()
    return file


@pytest.fixture
async def rostra(data_dir: Path, places: Path) -> AsyncIterator[InProcess]:
    """The network after that."""
    url = f"sqlite:///{data_dir / 'rostra.sqlite3'}"
    async with running(data_dir, url, None, ROSTRA_HOSTING__PLACES=str(places)) as running_:
        yield running_


async def test_they_are_served_whole_and_in_parts(rostra: InProcess, data_dir: Path) -> None:
    client = rostra.client()
    whole = await client.get(f"/media/{KEY}")
    assert (whole.status_code, whole.content) == (200, b"a picture")
    part = await client.get(f"/media/{OTHER}", headers={"range": "bytes=2-4"})
    assert (part.status_code, part.content) == (206, b"rec")
    assert left_in(data_dir) == Left()
    assert (await client.get("/media/media/aa/never.png")).status_code == 404


async def test_where_no_place_answers_it_is_a_matter_of_time(
    rostra: InProcess, data_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "places").rename(tmp_path / "away")
    client = rostra.client()
    for key in (KEY, OTHER):
        answer = await client.get(f"/media/{key}")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        assert "on its way here" in answer.text
        tag = {"if-none-match": f'"{key.rpartition("/")[2]}"'}
        assert (await client.get(f"/media/{key}", headers=tag)).status_code == 304
    assert left_in(data_dir).count == 2


async def test_the_server_brings_the_rest_and_can_delete_what_is_not_here(
    rostra: InProcess, data_dir: Path
) -> None:
    services = rostra.services
    await services.blobs.delete([OTHER])
    assert not await services.blobs.exists(OTHER)
    behind = behind_of(services)
    assert behind is not None
    assert await behind.round()
    assert left_in(data_dir) == Left()
    assert [info.key async for info in services.blobs.list()] == [KEY]
    assert (data_dir / "media" / KEY).read_bytes() == b"a picture"
    assert ferry_of(services) is not None


async def test_it_is_told_and_can_be_done_without_a_server(
    data_dir: Path, places: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def program(*words: str, status: int = 0) -> str:
        return await asyncio.to_thread(Program(data_dir, capsys), *words, status=status)

    assert "2 media (0.0 MiB) are still at the places" in await program("ark", "status")
    assert "2 media (0.0 MiB) are still at the places, sealed with the old keys" in await program(
        "renew", status=1
    )
    folders = places.parent / "places"
    folders.rename(tmp_path / "away")
    told = await program("ark", "fetch-media", status=1)
    assert told.count("NOT here: ") == 2
    assert "2 media can't be had from any place" in told
    (tmp_path / "away").rename(folders)
    assert "2 media" in await program("ark", "fetch-media")
    assert "all media are here" in await program("ark", "fetch-media")
    assert path_of(data_dir, Entry("media", OTHER, 0, ())).read_bytes() == b"a recording"
    assert "media" not in await program("ark", "status")
