"""The SQL of pace, private to this slice."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, cast, func, select

from rostra.network.posts.model import Visibility
from rostra.safety.categories.facts import all_facts
from rostra.safety.categories.model import CategoryFacts
from rostra.safety.pace.surge_model import LogEntry, Terms, What
from rostra.safety.subjects import SubjectKind
from rostra.store.query import (
    const,
    in_ids,
    insert,
    insert_or_ignore,
    number,
    query,
    query_in,
    upsert,
)
from rostra.store.tables.accounts import accounts, users
from rostra.store.tables.pace import (
    pace_alarms,
    pace_heads,
    pace_tallies,
    surge_holds,
    surge_log,
    surge_terms,
)
from rostra.store.tables.posts import posts
from rostra.store.tables.safety import case_events, cases, decision_subjects

MOST_HOLDS = 10_000


def _terms(*columns: int) -> Terms:
    return Terms(**dict(zip(Terms.__struct_fields__, columns, strict=True)))


NOW, FROM = number("now"), number("from_hour")

HEAD = query(select(pace_heads.c.counted_id, pace_heads.c.since).where(pace_heads.c.id == const(1)))
LOCKED_HEAD = query(
    select(pace_heads.c.counted_id).where(pace_heads.c.id == const(1)).with_for_update(),
    int,
)
ADD_HEAD = insert_or_ignore(pace_heads)
SET_HEAD = query(
    pace_heads.update().where(pace_heads.c.id == const(1)).values(counted_id=number("counted"))
)
SET_SINCE = query(
    pace_heads.update().where(pace_heads.c.id == const(1)).values(since=number("since"))
)
EVENTS = query(
    select(
        case_events.c.id,
        case_events.c.case_id,
        case_events.c.kind,
        case_events.c.created_at,
        cases.c.category,
        cases.c.opened_at,
        cases.c.looked_at,
        cases.c.deadline_at,
    )
    .select_from(case_events.join(cases, cases.c.id == case_events.c.case_id))
    .where(case_events.c.id > number("after"), case_events.c.id < number("until"))
    .order_by(case_events.c.id)
    .limit(number("limit"))
)


def _add(words: Any) -> Any:
    statement = words.insert(pace_tallies).values(
        {column.name: number(column.name) for column in pace_tallies.c}
    )
    keys = [column.name for column in pace_tallies.primary_key]
    more = pace_tallies.c.count + statement.excluded["count"]
    return statement.on_conflict_do_update(index_elements=keys, set_={"count": more})


ADD = query_in(_add)
DROP = query(pace_tallies.delete().where(pace_tallies.c.hour < FROM))
_COUNT = cast(func.sum(pace_tallies.c.count), BigInteger)  # PostgreSQL adds up to decimals
HOURLY = query(
    select(pace_tallies.c.hour, pace_tallies.c.measure, _COUNT)
    .where(pace_tallies.c.hour >= FROM)
    .group_by(pace_tallies.c.hour, pace_tallies.c.measure)
)
SPREAD = query(
    select(pace_tallies.c.category, pace_tallies.c.measure, pace_tallies.c.bucket, _COUNT)
    .where(pace_tallies.c.hour >= FROM)
    .group_by(pace_tallies.c.category, pace_tallies.c.measure, pace_tallies.c.bucket)
)
RATES = query(
    select(pace_tallies.c.category, pace_tallies.c.measure, _COUNT)
    .where(pace_tallies.c.hour >= FROM)
    .group_by(pace_tallies.c.category, pace_tallies.c.measure)
)


def _by_target(
    span: Callable[[CategoryFacts], int], of: Callable[[int], ColumnElement[int]]
) -> ColumnElement[int]:
    """A moment that depends on a target of the row's category."""
    spans: dict[int, list[ColumnElement[int]]] = {}
    for facts in all_facts():
        spans.setdefault(span(facts), []).append(const(facts.category))
    (first, _), *rest = spans.items()
    return case(*((cases.c.category.in_(ids), of(each)) for each, ids in rest), else_=of(first))


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, const(1)), else_=const(0)))


