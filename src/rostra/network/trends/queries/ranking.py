"""What trends: scores, who is shown what, and what operators have said."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    delete,
    distinct,
    exists,
    func,
    literal,
    or_,
    select,
    union,
    update,
)

from rostra.network.accounts.limits import Limit
from rostra.network.accounts.sql import free_of
from rostra.network.posts.sql import visible
from rostra.network.previews.model import Card, CardState
from rostra.network.relations.sql import not_hidden
from rostra.network.trends.model import Decision, Kind, Scored, Trend
from rostra.store.query import Query, const, in_ids, number, query, query_text, upsert
from rostra.store.tables.accounts import accounts
from rostra.store.tables.posts import favourites, post_tags, post_texts, posts, public_posts, tags
from rostra.store.tables.previews import cards, post_cards
from rostra.store.tables.trends import trend_days, trend_hours, trend_uses, trends

_KIND, _SINCE, _LEAST, _LIMIT = (number(name) for name in ("kind", "since", "least", "limit"))

# Scores. `weights` is a JSON list: what one person is worth who spoke so many hours before `hour`.
_WEIGHED = """SELECT h.subject_id,
        CAST(sum(h.accounts * CAST(w.value AS bigint)) AS bigint),
        CAST(sum(h.accounts) AS bigint)
    FROM {weights} JOIN trend_hours AS h
        ON h.kind = CAST(:kind AS bigint) AND h.hour = CAST(:hour AS bigint) - {hours_ago}
    GROUP BY h.subject_id HAVING sum(h.accounts) >= CAST(:least AS bigint)
    ORDER BY 2 DESC, h.subject_id DESC LIMIT CAST(:limit AS bigint)"""
WEIGHED = query_text(
    sqlite=_WEIGHED.format(weights="json_each(:weights) AS w", hours_ago="w.key"),
    postgresql=_WEIGHED.format(
        weights="jsonb_array_elements_text(CAST(:weights AS jsonb))"
        " WITH ORDINALITY AS w(value, place)",
        hours_ago="(w.place - 1)",
    ),
    into=Scored,
)
# How many different people the numbers above stand for, where they are few.
DIFFERENT = query(
    select(trend_uses.c.subject_id, func.count(distinct(trend_uses.c.account_id)))
    .where(
        trend_uses.c.kind == _KIND,
        in_ids(trend_uses.c.subject_id, "ids"),
        trend_uses.c.day >= number("day"),
        trend_uses.c.hour > _SINCE,
    )
    .group_by(trend_uses.c.subject_id)
)
USUAL = query(
    select(trend_days.c.subject_id, func.sum(trend_days.c.accounts))
    .where(
        trend_days.c.kind == _KIND,
        in_ids(trend_days.c.subject_id, "ids"),
        trend_days.c.day >= _SINCE,
        trend_days.c.day < number("until"),
    )
    .group_by(trend_days.c.subject_id)
)


def _may_trend(post: Any, author: Any) -> ColumnElement[bool]:
    """Public, uncovered, by somebody who is there and wants to be found."""
    return and_(
        post.visibility == const(0),
        post.sensitive == const(0),
        post.reblog_of_id == const(0),
        author.state == const(0),
        author.discoverable == const(1),
        free_of(Limit.REACH, author),
    )


_newest = (
    select(public_posts.c.post_id)
    .where(public_posts.c.post_id > _SINCE)
    .order_by(public_posts.c.post_id.desc())
    .limit(number("looked_at"))
    .subquery()
)
_reactions = posts.c.favourites_count + posts.c.reblogs_count
# Posts that enough people may have reacted to: id, author, and the numbers of reactions.
LIVELY = query(
    select(posts.c.id, posts.c.account_id, posts.c.favourites_count, posts.c.reblogs_count)
    .select_from(
        _newest.join(posts, posts.c.id == _newest.c.post_id).join(
            accounts, accounts.c.id == posts.c.account_id
        )
    )
    .where(_may_trend(posts.c, accounts.c), _reactions >= _LEAST)
    .order_by(_reactions.desc(), posts.c.id.desc())
    .limit(_LIMIT)
)
# How many others, each counted once, have favourited or reblogged the posts ``ids``.
_reblogs, _post = posts.alias("reblogs"), posts.alias("post")
_reacted = union(
    select(
        favourites.c.post_id.label("post_id"), favourites.c.account_id.label("account_id")
    ).where(in_ids(favourites.c.post_id, "ids"), favourites.c.pending == const(0)),
    select(_reblogs.c.reblog_of_id, _reblogs.c.account_id).where(
        in_ids(_reblogs.c.reblog_of_id, "ids"), _reblogs.c.visibility < const(2)
    ),
).subquery()
REACTED = query(
    select(_reacted.c.post_id, func.count(distinct(_reacted.c.account_id)))
    .select_from(
        _reacted.join(_post, _post.c.id == _reacted.c.post_id).join(
            accounts, accounts.c.id == _reacted.c.account_id
        )
    )
    .where(_reacted.c.account_id != _post.c.account_id, accounts.c.state == const(0))
    .group_by(_reacted.c.post_id)
)

TRENDING = query(
    select(trends.c.subject_id, trends.c.score, trends.c.accounts).where(
        trends.c.kind == _KIND, trends.c.score > const(0)
    ),
    Scored,
)
SET_SCORE = upsert(trends, ["kind", "subject_id"], ["kind", "subject_id", "score", "accounts"])
FADE = query(
    update(trends)
    .where(trends.c.kind == _KIND, in_ids(trends.c.subject_id, "ids"))
    .values(score=const(0), accounts=const(0))
)
FORGET_FADED = query(
    delete(trends).where(
        trends.c.kind == _KIND, trends.c.score == const(0), trends.c.decision == const(0)
    )
)
DROP = query(delete(trends).where(trends.c.kind == _KIND, trends.c.subject_id == number("subject")))

# What viewers are shown.
_UNREVIEWED = number("unreviewed")  # 1: also what no operator has looked at


def _allowed(decision: Any, of_maker: Any = None) -> ColumnElement[bool]:
    """An operator's yes, to it or else to its author or publisher; or none is needed."""
    untold = const(1) == _UNREVIEWED
    if of_maker is not None:
        untold = or_(
            of_maker == const(Decision.APPROVED),
            and_(of_maker == const(Decision.NONE), untold),
        )
    return or_(decision == const(Decision.APPROVED), and_(decision == const(Decision.NONE), untold))


