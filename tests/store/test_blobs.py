"""One contract for blobs in a folder and in memory, and what only a folder has."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.kernel.errors import NotFound
from rostra.store.blobs import (
    Awaited,
    AwaitedBlobs,
    AwaitedList,
    BlobNotes,
    Blobs,
    LocalBlobs,
    NotedBlobs,
    ObjectBlobs,
    content_type_of,
    is_here,
    is_key,
    memory_blobs,
    new_key,
    open_blobs,
)

BAD_KEYS = (
    "../etc/passwd.txt",
    "/etc/passwd.txt",
    "media/../../x.png",
    "media//x.png",
    "media/.incoming.png",
    ".incoming/x.png",
    "media/x",
    "media/x.png/",
    "Media/x.png",
    "media\\x.png",
    "media/x\x00.png",
    "media/x.png\n",
    "",
    "a" * 300 + ".png",
)


class Nobody:
    """Brings nothing."""

    async def bring(self, awaited: Awaited) -> None:
        """Nothing is awaited here."""
        raise AssertionError(awaited)


@pytest.fixture(params=["local", "noted", "awaited", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "awaited":
        awaited = AwaitedList(tmp_path / "awaited.sqlite3")
        return AwaitedBlobs(LocalBlobs(tmp_path / "media"), awaited, Nobody())
    if request.param == "noted":
        return NotedBlobs(LocalBlobs(tmp_path / "media"), BlobNotes(tmp_path / "notes"))
    return LocalBlobs(tmp_path / "media") if request.param == "local" else memory_blobs()


async def listed(blobs: Blobs, prefix: str = "") -> dict[str, int]:
    return {info.key: info.size async for info in blobs.list(prefix)}


async def test_what_is_put_can_be_got(blobs: Blobs) -> None:
    key = new_key("media", "webp")
    await blobs.put(key, b"content", "image/webp")
    assert await blobs.get(key) == b"content"
    assert await blobs.exists(key)
    assert b"".join([piece async for piece in blobs.stream(key)]) == b"content"


async def test_put_replaces(blobs: Blobs) -> None:
    key = new_key("media", "webp")
    await blobs.put(key, b"first", "image/webp")
    await blobs.put(key, b"second", "image/webp")
    assert await blobs.get(key) == b"second"
    assert await listed(blobs) == {key: 6}


async def test_an_empty_and_a_large_blob(blobs: Blobs) -> None:
    large = os.urandom(3_000_000)
    await blobs.put("media/empty.png", b"", "image/png")
    await blobs.put("media/large.png", large, "image/png")
    assert await blobs.get("media/empty.png") == b""
    pieces = [piece async for piece in blobs.stream("media/large.png")]
    assert len(pieces) > 1 or not is_here(blobs)
    assert b"".join(pieces) == large


async def test_files_parts_sizes_and_copies(blobs: Blobs, tmp_path: Path) -> None:
    content = os.urandom(700_000)
    given = tmp_path / "given"
    given.write_bytes(content)
    key, other = new_key("media", "mp4"), new_key("media", "mp4")
    await blobs.put_file(key, given, "video/mp4")
    assert await blobs.size(key) == len(content)
    for start, length in ((0, 1), (5, 600_000), (699_999, 1)):
        part = b"".join([piece async for piece in blobs.stream_part(key, start, length)])
        assert part == content[start : start + length]
    await blobs.copy(key, other)
    await blobs.delete([key])
    assert await blobs.get(other) == content
    with pytest.raises(NotFound):
        await blobs.copy(key, other)
    with pytest.raises(NotFound):
        await blobs.size(key)
    with pytest.raises(NotFound):
        await anext(blobs.stream_part(key, 0, 1))
    assert await blobs.get(other) == content


async def test_a_missing_blob_is_not_found(blobs: Blobs) -> None:
    key = new_key("media", "png")
    assert not await blobs.exists(key)
    assert blobs.local_path(key) is None
    with pytest.raises(NotFound):
        await blobs.get(key)
    with pytest.raises(NotFound):
        [piece async for piece in blobs.stream(key)]


async def test_deleted_is_gone(blobs: Blobs) -> None:
    keys = [new_key("media", "png") for _ in range(3)]
    for key in keys:
        await blobs.put(key, b"x", "image/png")
    await blobs.delete([*keys[:2], new_key("media", "png")])
    assert await listed(blobs) == {keys[2]: 1}
    assert not await blobs.exists(keys[0])
    await blobs.delete([])


async def test_list_keeps_to_the_folder(blobs: Blobs) -> None:
    await blobs.put("media/ab/one.png", b"1", "image/png")
    await blobs.put("media/abc/two.png", b"22", "image/png")
    await blobs.put("avatars/three.png", b"333", "image/png")
    assert await listed(blobs, "media/ab/") == {"media/ab/one.png": 1}
    assert await listed(blobs, "media/") == {"media/ab/one.png": 1, "media/abc/two.png": 2}
    assert len(await listed(blobs)) == 3
    assert await listed(blobs, "nothing/") == {}
    for prefix in ("media", "../", "/"):
        with pytest.raises(ValueError, match="folder"):
            await listed(blobs, prefix)


@pytest.mark.parametrize("key", BAD_KEYS)
async def test_no_key_leaves_the_store(blobs: Blobs, key: str) -> None:
    assert not is_key(key)
    with pytest.raises(NotFound):
        await blobs.put(key, b"x", "image/png")
    with pytest.raises(NotFound):
        await blobs.get(key)
    with pytest.raises(NotFound):
        await blobs.delete([key])
    with pytest.raises(NotFound):
        await blobs.exists(key)
    with pytest.raises(NotFound):
        blobs.local_path(key)


@given(st.text())
def test_keys_stay_below_the_root(text: str) -> None:
    if is_key(text):
        assert Path(os.path.normpath(Path("/root") / text)).is_relative_to("/root/")
        assert "/." not in f"/{text}"


def test_fresh_keys_differ_and_are_keys() -> None:
    keys = {new_key("media", "webp") for _ in range(1000)}
    assert len(keys) == 1000
    assert all(is_key(key) and len(key) == len("media/xx/.webp") + 32 for key in keys)
    assert content_type_of(next(iter(keys))) == "image/webp"
    assert content_type_of("media/x.html") == "application/octet-stream"


async def test_a_deleted_file_is_gone_from_disk(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path)
    key = new_key("media", "png")
    await blobs.put(key, b"secret content", "image/png")
    path = blobs.local_path(key)
    assert path is not None
    assert path.read_bytes() == b"secret content"
    await blobs.delete([key])
    assert [name for _, _, names in os.walk(tmp_path) for name in names] == []


async def test_a_failed_put_leaves_nothing(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path)
    (tmp_path / "media").write_text("a file where a folder must be")
    with pytest.raises(OSError, match="media"):
        await blobs.put("media/x.png", b"x", "image/png")
    assert list((tmp_path / ".incoming").iterdir()) == []


async def test_what_a_crash_left_is_swept_when_it_is_old(tmp_path: Path) -> None:
    LocalBlobs(tmp_path)
    old, fresh = tmp_path / ".incoming" / "old", tmp_path / ".incoming" / "fresh"
    for file in (old, fresh):
        file.write_bytes(b"half")
    os.utime(old, (1_000_000, 1_000_000))
    blobs = LocalBlobs(tmp_path)
    assert not old.exists()
    assert fresh.exists()
    assert await listed(blobs) == {}


def test_the_setting_names_the_store(tmp_path: Path) -> None:
    assert isinstance(open_blobs(str(tmp_path / "media")), LocalBlobs)
    s3 = open_blobs(
        "s3://bucket/prefix",
        account="key",
        credentials="secret",
        region="eu",
        endpoint="https://s3.example",
    )
    azure = open_blobs("az://container", account="account", credentials="a2V5")
    for store in (s3, azure):
        assert isinstance(store, ObjectBlobs)
    with pytest.raises(ValueError, match="ftp"):
        open_blobs("ftp://host/folder")
