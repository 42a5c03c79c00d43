"""The SQL of relations, private to this slice."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
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

from rostra.network.accounts.limits import Limit
from rostra.network.accounts.sql import free_of
from rostra.network.relations.model import Between, Link, Party
from rostra.network.relations.sql import NOW, VIEWER, not_hidden
from rostra.store.paging import Pages, paged
from rostra.store.query import Query, const, in_ids, insert_or_ignore, number, query, upsert
from rostra.store.tables.accounts import account_notes, accounts
from rostra.store.tables.relations import (
    blocks,
    endorsements,
    follow_requests,
    follows,
    mutes,
    suggestion_dismissals,
)

ACCOUNT, TARGET = number("account"), number("target")
_NOTHING = literal_column("''", Text())

# Both rows are locked in the order of their ids (PostgreSQL; SQLite has one writer anyway), so that
# changes between the same two come one after the other, and no two of them wait for each other.
LOCK_PAIR = query(
    select(*[accounts.c[name] for name in Party.__struct_fields__])
    .where(in_ids(accounts.c.id, "ids"))
    .order_by(accounts.c.id)
    .with_for_update(key_share=True),
    Party,
)


def _mine(kind: Between, of: Table, one: Any, two: Any, words: Any) -> Select[Any]:
    return select(const(kind), of.c.target_id, one, two, words).where(
        of.c.account_id == VIEWER, in_ids(of.c.target_id, "ids")
    )


def _theirs(kind: Between, of: Table) -> Select[Any]:
    return select(const(kind), of.c.account_id, const(0), const(0), _NOTHING).where(
        of.c.target_id == VIEWER, in_ids(of.c.account_id, "ids")
    )


# All that is between the viewer and the accounts ``ids``: kind, account, and what belongs to it.
RELATIONS = query(
    union_all(
        _mine(
            Between.FOLLOWING,
            follows,
            follows.c.show_reblogs,
            follows.c.notify,
            follows.c.languages,
        ),
        _theirs(Between.FOLLOWED_BY, follows),
        _mine(
            Between.REQUESTED,
            follow_requests,
            follow_requests.c.show_reblogs,
            follow_requests.c.notify,
            follow_requests.c.languages,
        ),
        _theirs(Between.REQUESTED_BY, follow_requests),
        _mine(Between.BLOCKING, blocks, const(0), const(0), _NOTHING),
        _theirs(Between.BLOCKED_BY, blocks),
        _mine(Between.MUTING, mutes, mutes.c.notifications, mutes.c.expires_at, _NOTHING).where(
            or_(mutes.c.expires_at == const(0), mutes.c.expires_at > NOW)
        ),
        _mine(Between.ENDORSED, endorsements, const(0), const(0), _NOTHING),
        _mine(Between.NOTED, account_notes, const(0), const(0), account_notes.c.comment),
        select(const(Between.EXISTS), accounts.c.id, const(0), const(0), _NOTHING).where(
            in_ids(accounts.c.id, "ids"), accounts.c.state == const(0)
        ),
    )
)

ADD_FOLLOW = insert_or_ignore(
    follows, [column.name for column in follows.columns if column.name != "out_of_home"]
)
ADD_REQUEST = insert_or_ignore(follow_requests)
ADD_ENDORSEMENT = insert_or_ignore(endorsements)
ADD_BLOCK = insert_or_ignore(blocks)
SET_MUTE = upsert(mutes, ["account_id", "target_id"])
SET_NOTE = upsert(account_notes, ["account_id", "target_id"])


def _between(of: Table) -> ColumnElement[bool]:
    return and_(of.c.account_id == ACCOUNT, of.c.target_id == TARGET)


def _change(of: Table) -> Query[tuple[Any, ...]]:
    values = {
        "show_reblogs": number("show_reblogs"),
        "notify": number("notify"),
        "languages": bindparam("languages", type_=Text()),
    }
    return query(update(of).where(_between(of)).values(values))


CHANGE_FOLLOW = _change(follows)
CHANGE_REQUEST = _change(follow_requests)
OUT_OF_HOME = query(
    select(follows.c.target_id, follows.c.out_of_home).where(
        follows.c.account_id == ACCOUNT, in_ids(follows.c.target_id, "ids")
    )
)
SET_OUT_OF_HOME = query(
    update(follows)
    .where(follows.c.account_id == ACCOUNT, in_ids(follows.c.target_id, "ids"))
    .values(out_of_home=number("out"))
)
DROP_FOLLOW = query(delete(follows).where(_between(follows)))
DROP_ENDORSEMENT = query(delete(endorsements).where(_between(endorsements)))
HOW_MANY_ENDORSED = query(
    select(func.count()).select_from(endorsements).where(endorsements.c.account_id == ACCOUNT), int
)
DROP_REQUEST = query(delete(follow_requests).where(_between(follow_requests)))
DROP_BLOCK = query(delete(blocks).where(_between(blocks)))
DROP_MUTE = query(delete(mutes).where(_between(mutes)))
DROP_NOTE = query(delete(account_notes).where(_between(account_notes)))
DROP_ENDED_MUTES = query(
    delete(mutes).where(mutes.c.expires_at > const(0), mutes.c.expires_at <= NOW)
)
REQUEST = query(
    select(
        follow_requests.c.show_reblogs, follow_requests.c.notify, follow_requests.c.languages
    ).where(_between(follow_requests))
)

ASKED_AND_OPEN = query(
    select(follow_requests.c.id)
    .select_from(follow_requests.join(accounts, accounts.c.id == follow_requests.c.target_id))
    .where(follow_requests.c.target_id == TARGET, accounts.c.locked == const(0))
    .limit(const(1))
)

COUNT = query(
    update(accounts)
    .where(accounts.c.id.in_((ACCOUNT, TARGET)))
    .values(
        following_count=accounts.c.following_count
        + case((accounts.c.id == ACCOUNT, number("by")), else_=const(0)),
        followers_count=accounts.c.followers_count
        + case((accounts.c.id == TARGET, number("by")), else_=const(0)),
    )
)

_block = blocks.alias("theirs")
# Active, and not blocking the viewer.
_EXISTS_FOR_VIEWER = and_(
    accounts.c.state == const(0),
    not_(
        exists(
            select(const(1)).where(
                _block.c.account_id == accounts.c.id, _block.c.target_id == VIEWER
            )
        )
    ),
)


def _list(of: Table, owner: Any, shown: Any) -> Select[Any]:
    return (
        select(of.c.id, shown)
        .select_from(of.join(accounts, accounts.c.id == shown))
        .where(owner == ACCOUNT, _EXISTS_FOR_VIEWER)
    )


def _public_list(owner: Any, shown: Any, of: Table = follows) -> Pages[Link]:
    """For others' eyes: without those whom the viewer blocks or mutes."""
    statement = _list(of, owner, shown).where(or_(VIEWER == ACCOUNT, not_hidden(shown)))
    return paged(statement, of.c.id, Link)


