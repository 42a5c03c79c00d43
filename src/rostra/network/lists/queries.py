"""The SQL of lists, private to this slice.

A list's timeline is merged when it is read: first the newest post of each member, one step along
the index of posts by author each; then, of as many members as the page has lines, as many posts.
No other member can have a post on that page. So a page costs the same in a place with a thousand
posts and in one with a million, and writing a post costs nothing.
"""

from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from rostra.network.lists.model import ListMember, ListRow, Receiver
from rostra.network.timelines.model import Entry
from rostra.store.paging import Pages, paged
from rostra.store.query import (
    Query,
    const,
    in_ids,
    insert,
    insert_or_ignore,
    number,
    query,
    query_text,
)
from rostra.store.tables.accounts import accounts
from rostra.store.tables.lists import list_accounts, lists
from rostra.store.tables.relations import blocks, follows

ACCOUNT, LIST = number("account"), number("list")
_row: list[Any] = [lists.c[name] for name in ListRow.__struct_fields__]

OWN = query(select(*_row).where(lists.c.id == LIST, lists.c.account_id == ACCOUNT), ListRow)
LOCK_OWN = query(
    select(*_row).where(lists.c.id == LIST, lists.c.account_id == ACCOUNT).with_for_update(),
    ListRow,
)
ALL_OWN = query(select(*_row).where(lists.c.account_id == ACCOUNT).order_by(lists.c.id), ListRow)
WITH = query(
    select(*_row)
    .select_from(lists.join(list_accounts, list_accounts.c.list_id == lists.c.id))
    .where(list_accounts.c.account_id == ACCOUNT, list_accounts.c.target_id == number("target"))
    .order_by(lists.c.id),
    ListRow,
)
ADD = insert(lists)
CHANGE = query(
    update(lists)
    .where(lists.c.id == LIST)
    .values(
        title=bindparam("title"),
        replies_policy=number("policy"),
        exclusive=number("alone"),
    )
)
DROP = query(delete(lists).where(lists.c.id == LIST))
HOW_MANY = query(select(func.count()).select_from(lists).where(lists.c.account_id == ACCOUNT), int)

ADD_MEMBER = insert_or_ignore(list_accounts)
DROP_MEMBERS = query(
    delete(list_accounts).where(
        list_accounts.c.list_id == LIST, in_ids(list_accounts.c.target_id, "ids")
    )
)
EMPTY = query(delete(list_accounts).where(list_accounts.c.list_id == LIST))
HOW_MANY_MEMBERS = query(
    select(func.count()).select_from(list_accounts).where(list_accounts.c.list_id == LIST), int
)
AMONG = query(
    select(list_accounts.c.target_id).where(
        list_accounts.c.list_id == LIST, in_ids(list_accounts.c.target_id, "ids")
    ),
    int,
)
TARGETS = query(select(list_accounts.c.target_id).where(list_accounts.c.list_id == LIST), int)
# Whom an account may put into a list: those whom it follows, and itself.
ELIGIBLE = query(
    select(accounts.c.id)
    .select_from(
        accounts.outerjoin(
            follows, (follows.c.account_id == ACCOUNT) & (follows.c.target_id == accounts.c.id)
        )
    )
    .where(
        in_ids(accounts.c.id, "ids"),
        accounts.c.state == const(0),
        (accounts.c.id == ACCOUNT) | follows.c.id.is_not(None),
    ),
    int,
)
# Those of the accounts that stand in an exclusive list.
KEPT_OUT = query(
    select(list_accounts.c.target_id)
    .select_from(list_accounts.join(lists, lists.c.id == list_accounts.c.list_id))
    .where(
        list_accounts.c.account_id == ACCOUNT,
        in_ids(list_accounts.c.target_id, "ids"),
        lists.c.exclusive == const(1),
    ),
    int,
)
LEAVE = query(
    delete(list_accounts).where(
        list_accounts.c.account_id == ACCOUNT, list_accounts.c.target_id == number("target")
    )
)
DROP_OWN = (
    query(delete(lists).where(lists.c.account_id == ACCOUNT)),
    query(delete(list_accounts).where(list_accounts.c.account_id == ACCOUNT)),
    query(delete(list_accounts).where(list_accounts.c.target_id == ACCOUNT)),
)

_block = blocks.alias("theirs")
_blocked = (
    select(const(1))
    .where(_block.c.account_id == accounts.c.id, _block.c.target_id == ACCOUNT)
    .exists()
)
MEMBERS = paged(
    select(list_accounts.c.id, list_accounts.c.target_id)
    .select_from(list_accounts.join(accounts, accounts.c.id == list_accounts.c.target_id))
    .where(list_accounts.c.list_id == LIST, accounts.c.state == const(0), ~_blocked),
    list_accounts.c.id,
    ListMember,
)

# How many posts of one member are looked at for one page: of somebody who does nothing but answer
# strangers, older posts are not searched through.
_LOOKED_AT = 2_000

