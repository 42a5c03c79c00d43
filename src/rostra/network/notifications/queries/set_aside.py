"""Whom a member wants to hear of, and what is set aside for them."""

from sqlalchemy import Text, and_, case, delete, func, literal_column, or_, select

from rostra.network.notifications.model import Kind, Policy, Request
from rostra.network.notifications.queries.shared import GONE, VIEWER, shown
from rostra.store.paging import ordered, within
from rostra.store.query import const, in_ids, insert_or_ignore, query, upsert
from rostra.store.tables.timelines import (
    notification_permissions,
    notification_policies,
    notifications,
)

# Senders of whom something is set aside, by the oldest of it.
_aside = and_(notifications.c.account_id == VIEWER, notifications.c.set_aside == const(1))
_first = func.min(notifications.c.id)
_mention = literal_column(f"'{Kind.MENTION.value}'", Text())
REQUESTS = ordered(
    select(
        _first,
        func.max(notifications.c.id),
        notifications.c.from_account_id,
        func.count(),
        func.max(case((notifications.c.kind == _mention, notifications.c.post_id), else_=0)),
    )
    .where(_aside, shown())
    .group_by(notifications.c.from_account_id)
    .having(and_(*within(_first))),
    _first,
    Request,
)
REQUEST_SENDERS = query(
    select(notifications.c.from_account_id)
    .where(_aside, in_ids(notifications.c.id, "ids"))
    .distinct(),
    int,
)
PENDING = query(
    select(func.count(notifications.c.from_account_id.distinct()), func.count()).where(
        _aside, shown()
    )
)
_OF_SENDERS = and_(_aside, in_ids(notifications.c.from_account_id, "senders"))
TAKE_UP = query(notifications.update().where(_OF_SENDERS).values(set_aside=const(0)))
DROP_ASIDE = query(delete(notifications).where(_OF_SENDERS))
PERMIT = insert_or_ignore(notification_permissions)

_policy = [notification_policies.c[name] for name in Policy.__struct_fields__]
POLICY = query(select(*_policy).where(notification_policies.c.account_id == VIEWER), Policy)
SET_POLICY = upsert(notification_policies, ["account_id"])
FORGET_POLICY = (
    query(delete(notification_policies).where(notification_policies.c.account_id == GONE)),
    query(
        delete(notification_permissions).where(
            or_(
                notification_permissions.c.account_id == GONE,
                notification_permissions.c.from_account_id == GONE,
            )
        )
    ),
)
