"""The database at an address, to be read from or filled."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final

from rostra.store.dump import postgres, sqlite
from rostra.store.dump.model import Source, Target

_SQLITE: Final = "sqlite:///"


def source(url: str, spool: Path) -> AbstractAsyncContextManager[Source]:
    """The rows of a database as it is when the block begins.

    Args:
        url: of the database.
        spool: a file that may be made for it, and is gone afterwards.

    Raises:
        DumpError: it can't be read.
    """
    if url.startswith(_SQLITE):
        return sqlite.source(Path(url.removeprefix(_SQLITE)), spool)
    return postgres.source(url)


def target(url: str, revision: str) -> AbstractAsyncContextManager[Target]:
    """An empty database with the schema of a revision, which lasts if the block ends well.

    Raises:
        DumpError: it is not empty, or can't be written.
    """
    if url.startswith(_SQLITE):
        return sqlite.target(Path(url.removeprefix(_SQLITE)), revision)
    return postgres.target(url, revision)
