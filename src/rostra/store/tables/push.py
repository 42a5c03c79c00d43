"""Push: the server's key, and where messages for a token go."""

from sqlalchemy import Index

from rostra.store.tables.base import blob, key, number, table, text

# One row, made when it is first needed. Whoever has it can speak to subscribers as this place.
push_keys = table("push_keys", key(), blob("private"))

push_subscriptions = table(
    "push_subscriptions",
    key("token_id"),
    number("account_id"),
    text("endpoint"),
    blob("point"),  # p256dh
    blob("auth"),
    number("standard"),  # 1: RFC 8291; 0: its draft 4
    text("alerts", "[]"),  # JSON: kinds of notifications
    text("policy", "all"),  # all | followed | follower | none
    number("created_at"),
    text("sealed_token"),  # by a key that is not in the database; base64, empty: it is not named
    Index("ix_push_subscriptions_account_id", "account_id"),
)
