"""Marks of accounts whose public face may have changed: what the lifeboat must be told anew.

Triggers write them in the transaction of the change, on the one connection that a process writes
on, so that nothing that changes what anybody may read can be forgotten, wherever it is done. A mark
too many costs a look.
"""

from collections.abc import Iterator
from typing import Final

from rostra.store.database import Reader, Transaction
from rostra.store.query import query_text

_PUBLIC: Final = 1  # the widest visibilities: 0 public, 1 unlisted
_NAME: Final = "(SELECT username_key FROM accounts WHERE id = {} AND domain = '')"
_OF_ACCOUNT: Final = _NAME.format("{row}.account_id")
_OF_POST: Final = _NAME.format("(SELECT account_id FROM posts WHERE id = {row}.post_id)")
_LOCAL: Final = "CASE {row}.domain WHEN '' THEN {row}.username_key END"

# Table, event, whose mark, and which rows of it.
_WATCHED: Final = (
    ("accounts", "INSERT", _LOCAL, ""),
    ("accounts", "UPDATE OF version, state, limits, indexable", _LOCAL, ""),
    ("accounts", "DELETE", _LOCAL, ""),
    ("profiles", "UPDATE", _OF_ACCOUNT, ""),
    ("posts", "INSERT", _OF_ACCOUNT, f"NEW.visibility <= {_PUBLIC} AND NEW.reblog_of_id = 0"),
    (
        "posts",
        "UPDATE OF version, visibility, limits, sensitive, quote",
        _OF_ACCOUNT,
        f"(OLD.visibility <= {_PUBLIC} OR NEW.visibility <= {_PUBLIC}) AND NEW.reblog_of_id = 0",
    ),
    ("posts", "DELETE", _OF_ACCOUNT, f"OLD.visibility <= {_PUBLIC} AND OLD.reblog_of_id = 0"),
    (
        "media",
        "UPDATE OF state, limits, blob_key, preview_key, description, focus_x, focus_y",
        _OF_ACCOUNT,
        "NEW.post_id <> 0",
    ),
    ("media", "DELETE", _OF_ACCOUNT, "OLD.post_id <> 0"),
    ("quotes", "UPDATE OF state", _OF_ACCOUNT, ""),
    ("post_labels", "INSERT", _OF_POST, ""),
    ("post_labels", "UPDATE", _OF_POST, ""),
    ("post_labels", "DELETE", _OF_POST, ""),
    ("hidden_on", "INSERT", _OF_POST, ""),
    ("hidden_on", "DELETE", _OF_POST, ""),
)


def triggers() -> Iterator[str]:
    """What a writing connection to SQLite is told to mark."""
    for table, event, whose, which in _WATCHED:
        verb = event.partition(" ")[0]
        name = whose.format(row="OLD" if verb == "DELETE" else "NEW")
        condition = f"WHEN {which} " if which else ""
        yield (
            f"CREATE TEMP TRIGGER lifeboat_{table}_{verb} AFTER {event} ON main.{table} "
            f"{condition}BEGIN INSERT INTO lifeboat_marks (name) "
            f"SELECT {name} WHERE {name} IS NOT NULL; END"
        )


_MARKS = query_text(
    sqlite="SELECT seq, name FROM lifeboat_marks ORDER BY seq LIMIT :most",
    postgresql="SELECT seq, name FROM lifeboat_marks ORDER BY seq LIMIT :most",
)
_TIDY = query_text(
    sqlite="DELETE FROM lifeboat_marks WHERE seq <= :seq",
    postgresql="DELETE FROM lifeboat_marks WHERE seq <= :seq",
)


async def marks(reader: Reader, most: int) -> tuple[int, list[str]]:
    """The oldest marks: the number of the last of them (0: there is none), and each name once."""
    found = await reader.all(_MARKS, most=most)
    return (found[-1][0] if found else 0), list(dict.fromkeys(name for _, name in found))


async def tidy(tx: Transaction, seq: int) -> None:
    """Forget the marks up to one."""
    await tx.run(_TIDY, seq=seq)


_AGAIN: Final = query_text(
    sqlite="INSERT INTO lifeboat_marks (seq, name) "
    "SELECT (SELECT coalesce(max(seq), 0) FROM lifeboat_marks) + 1, :name",
    postgresql="INSERT INTO lifeboat_marks (seq, name) "
    "SELECT (SELECT coalesce(max(seq), 0) FROM lifeboat_marks) + 1, :name",
)


async def mark(tx: Transaction, name: str) -> None:
    """Mark an account again: what was told of it could not be finished."""
    await tx.run(_AGAIN, name=name)


_NAMES: Final = query_text(
    sqlite="SELECT username_key FROM accounts WHERE domain = '' AND username_key > :after "
    "ORDER BY username_key LIMIT :most",
    postgresql="SELECT username_key FROM accounts WHERE domain = '' AND username_key > :after "
    "ORDER BY username_key LIMIT :most",
    into=str,
)


async def names(reader: Reader, after: str, most: int) -> list[str]:
    """The names of local accounts behind one, in order, whoever may see them."""
    return await reader.all(_NAMES, after=after, most=most)
