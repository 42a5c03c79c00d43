"""Blobs that are still elsewhere: brought when asked for, listed once, deleted for good."""

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from rostra.kernel.errors import NotFound, Unavailable
from rostra.store.blobs import (
    Awaited,
    AwaitedBlobs,
    AwaitedList,
    BlobInfo,
    Filling,
    Left,
    LocalBlobs,
    left_at,
)

KEY = "media/aa/far.png"
CONTENT = b"a picture"
PIECE = "5a" * 32


class Elsewhere:
    """Where blobs are brought from, one after the other; counts how often."""

    def __init__(self, to: LocalBlobs, awaited: AwaitedList) -> None:
        self._to = to
        self._awaited = awaited
        self.kept: dict[str, bytes] = {}
        self.away = False
        self.brought: list[str] = []

    def keep(self, key: str, content: bytes, stored_at: int = 5_000) -> None:
        """Keep a blob, and have it awaited."""
        self.kept[key] = content
        self._awaited.add([Awaited(key, len(content), stored_at, (PIECE,))])

    async def bring(self, awaited: Awaited) -> None:
        """Bring one."""
        if self.away:
            raise Unavailable(inside="away")
        fresh = self._to.fresh()
        fresh.write_bytes(self.kept[awaited.key])
        self.brought.append(awaited.key)
        self._awaited.arrive(
            awaited.key, lambda: self._to.take_in(fresh, awaited.key, awaited.stored_at)
        )
        fresh.unlink(missing_ok=True)


@pytest.fixture
def folder(tmp_path: Path) -> LocalBlobs:
    return LocalBlobs(tmp_path / "media")


@pytest.fixture
def awaited(tmp_path: Path) -> AwaitedList:
    return AwaitedList(tmp_path / "ark" / "awaited.sqlite3")


@pytest.fixture
def elsewhere(folder: LocalBlobs, awaited: AwaitedList) -> Elsewhere:
    return Elsewhere(folder, awaited)


@pytest.fixture
def blobs(folder: LocalBlobs, awaited: AwaitedList, elsewhere: Elsewhere) -> AwaitedBlobs:
    return AwaitedBlobs(folder, awaited, elsewhere)


async def listed(blobs: AwaitedBlobs, prefix: str = "") -> list[BlobInfo]:
    return sorted([info async for info in blobs.list(prefix)], key=lambda info: info.key)


async def test_each_way_of_asking_brings_it_once(
    blobs: AwaitedBlobs, elsewhere: Elsewhere, awaited: AwaitedList
) -> None:
    async def copied(key: str) -> bytes:
        await blobs.copy(key, "media/aa/copy.png")
        return await blobs.get("media/aa/copy.png")

    async def streamed(key: str) -> bytes:
        return b"".join([piece async for piece in blobs.stream(key)])

    async def in_parts(key: str) -> bytes:
        parts = [piece async for piece in blobs.stream_part(key, 2, 3)]
        return CONTENT[:2] + b"".join(parts) + CONTENT[5:]

    async def measured(key: str) -> bytes:
        return CONTENT[: await blobs.size(key)]

    for number, ask in enumerate((blobs.get, copied, streamed, in_parts, measured)):
        key = f"media/aa/far{number}.png"
        elsewhere.keep(key, CONTENT)
        assert blobs.local_path(key) is None
        assert await blobs.exists(key)
        assert elsewhere.brought == []
        assert await ask(key) == CONTENT
        assert await blobs.get(key) == CONTENT
        assert blobs.local_path(key) is not None
        assert elsewhere.brought == [key]
        assert awaited.left() == Left()
        elsewhere.brought.clear()


async def test_what_is_deleted_or_replaced_is_not_brought(
    blobs: AwaitedBlobs, elsewhere: Elsewhere, awaited: AwaitedList, tmp_path: Path
) -> None:
    for key in ("media/aa/gone.png", "media/aa/put.png", "media/aa/file.png"):
        elsewhere.keep(key, CONTENT)
    assert awaited.left() == Left(3, 3 * len(CONTENT))
    await blobs.delete(["media/aa/gone.png", "media/aa/never.png"])
    await blobs.put("media/aa/put.png", b"new", "image/png")
    (tmp_path / "given").write_bytes(b"newer")
    await blobs.put_file("media/aa/file.png", tmp_path / "given", "image/png")
    assert awaited.left() == Left()
    assert not await blobs.exists("media/aa/gone.png")
    with pytest.raises(NotFound):
        await blobs.get("media/aa/gone.png")
    assert await blobs.get("media/aa/put.png") == b"new"
    assert await blobs.get("media/aa/file.png") == b"newer"
    assert elsewhere.brought == []


async def test_what_is_deleted_while_it_comes_does_not_come_back(
    blobs: AwaitedBlobs, elsewhere: Elsewhere, awaited: AwaitedList, folder: LocalBlobs
) -> None:
    elsewhere.keep(KEY, CONTENT)
    fresh = folder.fresh()
    fresh.write_bytes(CONTENT)
    await blobs.delete([KEY])  # when all of it was fetched, and before it was put
    assert not awaited.arrive(KEY, lambda: folder.take_in(fresh, KEY, 0))
    assert not await blobs.exists(KEY)


