"""Who is told of something, and what is taken back."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    union_all,
    update,
)

from rostra.network.notifications.model import ASKED, Kind
from rostra.network.notifications.queries.shared import FROM, GONE, KIND, LIMIT, POST, not_shunned
from rostra.network.notifications.sql import ACCEPTED, DROPPED, verdict
from rostra.store.query import Query, const, in_ids, insert_or_ignore, number, query, query_in
from rostra.store.tables.accounts import users
from rostra.store.tables.posts import posts, quotes, thread_mutes
from rostra.store.tables.relations import blocks, follows
from rostra.store.tables.timelines import notifications


def _wants(recipient: Any) -> ColumnElement[bool]:
    """The recipient wants to hear of what the sender does with the post (0: with them)."""
    back, muted = blocks.alias(), thread_mutes.alias()
    return and_(
        recipient != FROM,
        not_shunned(recipient, FROM),
        not_(
            exists(select(const(1)).where(back.c.account_id == FROM, back.c.target_id == recipient))
        ),
        not_(
            exists(
                select(const(1))
                .select_from(muted.join(posts, posts.c.thread_id == muted.c.thread_id))
                .where(posts.c.id == POST, muted.c.account_id == recipient)
            )
        ),
    )


# A post: those whom it mentions (``mentioned``), and with ``tell_followers`` those of the author's
# followers who asked to be told. Somebody who is mentioned is told so, once.
_mentioned = select(
    users.c.account_id,
    literal_column(f"'{Kind.MENTION.value}'", Text()),
    verdict(users.c.account_id),
).where(in_ids(users.c.account_id, "mentioned"), _wants(users.c.account_id))
OF_POST = query(
    union_all(
        _mentioned,
        select(
            follows.c.account_id, literal_column(f"'{Kind.STATUS.value}'", Text()), ACCEPTED
        ).where(
            follows.c.target_id == FROM,
            follows.c.notify == literal_column("1"),  # written out: the index is on these alone
            number("tell_followers") == const(1),
            not_(in_ids(follows.c.account_id, "mentioned")),
            _wants(follows.c.account_id),
        ),
    )
)

# An edit: those who are mentioned for the first time, and the last ones who have reblogged it.
_reblogs = posts.alias("reblogs")
_rebloggers = (
    select(_reblogs.c.account_id, literal_column(f"'{Kind.UPDATE.value}'", Text()).label("kind"))
    .where(
        _reblogs.c.reblog_of_id == POST,
        not_(in_ids(_reblogs.c.account_id, "mentioned")),
        _wants(_reblogs.c.account_id),
    )
    .order_by(_reblogs.c.id.desc())
    .limit(LIMIT)
    .subquery("rebloggers")
)
OF_EDIT = query(union_all(_mentioned, select(*_rebloggers.c, ACCEPTED)))

# The end of a poll: those of the voters who want to hear of it.
OF_POLL = query(
    select(users.c.account_id).where(
        in_ids(users.c.account_id, "voters"), _wants(users.c.account_id)
    ),
    int,
)
# An edit: those who quote the post, each with the post that does, the latest.
OF_QUOTED = query(
    select(quotes.c.account_id, quotes.c.post_id)
    .where(
        quotes.c.quoted_id == number("quoted"),
        quotes.c.state == const(0),
        _wants(quotes.c.account_id),
    )
    .order_by(quotes.c.post_id.desc())
    .limit(LIMIT)
)
HAS_MUTED = query(
    select(const(1))
    .select_from(thread_mutes.join(posts, posts.c.thread_id == thread_mutes.c.thread_id))
    .where(posts.c.id == POST, thread_mutes.c.account_id == FROM)
)

_COLUMNS = ("id", "account_id", "kind", "from_account_id", "post_id", "set_aside")
ADD = insert_or_ignore(notifications, _COLUMNS)


def _add_one() -> Query[tuple[Any, ...]]:
    """Tell one member (``recipient``), if they want to hear of it, in one statement.

    With ``asked`` 1 it bears the mark of what is listed only for those who name its kind.
    """
    judged = verdict(users.c.account_id)
    mark = case((number("asked") == const(1), const(ASKED)), else_=judged)
    source = select(number("id"), users.c.account_id, KIND, FROM, POST, mark, _group_key()).where(
        users.c.account_id == number("recipient"),
        _wants(users.c.account_id),
        judged != DROPPED,
    )
    columns = (*_COLUMNS, "group_key")
    return query_in(
        lambda words: (
            words.insert(notifications).from_select(columns, source).on_conflict_do_nothing()
        )
    )


def _group_key() -> Any:
    """The key of the group that is open still, or of a new one; the hour ends it, fixed in length.

    Parameters: ``group_key`` (empty: none) and ``oldest_key``.
    """
    key, oldest = bindparam("group_key", type_=Text()), bindparam("oldest_key", type_=Text())
    known = notifications.alias()
    nothing = literal_column("''", Text())
    joined = (
        select(func.max(known.c.group_key))
        .where(
            known.c.account_id == number("recipient"),
            known.c.group_key >= oldest,
            known.c.group_key <= key,
        )
        .scalar_subquery()
    )
    return case((key == nothing, nothing), else_=func.coalesce(joined, key))


ADD_ONE = _add_one()

_RECIPIENT = notifications.c.account_id == number("recipient")
DROP_ONE = query(
    delete(notifications).where(
        _RECIPIENT,
        notifications.c.from_account_id == FROM,
        notifications.c.kind == KIND,
        notifications.c.post_id == POST,
    )
)
# A reblog is gone: its author need not be known.
DROP_REBLOG = query(
    delete(notifications).where(
        notifications.c.post_id == POST,
        notifications.c.from_account_id == FROM,
        notifications.c.kind == literal_column(f"'{Kind.REBLOG.value}'", Text()),
    )
)


def _drop_all(kind: Kind) -> Query[Any]:
    return query(
        delete(notifications).where(
            notifications.c.post_id == POST,
            notifications.c.kind == literal_column(f"'{kind.value}'", Text()),
        )
    )


DROP_UPDATES = _drop_all(Kind.UPDATE)
DROP_POLL = _drop_all(Kind.POLL)
_quoting = select(quotes.c.post_id).where(quotes.c.quoted_id == number("quoted"))
DROP_QUOTED_UPDATES = query(
    delete(notifications).where(
        notifications.c.post_id.in_(_quoting),
        notifications.c.kind == literal_column(f"'{Kind.QUOTED_UPDATE.value}'", Text()),
    )
)
DROP_POST = query(delete(notifications).where(notifications.c.post_id == POST))
DROP_PAIR = query(
    delete(notifications).where(
        or_(
            and_(_RECIPIENT, notifications.c.from_account_id == FROM),
            and_(
                notifications.c.account_id == FROM,
                notifications.c.from_account_id == number("recipient"),
            ),
        )
    )
)
DROP_ACCOUNT = query(
    delete(notifications).where(
        or_(
            notifications.c.account_id == GONE,
            notifications.c.from_account_id == GONE,
        )
    )
)

# The marks of all that tells of these posts.
MARK_OF_POSTS = query(
    update(notifications)
    .where(in_ids(notifications.c.post_id, "ids"))
    .values(set_aside=notifications.c.set_aside + number("change"))
)
