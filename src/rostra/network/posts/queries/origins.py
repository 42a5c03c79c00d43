"""The SQL of posts that were brought in from archives: what each was called there."""

from typing import Any

from sqlalchemy import bindparam, case, delete, select, update

from rostra.network.posts.model import Origin
from rostra.store.query import const, in_ids, in_texts, number, query, query_in
from rostra.store.tables.posts import post_origins, posts

POST, ACCOUNT = number("post"), number("account")

OF_POST = query(select(post_origins.c.post_id).where(post_origins.c.post_id == POST), int)
# Of a post that is deleted not even the id stays.
GONE = query(
    update(post_origins)
    .where(post_origins.c.post_id == POST)
    .values(gone=const(1), post_id=const(0))
)
DROP_OF_ACCOUNT = query(delete(post_origins).where(post_origins.c.account_id == ACCOUNT))

KNOWN = query(
    select(
        post_origins.c.origin,
        post_origins.c.post_id,
        post_origins.c.gone,
        case((posts.c.id.is_(None), const(0)), else_=const(1)),
    )
    .select_from(post_origins.outerjoin(posts, posts.c.id == post_origins.c.post_id))
    .where(post_origins.c.account_id == ACCOUNT, in_texts(post_origins.c.origin, "origins")),
    Origin,
)
# Of the posts of this place with these ids: whose they are.
AUTHORS = query(select(posts.c.id, posts.c.account_id).where(in_ids(posts.c.id, "ids")))


def _claim(words: Any) -> Any:
    names = ("account_id", "origin", "post_id", "gone")
    values = {name: bindparam(name, type_=post_origins.c[name].type) for name in names}
    adding = words.insert(post_origins).values(values)
    return adding.on_conflict_do_update(
        index_elements=["account_id", "origin"],
        set_={name: adding.excluded[name] for name in ("post_id", "gone")},
        where=post_origins.c.post_id == number("before"),
    )


# A post that was not here before, or in place of the one that is gone; no row: it is here by now.
CLAIM = query_in(_claim)