# Whether a post stands in a list. Members are followed, so that posts for followers are for the
# list's owner too; the loader of posts asks again.
_BELONGS = """
    {post}.visibility < 3
    AND ({post}.in_reply_to_account_id IN (0, {post}.account_id, {of}.account_id)
        OR ({of}.replies_policy = 1 AND EXISTS (SELECT 1 FROM list_accounts AS other
            WHERE other.list_id = {of}.id AND other.target_id = {post}.in_reply_to_account_id))
        OR ({of}.replies_policy = 2 AND EXISTS (SELECT 1 FROM follows AS other
            WHERE other.account_id = {of}.account_id
            AND other.target_id = {post}.in_reply_to_account_id)))
    AND ({post}.account_id = {of}.account_id OR EXISTS (SELECT 1 FROM follows AS follow
        WHERE follow.account_id = {of}.account_id AND follow.target_id = {post}.account_id
        AND ({post}.reblog_of_id = 0 OR follow.show_reblogs = 1)
        AND (follow.languages = '[]' OR NOT EXISTS (SELECT 1 FROM post_texts AS words
            WHERE words.post_id = {post}.id AND words.language <> ''
            AND follow.languages NOT LIKE '%"' || words.language || '"%'))))
    AND ({post}.reblog_of_id = 0 OR NOT EXISTS (SELECT 1 FROM posts AS original
        WHERE original.id = {post}.reblog_of_id AND (
            EXISTS (SELECT 1 FROM blocks AS block WHERE block.account_id = {of}.account_id
                AND block.target_id = original.account_id)
            OR EXISTS (SELECT 1 FROM mutes AS mute WHERE mute.account_id = {of}.account_id
                AND mute.target_id = original.account_id
                AND (mute.expires_at = 0 OR mute.expires_at > CAST(:now AS bigint))))))
    AND ({post}.account_id = {of}.account_id OR NOT EXISTS (SELECT 1 FROM post_mentions AS named
        WHERE named.post_id IN ({post}.id, {post}.reblog_of_id) AND (
            EXISTS (SELECT 1 FROM blocks AS block WHERE block.account_id = {of}.account_id
                AND block.target_id = named.account_id)
            OR EXISTS (SELECT 1 FROM mutes AS mute WHERE mute.account_id = {of}.account_id
                AND mute.target_id = named.account_id
                AND (mute.expires_at = 0 OR mute.expires_at > CAST(:now AS bigint))))))
"""
_NOT_MUTED = """NOT EXISTS (SELECT 1 FROM mutes AS mute
    WHERE mute.account_id = {of}.account_id AND mute.target_id = {who}
    AND (mute.expires_at = 0 OR mute.expires_at > CAST(:now AS bigint)))"""
_COLUMNS = "id, account_id, visibility, in_reply_to_account_id, reblog_of_id"


def _of_member(of: str, bound: str, order: str) -> str:
    """Posts of one member that belong to the list ``of``, as ``s``, from ``bound`` on."""
    member = "m.target_id" if of == "l" else "h.member"
    return f"""(SELECT {_COLUMNS} FROM posts
        WHERE posts.account_id = {member} AND {bound}
        ORDER BY posts.id {order} LIMIT {_LOOKED_AT}) AS s WHERE {_BELONGS.format(of=of, post="s")}
        ORDER BY s.id {order}"""  # noqa: S608 (constants of this module)


def _timeline(*, newest: bool) -> Query[Entry]:
    order, first, last, none = (
        ("DESC", "<=", ">=", "0") if newest else ("ASC", ">=", "<=", "9223372036854775807")
    )
    far = "posts.id > CAST(:above AS bigint)" if newest else "posts.id < CAST(:below AS bigint)"
    within = "posts.id < CAST(:below AS bigint) AND posts.id > CAST(:above AS bigint)"
    end = "min" if newest else "max"
    sql = f"""SELECT p.id, p.reblog_of_id
    FROM (SELECT l.id, l.account_id, l.replies_policy, m.target_id AS member,
            coalesce((SELECT s.id FROM {_of_member("l", within, order)} LIMIT 1), {none})
                AS head
        FROM lists AS l JOIN list_accounts AS m ON m.list_id = l.id
            JOIN accounts AS a ON a.id = m.target_id AND a.state = 0
        WHERE l.id = CAST(:list AS bigint) AND {_NOT_MUTED.format(of="l", who="m.target_id")}
        ORDER BY head {order} LIMIT CAST(:limit AS bigint)) AS h
    JOIN posts AS p ON p.account_id = h.member AND p.id {first} h.head AND p.id {last} (
        SELECT {end}(q.id) FROM (
            SELECT s.id FROM {_of_member("h", f"posts.id {first} h.head AND {far}", order)}
            LIMIT CAST(:limit AS bigint)) AS q)
    WHERE {_BELONGS.format(of="h", post="p")}
    ORDER BY p.id {order} LIMIT CAST(:limit AS bigint)"""  # noqa: S608 (constants of this module)
    return query_text(sqlite=sql, postgresql=sql)


TIMELINE = Pages(_timeline)

# Those of the lists (``lists``) in which an account stands.
HOLDING = query(
    select(list_accounts.c.list_id).where(
        in_ids(list_accounts.c.list_id, "lists"), list_accounts.c.target_id == number("target")
    ),
    int,
)

_receiving = f"""SELECT l.id, l.account_id
    FROM posts AS p JOIN list_accounts AS m ON m.target_id = p.account_id
        JOIN lists AS l ON l.id = m.list_id
        JOIN accounts AS a ON a.id = p.account_id AND a.state = 0
    WHERE p.id = CAST(:post AS bigint)
        AND {_NOT_MUTED.format(of="l", who="p.account_id")}
        AND {_BELONGS.format(of="l", post="p")}"""  # noqa: S608 (as above)
RECEIVING = query_text(sqlite=_receiving, postgresql=_receiving, into=Receiver)
