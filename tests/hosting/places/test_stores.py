"""Every kind of place does the same; one that does not is found out before it is trusted."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncssh
import pytest
from obstore.store import MemoryStore
from tests.hosting.foreign import WithoutLinks, of_webdav, sftp, webdav
from tests.hosting.providers import Careless, Late, folder_place, marked_folder, of_s3, s3

from rostra.hosting.places.bucket import BucketStore
from rostra.hosting.places.folder import FolderStore
from rostra.hosting.places.model import PlaceFailed, Unsupported
from rostra.hosting.places.open import open_place
from rostra.hosting.places.port import Store
from rostra.hosting.places.probe import Report, probe
from rostra.hosting.places.sftp import SftpStore
from rostra.kernel.clock import ManualClock, SystemClock


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A server that speaks S3."""
    with s3() as address:
        yield address


@pytest.fixture(params=["folder", "memory", "s3", "webdav", "sftp", "sftp without links"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """A place; the test runs on each kind."""
    root = marked_folder(tmp_path / "served" / "place")
    if request.param == "folder":
        yield folder_place("disk", tmp_path / "place")
    elif request.param == "memory":
        yield BucketStore("memory", MemoryStore())
    elif request.param == "s3":
        yield open_place(of_s3(request.getfixturevalue("provider"), prefix=tmp_path.name))
    elif request.param == "webdav":
        with webdav(root.parent) as address:
            yield open_place(of_webdav(f"{address}/place"))
    else:
        kind = WithoutLinks if "without" in request.param else asyncssh.SFTPServer
        async with sftp(root.parent, kind) as server:
            opened = open_place(server.place())
            assert isinstance(opened, SftpStore)
            yield opened
            await opened.close()


async def test_what_is_stored_is_shown_listed_and_removed(store: Store) -> None:
    assert await store.read("a/1") is None
    assert await store.keys("a") == []
    assert await store.create("a/2", b"two")
    assert not await store.create("a/2", b"other")
    await store.put("a/1", b"one")
    await store.put("a/1", b"uno")
    await store.put("ab", b"beside the folder")
    first = await store.read("a/1")
    assert first is not None
    assert first.content == b"uno"
    assert await store.keys("a") == ["a/1", "a/2"]
    assert await store.keys("a", after="a/1") == ["a/2"]
    assert await store.keys("a", limit=1) == ["a/1"]
    await store.delete("a/1")
    await store.delete("a/1")
    assert await store.keys("a") == ["a/2"]


async def test_an_update_holds_for_the_version_that_it_names(store: Store) -> None:
    await store.put("one", b"1")
    found = await store.read("one")
    assert found is not None
    if not found.version:
        with pytest.raises(Unsupported, match="no conditional updates"):
            await store.replace("one", b"2", found.version)
        return
    assert await store.replace("one", b"2", found.version)
    assert not await store.replace("one", b"3", found.version)
    again = await store.read("one")
    assert again is not None
    assert again.content == b"2"


async def test_a_place_that_keeps_its_promises_may_vote(store: Store) -> None:
    report = await probe(store, SystemClock())
    assert report.may_fence, report
    assert report.may_hold
    assert await store.keys("probe") == []  # nothing is left behind


async def test_a_place_that_ignores_conditions_must_not_vote(store: Store) -> None:
    report = await probe(Careless(store), SystemClock())
    assert not report.may_fence
    assert report.may_hold
    failed = {check.name: check.words for check in report.checks if not check.passed}
    assert {"create once", "race"} <= set(failed)
    assert "conditions are ignored" in failed["create once"]
    assert "were told that they are first" in failed["race"]


async def test_a_place_that_shows_what_was_can_not_be_used() -> None:
    report = await probe(Late(BucketStore("late", MemoryStore())), SystemClock())
    assert not report.may_fence
    assert not report.may_hold
    assert "before the last write" in _words(report, "read after write")


async def test_a_clock_that_is_off_is_told() -> None:
    behind = ManualClock(SystemClock().now() - 60_000)
    report = await probe(BucketStore("memory", MemoryStore()), behind)
    assert report.may_fence
    assert _words(report, "clock").startswith("its clock is 6")


async def test_a_place_that_can_not_be_reached_is_one_failed_check(tmp_path: Path) -> None:
    nowhere = open_place(of_s3("http://127.0.0.1:9", name="gone"))
    report = await probe(nowhere, SystemClock())
    assert [check.name for check in report.checks] == ["reached"]
    assert not report.may_hold
    (tmp_path / "file").touch()
    with pytest.raises(PlaceFailed, match="disk: "):
        await FolderStore("disk", tmp_path / "file").put("a", b"")


@pytest.mark.parametrize(
    "key", ["", "../a", "/etc/passwd", "a/../../b", ".incoming/x", ".rostra-place", "a//b"]
)
async def test_a_folder_is_never_left(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="is no key"):
        await folder_place("disk", tmp_path).put(key, b"")


def _words(report: Report, name: str) -> str:
    return next(check.words for check in report.checks if check.name == name)