def _own_list(of: Table, *more: Any) -> Select[Any]:
    return (
        select(of.c.id, of.c.target_id, *more)
        .select_from(of.join(accounts, accounts.c.id == of.c.target_id))
        .where(of.c.account_id == VIEWER, accounts.c.state == const(0))
    )


FOLLOWERS = _public_list(follows.c.target_id, follows.c.account_id)
FOLLOWING = _public_list(follows.c.account_id, follows.c.target_id)
ENDORSEMENTS = _public_list(endorsements.c.account_id, endorsements.c.target_id, endorsements)
REQUESTS = paged(
    _list(follow_requests, follow_requests.c.target_id, follow_requests.c.account_id),
    follow_requests.c.id,
    Link,
)
BLOCKS = paged(_own_list(blocks), blocks.c.id, Link)
MUTES = paged(
    _own_list(mutes, mutes.c.expires_at).where(
        or_(mutes.c.expires_at == const(0), mutes.c.expires_at > NOW)
    ),
    mutes.c.id,
    Link,
)

_friend, _theirs_too = follows.alias("friend"), accounts.alias("theirs_too")
_by_them = blocks.alias()
# Whom the viewer follows and who follow the accounts ``ids``, where neither hides whom they follow.
# Who blocks the viewer does not exist for them, so has no followers either.
_turn = func.row_number().over(partition_by=follows.c.target_id, order_by=follows.c.id.desc())
_familiar = (
    select(follows.c.target_id, follows.c.account_id, _turn.label("place"))
    .select_from(
        follows.join(_friend, _friend.c.target_id == follows.c.account_id)
        .join(accounts, accounts.c.id == follows.c.account_id)
        .join(_theirs_too, _theirs_too.c.id == follows.c.target_id)
    )
    .where(
        _friend.c.account_id == VIEWER,
        in_ids(follows.c.target_id, "ids"),
        accounts.c.hide_collections == const(0),
        _theirs_too.c.hide_collections == const(0),
        _theirs_too.c.state == const(0),
        not_(
            exists(
                select(const(1)).where(
                    _by_them.c.account_id == follows.c.target_id, _by_them.c.target_id == VIEWER
                )
            )
        ),
        _EXISTS_FOR_VIEWER,
    )
    .subquery("familiar")
)
# The latest of each first, then the second of each: who has many takes nothing from who has few.
FAMILIAR = query(
    select(_familiar.c.target_id, _familiar.c.account_id)
    .where(_familiar.c.place <= number("each"))
    .order_by(_familiar.c.place, _familiar.c.target_id)
    .limit(number("limit"))
)