def _spoken_of() -> ColumnElement[bool]:
    """Enough people still speak of it: what was deleted since it was ranked does not count."""
    people = (
        select(func.coalesce(func.sum(trend_hours.c.accounts), const(0)))
        .where(
            trend_hours.c.kind == trends.c.kind,
            trend_hours.c.subject_id == trends.c.subject_id,
            trend_hours.c.hour > _SINCE,
        )
        .scalar_subquery()
    )
    enough: ColumnElement[bool] = people >= _LEAST
    return enough


def _page(statement: Any) -> Any:
    return (
        statement.where(trends.c.score > const(0))
        .order_by(trends.c.score.desc(), trends.c.subject_id.desc())
        .limit(_LIMIT)
        .offset(number("offset"))
    )


# A hashtag exists for others while a public post of somebody who is there carries it.
_carried = exists(
    select(const(1))
    .select_from(
        post_tags.join(posts, posts.c.id == post_tags.c.post_id).join(
            accounts, accounts.c.id == posts.c.account_id
        )
    )
    .where(
        post_tags.c.tag_id == tags.c.id,
        posts.c.visibility == const(0),
        accounts.c.state == const(0),
    )
)
TAGS = query(
    _page(
        select(tags.c.id, tags.c.name)
        .select_from(trends.join(tags, tags.c.id == trends.c.subject_id))
        .where(
            trends.c.kind == const(Kind.TAG),
            _allowed(trends.c.decision),
            _spoken_of(),
            _carried,
        )
    )
)
# Somebody who wants to be found still leads there in public, without covering it.
_led_to = exists(
    select(const(1))
    .select_from(
        post_cards.join(posts, posts.c.id == post_cards.c.post_id).join(
            accounts, accounts.c.id == posts.c.account_id
        )
    )
    .where(post_cards.c.card_id == cards.c.id, _may_trend(posts.c, accounts.c))
)
_ranked_cards = trends.join(cards, cards.c.id == trends.c.subject_id)
_link_shown = and_(
    trends.c.kind == const(Kind.LINK),
    cards.c.state == const(CardState.READY),
    cards.c.owner_id == const(0),  # the others are of posts for followers
    _allowed(trends.c.decision, trends.c.of_publisher),
    _spoken_of(),
    _led_to,
)
LINKS = query(
    _page(
        select(cards.c.id, *(cards.c[name] for name in Card.__struct_fields__))
        .select_from(_ranked_cards)
        .where(_link_shown)
    )
)
# Of these, those that led to an address in the end, or were written so.
LINKS_TO = query(
    _page(
        select(cards.c.id)
        .select_from(_ranked_cards)
        .where(
            or_(cards.c.url == bindparam("url"), cards.c.address == bindparam("url")), _link_shown
        )
    ),
    int,
)
_author = trends.alias("author")
POSTS = query(
    _page(
        select(posts.c.id)
        .select_from(
            trends.join(posts, posts.c.id == trends.c.subject_id)
            .join(accounts, accounts.c.id == posts.c.account_id)
            .outerjoin(
                _author,
                and_(
                    _author.c.kind == const(Kind.AUTHOR),
                    _author.c.subject_id == posts.c.account_id,
                ),
            )
        )
        .where(
            trends.c.kind == const(Kind.POST),
            _allowed(trends.c.decision, func.coalesce(_author.c.decision, const(0))),
            _may_trend(posts.c, accounts.c),
            visible(posts.c, accounts.c),
            not_hidden(posts.c.account_id),
        )
    ),
    int,
)

