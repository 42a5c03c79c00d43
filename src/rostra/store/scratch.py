"""Very many small things by key, in a file that is worth nothing afterwards."""

from collections.abc import Iterable
from pathlib import Path

import apsw


class Scratch:
    """A map of texts to bytes that takes no memory."""

    def __init__(self, path: Path) -> None:
        """Keep it in a new file of this name; whoever makes it closes it.

        Raises:
            OSError: it can't be made.
        """
        self._path = path
        try:
            self._rows = apsw.Connection(str(path))
        except apsw.Error as error:
            raise OSError(f"{path}: {error}") from error
        # Nobody reads it after a crash.
        for mode in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE"):
            self._rows.execute(f"PRAGMA {mode}").fetchall()
        self._rows.execute("CREATE TABLE kept (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")

    def put(self, pairs: Iterable[tuple[str, bytes]]) -> None:
        """Keep these; what is kept under a key already is replaced."""
        with self._rows:
            self._rows.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", pairs)

    def get(self, key: str) -> bytes | None:
        """What is kept under a key."""
        found = self._rows.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
        return None if found is None else bytes(found[0])

    def clear(self) -> None:
        """Keep nothing any more."""
        self._rows.execute("DELETE FROM kept")

    def close(self) -> None:
        """Remove the file."""
        self._rows.close()
        self._path.unlink(missing_ok=True)
