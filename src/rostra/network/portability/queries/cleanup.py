"""The SQL of old posts that their members want deleted."""

from sqlalchemy import ColumnElement, Table, and_, exists, or_, select

from rostra.network.portability.model import CleanupRule
from rostra.store.query import const, number, query, upsert
from rostra.store.tables.portability import cleanup_rules
from rostra.store.tables.posts import bookmarks, favourites, pins, posts

_ACCOUNT = number("account")
_AFTER = number("after")
_LIMIT = number("limit")
_rule = cleanup_rules

_COLUMNS = [_rule.c[name] for name in CleanupRule.__struct_fields__]
RULE = query(select(*_COLUMNS).where(_rule.c.account_id == _ACCOUNT), CleanupRule)
PUT_RULE = upsert(_rule, ["account_id"])
DROP_RULE = query(_rule.delete().where(_rule.c.account_id == _ACCOUNT))
LOOKED_AT = query(
    _rule.update().where(_rule.c.account_id == _ACCOUNT).values(looked_at_id=number("place"))
)
ACTIVE = query(
    select(_rule.c.account_id)
    .where(_rule.c.active == const(1), _rule.c.account_id > _AFTER)
    .order_by(_rule.c.account_id)
    .limit(_LIMIT),
    int,
)


def _saved(table: Table) -> ColumnElement[bool]:
    """Whether the post's own author has it in a list of theirs."""
    mine = table.alias()
    return exists(
        select(const(1)).where(mine.c.account_id == _ACCOUNT, mine.c.post_id == posts.c.id)
    )


_fav, _mark, _pin = (_saved(table) for table in (favourites, bookmarks, pins))
# Old posts of an account from a place on, and whether its rule keeps each.
_KEPT = or_(
    and_(_rule.c.keep_direct == const(1), posts.c.visibility >= const(3)),
    and_(_rule.c.keep_polls == const(1), posts.c.poll == const(1)),
    and_(_rule.c.keep_media == const(1), posts.c.media_count > const(0)),
    and_(_rule.c.keep_pinned == const(1), _pin),
    and_(_rule.c.keep_favourited == const(1), _fav),
    and_(_rule.c.keep_bookmarked == const(1), _mark),
    and_(
        _rule.c.min_favourites > const(0),
        posts.c.favourites_count >= _rule.c.min_favourites,
    ),
    and_(_rule.c.min_reblogs > const(0), posts.c.reblogs_count >= _rule.c.min_reblogs),
)
OLD_POSTS = query(
    select(posts.c.id, _KEPT)
    .select_from(posts.join(_rule, _rule.c.account_id == posts.c.account_id))
    .where(
        posts.c.account_id == _ACCOUNT,
        posts.c.id > _AFTER,
        posts.c.id < number("before"),
    )
    .order_by(posts.c.id)
    .limit(_LIMIT)
)
