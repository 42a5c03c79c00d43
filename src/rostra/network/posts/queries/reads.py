"""What is read of posts. Every statement that loads posts for a viewer carries ``visible``."""

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    and_,
    bindparam,
    func,
    literal_column,
    select,
)

from rostra.network.posts.model import Mention, PostRow, ShownRow, Visibility
from rostra.network.posts.sql import VIEWER, flags_of, shown_columns, visible
from rostra.network.previews.model import Card, CardState
from rostra.store.query import Query, const, in_ids, number, query
from rostra.store.tables.accounts import accounts, users
from rostra.store.tables.credentials import oauth_apps
from rostra.store.tables.posts import (
    post_labels,
    post_mentions,
    post_tags,
    post_texts,
    posts,
    tags,
)
from rostra.store.tables.previews import cards, post_cards

_own = [posts.c[name] for name in PostRow.__struct_fields__[:-5]]
_author = [
    accounts.c.version,
    accounts.c.followers_count,
    accounts.c.following_count,
    accounts.c.statuses_count,
    accounts.c.last_post_at,
]
_joined: FromClause = posts.join(accounts, accounts.c.id == posts.c.account_id)

ROWS = query(
    select(*_own, *_author)
    .select_from(_joined)
    .where(in_ids(posts.c.id, "ids"), visible(posts.c, accounts.c)),
    PostRow,
)


REMOVED = query(
    select(*_own, *_author)
    .select_from(_joined)
    .where(
        in_ids(posts.c.id, "ids"),
        posts.c.account_id == number("author"),
        posts.c.visibility == const(Visibility.REMOVED),
        posts.c.reblog_of_id == const(0),
    ),
    PostRow,
)


def _shown(flags: ColumnElement[int], which: ColumnElement[bool]) -> Query[ShownRow]:
    return query(
        select(*shown_columns(flags))
        .select_from(_joined)
        .where(which, visible(posts.c, accounts.c))
    )


def _shown_to_many() -> Query[ShownRow]:
    """One post (``post``) as each of many viewers is shown it, behind the id of the viewer."""
    member = users.alias("member")
    viewer = member.c.account_id
    return query(
        select(viewer, *shown_columns(flags_of(viewer)))
        .select_from(_joined.join(member, in_ids(viewer, "viewers")))
        .where(
            posts.c.id == bindparam("post", type_=BigInteger()),
            visible(posts.c, accounts.c, viewer),
        )
    )


_among = in_ids(posts.c.id, "ids")
SHOWN = _shown(flags_of(VIEWER), _among)
SHOWN_TO_ANYBODY = _shown(const(-1), _among)
ONE_SHOWN = _shown(flags_of(VIEWER), posts.c.id == number("id"))
SHOWN_TO_MANY = _shown_to_many()

TEXTS = query(
    select(
        post_texts.c.post_id,
        post_texts.c.text,
        post_texts.c.html,
        post_texts.c.spoiler_text,
        post_texts.c.language,
        oauth_apps.c.name,
        oauth_apps.c.website,
        func.coalesce(post_labels.c.label, literal_column("''")),
        *(cards.c[name] for name in Card.__struct_fields__),
    )
    .select_from(
        post_texts.outerjoin(oauth_apps, oauth_apps.c.id == post_texts.c.app_id)
        .outerjoin(post_labels, post_labels.c.post_id == post_texts.c.post_id)
        .outerjoin(post_cards, post_cards.c.post_id == post_texts.c.post_id)
        .outerjoin(
            cards,
            and_(cards.c.id == post_cards.c.card_id, cards.c.state == const(int(CardState.READY))),
        )
    )
    .where(in_ids(post_texts.c.post_id, "ids"))
)

MENTIONS = query(
    select(
        post_mentions.c.post_id,
        post_mentions.c.account_id,
        accounts.c.username,
        accounts.c.domain,
    )
    .select_from(post_mentions.join(accounts, accounts.c.id == post_mentions.c.account_id))
    .where(in_ids(post_mentions.c.post_id, "ids"))
    .order_by(post_mentions.c.post_id, post_mentions.c.position),
    Mention,
)

TAGS = query(
    select(post_tags.c.post_id, tags.c.name)
    .select_from(post_tags.join(tags, tags.c.id == post_tags.c.tag_id))
    .where(in_ids(post_tags.c.post_id, "ids"))
    .order_by(post_tags.c.post_id, tags.c.name)
)

# The newest answers of others to a post, as many as matter.
ANSWERS_SINCE = query(
    select(posts.c.id)
    .where(
        posts.c.in_reply_to_id == number("id"),
        posts.c.id >= number("since"),
        posts.c.account_id != number("author"),
    )
    .order_by(posts.c.id.desc())
    .limit(number("limit")),
    int,
)
