"""A folder that is not there, hangs, or holds very much."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from tests.harness.patience import PATIENCE_S, Watch
from tests.hosting.providers import folder_place, marked_folder

from rostra.hosting.places.folder import FolderStore
from rostra.hosting.places.lane import HANGING, waited_for
from rostra.hosting.places.model import LARGEST, PlaceFailed
from rostra.hosting.places.port import Marked
from rostra.hosting.places.tree import INCOMING, may_hold


async def test_a_folder_without_its_mark_is_neither_written_nor_read(tmp_path: Path) -> None:
    root = tmp_path / "mount"
    store = FolderStore("cellar", root)
    for made in (False, True):
        if made:
            root.mkdir()  # a mount point whose disk is elsewhere
        for asked in (store.put("a/1", b""), store.create("a/1", b""), store.delete("a/1")):
            with pytest.raises(PlaceFailed, match=r"cellar: .*/mount is not there, or not marked"):
                await asked
        for looked in (store.read("a/1"), store.keys("a")):
            with pytest.raises(PlaceFailed, match="rostra ark mark cellar"):
                await looked
    assert list(root.iterdir()) == []


async def test_a_folder_is_marked_once_and_is_a_place_then(tmp_path: Path) -> None:
    store = FolderStore("cellar", tmp_path / "disk")
    assert isinstance(store, Marked)
    with pytest.raises(PlaceFailed, match="cellar: No such file"):
        await store.mark()
    (tmp_path / "disk").mkdir()
    assert await store.mark()
    assert not await store.mark()
    await store.put("a/1", b"one")
    assert await store.keys("a") == ["a/1"]


@pytest.fixture
def hanging(tmp_path: Path) -> Iterator[Path]:
    """A place where whoever reads the object `hangs` waits for ever: a pipe that nobody writes."""
    root = marked_folder(tmp_path / "place")
    os.mkfifo(root / "hangs")
    yield root
    # Both ends at once, so that whoever waits at either goes on.
    os.close(os.open(root / "hangs", os.O_RDWR | os.O_NONBLOCK))


async def test_what_hangs_is_given_up_and_holds_up_nobody_else(
    hanging: Path, tmp_path: Path
) -> None:
    store = FolderStore("far", hanging, deadline_s=0.2)
    other = folder_place("near", tmp_path / "near")
    with Watch() as watch:
        asked = (store.read("hangs") for _ in range(HANGING))
        told = await asyncio.gather(*asked, return_exceptions=True)
    assert [str(each) for each in told] == ["far: no answer in 0 s"] * HANGING
    assert watch.seconds < 5
    # Whoever asks now is told at once, by another store of the same folder too.
    again = FolderStore("far", hanging)
    with pytest.raises(PlaceFailed, match="far: it has not answered for"):
        await again.read("other")
    await other.put("a", b"1")
    assert await asyncio.to_thread(threading.active_count) > HANGING  # the shared threads are free
    # It answers again: so it is asked again.
    end = os.open(hanging / "hangs", os.O_RDWR | os.O_NONBLOCK)
    os.close(end)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                assert await again.read("other") is None
                break
            except PlaceFailed:
                await asyncio.sleep(0.02)


def test_a_process_ends_though_a_place_hangs(hanging: Path) -> None:
    program = (
        "import asyncio, sys; from pathlib import Path\n"
        "from rostra.hosting.places.folder import FolderStore\n"
        "from rostra.hosting.places.model import PlaceFailed\n"
        "try: asyncio.run(FolderStore('far', Path(sys.argv[1]), deadline_s=0.1).read('hangs'))\n"
        "except PlaceFailed as error: print(error)\n"
    )
    command = [sys.executable, "-c", program, str(hanging)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE_S)  # noqa: S603 (our own)
    assert done.stdout == "far: no answer in 0 s\n"


async def test_keys_come_in_the_order_of_their_text_page_by_page(tmp_path: Path) -> None:
    store = folder_place("disk", tmp_path / "place")
    names = ("b", "a-b/1", "a/1", "a/2/x", "a.c", "a/2-x", "a0/7", "a/10", "z/é")
    every = sorted(f"top/{name}" for name in names)
    for key in reversed(every):
        await store.put(key, b"")
    assert await store.keys("top") == every
    for size in (1, 2, 3):
        found: list[str] = []
        while page := await store.keys("top", after=found[-1] if found else "", limit=size):
            found += page
        assert found == every
    for after in ("top/a", "top/a/", "top/a-", "top/a/1/5", "top/zz", "a", "u"):
        assert await store.keys("top", after=after) == [key for key in every if key > after]
    assert await store.keys("top/b") == []
    assert await store.keys("nothing") == []


@pytest.mark.parametrize(
    ("folder", "after", "may"),
    [
        ("top/1", "", True),
        ("top/1", "top/1/x", True),
        ("top/1", "top/0/x", True),
        ("top/1", "top/2", False),
        ("top/1", "top/1-x", True),
        ("top/1-x", "top/1", True),
        ("top/1-x", "top/1/x", False),
    ],
)
def test_a_page_looks_at_no_folder_that_lies_before_it(
    folder: str, after: str, *, may: bool
) -> None:
    assert may_hold(folder, after) is may


async def test_what_was_never_stored_from_here_is_not_read(
    tmp_path: Path,
) -> None:
    root = tmp_path / "place"
    store = folder_place("disk", root)
    with (root / "huge").open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(PlaceFailed, match="disk: an object of 1,073,741,825 bytes"):
        await store.read("huge")


async def test_what_was_left_half_written_goes_after_a_day(tmp_path: Path) -> None:
    root = tmp_path / "disk"
    root.mkdir()
    incoming = root / INCOMING
    incoming.mkdir()
    for name, age_s in (("old", 90_000), ("new", 60)):
        (incoming / name).write_bytes(b"half")
        at = time.time() - age_s
        os.utime(incoming / name, (at, at))
    store = FolderStore("cellar", root)
    await store.mark()
    await store.put("a/1", b"whole")
    assert [path.name for path in incoming.iterdir()] == ["new"]


def test_what_comes_back_when_the_loop_is_closed_is_passed_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer: Future[int] = Future()

    async def wait() -> asyncio.Future[int]:
        return waited_for(answer)

    waited = asyncio.run(wait())
    answer.set_result(1)
    assert not waited.done()
    assert caplog.records == []
