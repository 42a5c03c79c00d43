"""The SQL of notifications, private to this slice."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite

from rostra.network.notifications.model import Kind, Notification, Policy, Request
from rostra.network.notifications.sql import ACCEPTED, DROPPED, verdict
from rostra.network.posts.sql import visible
from rostra.store.query import (
    Query,
    const,
    dialect_pair,
    in_ids,
    in_texts,
    insert_or_ignore,
    query,
    upsert,
)
from rostra.store.tables.accounts import accounts, users
from rostra.store.tables.credentials import markers
from rostra.store.tables.posts import posts, quotes, thread_mutes
from rostra.store.tables.relations import blocks, follows, mutes
from rostra.store.tables.timelines import (
    notification_permissions,
    notification_policies,
    notifications,
)


def _number(name: str) -> Any:
    return bindparam(name, type_=BigInteger())


VIEWER, NOW, FROM, POST, LIMIT = map(_number, ("viewer", "now", "from_account", "post", "limit"))
KIND = bindparam("kind", type_=Text())
GONE = _number("gone")


def _not_shunned(recipient: Any, sender: Any) -> ColumnElement[bool]:
    """The recipient neither blocks the sender nor mutes their notifications."""
    block, mute = blocks.alias(), mutes.alias()
    return and_(
        not_(
            exists(
                select(const(1)).where(block.c.account_id == recipient, block.c.target_id == sender)
            )
        ),
        not_(
            exists(
                select(const(1)).where(
                    mute.c.account_id == recipient,
                    mute.c.target_id == sender,
                    mute.c.notifications == const(1),
                    or_(mute.c.expires_at == const(0), mute.c.expires_at > NOW),
                )
            )
        ),
    )


def _shown(told: Any = notifications) -> ColumnElement[bool]:
    """The viewer neither blocks the sender of a notification nor mutes their notifications."""
    # Most members block and mute nobody: that is asked once for the whole statement.
    any_block, any_mute = blocks.alias(), mutes.alias()
    shuns = or_(
        exists(select(const(1)).where(any_block.c.account_id == VIEWER)),
        exists(select(const(1)).where(any_mute.c.account_id == VIEWER)),
    )
    return or_(not_(shuns), _not_shunned(VIEWER, told.c.from_account_id))


def _wants(recipient: Any) -> ColumnElement[bool]:
    """The recipient wants to hear of what the sender does with the post (0: with them)."""
    back, muted = blocks.alias(), thread_mutes.alias()
    return and_(
        recipient != FROM,
        _not_shunned(recipient, FROM),
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
OF_POST = query(
    union_all(
        select(
            users.c.account_id,
            literal_column(f"'{Kind.MENTION.value}'", Text()),
            verdict(users.c.account_id),
        ).where(in_ids(users.c.account_id, "mentioned"), _wants(users.c.account_id)),
        select(
            follows.c.account_id, literal_column(f"'{Kind.STATUS.value}'", Text()), ACCEPTED
        ).where(
            follows.c.target_id == FROM,
            follows.c.notify == literal_column("1"),  # written out: the index is on these alone
            _number("tell_followers") == const(1),
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
OF_EDIT = query(
    union_all(
        select(
            users.c.account_id,
            literal_column(f"'{Kind.MENTION.value}'", Text()),
            verdict(users.c.account_id),
        ).where(in_ids(users.c.account_id, "mentioned"), _wants(users.c.account_id)),
        select(*_rebloggers.c, ACCEPTED),
    )
)

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
        quotes.c.quoted_id == _number("quoted"),
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
    """Tell one member (``recipient``), if they want to hear of it, in one statement."""
    judged = verdict(users.c.account_id)
    source = select(
        _number("id"), users.c.account_id, KIND, FROM, POST, judged, _group_key()
    ).where(
        users.c.account_id == _number("recipient"),
        _wants(users.c.account_id),
        judged != DROPPED,
    )
    columns = (*_COLUMNS, "group_key")
    return dialect_pair(
        sqlite.insert(notifications).from_select(columns, source).on_conflict_do_nothing(),
        postgresql.insert(notifications).from_select(columns, source).on_conflict_do_nothing(),
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
            known.c.account_id == _number("recipient"),
            known.c.group_key >= oldest,
            known.c.group_key <= key,
        )
        .scalar_subquery()
    )
    return case((key == nothing, nothing), else_=func.coalesce(joined, key))


ADD_ONE = _add_one()

_RECIPIENT = notifications.c.account_id == _number("recipient")
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
_quoting = select(quotes.c.post_id).where(quotes.c.quoted_id == _number("quoted"))
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
                notifications.c.from_account_id == _number("recipient"),
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
DISMISS = query(
    delete(notifications).where(
        notifications.c.account_id == VIEWER, notifications.c.id == _number("id")
    )
)
CLEAR = query(delete(notifications).where(notifications.c.account_id == VIEWER))


def _rows() -> Select[Any]:
    return select(*[notifications.c[name] for name in Notification.__struct_fields__]).where(
        notifications.c.account_id == VIEWER, _shown()
    )


def _listed(told: Any = notifications) -> ColumnElement[bool]:
    """Not set aside, unless those are asked for too (``set_aside`` 1)."""
    listed: ColumnElement[bool] = told.c.set_aside <= _number("set_aside")
    return listed


def _page(*, newest: bool, every: bool) -> Query[Notification]:
    ids = notifications.c.id
    statement = _rows().where(ids < _number("below"), ids > _number("above"), _listed())
    if not every:
        statement = statement.where(
            in_texts(notifications.c.kind, "kinds"),
            or_(const(0) == FROM, notifications.c.from_account_id == FROM),
        )
    statement = statement.order_by(ids.desc() if newest else ids.asc()).limit(LIMIT)
    return query(statement, Notification)


# By whether the newest come first, and whether all are wanted: the usual page pays for no filter.
PAGES = {
    (newest, every): _page(newest=newest, every=every)
    for newest in (True, False)
    for every in (True, False)
}
ONE = query(_rows().where(notifications.c.id == _number("id")), Notification)

# Groups. Of those kinds that the client can show as groups (``grouped``) one row stands for each
# group: the one nearest to where the page begins.
_KEY: Any = bindparam("key", type_=Text())
_ALONE = literal_column("''", Text())


def _groups(*, newest: bool) -> Query[Notification]:
    ids, nearer = notifications.c.id, notifications.alias("nearer")
    below, above = _number("below"), _number("above")
    between = (
        and_(nearer.c.id > ids, nearer.c.id < below)
        if newest
        else and_(nearer.c.id < ids, nearer.c.id > above)
    )
    stands_for_others = not_(
        exists(
            select(const(1)).where(
                nearer.c.account_id == VIEWER,
                nearer.c.group_key == notifications.c.group_key,
                between,
                or_(const(0) == FROM, nearer.c.from_account_id == FROM),
                _shown(nearer),
                _listed(nearer),
            )
        )
    )
    statement = _rows().where(
        ids < below,
        ids > above,
        _listed(),
        in_texts(notifications.c.kind, "kinds"),
        or_(const(0) == FROM, notifications.c.from_account_id == FROM),
        or_(
            notifications.c.group_key == _ALONE,
            not_(in_texts(notifications.c.kind, "grouped")),
            stands_for_others,
        ),
    )
    return query(statement.order_by(ids.desc() if newest else ids.asc()).limit(LIMIT), Notification)


GROUPS = {newest: _groups(newest=newest) for newest in (True, False)}
GROUP_HEAD = query(
    _rows()
    .where(notifications.c.group_key == _KEY, _listed())
    .order_by(notifications.c.id.desc())
    .limit(const(1)),
    Notification,
)


def _group_rows() -> Select[Any]:
    by_age = notifications.c.id.desc()
    group = notifications.c.group_key
    on_page = case((notifications.c.id >= _number("begin"), notifications.c.id))
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
            notifications.c.id <= _number("end"),
            accounts.c.state == const(0),
            _shown(),
            _listed(),
        )
        .subquery("members")
    )
    return select(inner).where(inner.c.place <= LIMIT).order_by(inner.c.id.desc())


# The latest members of each of some groups, with how many there are.
GROUP_MEMBERS = query(_group_rows())


def _senders(*, newest: bool) -> Query[tuple[int, int]]:
    ids = notifications.c.id
    statement = select(ids, notifications.c.from_account_id).where(
        notifications.c.account_id == VIEWER,
        notifications.c.group_key == _KEY,
        ids < _number("below"),
        ids > _number("above"),
        _shown(),
        _listed(),
    )
    return query(statement.order_by(ids.desc() if newest else ids.asc()).limit(LIMIT))


SENDERS = {newest: _senders(newest=newest) for newest in (True, False)}
DISMISS_GROUP = query(
    delete(notifications).where(
        notifications.c.account_id == VIEWER, notifications.c.group_key == _KEY
    )
)
DISMISS_SEVERAL = query(
    delete(notifications).where(
        notifications.c.account_id == VIEWER, in_ids(notifications.c.id, "ids")
    )
)

# What a member has not read yet, as far as it still exists for them; a group counts once.
_author = accounts.alias("author")
_unread = (
    select(
        case(
            (
                and_(
                    in_texts(notifications.c.kind, "grouped"), notifications.c.group_key != _ALONE
                ),
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
        _shown(),
        _listed(),
        or_(notifications.c.post_id == const(0), visible(posts.c, _author.c)),
    )
    .limit(LIMIT)
    .subquery("unread")
)
UNREAD = query(select(func.count()).select_from(_unread))

# Senders of whom something is set aside, by the oldest of it.
_aside = and_(notifications.c.account_id == VIEWER, notifications.c.set_aside == const(1))
_first = func.min(notifications.c.id)


def _requests(*, newest: bool) -> Query[Request]:
    mention = literal_column(f"'{Kind.MENTION.value}'", Text())
    statement = (
        select(
            _first,
            func.max(notifications.c.id),
            notifications.c.from_account_id,
            func.count(),
            func.max(case((notifications.c.kind == mention, notifications.c.post_id), else_=0)),
        )
        .where(_aside, _shown())
        .group_by(notifications.c.from_account_id)
        .having(and_(_first < _number("below"), _first > _number("above")))
    )
    return query(statement.order_by(_first.desc() if newest else _first).limit(LIMIT), Request)


REQUESTS = {newest: _requests(newest=newest) for newest in (True, False)}
REQUEST_SENDERS = query(
    select(notifications.c.from_account_id)
    .where(_aside, in_ids(notifications.c.id, "ids"))
    .distinct(),
    int,
)
PENDING = query(
    select(func.count(notifications.c.from_account_id.distinct()), func.count()).where(
        _aside, _shown()
    )
)
_OF_SENDERS = and_(_aside, in_ids(notifications.c.from_account_id, "senders"))
TAKE_UP = query(notifications.update().where(_OF_SENDERS).values(set_aside=const(0)))
DROP_ASIDE = query(delete(notifications).where(_OF_SENDERS))
PERMIT = insert_or_ignore(notification_permissions)

_policy = [notification_policies.c[name] for name in Policy.__struct_fields__]
POLICY = query(select(*_policy).where(notification_policies.c.account_id == VIEWER), Policy)
SET_POLICY = upsert(notification_policies, ["account_id"])
FORGET_POLICY = (
    query(delete(notification_policies).where(notification_policies.c.account_id == GONE)),
    query(
        delete(notification_permissions).where(
            or_(
                notification_permissions.c.account_id == GONE,
                notification_permissions.c.from_account_id == GONE,
            )
        )
    ),
)
