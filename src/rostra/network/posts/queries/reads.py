"""What is read of posts. Every statement that loads posts for a viewer carries ``visible``."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    and_,
    bindparam,
    case,
    exists,
    or_,
    select,
)

from rostra.network.posts.model import (
    POLICY_SHIFT,
    Extra,
    Flag,
    Mention,
    PostRow,
    QuotePolicy,
    ShownRow,
)
from rostra.network.posts.sql import VIEWER, visible
from rostra.network.previews.model import Card, CardState
from rostra.store.query import Query, const, in_ids, query
from rostra.store.tables.accounts import accounts, users
from rostra.store.tables.credentials import oauth_apps
from rostra.store.tables.posts import (
    bookmarks,
    favourites,
    pins,
    post_mentions,
    post_tags,
    post_texts,
    posts,
    tags,
    thread_mutes,
)
from rostra.store.tables.previews import cards, post_cards
from rostra.store.tables.relations import follows

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


def _flag(flag: Flag, *conditions: ColumnElement[bool]) -> Any:
    return case((and_(*conditions), const(flag)), else_=const(0))


def _has(table: FromClause, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(const(1)).select_from(table).where(*conditions))


def _flags(viewer: Any = VIEWER) -> ColumnElement[int]:
    """The bits of `Flag`; of a reblog none, for those of its original count."""
    # Aliases: `posts` is the post itself. What nobody did the viewer did not do, and who has no
    # bookmarks has none for any of the posts: most of the indexes are never looked into.
    fav, mark, boost = favourites.alias(), bookmarks.alias(), posts.alias()
    mute, pin, any_mark, any_mute = (
        thread_mutes.alias(),
        pins.alias(),
        bookmarks.alias(),
        thread_mutes.alias(),
    )
    own, follow = posts.c.account_id == viewer, follows.alias()
    # What waits for the author's approval is not counted.
    asking = posts.c.interaction_policy != const(0)
    bits = (
        _flag(
            Flag.FAVOURITED,
            or_(posts.c.favourites_count > const(0), asking),
            _has(fav, fav.c.account_id == viewer, fav.c.post_id == posts.c.id),
        )
        + _flag(
            Flag.BOOKMARKED,
            _has(any_mark, any_mark.c.account_id == viewer),
            _has(mark, mark.c.account_id == viewer, mark.c.post_id == posts.c.id),
        )
        + _flag(
            Flag.REBLOGGED,
            or_(posts.c.reblogs_count > const(0), asking),
            _has(boost, boost.c.reblog_of_id == posts.c.id, boost.c.account_id == viewer),
        )
        + _flag(
            Flag.MUTED,
            _has(any_mute, any_mute.c.account_id == viewer),
            _has(mute, mute.c.account_id == viewer, mute.c.thread_id == posts.c.thread_id),
        )
        + _flag(Flag.OWN, own)
        + _flag(
            Flag.FOLLOWED,
            posts.c.quote_policy == const(QuotePolicy.FOLLOWERS),
            _has(follow, follow.c.account_id == viewer, follow.c.target_id == posts.c.account_id),
        )
        + _flag(
            Flag.PINNED, own, _has(pin, pin.c.account_id == viewer, pin.c.post_id == posts.c.id)
        )
    )
    return case((posts.c.reblog_of_id != const(0), const(0)), else_=bits)


def _columns(flags: ColumnElement[int]) -> list[Any]:
    """The columns of `Shown`."""
    return [
        posts.c.id,
        posts.c.reblog_of_id,
        posts.c.account_id,
        posts.c.version,
        accounts.c.version,
        flags,
        posts.c.replies_count,
        posts.c.reblogs_count,
        posts.c.favourites_count,
        accounts.c.followers_count,
        accounts.c.following_count,
        accounts.c.statuses_count,
        accounts.c.last_post_at,
        posts.c.quotes_count,
        posts.c.poll
        + posts.c.quote * const(Extra.QUOTE)
        # What is held can't be quoted, whatever holds once it is released.
        + case(
            (posts.c.visibility < const(4), posts.c.quote_policy), else_=const(QuotePolicy.NEVER)
        )
        * const(1 << POLICY_SHIFT),
    ]


def _shown(flags: ColumnElement[int]) -> Query[ShownRow]:
    return query(
        select(*_columns(flags))
        .select_from(_joined)
        .where(in_ids(posts.c.id, "ids"), visible(posts.c, accounts.c))
    )


def _shown_to_many() -> Query[ShownRow]:
    """One post (``post``) as each of many viewers is shown it, behind the id of the viewer."""
    member = users.alias("member")
    viewer = member.c.account_id
    return query(
        select(viewer, *_columns(_flags(viewer)))
        .select_from(_joined.join(member, in_ids(viewer, "viewers")))
        .where(
            posts.c.id == bindparam("post", type_=BigInteger()),
            visible(posts.c, accounts.c, viewer),
        )
    )


SHOWN = _shown(_flags())
SHOWN_TO_ANYBODY = _shown(const(-1))
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
        *(cards.c[name] for name in Card.__struct_fields__),
    )
    .select_from(
        post_texts.outerjoin(oauth_apps, oauth_apps.c.id == post_texts.c.app_id)
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
