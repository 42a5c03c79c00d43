"""How often hashtags and links are used, by whom and when: an account's day, from its posts."""

from typing import Any

from sqlalchemy import Table, and_, case, delete, func, select

from rostra.network.accounts.limits import Limit
from rostra.network.accounts.sql import free_of
from rostra.store.query import Query, const, in_ids, number, query, query_in, upsert
from rostra.store.tables.accounts import accounts
from rostra.store.tables.posts import post_tags, posts
from rostra.store.tables.previews import post_cards
from rostra.store.tables.trends import trend_days, trend_hours, trend_uses

_UNFIT = Limit.REACH | Limit.SENSITIVE
_ACCOUNT, _KIND, _DAY, _HOUR = (number(name) for name in ("account", "kind", "day", "hour"))

# Whoever is limited or covered by a decision is shown to nobody who has not looked for them.
_found = and_(accounts.c.discoverable == const(1), free_of(_UNFIT, accounts.c))
AUTHOR = query(
    select(accounts.c.state, case((_found, const(1)), else_=const(0))).where(
        accounts.c.id == _ACCOUNT
    )
)
# The public posts of an account between two ids, the latest of them.
_open = (
    select(posts.c.id, posts.c.sensitive)
    .where(
        posts.c.account_id == _ACCOUNT,
        posts.c.id >= number("since"),
        posts.c.id < number("until"),
        posts.c.visibility == const(0),
        posts.c.reblog_of_id == const(0),
    )
    .order_by(posts.c.id.desc())
    .limit(number("most_posts"))
    .subquery()
)
# The last of them that nothing covers; a trend is shown to everybody.
_uncovered = func.max(case((_open.c.sensitive == const(0), _open.c.id), else_=const(0)))


def _used(of: Table, subject: Any) -> Query[tuple[Any, ...]]:
    return query(
        select(subject, func.count(), _uncovered)
        .select_from(_open.join(of, of.c.post_id == _open.c.id))
        .group_by(subject)
        .order_by(func.max(_open.c.id).desc(), subject)
        .limit(number("most"))
    )


TAGS_USED = _used(post_tags, post_tags.c.tag_id)
LINKS_USED = _used(post_cards, post_cards.c.card_id)

KNOWN = query(
    select(trend_uses.c.kind, trend_uses.c.subject_id, trend_uses.c.uses, trend_uses.c.hour).where(
        trend_uses.c.day == _DAY, trend_uses.c.account_id == _ACCOUNT
    )
)
SET_USES = upsert(trend_uses, ["kind", "subject_id", "day", "account_id"])
DROP_USES = query(
    delete(trend_uses).where(
        trend_uses.c.kind == _KIND,
        trend_uses.c.subject_id == number("subject"),
        trend_uses.c.day == _DAY,
        trend_uses.c.account_id == _ACCOUNT,
    )
)


def _add(to: Table, keys: tuple[str, ...], counts: tuple[str, ...]) -> Query[tuple[Any, ...]]:
    """Add to the counts of a row, which is made where it is missing."""

    def make(words: Any) -> Any:
        adding = words.insert(to).values({name: number(name) for name in (*keys, *counts)})
        more = {name: to.c[name] + adding.excluded[name] for name in counts}
        return adding.on_conflict_do_update(index_elements=list(keys), set_=more)

    return query_in(make)


ADD_TO_DAY = _add(trend_days, ("kind", "subject_id", "day"), ("uses", "accounts"))
ADD_TO_HOUR = _add(trend_hours, ("kind", "subject_id", "hour"), ("accounts",))
DROP_EMPTY_DAYS = query(
    delete(trend_days).where(
        trend_days.c.kind == _KIND,
        in_ids(trend_days.c.subject_id, "ids"),
        trend_days.c.day == _DAY,
        trend_days.c.accounts <= const(0),
    )
)
DROP_EMPTY_HOURS = query(
    delete(trend_hours).where(
        trend_hours.c.kind == _KIND,
        in_ids(trend_hours.c.subject_id, "ids"),
        in_ids(trend_hours.c.hour, "hours"),
        trend_hours.c.accounts <= const(0),
    )
)

# What is too old for any list, some hundred subjects or accounts at a time.
_CHUNK = const(500)
_old_users = select(trend_uses.c.account_id).where(trend_uses.c.day < _DAY).limit(_CHUNK)
_old_days = select(trend_days.c.subject_id).where(trend_days.c.day < _DAY).limit(_CHUNK)
_old_hours = (
    select(trend_hours.c.subject_id)
    .where(trend_hours.c.kind == _KIND, trend_hours.c.hour < _HOUR)
    .limit(_CHUNK)
)
PRUNE_USES = query(
    delete(trend_uses).where(trend_uses.c.day < _DAY, trend_uses.c.account_id.in_(_old_users))
)
PRUNE_DAYS = query(
    delete(trend_days).where(trend_days.c.day < _DAY, trend_days.c.subject_id.in_(_old_days))
)
PRUNE_HOURS = query(
    delete(trend_hours).where(
        trend_hours.c.kind == _KIND,
        trend_hours.c.hour < _HOUR,
        trend_hours.c.subject_id.in_(_old_hours),
    )
)
