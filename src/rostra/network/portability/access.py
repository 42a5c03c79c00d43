"""One's own archive; nobody else's."""

from rostra.kernel.errors import NotFound
from rostra.network.edge import Reader
from rostra.network.portability.model import Archive
from rostra.network.portability.queries import archives as queries


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
