"""What a SQLite database holds, as one hash for each table: two that hold the same have the same.

The pages of a file are compared by the pieces of a copy; this compares what rows say, read through
SQLite itself, so that a copy which was put together wrongly is found by another way than it came.
"""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Final
from urllib.parse import quote

import apsw
import msgspec

from rostra.store.moment import moment
from rostra.store.snapshot import NotWhole
from rostra.store.sqlite import followed_mark
from rostra.store.wal import Lost, Position

_ROWS: Final = 1_000
_encode = msgspec.msgpack.Encoder().encode
_TABLES: Final = """
    SELECT l.name, s.sql, l.wr FROM pragma_table_list AS l
    JOIN sqlite_schema AS s ON s.name = l.name AND s.type = 'table'
    WHERE l.schema = 'main' AND l.type IN ('table', 'shadow') ORDER BY l.name
"""
_KEY: Final = "SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk"


class ReadOut(msgspec.Struct, frozen=True):
    """What a database held at the moment that it was read at.

    Attributes:
        position: where its log was, if somebody follows it.
        roots: the hash of each table, hexadecimal digits by name.
    """

    position: Position | None
    roots: dict[str, str]


def read_out(path: Path, into: Callable[[memoryview], None]) -> ReadOut:
    """Read a database from its beginning to its end as it is at one moment, while it is used.

    Its tables are hashed beside that, at the same moment.

    Args:
        path: the database.
        into: is called with each part of it, `moment.PART` bytes until the last; it must have taken
            the part when it returns. What it raises ends it all.

    Raises:
        NotWhole: it is not there, or can't be read.
        OSError: its files can't be read.
    """
    if not path.is_file():
        raise NotWhole(f"there is no database {path}")
    try:
        with moment(path) as held, ThreadPoolExecutor(1, "rostra-roots") as beside:
            # Not by memory mapping: these pages would count as this process's own.
            held.reader.execute("PRAGMA mmap_size=0").fetchall()
            roots = beside.submit(_roots, held.reader)
            try:
                for part in held.parts():
                    into(part)
            except BaseException:
                held.reader.interrupt()
                raise
            position = held.position if followed_mark(path).exists() else None
            return ReadOut(position, roots.result())
    except (apsw.Error, Lost, UnicodeDecodeError) as error:
        raise NotWhole(f"the database can't be read: {error}") from error


def roots_of(path: Path) -> dict[str, str]:
    """The hash of each table of a database that nobody writes to; hexadecimal digits by name.

    Raises:
        NotWhole: it can't be read.
    """
    try:
        # Immutable: no log is looked for, and no file is made beside it.
        connection = apsw.Connection(
            f"file:{quote(str(path))}?immutable=1",
            flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI,
        )
    except apsw.Error as error:
        raise NotWhole(f"the database can't be opened: {error}") from error
    try:
        return _roots(connection)
    except (apsw.Error, UnicodeDecodeError) as error:
        raise NotWhole(f"the database can't be read: {error}") from error
    finally:
        connection.close()


def differing(wanted: dict[str, str], found: dict[str, str]) -> list[str]:
    """The names of tables that are not the same in both, in order."""
    return sorted(name for name in wanted | found if wanted.get(name) != found.get(name))


def _roots(connection: apsw.Connection) -> dict[str, str]:
    return {
        str(name): _root(connection, str(name), str(sql), without_rowid=bool(wr))
        for name, sql, wr in list(connection.execute(_TABLES))
    }


def _root(connection: apsw.Connection, name: str, sql: str, *, without_rowid: bool) -> str:
    """The hash of a table: how it was made, and its rows in the order of their key."""
    order = "_rowid_"
    if without_rowid:
        order = ", ".join(_quoted(str(row[0])) for row in connection.execute(_KEY, (name,)))
    hashed = hashlib.sha256(_encode(sql))
    rows = connection.execute(f"SELECT * FROM {_quoted(name)} ORDER BY {order}")  # noqa: S608 (quoted)
    while batch := list(islice(rows, _ROWS)):
        hashed.update(_encode(batch))
    return hashed.hexdigest()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
