"""What is wrong with an export is found before anything is written, and named."""

import hashlib
import io
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pyrage
import pytest
from tests.harness.app import running
from tests.harness.crowd import Town
from tests.hosting.takeout.exported import lived_in, read_in, silent, written

from rostra.hosting.takeout.export import Network, export
from rostra.hosting.takeout.model import TakeoutError
from rostra.hosting.takeout.pack import sink
from rostra.kernel.clock import ManualClock
from rostra.store.blobs import LocalBlobs
from rostra.store.gates import file_gates
from rostra.store.roots import differing
from rostra.store.schema import current_revision


@pytest.fixture
async def network(sqlite_url: str, data_dir: Path) -> str:
    """A small network that somebody has lived in, with a key."""
    (data_dir / "ledger.key").write_bytes(b"k" * 32)
    async with running(data_dir, sqlite_url) as rostra:
        await lived_in(Town(rostra))
    return sqlite_url


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _home(tmp_path: Path) -> tuple[str, Path]:
    to = tmp_path / "to"
    return f"sqlite:///{to / 'rostra.sqlite3'}", to


async def _refused(export_file: Path, tmp_path: Path, words: str, secret: str = "") -> None:
    """It is refused with these words, and nothing has come of it."""
    url, to = _home(tmp_path)
    with pytest.raises(TakeoutError, match=words):
        await read_in(export_file, url, to, secret)
    assert await current_revision(url) is None
    assert [path for path in to.rglob("*") if path.is_file() and path.parent.name != "gates"] == []


Spoil = Callable[[Path], object]


def _edit(name: str, before: bytes, after: bytes) -> Spoil:
    def edit(folder: Path) -> None:
        path = folder / name
        content = path.read_bytes()
        assert before in content
        path.write_bytes(content.replace(before, after, 1))

    return edit


def _first_medium(folder: Path) -> Path:
    return next(path for path in sorted((folder / "media").rglob("*")) if path.is_file())


def _linked(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


SPOILT: dict[str, tuple[Spoil, str]] = {
    "a table": (_edit("tables/accounts.jsonl", b"alice", b"alicf"), "accounts.jsonl is not what"),
    "a line less": (
        lambda folder: (folder / "tables/posts.jsonl").write_bytes(b""),
        "posts.jsonl is not what",
    ),
    "a key": (lambda folder: (folder / "files/ledger.key").write_bytes(b"x"), "ledger.key is not"),
    "a medium": (lambda folder: _first_medium(folder).write_bytes(b"x"), "media/.* is not what"),
    "a medium gone": (lambda folder: _first_medium(folder).unlink(), "media/.* is missing"),
    "a table gone": (lambda folder: (folder / "tables/users.jsonl").unlink(), "users.jsonl is mis"),
    "a link": (lambda folder: _linked(folder / "tables/users.jsonl"), "users.jsonl is missing"),
    "a pipe": (lambda folder: _pipe(folder / "tables/users.jsonl"), "users.jsonl is no plain file"),
    "the list of media": (
        lambda folder: (folder / "media.jsonl").write_bytes(b"{}\n"),
        "media.jsonl is not what",
    ),
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "cut short"),
    "nonsense": (lambda folder: (folder / "manifest.json").write_bytes(b"[]"), "manifest.json: "),
    "another format": (_edit("manifest.json", b"rostra-network", b"other"), "the format is"),
    "a newer format": (_edit("manifest.json", b'"version": 1', b'"version": 2'), "a newer Rostra"),
    "a newer schema": (_edit("manifest.json", b'"revision": "0', b'"revision": "9'), "a newer"),
    "a path elsewhere": (
        _edit("manifest.json", b"tables/accounts.jsonl", b"../../accounts.jsonl"),
        "is no file of an export",
    ),
    "media counted wrongly": (_edit("manifest.json", b'"count": ', b'"count": 1'), "does not list"),
}


@pytest.mark.parametrize("spoilt", SPOILT)
async def test_it_is_looked_through_first(spoilt: str, network: str, tmp_path: Path) -> None:
    to = tmp_path / "export"
    await written(network, tmp_path / "data", to)
    spoil, words = SPOILT[spoilt]
    spoil(to)
    await _refused(to, tmp_path, words)


