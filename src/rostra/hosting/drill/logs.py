"""How far the log behind a copy goes at one place by itself."""

import msgspec

from rostra.hosting.ark.log.walk import Hole, walk
from rostra.hosting.ark.manifest import LogPoint
from rostra.hosting.places.port import Store


class End(msgspec.Struct, frozen=True):
    """Where it ends.

    Attributes:
        last: the mark of its last record; empty: it has none.
        records: so many it has.
        hole: why it does not go further; empty: that is all.
    """

    last: str = ""
    records: int = 0
    hole: str = ""


async def log_end(store: Store, point: LogPoint, signer: str) -> End:
    """Read the log of a place back, from a copy on; needs no key.

    Args:
        store: the place.
        point: where the copy stands.
        signer: the public key that must have signed.
    """
    end = End(last=point.after)
    async for step in walk([store], point, signer):
        if isinstance(step, Hole):
            return msgspec.structs.replace(end, hole=step.what)
        end = End(last=step.kept.record.mark, records=end.records + 1)
    return end
