"""Programs of the team that are told what happens, and what became of telling them."""

from sqlalchemy import Index
from sqlalchemy import text as sql

from rostra.store.tables.base import key, number, table, text

_WAITING = sql("state = 0")

webhooks = table(
    "webhooks",
    key(),
    text("url"),
    text("events", "[]"),  # JSON: names of `EventName`
    number("with_content"),  # 1: what people wrote goes along
    number("enabled", 1),
    text("ended_why"),  # why it was switched off by itself
    number("generation", 1),  # of its secret, which is made from this
    number("rotated_at"),
    number("skipped_count"),  # events that were left out while too many waited
    number("created_by"),
    number("created_at"),
)

# Names of rows, and nothing that anybody wrote.
webhook_deliveries = table(
    "webhook_deliveries",
    key(),
    number("webhook_id"),
    text("event"),
    text("object", "{}"),  # JSON: the ids that it is about
    number("state"),  # a `DeliveryState`
    number("attempts"),
    number("status"),  # that the last answer had; 0: none
    text("failure"),
    number("created_at"),
    number("tried_at"),
    Index("ix_webhook_deliveries_webhook_id_id", "webhook_id", "id"),
    Index(
        "ix_webhook_deliveries_waiting",
        "webhook_id",
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    ),
    Index("ix_webhook_deliveries_created_at", "created_at"),
)
