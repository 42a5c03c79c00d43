"""The state of a hash is written."""

from rostra.safety.banks import queries
from rostra.safety.banks.model import Item
from rostra.safety.edge import Services, Transaction
from rostra.safety.states.keep import Part, changed


async def write_state(services: Services, tx: Transaction, made: Item) -> None:
    """Write whether a hash is on, why, until when, and who vetted it; every process learns it."""
    await tx.run(
        queries.SWITCH_ITEM,
        id=made.id,
        state=made.state,
        reason=made.reason,
        until=made.disabled_until,
        vetted_by=made.vetted_by,
    )
    await changed(services, tx, Part.BANKS)
