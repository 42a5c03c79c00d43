"""What a database holds is one hash for each table: equal contents, equal hashes."""

from pathlib import Path

import apsw
import pytest

from rostra.store.roots import differing, roots_of
from rostra.store.snapshot import NotWhole, copy_sqlite

TABLES = """
    CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT, weight REAL, data BLOB);
    CREATE INDEX notes_by_text ON notes (text, id, weight, data);
    CREATE TABLE pairs (one INTEGER, two TEXT, PRIMARY KEY (two, one)) WITHOUT ROWID;
    CREATE TABLE "odd "" name" (value);
    CREATE VIRTUAL TABLE words USING fts5(text);
    INSERT INTO notes VALUES (1, 'a', 1.5, x'00ff'), (2, NULL, NULL, NULL), (3, 'ü', 0.0, x'');
    INSERT INTO pairs VALUES (1, 'b'), (2, 'a'), (9007199254740993, 'c');
    INSERT INTO "odd "" name" VALUES (1), ('1'), (1.0);
    INSERT INTO words VALUES ('some words');
"""


def _made(path: Path, *more: str) -> Path:
    connection = apsw.Connection(str(path))
    connection.pragma("journal_mode", "wal")
    for sql in (TABLES, *more):
        connection.execute(sql)
    connection.close()
    return path


ORDERS = {"up": range(10, 3011), "down": range(3010, 9, -1)}


def _filled(path: Path, numbers: range) -> Path:
    """Rows with these numbers, made in their order."""
    path = _made(path)
    connection = apsw.Connection(str(path))
    with connection:
        connection.executemany(
            "INSERT INTO notes VALUES (?, 'x', 0, NULL)", ((number,) for number in numbers)
        )
    connection.close()
    return path


def test_a_copy_has_the_same_roots_and_nothing_is_made_beside_it(tmp_path: Path) -> None:
    path = _made(tmp_path / "one")
    copy_sqlite(path, tmp_path / "copy" / "two")
    found = roots_of(tmp_path / "copy" / "two")
    assert found == roots_of(path)
    assert {"notes", "pairs", 'odd " name', "words_data"} <= set(found)
    assert "words" not in found  # what it consists of is hashed
    assert [each.name for each in (tmp_path / "copy").iterdir()] == ["two"]


@pytest.mark.parametrize(
    ("change", "tables"),
    [
        ("UPDATE notes SET data = x'00fe' WHERE id = 1", ["notes"]),
        ("UPDATE notes SET id = 4 WHERE id = 3", ["notes"]),
        ("DELETE FROM pairs WHERE two = 'c'", ["pairs"]),
        ("UPDATE pairs SET one = 9007199254740992 WHERE two = 'c'", ["pairs"]),
        ("""UPDATE "odd "" name" SET value = 1 WHERE value = '1'""", ['odd " name']),
        ("ALTER TABLE pairs ADD COLUMN three TEXT", ["pairs"]),
        ("CREATE TABLE more (id INTEGER)", ["more"]),
        ("DROP TABLE notes", ["notes"]),
    ],
)
def test_a_change_shows_in_its_table_alone(tmp_path: Path, change: str, tables: list[str]) -> None:
    one, two = roots_of(_made(tmp_path / "one")), roots_of(_made(tmp_path / "two", change))
    assert differing(one, two) == tables


def test_many_rows_are_one_root_however_they_came(tmp_path: Path) -> None:
    up, down = (_filled(tmp_path / name, numbers) for name, numbers in ORDERS.items())
    one, two = roots_of(up), roots_of(down)
    assert one["notes"] == two["notes"]


def test_what_is_no_database_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(NotWhole, match="can't be read"):
        roots_of(path)
    with pytest.raises(NotWhole, match="can't be opened"):
        roots_of(tmp_path / "nothing")
