"""What everybody may read of the ledger: nothing in it tells of anybody."""

from rostra.kernel.paging import MAX_BOUND
from rostra.safety.edge import Reader
from rostra.safety.ledger import queries
from rostra.safety.ledger.chain import Entry, Head
from rostra.safety.ledger.checkpoints import Checkpoint


async def head(reader: Reader) -> Head:
    """The end of the chain."""
    return await reader.first(queries.HEAD) or Head()


async def lines(reader: Reader, *, after: int = 0, limit: int = 1000) -> list[Entry]:
    """Lines, the oldest first."""
    return await reader.all(queries.LINES, after=after, limit=limit)


async def written_for(reader: Reader, *, after: int, until: int) -> dict[int, int]:
    """For which decision or appeal each of these lines was written, as far as that is not erased.

    For the team alone: who reads of a decision there may read the decision.
    """
    found = await reader.all(queries.SALTS, after=after, until=until)
    return {salt.seq: salt.ref_id for salt in found if not salt.erased_at and salt.ref_id}


async def points(reader: Reader, *, below: int = MAX_BOUND, limit: int = 40) -> list[Checkpoint]:
    """Checkpoints, the newest first."""
    return await reader.all(queries.POINTS, below=below, limit=limit)
