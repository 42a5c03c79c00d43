"""Pages of notifications, how many are unread, and dismissing."""

from sqlalchemy import Text, and_, case, cast, delete, func, literal_column, or_, select

from rostra.network.notifications.model import Kind, Notification
from rostra.network.notifications.queries.shared import (
    ALONE,
    FROM,
    LIMIT,
    VIEWER,
    listed,
    rows,
    shown,
)
from rostra.network.posts.sql import visible
from rostra.store.paging import paged
from rostra.store.query import const, in_texts, number, query
from rostra.store.tables.accounts import accounts
from rostra.store.tables.credentials import markers
from rostra.store.tables.posts import posts
from rostra.store.tables.timelines import notifications

# The usual page, of all kinds by anybody, pays for no filter.
PAGES = paged(rows().where(listed()), notifications.c.id, Notification)
FILTERED_PAGES = paged(
    rows().where(
        listed(),
        in_texts(notifications.c.kind, "kinds"),
        or_(const(0) == FROM, notifications.c.from_account_id == FROM),
    ),
    notifications.c.id,
    Notification,
)
ONE = query(rows().where(notifications.c.id == number("id")), Notification)

# What a member has not read yet, as far as it still exists for them; a group counts once.
_author = accounts.alias("author")
_unread = (
    select(
        case(
            (
                and_(in_texts(notifications.c.kind, "grouped"), notifications.c.group_key != ALONE),
                notifications.c.group_key,
            ),
            else_=cast(notifications.c.id, Text()),
        )
    )
    .distinct()
    .select_from(
        notifications.join(accounts, accounts.c.id == notifications.c.from_account_id)
        .outerjoin(posts, posts.c.id == notifications.c.post_id)
        .outerjoin(_author, _author.c.id == posts.c.account_id)
    )
    .where(
        notifications.c.account_id == VIEWER,
        notifications.c.id
        > func.coalesce(
            select(markers.c.last_read_id)
            .where(
                markers.c.account_id == VIEWER,
                markers.c.timeline == literal_column("'notifications'", Text()),
            )
            .scalar_subquery(),
            const(0),
        ),
        in_texts(notifications.c.kind, "kinds"),
        or_(const(0) == FROM, notifications.c.from_account_id == FROM),
        accounts.c.state == const(0),
        shown(),
        listed(),
        or_(
            notifications.c.post_id == const(0),
            notifications.c.kind == literal_column(f"'{Kind.MODERATION_WARNING.value}'", Text()),
            visible(posts.c, _author.c),
        ),
    )
    .limit(LIMIT)
    .subquery("unread")
)
UNREAD = query(select(func.count()).select_from(_unread))
DISMISS = query(
    delete(notifications).where(
        notifications.c.account_id == VIEWER, notifications.c.id == number("id")
    )
)
CLEAR = query(delete(notifications).where(notifications.c.account_id == VIEWER))