_DUE = cases.c.deadline_at > const(0)
_DUE_SOON = _by_target(lambda facts: facts.decision, lambda span: NOW + const(span // 4))
# Read along an index alone.
OPEN = query(
    select(
        cases.c.category,
        func.count(),
        func.min(cases.c.opened_at),
        func.min(cases.c.deadline_at),
        _how_many(_DUE & (cases.c.deadline_at <= NOW)),
        _how_many((cases.c.deadline_at > NOW) & (cases.c.deadline_at <= _DUE_SOON)),
    )
    .where(cases.c.state == const(0))
    .group_by(cases.c.category)
)
_LATE = _by_target(lambda facts: facts.first_look, lambda span: NOW - const(span))
_LATE_SOON = _by_target(lambda facts: facts.first_look, lambda span: NOW - const(span - span // 4))
UNSEEN = query(
    select(
        cases.c.category,
        func.count(),
        _how_many(cases.c.opened_at <= _LATE),
        _how_many((cases.c.opened_at > _LATE) & (cases.c.opened_at <= _LATE_SOON)),
    )
    .where(cases.c.state == const(0), cases.c.looked_at == const(0))
    .group_by(cases.c.category)
)

ALARMS = query(select(*pace_alarms.c))
TOLD = upsert(pace_alarms, ["category", "target", "state"])

TERMS = query(select(*surge_terms.c), _terms)
LOCKED_TERMS = query(
    select(*surge_terms.c).order_by(surge_terms.c.measure).with_for_update(), _terms
)
AGREE = upsert(surge_terms, ["measure"])
WITHDRAW = query(surge_terms.delete().where(surge_terms.c.measure == number("measure")))
ADD_LOG = insert(surge_log)
LOG = query(select(*surge_log.c).order_by(surge_log.c.id.desc()).limit(number("limit")), LogEntry)
ENTRY = query(select(*surge_log.c).where(surge_log.c.id == number("id")), LogEntry)
# The last time that it was switched.
LAST = query(
    select(*surge_log.c)
    .where(
        surge_log.c.measure == number("measure"),
        surge_log.c.what.in_([const(each) for each in What if each > What.WITHDRAWN]),
    )
    .order_by(surge_log.c.id.desc())
    .limit(const(1)),
    LogEntry,
)

# How many public and quiet posts of a member are shown, as far as it is counted, and whether they
# are of the team.
_shown = (
    select(posts.c.id)
    .where(
        posts.c.account_id == number("account"),
        posts.c.reblog_of_id == const(0),
        posts.c.visibility.in_([const(int(Visibility.PUBLIC)), const(int(Visibility.UNLISTED))]),
    )
    .limit(number("limit"))
    .subquery()
)
NEWCOMER = query(
    select(select(func.count()).select_from(_shown).scalar_subquery(), users.c.role)
    .select_from(accounts.join(users, users.c.account_id == accounts.c.id))
    .where(accounts.c.id == number("account"))
)
HELD_SINCE = query(
    select(surge_holds.c.decision_id)
    .where(
        surge_holds.c.switch_id == number("switch"), surge_holds.c.decision_id >= number("since")
    )
    .limit(number("limit")),
    int,
)
ADD_HOLD = insert(surge_holds)
# What a decision is about that waits, by which decision.
HOLDS_OF_DECISION = query(
    select(surge_holds.c.switch_id, surge_holds.c.decision_id)
    .select_from(
        decision_subjects.join(surge_holds, surge_holds.c.post_id == decision_subjects.c.subject_id)
    )
    .where(
        decision_subjects.c.decision_id == number("decision"),
        decision_subjects.c.subject_kind == const(SubjectKind.POST),
        surge_holds.c.released_at == const(0),
    )
    .limit(const(MOST_HOLDS))
)
LEFT_OF_SWITCH = query(
    select(surge_holds.c.decision_id, surge_holds.c.post_id)
    .where(surge_holds.c.switch_id == number("switch"), surge_holds.c.released_at == const(0))
    .order_by(surge_holds.c.decision_id)
    .limit(number("limit"))
)
RELEASED = query(
    surge_holds.update()
    .where(surge_holds.c.switch_id == number("switch"), in_ids(surge_holds.c.decision_id, "ids"))
    .values(released_at=NOW)
)
