"""Banks of hashes: pictures and files that somebody knows, and where they were met."""

from sqlalchemy import Index
from sqlalchemy import text as sql

from rostra.store.tables.base import blob, clustered, key, number, part, table, text

_NOT_ON = sql("state <> 0")

hash_banks = table(
    "hash_banks",
    key(),
    text("name"),
    number("category"),  # a `Category`: of the cases that its matches open
    text("wish", "look"),  # what its keepers would have done; nobody is bound by it
    text("note"),
    number("enabled", 1),
    number("share", 1000),  # of all matches, in thousandths, that count
    number("version"),  # another number whenever a hash comes or goes
    number("items_count"),
    number("created_by"),
    number("created_at"),
    Index("uq_hash_banks_name", "name", unique=True),
)

hash_bank_items = table(
    "hash_bank_items",
    key(),
    number("bank_id"),
    number("kind"),  # a `HashKind`
    blob("hash"),  # 32 bytes of either kind
    text("note"),
    text("reason"),  # why it is here, or why it is off
    number("state"),  # an `ItemState`
    number("disabled_until"),  # off until then; 0: until somebody switches it on
    number("vetted_by"),  # who let it match much after it was quarantined; 0: nobody
    number("matches_count"),
    number("matched_at"),  # last
    number("added_by"),
    number("added_at"),
    Index("uq_hash_bank_items_bank_id_kind_hash", "bank_id", "kind", "hash", unique=True),
    Index("ix_hash_bank_items_bank_id_id", "bank_id", "id"),
    Index("ix_hash_bank_items_not_on", "state", sqlite_where=_NOT_ON, postgresql_where=_NOT_ON),
)

# A medium that a hash was met on; goes with the medium.
hash_matches = clustered(
    "hash_matches",
    part("item_id"),
    part("media_id"),
    number("bank_id"),
    number("kind"),  # a `HashKind`
    number("account_id"),  # who uploaded it
    number("post_id"),  # for which a case was opened or joined; 0: no post shows it yet
    number("distance"),  # bits that differ
    number("at"),
    Index("ix_hash_matches_media_id", "media_id"),
    Index("ix_hash_matches_item_id_at", "item_id", "at"),
    Index("ix_hash_matches_bank_id_at", "bank_id", "at"),
)

# Looking for hashes that were added among what was uploaded before.
hash_look_backs = table(
    "hash_look_backs",
    key(),
    number("bank_id"),
    number("from_item"),  # for the hashes of the bank from this id on
    number("after"),  # media up to this id were looked at
    number("until"),  # the last one to look at
    number("seen_count"),
    number("total_count"),
    number("found_count"),
    number("state"),  # a `LookBackState`
    number("started_by"),
    number("started_at"),
    number("begun_at"),  # when its job first read what it looks for; 0: it waits
    number("ended_at"),
    Index("ix_hash_look_backs_bank_id_id", "bank_id", "id"),
)
