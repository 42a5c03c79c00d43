"""Whose public posts have changed since the lifeboat was told."""

from rostra.store.tables.base import key, table, text

# Written by triggers in the transaction of the change, see `rostra.store.lifeboat`.
lifeboat_marks = table(
    "lifeboat_marks",
    key("seq"),
    text("name"),  # of the account, in lower case
)
