"""The SQL of restrictions: every statement takes as many posts as are given."""

from typing import NamedTuple

from sqlalchemy import bindparam, case, delete, exists, func, insert, select, update

from rostra.network.posts import limits
from rostra.network.posts.model import Visibility
from rostra.store.query import const, in_ids, insert_or_ignore, number, query, query_rows, upsert
from rostra.store.tables.accounts import accounts
from rostra.store.tables.posts import (
    hidden_on,
    interaction_requests,
    post_labels,
    post_mentions,
    post_tags,
    posts,
    public_posts,
    quotes,
    tags,
)


class Related(NamedTuple):
    """A post, and those in whose counters it stands."""

    id: int
    in_reply_to_id: int
    reblog_of_id: int
    quote: int


class Held(NamedTuple):
    """A post whose row is locked."""

    id: int
    account_id: int
    visibility: int
    sensitive: int
    limits: int
    in_reply_to_id: int
    in_reply_to_account_id: int
    reblog_of_id: int
    quote: int
    media_count: int


_AMONG = in_ids(posts.c.id, "ids")
RELATED = query(select(*[posts.c[name] for name in Related._fields]).where(_AMONG), Related)
# What each of them quotes, as far as that is counted.
QUOTED = query(
    select(quotes.c.post_id, quotes.c.quoted_id).where(
        in_ids(quotes.c.post_id, "ids"), quotes.c.state == const(0)
    )
)
# A batch of an author's posts that are not what the author is under, newest first, below the last.
OF_AUTHOR = query(
    select(posts.c.id)
    .where(
        posts.c.account_id == number("account"),
        posts.c.id < number("below"),
        posts.c.limits.bitwise_and(const(limits.OF_AUTHOR)) != number("bits"),
    )
    .order_by(posts.c.id.desc())
    .limit(number("limit")),
    int,
)
LIMITED = query(select(accounts.c.limits).where(accounts.c.id == number("account")), int)
# In one order everywhere: two decisions over the same posts must not wait for each other.
LOCK = query(
    select(*[posts.c[name] for name in Held._fields])
    .where(_AMONG)
    .order_by(posts.c.id)
    .with_for_update(),
    Held,
)
LABELS = query(
    select(post_labels.c.post_id, post_labels.c.label).where(in_ids(post_labels.c.post_id, "ids"))
)
# Those that somebody is still asked about.
ASKED = query(
    select(interaction_requests.c.subject_id).where(
        in_ids(interaction_requests.c.subject_id, "ids"), interaction_requests.c.state == const(0)
    ),
    int,
)


APPLY = query_rows(
    "UPDATE posts SET visibility = {visibility}, sensitive = {sensitive}, limits = {limits},"
    " version = version + 1 FROM {rows} WHERE posts.id = {id}",
    "id",
    "visibility",
    "sensitive",
    "limits",
)
COUNT = query_rows(
    "UPDATE posts SET replies_count = replies_count + {replies},"
    " reblogs_count = reblogs_count + {reblogs}, quotes_count = quotes_count + {quotes}"
    " FROM {rows} WHERE posts.id = {id}",
    "id",
    "replies",
    "reblogs",
    "quotes",
)
COUNT_POSTS = query_rows(
    "UPDATE accounts SET statuses_count = statuses_count + {change} FROM {rows}"
    " WHERE accounts.id = {id}",
    "id",
    "change",
)
_latest = posts.alias("latest")
LOOK_AT_LAST_POSTS = query(
    update(accounts)
    .where(in_ids(accounts.c.id, "ids"))
    .values(
        last_post_at=func.coalesce(
            select(_latest.c.created_at)
            .where(
                _latest.c.account_id == accounts.c.id,
                _latest.c.visibility < const(Visibility.DIRECT),
            )
            .order_by(_latest.c.id.desc())
            .limit(const(1))
            .scalar_subquery(),
            const(0),
        )
    )
)
UNLIST = query(delete(public_posts).where(in_ids(public_posts.c.post_id, "ids")))
LIST = query(
    insert(public_posts).from_select(
        ["post_id", "account_id", "local"],
        select(
            posts.c.id,
            posts.c.account_id,
            case((accounts.c.domain == "", const(1)), else_=const(0)),
        )
        .select_from(posts.join(accounts, accounts.c.id == posts.c.account_id))
        .where(
            _AMONG,
            ~exists(select(const(1)).where(public_posts.c.post_id == posts.c.id)),
        ),
    )
)
TAGGED = query(
    update(post_tags)
    .where(in_ids(post_tags.c.post_id, "ids"))
    .values(
        visibility=select(posts.c.visibility)
        .where(posts.c.id == post_tags.c.post_id)
        .scalar_subquery()
    )
)
UNLABEL = query(delete(post_labels).where(in_ids(post_labels.c.post_id, "ids")))
SURFACES = query(
    select(hidden_on.c.post_id, hidden_on.c.surface).where(in_ids(hidden_on.c.post_id, "ids"))
)
HIDDEN_ON = query(
    select(hidden_on.c.post_id).where(
        in_ids(hidden_on.c.post_id, "ids"), hidden_on.c.surface == bindparam("surface")
    ),
    int,
)
UNHIDE = query(delete(hidden_on).where(in_ids(hidden_on.c.post_id, "ids")))
HIDE_ON = insert_or_ignore(hidden_on)
PUT_LABEL = upsert(post_labels, ["post_id"])

BUMP = query(update(posts).where(_AMONG).values(version=posts.c.version + const(1)))

# Who could see what is hidden now, told to streams.
MENTIONED = query(
    select(post_mentions.c.post_id, post_mentions.c.account_id).where(
        in_ids(post_mentions.c.post_id, "ids")
    )
)
TAG_NAMES = query(
    select(post_tags.c.post_id, tags.c.name)
    .select_from(post_tags.join(tags, tags.c.id == post_tags.c.tag_id))
    .where(in_ids(post_tags.c.post_id, "ids"))
)
AUTHORS = query(select(posts.c.id, posts.c.account_id).where(_AMONG))
