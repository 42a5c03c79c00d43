"""One's own archive and what one brings in; nobody else's."""

from collections.abc import AsyncIterator
from typing import Final

from rostra.kernel.errors import NotFound
from rostra.network.edge import Reader, Services
from rostra.network.portability.import_model import Chunk, Import, Line, Outcome, lines_of
from rostra.network.portability.model import Archive
from rostra.network.portability.queries import archives as queries
from rostra.network.portability.queries import imports as import_queries
from rostra.network.portability.sheets import Kind
from rostra.store.database import the_row

_CHUNKS_AT_ONCE: Final = 50


async def archive_of(reader: Reader, account_id: int, now: int) -> Archive | None:
    """The member's archive, being made or ready; None: there is none, or no longer (UTC ms)."""
    found = await reader.first(queries.ARCHIVE_OF, account=account_id)
    return found if found is not None and found.expires_at > now else None


async def ready_archive(reader: Reader, account_id: int, archive_id: int, now: int) -> Archive:
    """The member's own archive, to be handed out.

    Raises:
        NotFound: it is somebody else's, not ready or gone.
    """
    found = await archive_of(reader, account_id, now)
    if found is None or found.id != archive_id or not found.ready:
        raise NotFound(f"archive {archive_id} of {account_id}")
    return found


async def counts(reader: Reader, account_id: int) -> dict[Kind, int]:
    """How much of each kind a member has; of domains there is none. One query."""
    found = await the_row(reader, import_queries.COUNTS, account=account_id)
    return dict(zip(Kind, [*found, 0], strict=True))


async def imports_of(reader: Reader, account_id: int) -> list[Import]:
    """What the member has brought in, the last first: one of each kind at most."""
    found = await reader.all(import_queries.ALL_OWN, account=account_id)
    return sorted(found, key=lambda each: each.created_at, reverse=True)


async def own_import(reader: Reader, account_id: int, import_id: int) -> Import:
    """What the member has brought in.

    Raises:
        NotFound: it is somebody else's, or gone.
    """
    found = await reader.first(import_queries.OWN, account=account_id, one=import_id)
    if found is None:
        raise NotFound(f"import {import_id} of {account_id}")
    return found


async def first_lines(reader: Reader, of: Import, most: int) -> list[Line]:
    """The first lines of an import that :func:`own_import` has given."""
    chunks = await reader.all(import_queries.CHUNKS, one=of.id, after=-1, limit=most)
    return [line for chunk in chunks for line in lines_of(chunk)][:most]


async def all_lines(reader: Reader, of: Import) -> list[Line]:
    """All of its lines, 20,000 at most: to be read aside of the event loop."""
    lines: list[Line] = []
    after, more = -1, True
    while more:
        chunks = await reader.all(
            import_queries.CHUNKS, one=of.id, after=after, limit=_CHUNKS_AT_ONCE
        )
        lines += [line for chunk in chunks for line in lines_of(chunk)]
        more = len(chunks) == _CHUNKS_AT_ONCE
        after = chunks[-1].place if chunks else after
    return lines


async def first_failures(reader: Reader, of: Import, most: int) -> list[Line]:
    """The first of its lines that failed."""
    chunks = await reader.all(import_queries.FAILED_CHUNKS, one=of.id, after=-1, limit=most)
    return _failed(chunks)[:most]


async def failures(services: Services, of: Import) -> AsyncIterator[list[Line]]:
    """All of its lines that failed, some at a time, read off the event loop."""
    after = -1
    while True:

        async def work(reader: Reader, behind: int = after) -> list[Chunk]:
            return await reader.all(
                import_queries.FAILED_CHUNKS, one=of.id, after=behind, limit=_CHUNKS_AT_ONCE
            )

        chunks = await services.db.slowly(work)
        if chunks:
            yield _failed(chunks)
        if len(chunks) < _CHUNKS_AT_ONCE:
            return
        after = chunks[-1].place


def _failed(chunks: list[Chunk]) -> list[Line]:
    return [line for chunk in chunks for line in lines_of(chunk) if line.outcome == Outcome.FAILED]
