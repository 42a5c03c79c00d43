"""Keys that can't be read are not keys that are not there: the notes wait for them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.crowd import Town, good
from tests.harness.patience import until
from tests.hosting.journal.afloat import Noted, noted

from rostra.hosting.ark.keys import KeysError
from rostra.hosting.ark.seal import Sealer
from rostra.hosting.journal.chain import chain
from rostra.hosting.journal.keep import Recorder
from rostra.hosting.journal.part import opened
from rostra.hosting.journal.send import Spool
from rostra.store import journal


@pytest.fixture
async def place(data_dir: Path) -> AsyncIterator[Noted]:
    """A place whose acts are noted."""
    async with noted(data_dir) as it:
        yield it


@pytest.fixture
def town(place: Noted) -> Town:
    """People for it."""
    return Town(place.rostra)


async def test_notes_wait_for_keys_that_cannot_be_read(
    place: Noted, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    """As when `rostra ark init` was typed by another user than the server runs as."""
    alice = await town.member("alice")
    await place.copy()
    file = place.ark.data_dir / "ark" / "keys.json"
    kept = file.read_bytes()
    file.write_bytes(b"damaged")
    posts = [await town.post(alice) for _ in range(3)]
    for post in posts:
        good(await alice.client.delete(f"/api/v1/statuses/{post}"))
    recorder = Recorder(place.rostra.services, place.ark.stores, every_s=0.01)
    with pytest.raises(KeysError, match="can't be read"):
        await recorder.round()
    running = asyncio.create_task(recorder.run())
    await until(lambda: "keys.json can't be read" in caplog.text)
    await asyncio.sleep(0.1)
    file.write_bytes(kept)
    await until(lambda: len(Spool(place.ark.data_dir).parts()) > 0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert caplog.text.count("can't be read") == 1
    found = await chain(place.ark.stores, place.ark.keys.public)
    sealer = Sealer(place.ark.keys.data_key)
    notes = [note for each in found.parts for note in opened(sealer, each.part)]
    assert [note.row["id"] for note in notes] == [int(post) for post in posts]


async def test_without_keys_no_notes_pile_up(place: Noted, town: Town) -> None:
    (place.ark.data_dir / "ark" / "keys.json").unlink()
    alice = await town.member("alice")
    for _ in range(3):
        good(await alice.client.delete(f"/api/v1/statuses/{await town.post(alice)}"))
    assert await place.recorder.round() is None
    async with place.rostra.db.read() as reader:
        assert len(await journal.after(reader, 0, 10)) <= 1
