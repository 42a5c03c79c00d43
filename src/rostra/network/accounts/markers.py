"""Where a member has stopped reading, so that their next device goes on from there."""

from collections.abc import Mapping, Sequence

from rostra.kernel.errors import Conflict
from rostra.network.accounts import queries
from rostra.network.accounts.model import Marker
from rostra.network.edge import Reader, Services, Transaction

TIMELINES = ("home", "notifications")


async def markers_of(
    reader: Reader, account_id: int, timelines: Sequence[str]
) -> dict[str, Marker]:
    """The member's markers in these lists (`home`, `notifications`)."""
    found = await reader.all(queries.MARKERS, account=account_id, timelines=list(timelines))
    return {marker.timeline: marker for marker in found}


async def move_markers(
    services: Services, tx: Transaction, account_id: int, places: Mapping[str, int]
) -> dict[str, Marker]:
    """Move markers to the last read ids; the markers that were moved.

    Raises:
        Conflict: another device moved one at the same time.
    """
    known = await markers_of(tx, account_id, list(places))
    now = services.clock.now()
    moved: dict[str, Marker] = {}
    for timeline, last_read_id in places.items():
        old = known.get(timeline)
        if old is None:
            done = await tx.run(
                queries.ADD_MARKER,
                id=services.ids.next(),
                account_id=account_id,
                timeline=timeline,
                last_read_id=last_read_id,
                version=1,
                updated_at=now,
            )
        else:
            done = await tx.run(
                queries.MOVE_MARKER,
                account=account_id,
                line=timeline,
                seen=old.version,
                last=last_read_id,
                next=old.version + 1,
                now=now,
            )
        if not done:
            raise Conflict(safe="Conflict during update, please try again")
        moved[timeline] = Marker(timeline, last_read_id, old.version + 1 if old else 1, now)
    return moved


async def forget_markers(tx: Transaction, account_id: int) -> None:
    """Delete the markers of an account that is deleted."""
    await tx.run(queries.DROP_MARKERS, account=account_id)
