"""What every table shares: one metadata, three column types, the same on both databases.

Columns hold only integers, text and bytes: times are UTC milliseconds, flags are 0 or 1, and JSON
is text, so SQLite and PostgreSQL mean the same by a row.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)

Int = BigInteger().with_variant(Integer(), "sqlite")


def key(name: str = "id") -> Column[int]:
    """The integer primary key (on SQLite the row id itself)."""
    return Column(name, Int, primary_key=True, autoincrement=False)


def part(name: str) -> Column[int]:
    """One integer part of a compound primary key."""
    return Column(name, Int, primary_key=True, autoincrement=False)


def number(name: str, default: int = 0) -> Column[int]:
    """An integer that is never null: a reference, a count, a flag or UTC milliseconds (0: none)."""
    return Column(name, Int, nullable=False, server_default=str(default))


def text(name: str, default: str = "") -> Column[str]:
    """A text that is never null."""
    return Column(name, Text, nullable=False, server_default=default)


def blob(name: str) -> Column[bytes]:
    """Bytes that are never null."""
    return Column(name, LargeBinary, nullable=False)


def table(name: str, *columns: Any) -> Table:
    """A strict table."""
    return Table(name, metadata, *columns, sqlite_strict=True)


def clustered(name: str, *columns: Any) -> Table:
    """A strict table stored in the order of its compound primary key (SQLite: WITHOUT ROWID)."""
    return Table(name, metadata, *columns, sqlite_strict=True, sqlite_with_rowid=False)
