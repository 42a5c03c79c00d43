"""The SQL of what a file would take away that takes the place of all there was."""

from typing import Any

from sqlalchemy import Table, func, not_, or_, select

from rostra.store.query import Query, const, in_ids, in_texts, number, query
from rostra.store.tables.accounts import accounts
from rostra.store.tables.lists import list_accounts, lists
from rostra.store.tables.posts import bookmarks
from rostra.store.tables.relations import blocks, follows, mutes

_ACCOUNT = number("account")
_NOW = number("now")


def _others(of: Table, *conditions: Any) -> Query[int]:
    """How many there are of a kind whose user names are none of ``names``."""
    return query(
        select(func.count())
        .select_from(of.join(accounts, accounts.c.id == of.c.target_id))
        .where(
            of.c.account_id == _ACCOUNT,
            accounts.c.state == const(0),
            not_(in_texts(accounts.c.username_key, "names")),
            *conditions,
        ),
        int,
    )


FOLLOWS = _others(follows)
BLOCKS = _others(blocks)
MUTES = _others(mutes, or_(mutes.c.expires_at == const(0), mutes.c.expires_at > _NOW))

BOOKMARKS = query(
    select(func.count()).where(
        bookmarks.c.account_id == _ACCOUNT, not_(in_ids(bookmarks.c.post_id, "ids"))
    ),
    int,
)

# Every list with each of its members; one without members once.
MEMBERS = query(
    select(lists.c.id, lists.c.title, func.coalesce(accounts.c.username_key, ""))
    .select_from(
        lists.outerjoin(list_accounts, list_accounts.c.list_id == lists.c.id).outerjoin(
            accounts, accounts.c.id == list_accounts.c.target_id
        )
    )
    .where(lists.c.account_id == _ACCOUNT)
    .order_by(lists.c.id)
)
