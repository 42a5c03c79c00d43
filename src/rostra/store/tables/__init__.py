"""The schema, described once with SQLAlchemy Core; both databases are made from it."""

from rostra.store.tables import (
    accounts,
    announcements,
    conversations,
    credentials,
    filters,
    instance,
    lists,
    outbox,
    polls,
    portability,
    posts,
    previews,
    push,
    relations,
    tags,
    timelines,
    trends,
)
from rostra.store.tables.base import metadata

__all__ = [
    "accounts",
    "announcements",
    "conversations",
    "credentials",
    "filters",
    "instance",
    "lists",
    "metadata",
    "outbox",
    "polls",
    "portability",
    "posts",
    "previews",
    "push",
    "relations",
    "tags",
    "timelines",
    "trends",
]
