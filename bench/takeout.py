"""A whole network is exported and imported, beside SQLite's backup and a plain copy of its file.

`python -m bench.takeout [--rows 1000000]`: everything on one disk, so that what is compared is the
work. Of the rows, half are posts and half are their texts.
"""

import argparse
import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.timing import timed, timed_async, told
from rostra.hosting.takeout.export import Network, export
from rostra.hosting.takeout.load import Home, load
from rostra.hosting.takeout.model import Tell
from rostra.hosting.takeout.pack import sink
from rostra.hosting.takeout.unpack import look_through
from rostra.kernel.clock import SystemClock
from rostra.store.blobs import memory_blobs
from rostra.store.dump.model import BATCH, Row, Shape
from rostra.store.dump.open import target
from rostra.store.schema import HEAD
from rostra.store.snapshot import check_sqlite, copy_sqlite

_WORDS: Final = "Somebody has said something that is about as long as most of what is said here. "
_FIRST: Final = 10**18
_FILLED: Final = {"posts": "id", "post_texts": "post_id"}


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rostra-bench-takeout-", dir=Path.cwd()) as name:
        asyncio.run(_measure(Path(name), given.rows))


def _silent(_count: int, _what: str) -> None:
    """Nobody is told."""


def _begins(_rows: int) -> Tell:
    return _silent


def _row(shape: Shape, number: int) -> Row:
    """A row whose key is a number."""
    key = _FILLED[shape.name]
    return tuple(
        (_FIRST + number if each.name == key else number) if each.type == "int" else _WORDS
        for each in shape.columns
    )


def _batches(shape: Shape, count: int) -> Iterator[list[Row]]:
    for at in range(0, count, BATCH):
        yield [_row(shape, number) for number in range(at, min(at + BATCH, count))]


async def _fill(url: str, count: int) -> None:
    async with target(url, HEAD) as rows:
        for shape in await rows.shapes():
            if shape.name in _FILLED:
                for batch in _batches(shape, count // 2):
                    await rows.write(shape, batch)
        await rows.finish()


async def _measure(folder: Path, count: int) -> None:
    database = folder / "data" / "rostra.sqlite3"
    url = f"sqlite:///{database}"
    await _fill(url, count)
    network = Network(
        data_dir=folder / "data",
        database_url=url,
        blobs=memory_blobs(),
        domain="bench",
        clock=SystemClock(),
    )
    to, home = folder / "export", folder / "home"
    print(f"{count:,} rows, {database.stat().st_size / 2**20:,.0f} MiB")
    print("| what | seconds | rows/s |\n| --- | ---: | ---: |")
    backup = told("SQLite's backup", count, timed(lambda: copy_sqlite(database, folder / "b")))

    def plain() -> None:
        shutil.copyfile(database, folder / "c")
        check_sqlite(folder / "c")

    copied = told("plain copy, integrity_check", count, timed(plain))

    async def out() -> None:
        with sink(to) as (taken, spool):
            await export(network, taken, spool, _begins)

    exported = told("exported", count, await timed_async(out()))
    checked = told("every hash checked", count, timed(lambda: look_through(to, _silent)))
    manifest = look_through(to, _silent)
    into = Home(
        data_dir=home, database_url=f"sqlite:///{home / 'rostra.sqlite3'}", blobs=memory_blobs()
    )
    loaded = load(to, manifest, into, _silent)
    imported = told("imported, integrity_check", count, await timed_async(loaded))
    print(f"\nexporting: {backup / exported:.3f} of SQLite's backup")
    print(f"importing: {copied / (checked + imported):.3f} of a plain copy and check")


if __name__ == "__main__":
    main()
