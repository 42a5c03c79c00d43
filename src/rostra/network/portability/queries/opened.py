"""The SQL of what is written of the whole network; each page begins behind `after`."""

from sqlalchemy import select

from rostra.store.query import const, number, query
from rostra.store.tables.accounts import accounts
from rostra.store.tables.posts import favourites
from rostra.store.tables.relations import follows

_ACCOUNT = number("account")
_AFTER = number("after")
_LIMIT = number("limit")

ACCOUNTS = query(
    select(accounts.c.id)
    .where(accounts.c.id > _AFTER, accounts.c.state == const(0))
    .order_by(accounts.c.id)
    .limit(_LIMIT),
    int,
)
FOLLOWS = query(
    select(follows.c.id, follows.c.target_id)
    .where(follows.c.account_id == _ACCOUNT, follows.c.id > _AFTER)
    .order_by(follows.c.id)
    .limit(_LIMIT)
)
# Not those that their authors have yet to allow.
LIKES = query(
    select(favourites.c.id, favourites.c.post_id)
    .where(
        favourites.c.account_id == _ACCOUNT,
        favourites.c.id > _AFTER,
        favourites.c.pending == const(0),
    )
    .order_by(favourites.c.id)
    .limit(_LIMIT)
)