DISMISS = insert_or_ignore(suggestion_dismissals)


def _offered(account: Any) -> ColumnElement[bool]:
    """Wants to be found, and is new to the viewer (parameters ``viewer`` and ``now``)."""

    def said(of: Table) -> ColumnElement[bool]:
        said_of = of.alias()
        return exists(
            select(const(1)).where(
                said_of.c.account_id == VIEWER, said_of.c.target_id == account.id
            )
        )

    theirs = blocks.alias()
    return and_(
        account.discoverable == const(1),
        account.state == const(0),
        free_of(Limit.REACH, account),
        account.id != VIEWER,
        not_(said(follows)),
        not_(said(follow_requests)),
        not_(said(suggestion_dismissals)),
        not_hidden(account.id),
        not_(
            exists(
                select(const(1)).where(
                    theirs.c.account_id == account.id, theirs.c.target_id == VIEWER
                )
            )
        ),
    )


_own = (
    select(follows.c.target_id)
    .where(follows.c.account_id == VIEWER)
    .order_by(follows.c.id.desc())
    .limit(number("follows"))
    .subquery()
)
_open_friend, _their = accounts.alias("open_friend"), follows.alias("their")
_met = (
    select(_their.c.target_id)
    .select_from(
        _own.join(_open_friend, _open_friend.c.id == _own.c.target_id).join(
            _their, _their.c.account_id == _own.c.target_id
        )
    )
    .where(_open_friend.c.hide_collections == const(0), _open_friend.c.state == const(0))
    .limit(number("rows"))
    .subquery()
)
FRIENDS_OF_FRIENDS = query(
    select(accounts.c.id)
    .select_from(_met.join(accounts, accounts.c.id == _met.c.target_id))
    .where(_offered(accounts.c))
    .group_by(accounts.c.id)
    .order_by(func.count().desc(), accounts.c.id.desc())
    .limit(number("limit")),
    int,
)
_active = (
    select(accounts.c.id)
    .where(accounts.c.discoverable == const(1))
    .order_by(accounts.c.last_post_at.desc(), accounts.c.id.desc())
    .limit(number("active"))
    .subquery()
)
POPULAR = query(
    select(accounts.c.id)
    .select_from(_active.join(accounts, accounts.c.id == _active.c.id))
    .where(_offered(accounts.c))
    .order_by(accounts.c.followers_count.desc(), accounts.c.id.desc())
    .limit(number("limit")),
    int,
)

# An account goes: whoever they followed, and whoever followed them, has one fewer.
_gone = number("gone")
FEWER_FOLLOWERS = query(
    update(accounts)
    .where(accounts.c.id.in_(select(follows.c.target_id).where(follows.c.account_id == _gone)))
    .values(followers_count=accounts.c.followers_count - const(1))
)
FEWER_FOLLOWED = query(
    update(accounts)
    .where(accounts.c.id.in_(select(follows.c.account_id).where(follows.c.target_id == _gone)))
    .values(following_count=accounts.c.following_count - const(1))
)
DROP_ALL = tuple(
    query(delete(of).where(or_(of.c.account_id == _gone, of.c.target_id == _gone)))
    for of in (
        follows,
        follow_requests,
        endorsements,
        suggestion_dismissals,
        blocks,
        mutes,
        account_notes,
    )
)
