"""An export that was looked through becomes a network again: complete, and mute."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from rostra.hosting.ark.keys import FOLDER as ARK
from rostra.hosting.signed import UNREADABLE
from rostra.hosting.takeout.model import (
    Lines,
    Manifest,
    TakeoutError,
    Tell,
    lines_in,
    media_path,
)
from rostra.hosting.takeout.unpack import media_of
from rostra.store import id_floor
from rostra.store.blobs import Blobs, content_type_of
from rostra.store.dump.model import BATCH, DumpError, Row, Shape, Target
from rostra.store.dump.open import target
from rostra.store.gates import file_gates

REASON: Final = "this is an imported network that was not opened yet"
_MARGIN_MS: Final = 10_000
_AT_ONCE: Final = 4 << 20  # bytes of lines


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """Where a network comes to."""

    data_dir: Path
    database_url: str
    blobs: Blobs


class Loaded(msgspec.Struct, frozen=True):
    """What has come: rows, and media; `missing` ones were only named, and are not there."""

    rows: int
    media: int
    missing: int


async def load(folder: Path, manifest: Manifest, home: Home, tell: Tell) -> Loaded:
    """Fill an empty database, and put media and keys where they belong. Both gates are closed.

    The database comes last, and as a whole: an import that was killed is begun again.

    Args:
        folder: of the export.
        manifest: of it; `look_through` has checked it.
        home: where to.
        tell: is called with rows that were written since the last call, and what comes next.

    Raises:
        TakeoutError: the database is not empty, other keys or an ark are there, or a line does not
            fit.
        OSError: something can't be written.
    """
    home.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    _no_ark(home.data_dir)
    keys = _keys(folder, manifest, home.data_dir)
    try:
        async with target(home.database_url, manifest.revision) as rows:
            for gate in file_gates(home.data_dir):
                gate.close(REASON)
            media, missing = await _media(folder, manifest, home.blobs, tell)
            for path, content in keys.items():
                _write(path, content)
            # Whoever goes on where the old installation may still be gives no id that it has given.
            id_floor.raise_to(home.data_dir, manifest.made_at + _MARGIN_MS)
            await _tables(folder, manifest, rows, tell)
            await rows.finish()
    except DumpError as error:
        raise TakeoutError(str(error)) from error
    return Loaded(manifest.rows, media, missing)


def _no_ark(data_dir: Path) -> None:
    """Whether no ark is there, whose journal and keys would be taken for those of this network.

    The journal of what is imported begins at its first note. Behind the parts of another one those
    would never be sent, and a restore would replay what another network has deleted.
    """
    folder = data_dir / ARK
    if folder.is_dir() and any(folder.iterdir()):
        raise TakeoutError(
            f"{folder} is there already, the ark of another network: move it away, import, and"
            " begin a new one with `rostra ark init`"
        )


def _keys(folder: Path, manifest: Manifest, data_dir: Path) -> dict[Path, bytes]:
    """The keys, by where they go; none takes the place of another one."""
    found = {}
    for file in manifest.files:
        content, path = (folder / file.path).read_bytes(), data_dir / Path(file.path).name
        if path.exists() and path.read_bytes() != content:
            raise TakeoutError(f"{path} is there already, and is another one")
        found[path] = content
    return found


def _write(path: Path, content: bytes) -> None:
    """A file that nobody else reads."""
    new = path.with_name(f".{path.name}.importing")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


async def _media(folder: Path, manifest: Manifest, blobs: Blobs, tell: Tell) -> tuple[int, int]:
    """Store the media that are there; how many, and how many are missing."""
    stored = missing = 0
    for medium in media_of(folder, manifest):
        if manifest.media.held:
            path = folder / media_path(medium.sha256)
            await blobs.put_file(medium.key, path, content_type_of(medium.key))
            stored += 1
        elif not await blobs.exists(medium.key):
            missing += 1
        tell(0, medium.key)
    return stored, missing


async def _tables(folder: Path, manifest: Manifest, rows: Target, tell: Tell) -> None:
    """Write the rows of every table."""
    there = {shape.name: shape for shape in await rows.shapes()}
    for table in manifest.tables:
        _fits(table.shape, there.pop(table.shape.name, None))
        lines, count, place = Lines(table.shape), 0, 0
        with (folder / table.path).open("rb") as file:
            for read in _some(lines_in(file, table.path)):
                try:
                    found = lines.decoded(b"".join(read))
                except UNREADABLE as error:
                    told = f"{table.path}, lines {place + 1} to {place + len(read)}: {error}"
                    raise TakeoutError(told) from error
                place += len(read)
                for part in _parts(found):
                    await rows.write(table.shape, part)
                    count += len(part)
                    tell(len(part), table.shape.name)
        if count != table.rows:
            raise TakeoutError(f"{table.path} has {count} rows, the manifest says {table.rows}")
    if there:
        raise TakeoutError(f"tables are missing: {', '.join(sorted(there))}")


def _some(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    """Lines, some at a time."""
    read, size = [], 0
    for line in lines:
        read.append(line)
        size += len(line)
        if size >= _AT_ONCE:
            yield read
            read, size = [], 0
    if read:
        yield read


def _parts(rows: list[Row]) -> Iterator[list[Row]]:
    for at in range(0, len(rows), BATCH):
        yield rows[at : at + BATCH]


def _fits(shape: Shape, there: Shape | None) -> None:
    """The table is the one that this schema has; the order of its columns is free."""
    if there is None or set(shape.columns) != set(there.columns):
        raise TakeoutError(f"table {shape.name} is not that of the schema of this export")
