"""The SQL of tallies, private to this slice."""

from typing import Any

from sqlalchemy import BigInteger, bindparam, cast, func, select

from rostra.safety.decisions.model import DecisionKind, DecisionState, SubjectState
from rostra.safety.screening.model import Judgement
from rostra.safety.tallies.model import MONDAY, WEEK, Row
from rostra.store.query import const, in_ids, insert_or_ignore, number, query, query_in
from rostra.store.tables.safety import case_events, cases, decision_subjects, decisions
from rostra.store.tables.screening import screening_judgements as judgements
from rostra.store.tables.screening_tallies import screening_tallies as tallies
from rostra.store.tables.screening_tallies import screening_tally_heads as heads

ADD_HEAD = insert_or_ignore(heads)
LOCKED_HEAD = query(
    select(heads.c.counted_id).where(heads.c.id == number("id")).with_for_update(), int
)
SET_HEAD = query(
    heads.update().where(heads.c.id == number("id")).values(counted_id=number("counted"))
)
HEADS = query(select(heads.c.id, heads.c.counted_id).where(heads.c.id <= const(2)))

_COLUMNS = [judgements.c[name] for name in Judgement.__struct_fields__]
JUDGEMENTS = query(
    select(*_COLUMNS)
    .where(judgements.c.id > number("after"), judgements.c.id < number("until"))
    .order_by(judgements.c.id)
    .limit(number("limit")),
    Judgement,
)
BY_ID = query(select(*_COLUMNS).where(in_ids(judgements.c.id, "ids")), Judgement)

# What was found in the subject last, before this happened to its case.
_judged = (
    select(func.max(judgements.c.id))
    .where(
        judgements.c.subject_id == cases.c.subject_id,
        judgements.c.subject_kind == cases.c.subject_kind,
        judgements.c.id < case_events.c.id,
    )
    .scalar_subquery()
)
EVENTS = query(
    select(
        case_events.c.id,
        case_events.c.kind,
        case_events.c.data,
        case_events.c.created_at,
        func.coalesce(_judged, const(0)),
    )
    .select_from(case_events.join(cases, cases.c.id == case_events.c.case_id))
    .where(case_events.c.id > number("after"), case_events.c.id < number("until"))
    .order_by(case_events.c.id)
    .limit(number("limit"))
)
# What people have decided, and not taken back since.
_MADE = (DecisionState.IN_FORCE, DecisionState.BEING_APPLIED)
_BY_PEOPLE = (
    decisions.c.rule_id == const(0),
    decisions.c.machine_decided == const(0),
    decisions.c.undone_by == const(0),
)
DECISIONS = query(
    select(decisions.c.id, decisions.c.actions, decisions.c.strikes).where(
        in_ids(decisions.c.id, "ids"), *_BY_PEOPLE
    )
)
# The latest of a span of time.
LATEST = query(
    select(*_COLUMNS)
    .where(judgements.c.id >= number("since"))
    .order_by(judgements.c.id.desc())
    .limit(number("limit")),
    Judgement,
)
COUNT = query(
    select(func.count()).select_from(
        select(judgements.c.id)
        .where(judgements.c.id >= number("since"))
        .limit(number("limit"))
        .subquery()
    ),
    int,
)
# What people have decided about these, in its order; what is taken back, of all or of one of them,
# is left out.
_s = decision_subjects.c
DECIDED = query(
    select(
        _s.subject_kind,
        _s.subject_id,
        decisions.c.id,
        decisions.c.actions,
        decisions.c.strikes,
    )
    .select_from(decision_subjects.join(decisions, decisions.c.id == _s.decision_id))
    .where(
        in_ids(_s.subject_id, "ids"),
        _s.state != const(int(SubjectState.TAKEN_BACK)),
        decisions.c.kind == const(int(DecisionKind.DECISION)),
        decisions.c.state.in_([const(int(each)) for each in _MADE]),
        *_BY_PEOPLE,
    )
    .order_by(decisions.c.id)
)


def _add(words: Any) -> Any:
    statement = words.insert(tallies).values(
        {column.name: bindparam(column.name, type_=column.type) for column in tallies.c}
    )
    keys = [column.name for column in tallies.primary_key]
    more = tallies.c.count + statement.excluded["count"]
    return statement.on_conflict_do_update(index_elements=keys, set_={"count": more})


ADD = query_in(_add)
DROP = query(tallies.delete().where(tallies.c.day < number("before")))
DAYS = query(
    select(*tallies.c).where(tallies.c.day >= number("since")).order_by(tallies.c.day), Row
)
_WEEK = tallies.c.day - (tallies.c.day - const(MONDAY)) % const(WEEK)
_COUNT = cast(func.sum(tallies.c.count), BigInteger)  # PostgreSQL adds up to decimals
_KINDS = (tallies.c.signal, tallies.c.version, tallies.c.measure, tallies.c.harm, tallies.c.bucket)
WEEKS = query(
    select(_WEEK, *_KINDS, _COUNT).where(tallies.c.day >= number("since")).group_by(_WEEK, *_KINDS),
    Row,
)
