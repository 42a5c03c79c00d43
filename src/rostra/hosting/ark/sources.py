"""What belongs into a copy, cut into pieces: the database, media, and what else must stay."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

from rostra.hosting.ark.keys import FILE as KEYS
from rostra.hosting.ark.keys import FOLDER
from rostra.store.blobs import Blobs

PIECE: Final = 1 << 20
"""Bytes of a piece of the database: whole pages, so that pages that stay give the same pieces."""
MEDIA_PIECE: Final = 4 << 20

DATABASE: Final = "rostra.sqlite3"
# Of this machine alone, or copied in another way; everything else in the directory goes along.
_LEFT_OUT: Final = frozenset({"gates", "bus", "limits", "media", "ark", DATABASE})


def pieces_of(path: Path, size: int) -> Iterator[bytes]:
    """A file in pieces of so many bytes."""
    with path.open("rb") as file:
        while piece := file.read(size):
            yield piece


async def pieces_of_blob(blobs: Blobs, key: str, size: int) -> AsyncIterator[bytes]:
    """A medium in pieces of so many bytes."""
    held = bytearray()
    async for part in blobs.stream(key):
        held += part
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
    if held:
        yield bytes(held)


def other_files(data_dir: Path, database: Path) -> list[Path]:
    """Keys, settings and whatever else lies in the data directory itself, in order.

    The keys of the ark are among them: who can open it can go on with it. The database and its log
    are not, whatever they are called: they are copied by SQLite, and must not be opened besides.
    """
    names = (f"{DATABASE}-", f"{database.name}-")
    keys = data_dir / FOLDER / KEYS
    lying = sorted(
        path
        for path in data_dir.iterdir()
        if path.is_file()
        and not path.is_symlink()
        and path.name not in _LEFT_OUT
        and path.name != database.name
        and not path.name.startswith((".", *names))
    )
    return [*lying, keys] if keys.exists() else lying
