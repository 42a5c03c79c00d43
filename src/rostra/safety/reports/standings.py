"""Reporters who abuse reports are warned, and then not listened to for a while (DSA Art. 23(2)).

Decisions alone call this: what is written is what follows from those that are in force.
"""

from collections.abc import Mapping

from rostra.safety.edge import Transaction
from rostra.safety.reports import queries
from rostra.safety.reports.model import Standing


async def set_standings(tx: Transaction, wanted: Mapping[int, Standing]) -> None:
    """Let members stand so as reporters, and no other way; as often as one likes."""
    rows = [
        {
            "account_id": account_id,
            "warned_at": standing.warned_at,
            "muted_until": standing.muted_until,
        }
        for account_id, standing in wanted.items()
        if standing != Standing()
    ]
    plain = [account_id for account_id, standing in wanted.items() if standing == Standing()]
    if plain:
        await tx.run(queries.CLEAR_STANDINGS, ids=plain)
    await tx.run_many(queries.SET_STANDING, rows)
