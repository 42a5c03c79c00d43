"""The SQL of posts that are to be published later."""

from typing import Any

from sqlalchemy import BigInteger, bindparam, delete, func, select, update

from rostra.network.posts.model import Scheduled
from rostra.store.query import const, insert, query
from rostra.store.tables.accounts import accounts, users
from rostra.store.tables.posts import scheduled_posts


def _param(name: str) -> Any:
    return bindparam(name, type_=BigInteger())


ACCOUNT, DUE, NOW = map(_param, ("account", "due", "now"))
_ID = scheduled_posts.c.id == _param("id")
_own = (_ID, scheduled_posts.c.account_id == ACCOUNT)
_columns = [scheduled_posts.c[name] for name in Scheduled.__struct_fields__]

INSERT = insert(scheduled_posts)
ONE = query(select(*_columns).where(*_own), Scheduled)
MOVE = query(update(scheduled_posts).where(*_own).values(due_at=DUE, failure=""))
DELETE = query(delete(scheduled_posts).where(*_own))
DELETE_ALL = query(delete(scheduled_posts).where(scheduled_posts.c.account_id == ACCOUNT))
_due = (_ID, scheduled_posts.c.due_at == DUE)
AT_ITS_TIME = query(select(*_columns).where(*_due), Scheduled)
# Whoever gets the row publishes it, in the same transaction.
TAKE = query(
    delete(scheduled_posts).where(*_due).returning(*_columns),
    Scheduled,
)
FAIL = query(
    update(scheduled_posts)
    .where(*_due)
    .values(failure=bindparam("failure"))
    .returning(scheduled_posts.c.account_id),
    int,
)
COUNT = query(
    select(
        func.count(),
        func.count().filter(scheduled_posts.c.due_at.between(_param("first"), _param("last"))),
    ).where(scheduled_posts.c.account_id == ACCOUNT, scheduled_posts.c.id != _param("but"))
)
# Two requests of one member take turns: the limits hold for both together.
LOCK = query(update(accounts).where(accounts.c.id == ACCOUNT).values(version=accounts.c.version))
MAY_POST = query(
    select(const(1))
    .select_from(accounts.join(users, users.c.account_id == accounts.c.id))
    .where(accounts.c.id == ACCOUNT, accounts.c.state == const(0), users.c.disabled_at == const(0))
)


def _page(*, newest: bool) -> Any:
    ids = scheduled_posts.c.id
    return query(
        select(*_columns)
        .where(
            scheduled_posts.c.account_id == ACCOUNT, ids < _param("below"), ids > _param("above")
        )
        .order_by(ids.desc() if newest else ids)
        .limit(_param("limit")),
        Scheduled,
    )


PAGE = (_page(newest=True), _page(newest=False))
