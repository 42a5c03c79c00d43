"""What must not come back by a restored copy, until it is kept elsewhere."""

from rostra.store.tables.base import key, table, text

# Written by triggers in the transaction of the act, see `rostra.store.journal`. The last row stays:
# it tells how far a copy of the database has come.
journal = table(
    "journal",
    key("seq"),
    text("what"),  # `-`, `+` or `=`, and the table; empty: the journal was replayed up to here
    text("row", "{}"),  # JSON: its key and what is kept of it
)
