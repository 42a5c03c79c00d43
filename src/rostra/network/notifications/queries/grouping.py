"""Notifications in groups."""

from typing import Any

from sqlalchemy import Select, and_, case, delete, exists, func, not_, or_, select

from rostra.network.notifications.model import Notification
from rostra.network.notifications.queries.shared import (
    ALONE,
    FROM,
    KEY,
    LIMIT,
    VIEWER,
    listed,
    rows,
    shown,
)
from rostra.store.paging import ABOVE, BELOW, Pages, paged, within
from rostra.store.query import Query, as_tuple, const, in_ids, in_texts, number, query
from rostra.store.tables.accounts import accounts
from rostra.store.tables.timelines import notifications

# Groups. Of those kinds that the client can show as groups (``grouped``) one row stands for each
# group: the one nearest to where the page begins.


def _groups(*, newest: bool) -> Query[Notification]:
    ids, nearer = notifications.c.id, notifications.alias("nearer")
    between = (
        and_(nearer.c.id > ids, nearer.c.id < BELOW)
        if newest
        else and_(nearer.c.id < ids, nearer.c.id > ABOVE)
    )
    stands_for_others = not_(
        exists(
            select(const(1)).where(
                nearer.c.account_id == VIEWER,
                nearer.c.group_key == notifications.c.group_key,
                between,
                or_(const(0) == FROM, nearer.c.from_account_id == FROM),
                shown(nearer),
                listed(nearer),
            )
        )
    )
    statement = rows().where(
        *within(ids),
        listed(),
        in_texts(notifications.c.kind, "kinds"),
        or_(const(0) == FROM, notifications.c.from_account_id == FROM),
        or_(
            notifications.c.group_key == ALONE,
            not_(in_texts(notifications.c.kind, "grouped")),
            stands_for_others,
        ),
    )
    return query(statement.order_by(ids.desc() if newest else ids.asc()).limit(LIMIT), Notification)


GROUPS = Pages(_groups)
GROUP_HEAD = query(
    rows()
    .where(notifications.c.group_key == KEY, listed())
    .order_by(notifications.c.id.desc())
    .limit(const(1)),
    Notification,
)


def _group_rows() -> Select[Any]:
    by_age = notifications.c.id.desc()
    group = notifications.c.group_key
    on_page = case((notifications.c.id >= number("begin"), notifications.c.id))
    inner = (
        select(
            notifications.c.group_key,
            notifications.c.id,
            notifications.c.from_account_id,
            func.count().over(partition_by=group).label("members"),
            func.min(on_page).over(partition_by=group).label("page_min_id"),
            func.row_number().over(partition_by=group, order_by=by_age).label("place"),
        )
        .select_from(notifications.join(accounts, accounts.c.id == notifications.c.from_account_id))
        .where(
            notifications.c.account_id == VIEWER,
            in_texts(notifications.c.group_key, "keys"),
            notifications.c.id <= number("end"),
            accounts.c.state == const(0),
            shown(),
            listed(),
        )
        .subquery("members")
    )
    return select(inner).where(inner.c.place <= LIMIT).order_by(inner.c.id.desc())


# The latest members of each of some groups, with how many there are.
GROUP_MEMBERS = query(_group_rows())


SENDERS = paged(
    select(notifications.c.id, notifications.c.from_account_id).where(
        notifications.c.account_id == VIEWER, notifications.c.group_key == KEY, shown(), listed()
    ),
    notifications.c.id,
    as_tuple,
)
DISMISS_GROUP = query(
    delete(notifications).where(
        notifications.c.account_id == VIEWER, notifications.c.group_key == KEY
    )
)
DISMISS_SEVERAL = query(
    delete(notifications).where(
        notifications.c.account_id == VIEWER, in_ids(notifications.c.id, "ids")
    )
)
