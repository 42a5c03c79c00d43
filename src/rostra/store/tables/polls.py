"""Polls: what a post asks, what can be chosen, and who chose what."""

from sqlalchemy import Index

from rostra.store.tables.base import clustered, key, number, part, table, text

polls = table(
    "polls",
    key("post_id"),  # clients know a poll by the id of its post
    number("account_id"),
    number("ballot_id"),  # what votes hang on; another one when the options change
    number("multiple"),
    number("hide_totals"),
    number("ends_at"),
    number("voters_count"),
)

poll_options = clustered(
    "poll_options", part("post_id"), part("position"), text("title"), number("votes_count")
)

poll_votes = clustered(
    "poll_votes",
    part("ballot_id"),
    part("account_id"),
    number("post_id"),
    number("choices"),  # a bit for each option, the first one lowest
    Index("ix_poll_votes_account_id_ballot_id", "account_id", "ballot_id"),
)
