"""The SQL of holds by rules, private to this slice."""

from sqlalchemy import delete, func, or_, select, update

from rostra.safety.holding.model import Hold, HoldState
from rostra.safety.subjects import SubjectKind
from rostra.store.query import const, in_ids, insert, number, query
from rostra.store.tables.safety import decision_subjects, decisions
from rostra.store.tables.screening import rule_holds

_COLUMNS = [rule_holds.c[name] for name in Hold.__struct_fields__]
_WAITS = rule_holds.c.state == const(int(HoldState.WAITING))
_LOOKED_AT = rule_holds.c.state.in_([const(int(HoldState.RELEASED)), const(int(HoldState.KEPT))])
ADD = insert(rule_holds)
# What a decision is about that waits: by which decision, and which post it is. The next of them.
# A decision that a machine makes ends no hold unless it closes the case: one that stands for later
# copies does, another rule does not.
WAITING_OF_DECISION = query(
    select(*_COLUMNS)
    .select_from(
        decision_subjects.join(decisions, decisions.c.id == decision_subjects.c.decision_id).join(
            rule_holds, rule_holds.c.post_id == decision_subjects.c.subject_id
        )
    )
    .where(
        decision_subjects.c.decision_id == number("decision"),
        decision_subjects.c.subject_kind == const(int(SubjectKind.POST)),
        rule_holds.c.decision_id != number("decision"),
        or_(decisions.c.machine_decided == const(0), decision_subjects.c.case_id > const(0)),
        _WAITS,
    )
    .limit(number("limit")),
    Hold,
)
WAITING = query(select(*_COLUMNS).where(in_ids(rule_holds.c.decision_id, "ids"), _WAITS), Hold)
SETTLE = query(
    update(rule_holds)
    .where(in_ids(rule_holds.c.decision_id, "ids"), _WAITS)
    .values(state=number("state"), settled_at=number("now"))
)
SETTLE_POST = query(
    update(rule_holds)
    .where(rule_holds.c.post_id == number("post"), _WAITS)
    .values(state=number("state"), settled_at=number("now"))
)
OVER = query(
    select(rule_holds.c.decision_id)
    .where(
        rule_holds.c.state.in_([const(int(each)) for each in HoldState if each]),
        rule_holds.c.settled_at < number("before"),
    )
    .limit(number("limit")),
    int,
)
DROP = query(delete(rule_holds).where(in_ids(rule_holds.c.decision_id, "ids")))
# What the team is shown: each of them the categories that they are trusted with.
_SHOWN = rule_holds.join(decisions, decisions.c.id == rule_holds.c.decision_id)
_THEIRS = or_(number("all") == const(1), in_ids(decisions.c.category, "categories"))
# How long those waited that somebody looked at last.
LATELY = query(
    select(rule_holds.c.settled_at - rule_holds.c.held_at)
    .where(_LOOKED_AT, rule_holds.c.settled_at >= number("since"))
    .order_by(rule_holds.c.settled_at.desc())
    .limit(number("limit")),
    int,
)
LATELY_SHOWN = query(
    select(rule_holds.c.settled_at - rule_holds.c.held_at)
    .select_from(_SHOWN)
    .where(_LOOKED_AT, rule_holds.c.settled_at >= number("since"), _THEIRS)
    .order_by(rule_holds.c.settled_at.desc())
    .limit(number("limit")),
    int,
)
COUNT = query(select(func.count()).select_from(_SHOWN).where(_WAITS, _THEIRS), int)
OVERDUE = query(
    select(func.count())
    .select_from(_SHOWN)
    .where(_WAITS, rule_holds.c.due_at <= number("now"), _THEIRS),
    int,
)
SETTLED = query(
    select(rule_holds.c.state, func.count())
    .select_from(_SHOWN)
    .where(rule_holds.c.settled_at >= number("since"), rule_holds.c.state > const(0), _THEIRS)
    .group_by(rule_holds.c.state)
)
FIRST_DUE = query(
    select(*_COLUMNS)
    .select_from(_SHOWN)
    .where(_WAITS, _THEIRS)
    .order_by(rule_holds.c.due_at, rule_holds.c.decision_id)
    .limit(number("limit")),
    Hold,
)
