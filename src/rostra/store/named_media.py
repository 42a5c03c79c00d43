"""Every file of the media store that a SQLite database names, read from the file itself."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import apsw

_COLUMNS: Final = (
    ("media", "blob_key"),
    ("media", "preview_key"),
    ("evidence_files", "blob_key"),
    ("evidence_files", "preview_key"),
    ("archives", "blob_key"),
)
_MORE: Final = (
    ("media", "upload_key"),
    ("withheld_files", "kept_key"),
    ("kept_files", "key"),
    ("profiles", "avatar_key"),
    ("profiles", "avatar_static_key"),
    ("profiles", "header_key"),
    ("profiles", "header_static_key"),
    ("custom_emojis", "image_key"),
    ("custom_emojis", "static_key"),
    ("cards", "image_key"),
)


def named_media(database: Path) -> list[str]:
    """The keys of the files of media, evidence and archives, each once, in order.

    Args:
        database: a file of SQLite with the schema of this program.
    """
    return _named(database, _COLUMNS)


def every_named(database: Path) -> set[str]:
    """The keys of all files that are in use, those of profiles, emoji and cards among them.

    The picture of the place itself stands in its settings, and is not among them.
    """
    return set(_named(database, (*_COLUMNS, *_MORE)))


def _named(database: Path, columns: Sequence[tuple[str, str]]) -> list[str]:
    union = " UNION ".join(
        f"SELECT {column} FROM {table} WHERE {column} <> ''"  # noqa: S608 (names of ours)
        for table, column in columns
    )
    with closing(apsw.Connection(str(database), flags=apsw.SQLITE_OPEN_READONLY)) as connection:
        return [str(key) for (key,) in connection.execute(f"{union} ORDER BY 1")]
