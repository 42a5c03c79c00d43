"""The SQL of what is held and of who is asked about it."""

from typing import Any

import msgspec
from sqlalchemy import and_, bindparam, case, delete, exists, func, or_, select, update

from rostra.network.posts.interaction import Request
from rostra.network.posts.limits import LOWERING, OWN_SHIFT, OWN_VISIBILITY
from rostra.network.posts.model import Visibility
from rostra.network.relations.sql import VIEWER, not_hidden
from rostra.store.paging import paged
from rostra.store.query import const, in_ids, insert, number, query
from rostra.store.tables.accounts import accounts, users
from rostra.store.tables.posts import (
    favourites,
    interaction_requests,
    post_mentions,
    post_texts,
    posts,
    quotes,
)
from rostra.store.tables.relations import follows

ID, POST, ACCOUNT, OWNER, KIND, NOW, LIMIT = map(
    number, ("id", "post", "account", "owner", "kind", "now", "limit")
)
_OPEN, _ACCEPTED, _REJECTED, _WAITING = map(const, (0, 1, 2, 4))
_asked = interaction_requests
_columns = [_asked.c[name] for name in Request.__struct_fields__]


# What a member is to the author of a post, and to the post.
def _whether(condition: Any) -> Any:
    return case((condition, const(1)), else_=const(0))


_actor, _author = number("actor"), number("author")
CIRCLE = query(
    select(
        _whether(
            exists(
                select(const(1)).where(
                    follows.c.account_id == _actor, follows.c.target_id == _author
                )
            )
        ),
        _whether(
            exists(
                select(const(1)).where(
                    follows.c.account_id == _author, follows.c.target_id == _actor
                )
            )
        ),
        _whether(
            exists(
                select(const(1)).where(
                    post_mentions.c.post_id == POST, post_mentions.c.account_id == _actor
                )
            )
        ),
    )
)
SET_POLICY = query(
    update(posts)
    .where(posts.c.id == POST)
    .values(interaction_policy=number("policy"), version=posts.c.version + const(1))
)

DEFAULTS = query(select(users.c.default_interaction_policies).where(users.c.account_id == ACCOUNT))
SET_DEFAULTS = query(
    update(users)
    .where(users.c.account_id == ACCOUNT)
    .values(default_interaction_policies=bindparam("policies"))
)

# Requests.
INSERT = insert(_asked)
# Two requests of one member take turns: the limit holds for both together.
LOCK = query(update(accounts).where(accounts.c.id == ACCOUNT).values(version=accounts.c.version))
OPEN_COUNT = query(
    select(func.count()).where(
        _asked.c.account_id == ACCOUNT, _asked.c.owner_id == OWNER, _asked.c.state == _OPEN
    ),
    int,
)
_of_kind = (_asked.c.post_id == POST, _asked.c.account_id == ACCOUNT, _asked.c.kind == KIND)
DECLINED = query(select(const(1)).where(*_of_kind, _asked.c.state == _REJECTED))
# Those whose post and whose asker are there.
_there = _asked.join(posts, posts.c.id == _asked.c.post_id).join(
    accounts, and_(accounts.c.id == _asked.c.account_id, accounts.c.state == const(0))
)
_subject = posts.alias("subject")
# No decision hides the post, or the reply to it.
_seen = and_(
    posts.c.visibility < const(Visibility.HELD),
    ~exists(
        select(const(1)).where(
            _subject.c.id == _asked.c.subject_id,
            _subject.c.visibility >= const(Visibility.HELD),
        )
    ),
)
ONE = query(
    select(*_columns)
    .select_from(_there)
    .where(_asked.c.id == ID, _asked.c.owner_id == OWNER, _seen),
    Request,
)
DECIDE = query(
    update(_asked)
    .where(_asked.c.id == ID, _asked.c.state == _OPEN)
    .values(state=number("state"), decided_at=NOW, subject_id=number("subject"))
)
WITHDRAW = query(
    delete(_asked).where(*_of_kind, _asked.c.state != _REJECTED).returning(*_columns), Request
)
# Another id: what was agreed to by the earlier one is agreed to no more.
ASK_ANEW = query(
    update(_asked)
    .where(_asked.c.subject_id == number("subject"), _asked.c.state == _OPEN)
    .values(id=ID)
    .returning(*_columns),
    Request,
)
DROP_OF_SUBJECT = query(
    delete(_asked).where(_asked.c.subject_id == number("subject")).returning(*_columns), Request
)
_other = number("other")
_between = or_(
    and_(_asked.c.account_id == ACCOUNT, _asked.c.owner_id == _other),
    and_(_asked.c.account_id == _other, _asked.c.owner_id == ACCOUNT),
)
OPEN_BETWEEN = query(
    select(*_columns).where(_between, _asked.c.state == _OPEN).order_by(_asked.c.subject_id),
    Request,
)
DROP_BETWEEN = query(delete(_asked).where(_between).returning(*_columns), Request)
_CHUNK = const(500)


