"""The SQL of conversations, private to this slice."""

from typing import Any

from sqlalchemy import and_, case, delete, exists, func, not_, select, update

from rostra.network.conversations.model import Conversation
from rostra.network.posts.sql import visible
from rostra.network.relations.sql import VIEWER, not_hidden
from rostra.store.paging import paged
from rostra.store.query import (
    as_tuple,
    const,
    in_ids,
    insert_or_ignore,
    number,
    query,
    query_in,
)
from rostra.store.tables.accounts import accounts
from rostra.store.tables.conversations import (
    conversation_members,
    conversation_posts,
    conversations,
)
from rostra.store.tables.posts import post_mentions, posts
from rostra.store.tables.relations import blocks

ACCOUNT, POST, ID = number("account"), number("post"), number("id")


def _put(words: Any) -> Any:
    """A post comes into a conversation, which is made where there is none.

    One that is older than the last, by an edit or a slower transaction, does not take its place,
    and makes nothing read.
    """
    names = ("id", "account_id", "thread_id", "circle", "last_post_id", "unread")
    insert = words.insert(conversations).values({name: number(name) for name in names})
    new = insert.excluded
    older = conversations.c.last_post_id > new.last_post_id
    return insert.on_conflict_do_update(
        index_elements=["account_id", "thread_id", "circle"],
        set_={
            "last_post_id": case((older, conversations.c.last_post_id), else_=new.last_post_id),
            "unread": case(
                (and_(older, new.unread == const(0)), conversations.c.unread), else_=new.unread
            ),
        },
    )


PUT = query_in(_put)
PUT_POST = insert_or_ignore(conversation_posts)
PUT_MEMBER = insert_or_ignore(conversation_members)
OF_THREAD = query(
    select(conversations.c.id, conversations.c.account_id, conversations.c.circle).where(
        in_ids(conversations.c.account_id, "owners"),
        conversations.c.thread_id == number("thread"),
    )
)
MENTIONED = query(select(post_mentions.c.account_id).where(post_mentions.c.post_id == POST), int)
# Those of the accounts whom the author blocks: mentioned or not, they do not see the post.
SHUT_OUT = query(
    select(blocks.c.target_id).where(
        blocks.c.account_id == number("author"), in_ids(blocks.c.target_id, "ids")
    ),
    int,
)

WITH_POST = query(
    select(conversation_posts.c.conversation_id).where(conversation_posts.c.post_id == POST), int
)
# Inboxes of members who are not, or no longer, named in the post.
NO_LONGER_FOR = query(
    select(conversation_posts.c.conversation_id).where(
        conversation_posts.c.post_id == POST,
        conversation_posts.c.account_id != number("author"),
        not_(
            exists(
                select(const(1)).where(
                    post_mentions.c.post_id == conversation_posts.c.post_id,
                    post_mentions.c.account_id == conversation_posts.c.account_id,
                )
            )
        ),
    ),
    int,
)
TAKE_OUT = query(
    delete(conversation_posts).where(
        in_ids(conversation_posts.c.conversation_id, "ids"), conversation_posts.c.post_id == POST
    )
)
TAKE_OUT_AUTHOR = query(
    delete(conversation_posts).where(
        in_ids(conversation_posts.c.conversation_id, "ids"),
        conversation_posts.c.post_id.in_(
            select(posts.c.id).where(
                posts.c.id == conversation_posts.c.post_id,
                posts.c.account_id == number("author"),
            )
        ),
    )
)
_left = (
    select(func.coalesce(func.max(conversation_posts.c.post_id), const(0)))
    .where(conversation_posts.c.conversation_id == conversations.c.id)
    .correlate(conversations)
    .scalar_subquery()
)
# What ends with the owner's own words is read.
_own_words = exists(
    select(const(1)).where(posts.c.id == _left, posts.c.account_id == conversations.c.account_id)
)
LOOK_AT_LAST = query(
    update(conversations)
    .where(in_ids(conversations.c.id, "ids"))
    .values(
        last_post_id=_left,
        unread=case((_own_words, const(0)), else_=conversations.c.unread),
    )
)
_at = conversation_posts.alias("at")
_seen = (
    select(func.max(_at.c.post_id))
    .select_from(_at.join(posts, posts.c.id == _at.c.post_id))
    .where(_at.c.conversation_id == conversations.c.id, posts.c.visibility < const(6))
    .correlate(conversations)
    .scalar_subquery()
)
# Of those that ``posts`` are in: what a decision hides is the last one only where all is hidden.
LOOK_AT_LAST_OF = query(
    update(conversations)
    .where(
        conversations.c.id.in_(
            select(conversation_posts.c.conversation_id).where(
                in_ids(conversation_posts.c.post_id, "posts")
            )
        )
    )
    .values(last_post_id=func.coalesce(_seen, conversations.c.last_post_id))
)
EMPTY = query(
    select(conversations.c.id).where(
        in_ids(conversations.c.id, "ids"), conversations.c.last_post_id == const(0)
    ),
    int,
)
WITH_MEMBER = query(
    select(conversations.c.id)
    .select_from(
        conversations.join(
            conversation_members, conversation_members.c.conversation_id == conversations.c.id
        )
    )
    .where(
        conversations.c.account_id == ACCOUNT,
        conversation_members.c.account_id == number("other"),
    ),
    int,
)
ALL_OF = query(select(conversations.c.id).where(conversations.c.account_id == ACCOUNT), int)
DROP = (
    query(delete(conversation_posts).where(in_ids(conversation_posts.c.conversation_id, "ids"))),
    query(
        delete(conversation_members).where(in_ids(conversation_members.c.conversation_id, "ids"))
    ),
    query(delete(conversations).where(in_ids(conversations.c.id, "ids"))),
)
FORGET_MEMBER = query(
    delete(conversation_members).where(conversation_members.c.account_id == ACCOUNT)
)

_columns = [conversations.c[name] for name in Conversation.__struct_fields__]
OWN = query(
    select(*_columns).where(conversations.c.id == ID, conversations.c.account_id == ACCOUNT),
    Conversation,
)
SET_UNREAD = query(
    update(conversations)
    .where(conversations.c.id == ID, conversations.c.account_id == ACCOUNT)
    .values(unread=number("value"))
)
MEMBERS = query(
    select(conversation_members.c.conversation_id, conversation_members.c.account_id)
    .where(in_ids(conversation_members.c.conversation_id, "ids"))
    .order_by(conversation_members.c.account_id)
)


_to_be_seen = (visible(posts.c, accounts.c), not_hidden(posts.c.account_id))
_last = conversations.c.last_post_id
INBOX = paged(
    select(*_columns)
    .select_from(
        conversations.join(posts, posts.c.id == _last).join(
            accounts, accounts.c.id == posts.c.account_id
        )
    )
    .where(conversations.c.account_id == VIEWER, *_to_be_seen),
    _last,
    Conversation,
)
_line = conversation_posts.c.post_id
DIRECT = paged(
    select(_line, const(0))
    .select_from(
        conversation_posts.join(posts, posts.c.id == _line).join(
            accounts, accounts.c.id == posts.c.account_id
        )
    )
    .where(conversation_posts.c.account_id == VIEWER, *_to_be_seen),
    _line,
    as_tuple,
)
