"""Media that are noted, not written, when a directory is filled from a copy: they come behind.

The pieces stay at the places for as long as a copy names them, and the copies of the new host name
those of media that it has not got yet. Many can be missing: a network opens within minutes whether
it has a thousand media or millions.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Final

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.manifest import Entry
from rostra.hosting.ark.restore import Sieve, path_of
from rostra.store.blobs import Awaited, AwaitedList, Filling, Left, is_key, left_at

FILE: Final = "awaited.sqlite3"
MEDIA: Final = "media"
_MIB: Final = 1 << 20
_LOT: Final = 5_000
Tell = Callable[[int, str], None]


def awaited_path(data_dir: Path) -> Path:
    """The file that says which media of an installation are still elsewhere."""
    return data_dir / ark_keys.FOLDER / FILE


def left_in(data_dir: Path) -> Left:
    """How many media of an installation are still elsewhere.

    Raises:
        OSError: it can't be read.
    """
    return left_at(awaited_path(data_dir))


def told_of_left(left: Left) -> str:
    """How many media are still elsewhere, for people."""
    return f"{left.count:,} media ({left.size / _MIB:,.1f} MiB) are still at the places"


class Later:
    """The media of a directory that is being filled: noted, and fetched when it is open."""

    def __init__(self, to: Path) -> None:
        """Go on with what is noted there; raises OSError where the file can't be made."""
        self._to = to
        self._filling: Filling | None = None
        self._rows: AwaitedList | None = None
        self._is_bare = False
        self._lot: list[Awaited] = []

    def begin(self) -> None:
        """A copy is taken in from its beginning; until `flush` what was noted before stays."""
        self._lot.clear()
        if self._filling is not None:
            self._filling.end()
        self._filling = Filling(awaited_path(self._to))
        self._is_bare = not (self._to / MEDIA).exists()

    def add(self, entry: Entry) -> bool:
        """Note a medium; False: it has a name that no medium has, and is to be written now.

        One that is here whole needs no note.
        """
        if not is_key(entry.path):
            return False
        if not self._is_bare:
            path = path_of(self._to, entry)
            if path.exists() and path.stat().st_size == entry.size:
                return True
        self._lot.append(Awaited(entry.path, entry.size, entry.stored_at, entry.pieces))
        if len(self._lot) >= _LOT:
            self._keep()
        return True

    def remove(self, keys: Iterable[str]) -> None:
        """Note that media are gone."""
        self.flush()
        self._list().remove(keys)

    def flush(self) -> None:
        """Have all on disk that was noted."""
        self._keep()
        if self._filling is not None:
            self.close()
            self._filling.finish()
            self._filling = None
            self._is_bare = False
        self._list()

    def keys(self, keys: Collection[str]) -> set[str]:
        """Which of these are awaited."""
        self.flush()
        rows = self._list()
        return {key for key in keys if rows.get(key) is not None}

    def close(self) -> None:
        """Let go of the file; what was not flushed is forgotten."""
        if self._rows is not None:
            self._rows.close()
            self._rows = None

    def _keep(self) -> None:
        if self._lot:
            (self._filling or self._list()).add(self._lot)
            self._lot.clear()

    def _list(self) -> AwaitedList:
        if self._rows is None:
            self._rows = AwaitedList(awaited_path(self._to))
        return self._rows


class LaterSieve(Sieve):
    """All files of a copy are written but its media, which are noted."""

    def __init__(self, later: Later, tell: Tell) -> None:
        """Begin with the first page: before it nothing is made in the directory.

        Args:
            later: where media are noted.
            tell: is called with their bytes, and what they are.
        """
        self._later = later
        self._tell = tell
        self._is_begun = False

    def through(self, page: Sequence[Entry]) -> Sequence[Entry]:
        """Those that are no media."""
        if not self._is_begun:
            self._later.begin()
            self._is_begun = True
        written = [entry for entry in page if entry.kind != MEDIA or not self._later.add(entry)]
        self._tell(sum(entry.size for entry in page) - sum(e.size for e in written), MEDIA)
        return written

    async def end(self) -> None:
        """Have all on disk that was noted."""
        await asyncio.to_thread(self._later.flush)
