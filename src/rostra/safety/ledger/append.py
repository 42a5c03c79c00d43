"""Adding a line: the only way the chain grows."""

from collections.abc import Mapping
from typing import Final

import msgspec

from rostra.safety.edge import Services, Transaction
from rostra.safety.ledger import commitments, queries
from rostra.safety.ledger.chain import START, Entry, EntryKind, Head, following
from rostra.safety.ledger.commitments import Fact
from rostra.store.database import the_row

NOTHING: Final = "{}"
_encode = msgspec.json.Encoder().encode


async def locked_head(tx: Transaction) -> Head:
    """The end of the chain, which nobody else moves until this transaction has ended."""
    head = await tx.first(queries.LOCKED_HEAD)
    if head is None:
        await tx.run(queries.START_HEAD, id=1, seq=0, at=0, hash=START)
        head = await the_row(tx, queries.LOCKED_HEAD)
    return head


async def append(
    services: Services,
    tx: Transaction,
    kind: EntryKind,
    record: Mapping[str, Fact],
    *,
    ref_id: int = 0,
    extra: Mapping[str, Fact] | None = None,
) -> Entry:
    """Add a line for a record.

    Args:
        services: the house's parts.
        tx: the transaction of what it tells of.
        kind: what happened.
        record: the facts that it commits to.
        ref_id: the row that the record can be read from again.
        extra: what of the record stands in no other row.
    """
    salt = commitments.new_salt()
    entry = await add(services, tx, kind, commitments.commitment(salt, record))
    await tx.run(
        queries.ADD_SALT,
        seq=entry.seq,
        ref_id=ref_id,
        salt=salt,
        extra=_encode(extra).decode() if extra else NOTHING,
        partial=0,
        erased_at=0,
        erased_in=0,
    )
    return entry


async def add(services: Services, tx: Transaction, kind: EntryKind, commitment: bytes) -> Entry:
    """Add a line that says just this."""
    head = await locked_head(tx)
    entry = following(head, services.clock.now(), kind, commitment)
    await tx.run(queries.ADD, **msgspec.structs.asdict(entry))
    await tx.run(queries.SET_HEAD, seq=entry.seq, at=entry.at, hash=entry.hash)
    return entry
