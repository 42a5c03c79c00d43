"""What streams ask of posts: for many viewers at once, and after a post is gone."""

from typing import Any, NamedTuple

from sqlalchemy import BigInteger, and_, bindparam, exists, not_, or_, select

from rostra.network.posts.model import Placed
from rostra.network.posts.sql import visible
from rostra.store.query import const, in_ids, query
from rostra.store.tables.accounts import accounts, users
from rostra.store.tables.posts import posts
from rostra.store.tables.relations import blocks


def _number(name: str) -> Any:
    return bindparam(name, type_=BigInteger())


PLACED = query(
    select(*[posts.c[name] for name in Placed.__struct_fields__]).where(
        posts.c.id == _number("post")
    ),
    Placed,
)


class _Deleted(NamedTuple):
    """A post whose row is gone: its columns are parameters."""

    id: Any
    account_id: Any
    visibility: Any
    in_reply_to_account_id: Any


_member, _block = users.alias("member"), blocks.alias()
_viewer = _member.c.account_id
_gone = _Deleted(const(0), _number("author"), _number("visibility"), _number("answered"))

GONE_FOR = query(
    select(_viewer)
    .select_from(accounts.join(_member, in_ids(_viewer, "viewers")))
    .where(
        accounts.c.id == _number("author"),
        visible(_gone, accounts.c, _viewer, mentioned=in_ids(_viewer, "mentioned")),
        # Whoever could not see an original did not see its reblogs.
        or_(
            _number("original_author") == const(0),
            not_(
                exists(
                    select(const(1)).where(
                        and_(
                            _block.c.account_id == _number("original_author"),
                            _block.c.target_id == _viewer,
                        )
                    )
                )
            ),
        ),
    ),
    int,
)