def _hashed_anew(folder: Path, name: str, content: bytes) -> None:
    """Change a file as somebody would who knows of the hashes."""
    path = folder / name
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes())
    path.write_bytes(content)
    for told in (*manifest["tables"], *manifest["files"], manifest["media"]):
        if told["path"] == name:
            digest = hashlib.sha256(content).hexdigest()
            told.update(size=len(content), sha256=digest)
    (folder / "manifest.json").write_bytes(msgspec.json.encode(manifest))


def _first(content: bytes) -> bytes:
    return content[: content.index(b"\n") + 1]


FORGED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a text for a number": (
        lambda lines: lines.replace(b'"id":', b'"id":"x","i":', 1),
        "accounts.jsonl, lines 1 to 3: ",
    ),
    "a column more": (
        lambda lines: lines.replace(b'{"id"', b'{"more":1,"id"', 1),
        "accounts.jsonl, lines 1 to 3: ",
    ),
    "a line without an end": (
        lambda lines: b" " * (17 << 20) + lines,
        "accounts.jsonl has a line of more than 16 MiB",
    ),
    "a row twice": (lambda lines: lines + _first(lines), "table accounts: "),
    "a row less": (lambda lines: lines.removeprefix(_first(lines)), "has 2 rows, the manifest"),
}


@pytest.mark.parametrize("forged", FORGED)
async def test_what_is_forged_with_its_hash_leaves_no_database(
    forged: str, network: str, tmp_path: Path
) -> None:
    to = tmp_path / "export"
    await written(network, tmp_path / "data", to)
    forge, words = FORGED[forged]
    content = (to / "tables/accounts.jsonl").read_bytes()
    _hashed_anew(to, "tables/accounts.jsonl", forge(content))
    url, home = _home(tmp_path)
    with pytest.raises(TakeoutError, match=words):
        await read_in(to, url, home)
    assert await current_revision(url) is None
    assert file_gates(home)[0].closing() is not None


async def test_a_table_of_another_schema_is_refused(network: str, tmp_path: Path) -> None:
    to = tmp_path / "export"
    await written(network, tmp_path / "data", to)
    _edit("manifest.json", b'"name": "markers"', b'"name": "markerz"')(to)
    url, home = _home(tmp_path)
    with pytest.raises(TakeoutError, match="table markerz is not that of the schema"):
        await read_in(to, url, home)
    assert await current_revision(url) is None


async def test_one_file_sealed_for_somebody(network: str, tmp_path: Path) -> None:
    secret = pyrage.x25519.Identity.generate()
    other = str(pyrage.x25519.Identity.generate())
    to = tmp_path / "network.tar.age"
    there = await written(network, tmp_path / "data", to, str(secret.to_public()))
    assert to.stat().st_mode & 0o777 == 0o600
    assert b"alice" not in to.read_bytes()
    assert _names(tmp_path) == ["data", "network.tar.age"]
    await _refused(to, tmp_path, "it is sealed")
    await _refused(to, tmp_path, "does not open", other)
    flipped = bytearray(to.read_bytes())
    flipped[-100] ^= 1
    (tmp_path / "flipped.tar.age").write_bytes(flipped)
    await _refused(tmp_path / "flipped.tar.age", tmp_path, "does not open", str(secret))
    url, home = _home(tmp_path)
    loaded = await read_in(to, url, home, f"# from the safe\n{secret}\n")
    assert loaded.rows == there.rows
    assert (home / "ledger.key").read_bytes() == b"k" * 32
    again = await written(url, home, tmp_path / "again.tar")
    assert differing(again.roots, there.roots) == ["jobs"]  # search is to be made anew
    assert again.media.content_bytes == there.media.content_bytes > 0
    with pytest.raises(TakeoutError, match="there already"):
        await read_in(to, url, home, str(secret))


async def test_keys_of_others_are_not_taken_along(network: str, tmp_path: Path) -> None:
    to = tmp_path / "export"
    data = tmp_path / "data"
    data.mkdir(exist_ok=True)
    for name in ("My_Key.key", "mine.key"):
        (data / name).write_bytes(b"k" * 32)
    await written(network, data, to)
    assert "ledger.key" in _names(to / "files")
    assert {"My_Key.key", "mine.key"}.isdisjoint(_names(to / "files"))