# What operators see, and say.
DECIDE = upsert(trends, ["kind", "subject_id"], ["kind", "subject_id", "decision", "decided_at"])


def _listed(kind: Kind, source: Any, title: Any) -> Query[Trend]:
    wanted, own, of_publisher = number("decision"), trends.c.decision, trends.c.of_publisher
    said = case((own != const(Decision.NONE), own), else_=of_publisher)
    return query(
        select(trends.c.subject_id, trends.c.score, trends.c.accounts, own, of_publisher, title)
        .select_from(source)
        .where(trends.c.kind == const(kind), or_(wanted == const(-1), said == wanted))
        .order_by(trends.c.score.desc(), trends.c.subject_id.desc())
        .limit(_LIMIT),
        Trend,
    )


LISTED = {
    Kind.TAG: _listed(Kind.TAG, trends.join(tags, tags.c.id == trends.c.subject_id), tags.c.name),
    Kind.LINK: _listed(
        Kind.LINK, trends.join(cards, cards.c.id == trends.c.subject_id), cards.c.address
    ),
    Kind.POST: _listed(
        Kind.POST,
        trends.join(posts, posts.c.id == trends.c.subject_id)
        .join(post_texts, post_texts.c.post_id == posts.c.id)
        .join(accounts, accounts.c.id == posts.c.account_id),
        literal("@") + accounts.c.username + literal(" ") + post_texts.c.text,
    ),
    Kind.AUTHOR: _listed(
        Kind.AUTHOR,
        trends.join(accounts, accounts.c.id == trends.c.subject_id),
        accounts.c.username,
    ),
}
# By its name, else by its id: a hashtag may look like a number.
TAG_MEANT = query(
    select(tags.c.id)
    .where(or_(tags.c.name == bindparam("name"), tags.c.id == number("subject")))
    .order_by(case((tags.c.name == bindparam("name"), const(0)), else_=const(1))),
    int,
)
LINK_MEANT = query(
    select(cards.c.id).where(
        or_(cards.c.address == bindparam("name"), cards.c.id == number("subject"))
    ),
    int,
)
HAS_POST = query(
    select(posts.c.id).where(
        posts.c.id == number("subject"),
        posts.c.visibility == const(0),
        posts.c.reblog_of_id == const(0),
    ),
    int,
)