def _drop_some(condition: Any) -> Any:
    some = select(_asked.c.id).where(condition).limit(_CHUNK)
    return query(delete(_asked).where(_asked.c.id.in_(some)))


DROP_OF_POST = (_drop_some(_asked.c.post_id == POST), _drop_some(_asked.c.subject_id == POST))
DROP_OF_ACCOUNT = (
    _drop_some(_asked.c.account_id == ACCOUNT),
    _drop_some(_asked.c.owner_id == ACCOUNT),
)
# Two statements: in one, PostgreSQL reads the whole table for some hundred ids.
DECIDED_BEFORE = query(  # open ones have no such time
    select(_asked.c.id)
    .where(_asked.c.decided_at > const(0), _asked.c.decided_at < number("before"))
    .limit(_CHUNK),
    int,
)
DROP_DECIDED = query(delete(_asked).where(in_ids(_asked.c.id, "ids")))


def _mine() -> Any:
    return (
        select(*_columns)
        .select_from(_there)
        .where(
            _asked.c.owner_id == VIEWER,
            _asked.c.state == _OPEN,
            _seen,
            not_hidden(_asked.c.account_id),
        )
    )


PAGES = paged(
    _mine().where(in_ids(_asked.c.kind, "kinds"), or_(const(0) == POST, _asked.c.post_id == POST)),
    _asked.c.id,
    Request,
)
WAITING = query(select(func.count()).select_from(_mine().limit(LIMIT).subquery()), int)


# What waits.
class Held(msgspec.Struct, frozen=True):
    """A post that was held until now."""

    account_id: int
    thread_id: int
    in_reply_to_id: int
    in_reply_to_account_id: int
    poll: int
    quote: int
    quote_policy: int
    text: str
    spoiler_text: str
    language: str


_held = [posts.c[name] for name in Held.__struct_fields__[:-3]]
HELD = query(
    select(*_held, post_texts.c.text, post_texts.c.spoiler_text, post_texts.c.language)
    .select_from(posts.join(post_texts, post_texts.c.post_id == posts.c.id))
    .where(posts.c.id == POST),
    Held,
)
_released, _own = number("visibility"), const(~OWN_VISIBILITY)
# The visibility that it has then: a decision that limits its reach holds for it from now on.
RELEASE = query(
    update(posts)
    .where(posts.c.id == POST, posts.c.visibility == _WAITING)
    .values(
        visibility=case(
            (
                and_(
                    _released == const(0),
                    posts.c.limits.bitwise_and(const(LOWERING)) != const(0),
                ),
                const(1),
            ),
            else_=_released,
        ),
        limits=case(
            (
                posts.c.limits != const(0),
                posts.c.limits.bitwise_and(_own) + _released * const(1 << OWN_SHIFT),
            ),
            else_=const(0),
        ),
        version=posts.c.version + const(1),
    )
    .returning(posts.c.visibility),
    int,
)
SET_HTML = query(
    update(post_texts).where(post_texts.c.post_id == POST).values(html=bindparam("html"))
)
REFUSE = query(
    update(posts)
    .where(in_ids(posts.c.id, "ids"), posts.c.visibility == _WAITING)
    .values(visibility=const(5), version=posts.c.version + const(1))
)
QUOTED = query(
    select(quotes.c.quoted_id, quotes.c.quoted_account_id)
    .select_from(quotes.join(posts, posts.c.id == quotes.c.quoted_id))
    .where(quotes.c.post_id == POST, quotes.c.state == const(0))
)
_pending = (
    favourites.c.account_id == ACCOUNT,
    favourites.c.post_id == POST,
    favourites.c.pending == const(1),
)
LOCK_FAVOURITE = query(update(favourites).where(*_pending).values(pending=const(1)))
SETTLE_FAVOURITE = query(update(favourites).where(*_pending).values(pending=const(0)))
DROP_PENDING_FAVOURITE = query(delete(favourites).where(*_pending))