async def test_keys_are_never_exchanged(network: str, tmp_path: Path) -> None:
    to = tmp_path / "export"
    await written(network, tmp_path / "data", to)
    url, home = _home(tmp_path)
    home.mkdir()
    (home / "ledger.key").write_bytes(b"o" * 32)
    with pytest.raises(TakeoutError, match="is another one"):
        await read_in(to, url, home)
    assert (home / "ledger.key").read_bytes() == b"o" * 32


@pytest.mark.parametrize("left", ["ark/keys.json", "ark/journal/1.json"])
async def test_no_network_goes_on_with_the_ark_of_another(
    left: str, network: str, tmp_path: Path
) -> None:
    """Its first notes would be taken for sent, and those of the other one be replayed onto it."""
    to = tmp_path / "export"
    await written(network, tmp_path / "data", to)
    url, home = _home(tmp_path)
    (home / left).parent.mkdir(parents=True)
    (home / left).touch()
    with pytest.raises(TakeoutError, match="ark is there already, the ark of another network"):
        await read_in(to, url, home)
    assert await current_revision(url) is None
    assert file_gates(home)[0].closing() is None
    (home / left).unlink()
    (home / left).parent.rename(tmp_path / "away")
    await read_in(to, url, home)


async def test_media_that_are_only_named_must_be_there(network: str, tmp_path: Path) -> None:
    to = tmp_path / "export"
    there = await written(network, tmp_path / "data", to, media=False)
    assert not (to / "media").exists()
    assert not there.media.held
    url, home = _home(tmp_path)
    loaded = await read_in(to, url, home)
    assert (loaded.media, loaded.missing) == (0, 2)


async def test_where_it_may_be_written(network: str, tmp_path: Path) -> None:
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    full = tmp_path / "full"
    full.mkdir()
    (full / "x").touch()
    (tmp_path / "there.tar").touch()
    data = tmp_path / "data"
    for to, given, words in (
        (full, (), "there already"),
        (tmp_path / "there.tar", (), "there already"),
        (tmp_path / "new.tar", (recipient,), "ends in .tar.age"),
        (tmp_path / "new.tar.age", (), "ends in .tar.age"),
        (tmp_path / "new.tar.age", ("age1x",), "is no recipient"),
    ):
        with pytest.raises(TakeoutError, match=words):
            await written(network, data, to, *given)
    assert not (tmp_path / "new.tar").exists()
    assert not [name for name in _names(tmp_path) if name.startswith(".")]
    nothing = Network(
        data_dir=data,
        database_url=f"sqlite:///{tmp_path / 'none'}",
        blobs=LocalBlobs(data / "media"),
        domain="rostra.example",
        clock=ManualClock(1),
    )
    with sink(tmp_path / "new") as (taken, spool), pytest.raises(TakeoutError, match="no database"):
        await export(nothing, taken, spool, lambda _rows: silent)


def _tar(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        for told, content in members:
            told.size = len(content)
            tar.addfile(told, io.BytesIO(content))
    return made.getvalue()


def _member(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    told = tarfile.TarInfo(name)
    told.type = kind
    told.linkname = "/etc/passwd"
    return told


HOSTILE = {
    "a way out": (_tar((_member("../out"), b"x")), "is no file of an export"),
    "a root": (_tar((_member("/etc/out"), b"x")), "is no file of an export"),
    "a link": (_tar((_member("manifest.json", tarfile.SYMTYPE), b"")), "is no plain file"),
    "a device": (_tar((_member("manifest.json", tarfile.CHRTYPE), b"")), "is no plain file"),
    "twice": (
        _tar((_member("manifest.json"), b"x"), (_member("manifest.json"), b"y")),
        "this is no export",
    ),
    "no archive": (b"x" * 2000, "this is no export"),
    "nothing in it": (_tar(), "cut short"),
}


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_a_hostile_archive_writes_nothing_elsewhere(hostile: str, tmp_path: Path) -> None:
    content, words = HOSTILE[hostile]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.tar").write_bytes(content)
    await _refused(tmp_path / "in" / "x.tar", tmp_path, words)
    assert not (tmp_path / "out").exists()
