"""Rules that are tried on the past: how far that is, and what came of it."""

from sqlalchemy import Index
from sqlalchemy import text as sql

from rostra.store.tables.base import key, number, table, text

_OPEN = sql("state < 2")

rule_tryouts = table(
    "rule_tryouts",
    key(),
    number("rule_id"),
    number("version"),  # 0: another source than the rule has
    text("source"),
    number("against"),  # the version beside which it is tried; 0: none
    text("against_source"),
    number("since"),  # of the period, UTC ms
    number("until"),
    number("state"),  # 0 waits, 1 runs, 2 done, 3 given up, 4 failed
    number("total"),  # posts
    number("done"),
    text("result"),  # JSON, without words of posts; empty: none
    text("failure"),
    number("actor_id"),
    number("ended_at"),
    Index("ix_rule_tryouts_rule_id_id", "rule_id", "id"),
    Index(
        "ix_rule_tryouts_state",
        "state",
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
)
