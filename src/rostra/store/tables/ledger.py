"""The record of moderation: a chain of hashes, what opens its lines, and its signed ends."""

from sqlalchemy import Index
from sqlalchemy import text as sql

from rostra.store.tables.base import blob, key, number, table, text

_UNTOLD = sql("erased_at > 0 AND erased_in = 0")

# Append-only, and nothing personal in it: see `rostra.safety.ledger.chain`.
ledger = table(
    "ledger",
    key("seq"),
    number("at"),
    number("kind"),  # an `EntryKind`
    blob("commitment"),
    blob("previous"),
    blob("hash"),
)

# One row, which whoever adds a line locks: the chain has one end.
ledger_heads = table("ledger_heads", key(), number("seq"), number("at"), blob("hash"))

# What a line was written for. Erased, its salt is empty and it names nothing any more.
ledger_salts = table(
    "ledger_salts",
    key("seq"),
    number("ref_id"),  # the decision or appeal
    blob("salt"),
    text("extra", "{}"),  # JSON: what the record holds that no other row does
    number("partial"),  # 1: some of its subjects were a member's who is gone
    number("erased_at"),
    number("erased_in"),  # the line that tells of it
    Index("ix_ledger_salts_ref_id", "ref_id"),
    Index("ix_ledger_salts_erased_at", "erased_at", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
)

ledger_checkpoints = table(
    "ledger_checkpoints",
    key("seq"),  # the line that was the last one
    number("at"),
    blob("hash"),
    text("origin"),
    text("key_id"),
    blob("signature"),
)