async def test_one_that_can_not_be_put_is_still_awaited(
    elsewhere: Elsewhere, awaited: AwaitedList, folder: LocalBlobs
) -> None:
    elsewhere.keep(KEY, CONTENT)
    with pytest.raises(FileNotFoundError):
        awaited.arrive(KEY, lambda: folder.take_in(folder.fresh(), KEY, 0))
    assert awaited.get(KEY) == Awaited(KEY, len(CONTENT), 5_000, (PIECE,))
    assert awaited.left() == Left(1, len(CONTENT))


async def test_each_is_listed_once_with_the_time_that_it_had(
    blobs: AwaitedBlobs, elsewhere: Elsewhere
) -> None:
    await blobs.put("avatars/aa/near.png", b"near", "image/png")
    keys = [f"media/{number % 7:02}/{number}.png" for number in range(600)]
    for key in keys:
        elsewhere.keep(key, CONTENT)
    seen = []
    async for info in blobs.list():  # all of them come meanwhile
        seen.append(info.key)
        if info.key in elsewhere.kept and info.key not in elsewhere.brought:
            await blobs.get(info.key)
            await blobs.get(keys[len(seen) % 600])
    assert sorted(seen) == sorted([*keys, "avatars/aa/near.png"])
    assert len(set(elsewhere.brought)) == 600
    elsewhere.keep("media/aa/last.png", b"last")
    assert await listed(blobs, "media/aa/") == [BlobInfo("media/aa/last.png", 4, 5_000)]
    assert (await listed(blobs, "media/03/"))[0] == BlobInfo("media/03/10.png", 9, 5_000)
    with pytest.raises(ValueError, match="a prefix is a folder"):
        await listed(blobs, "media/a")


async def test_where_it_can_not_be_had_now_that_is_said(
    blobs: AwaitedBlobs, elsewhere: Elsewhere
) -> None:
    elsewhere.keep(KEY, CONTENT)
    elsewhere.away = True
    with pytest.raises(Unavailable):
        await blobs.get(KEY)
    assert await blobs.exists(KEY)
    elsewhere.away = False
    assert await blobs.get(KEY) == CONTENT


async def test_two_processes_share_what_is_awaited(
    blobs: AwaitedBlobs, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    other = AwaitedList(tmp_path / "ark" / "awaited.sqlite3")
    elsewhere.keep(KEY, CONTENT)
    assert other.get(KEY) is not None
    await asyncio.to_thread(other.remove, (KEY,))
    assert not await blobs.exists(KEY)
    assert [each.key for each in other.some("", 5)] == []
    other.close()


async def test_they_are_given_in_the_order_of_their_keys(
    elsewhere: Elsewhere, awaited: AwaitedList
) -> None:
    for key in ("media/b.png", "media/a.png", "media/c.png"):
        elsewhere.keep(key, CONTENT)
    assert [each.key for each in awaited.some("", 2)] == ["media/a.png", "media/b.png"]
    assert [each.key for each in awaited.some("media/b.png", 2)] == ["media/c.png"]
    elsewhere.keep("media/a.png", b"told anew")
    assert awaited.left() == Left(3, 2 * len(CONTENT) + len(b"told anew"))


def test_a_list_of_very_many_is_made_in_one_go(tmp_path: Path) -> None:
    path = tmp_path / "ark" / "awaited.sqlite3"
    made, two = Filling(path), (PIECE, PIECE[::-1])
    made.add(Awaited(f"media/{at * 7 % 100:02}.png", at, 5, two) for at in range(150))
    assert not path.exists()
    made.finish()
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    with closing(AwaitedList(path)) as awaited:
        assert awaited.left() == Left(100, sum(range(50, 150)))  # the later of two counts
        assert awaited.some("", 1) == [Awaited("media/00.png", 100, 5, two)]
        awaited.remove(["media/00.png"])
        awaited.add([Awaited("media/aa.png", 1, 5, (PIECE,))])
        assert awaited.left() == Left(100, sum(range(50, 150)) - 100 + 1)
    again = Filling(path)
    again.end()  # given up: what was there stays
    with closing(AwaitedList(path)) as awaited:
        assert awaited.left().count == 100
    Filling(path).finish()
    with closing(AwaitedList(path)) as awaited:
        assert awaited.left() == Left()


def test_a_list_that_can_not_be_opened_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "awaited.sqlite3").write_bytes(b"nonsense" * 1_000)
    with pytest.raises(OSError, match=r"awaited\.sqlite3"):
        AwaitedList(tmp_path / "awaited.sqlite3")
    with pytest.raises(OSError, match=r"awaited\.sqlite3"):
        left_at(tmp_path / "awaited.sqlite3")
    assert left_at(tmp_path / "none.sqlite3") == Left()
    (tmp_path / "list.sqlite3.new").mkdir()
    with pytest.raises(OSError, match=r"list\.sqlite3"):
        Filling(tmp_path / "list.sqlite3")
