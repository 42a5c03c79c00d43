"""The SQL of decisions, private to this slice."""

from typing import Any

from sqlalchemy import bindparam, exists, func, not_, or_, select

from rostra.safety.decisions.model import Decision, DecisionSubject, Restriction, SubjectState
from rostra.store.query import as_tuple, const, in_ids, insert, insert_or_ignore, number, query
from rostra.store.tables.accounts import users
from rostra.store.tables.instance import rules
from rostra.store.tables.safety import (
    case_reports,
    cases,
    decision_subjects,
    decisions,
    reports,
    restrictions,
    rule_versions,
    statements,
)

ID, NOW = number("id"), number("now")
_ROW: list[Any] = [decisions.c[name] for name in Decision.__struct_fields__]
_SUBJECT = [decision_subjects.c[name] for name in DecisionSubject.__struct_fields__]
_RESTRICTION = [restrictions.c[name] for name in Restriction.__struct_fields__]
_IN_FORCE = restrictions.c.ended_at == const(0)


def _decision(*columns: Any) -> Decision:
    return Decision(**dict(zip(Decision.__struct_fields__, columns, strict=True)))


ADD = insert(decisions)
BY_IDS = query(select(*_ROW).where(in_ids(decisions.c.id, "ids")), _decision)
LOCKED = query(select(*_ROW).where(decisions.c.id == ID).with_for_update(), _decision)
LISTED = query(
    select(*_ROW)
    .where(
        decisions.c.id < number("below"),
        or_(number("state") == const(-1), decisions.c.state == number("state")),
    )
    .order_by(decisions.c.id.desc())
    .limit(number("limit")),
    _decision,
)
OF_CASE = query(
    select(*_ROW)
    .where(
        decisions.c.id.in_(
            select(decision_subjects.c.decision_id).where(
                decision_subjects.c.subject_id == number("subject"),
                decision_subjects.c.subject_kind == number("kind"),
            )
        )
    )
    .order_by(decisions.c.id.desc())
    .limit(number("limit")),
    _decision,
)
OF_ACCOUNT = query(
    select(*_ROW)
    .where(
        decisions.c.id.in_(
            select(statements.c.decision_id).where(statements.c.account_id == number("account"))
        ),
        decisions.c.id < number("below"),
    )
    .order_by(decisions.c.id.desc())
    .limit(number("limit")),
    _decision,
)
SET_STATE = query(
    decisions.update()
    .where(decisions.c.id == ID)
    .values(state=bindparam("state"), applied_at=bindparam("applied_at"))
)
SECOND = query(
    decisions.update()
    .where(decisions.c.id == ID)
    .values(state=bindparam("state"), second_id=bindparam("second"))
)
AGREE = query(
    decisions.update()
    .where(decisions.c.id == ID)
    .values(
        state=bindparam("state"),
        second_id=bindparam("second"),
        actions=bindparam("actions"),
        strikes_until=number("strikes_until"),
    )
)
IS_ABOUT = query(
    select(const(1))
    .where(
        decision_subjects.c.account_id == number("account"), decision_subjects.c.decision_id == ID
    )
    .limit(const(1)),
    int,
)
COUNT_DONE = query(
    decisions.update()
    .where(decisions.c.id == ID)
    .values(done_count=decisions.c.done_count + number("more"))
)
SET_UNDONE = query(
    decisions.update()
    .where(decisions.c.id == ID)
    .values(undone_by=bindparam("undo"), state=bindparam("state"))
)

ADD_SUBJECT = insert(decision_subjects)
SUBJECTS = query(
    select(*_SUBJECT)
    .where(decision_subjects.c.decision_id == ID)
    .order_by(decision_subjects.c.subject_kind, decision_subjects.c.subject_id)
    .limit(number("limit"))
    .offset(number("offset")),
    DecisionSubject,
)
CASES = query(
    select(decision_subjects.c.case_id).where(
        decision_subjects.c.decision_id == ID, decision_subjects.c.case_id != const(0)
    ),
    int,
)
CHUNK = query(
    select(*_SUBJECT)
    .where(decision_subjects.c.decision_id == ID, decision_subjects.c.state == number("state"))
    .order_by(decision_subjects.c.subject_kind, decision_subjects.c.subject_id)
    .limit(number("limit")),
    DecisionSubject,
)
SET_SUBJECTS = query(
    decision_subjects.update()
    .where(
        decision_subjects.c.decision_id == ID,
        decision_subjects.c.subject_kind == number("kind"),
        in_ids(decision_subjects.c.subject_id, "ids"),
    )
    .values(state=bindparam("state"))
)

ADD_RESTRICTION = insert(restrictions)
IN_FORCE = query(
    select(*_RESTRICTION).where(
        in_ids(restrictions.c.subject_id, "ids"),
        restrictions.c.subject_kind == number("kind"),
        _IN_FORCE,
    ),
    Restriction,
)
RESTRICTIONS_OF = query(
    select(*_RESTRICTION).where(restrictions.c.decision_id == ID).limit(number("limit")),
    Restriction,
)
# Taking back: those of some subjects, then those of the accounts that are left.
END_OF_SUBJECTS = query(
    restrictions.update()
    .where(
        restrictions.c.decision_id == ID,
        restrictions.c.subject_kind == number("kind"),
        in_ids(restrictions.c.subject_id, "ids"),
        _IN_FORCE,
    )
    .values(ended_at=NOW)
)
# Taking back for one member of many.
_OF_ACCOUNT = (
    restrictions.c.decision_id == ID,
    restrictions.c.account_id == number("account"),
    _IN_FORCE,
)
LEFT_OF_ACCOUNT = query(
    select(restrictions.c.subject_kind, restrictions.c.subject_id).where(*_OF_ACCOUNT)
)
END_OF_ACCOUNT = query(restrictions.update().where(*_OF_ACCOUNT).values(ended_at=NOW))
RELEASE_SUBJECTS = query(
    decision_subjects.update()
    .where(
        decision_subjects.c.decision_id == ID,
        decision_subjects.c.account_id == number("account"),
        decision_subjects.c.state == const(int(SubjectState.DONE)),
    )
    .values(state=const(int(SubjectState.TAKEN_BACK)))
)
RELEASE_STATEMENT = query(
    statements.update()
    .where(statements.c.decision_id == ID, statements.c.account_id == number("account"))
    .values(taken_back_at=NOW)
)
LEFT_OF_DECISION = query(
    select(restrictions.c.subject_kind, restrictions.c.subject_id)
    .where(restrictions.c.decision_id == ID, _IN_FORCE)
    .order_by(restrictions.c.id)
    .limit(number("limit"))
)
_TO_END = select(
    restrictions.c.id,
    restrictions.c.subject_kind,
    restrictions.c.subject_id,
    restrictions.c.decision_id,
)
DUE = query(
    _TO_END.where(restrictions.c.ends_at > const(0), restrictions.c.ends_at <= NOW, _IN_FORCE)
    .order_by(restrictions.c.ends_at, restrictions.c.id)
    .limit(number("limit"))
)
LEFT_OF_DECISIONS = query(_TO_END.where(in_ids(restrictions.c.decision_id, "ids"), _IN_FORCE))
END = query(
    restrictions.update().where(in_ids(restrictions.c.id, "ids"), _IN_FORCE).values(ended_at=NOW)
)

STATED = query(
    select(statements.c.account_id).where(
        statements.c.decision_id == ID, in_ids(statements.c.account_id, "ids")
    ),
    int,
)
ADD_STATEMENT = insert_or_ignore(statements)

# Those who reported were right as soon as one of their cases is upheld, and wrong once none is left
# to decide.
_of_cases = exists(
    select(const(1)).where(
        case_reports.c.report_id == reports.c.id, in_ids(case_reports.c.case_id, "cases")
    )
)
_other_report = case_reports.alias()
_left = exists(
    select(const(1))
    .select_from(_other_report.join(cases, cases.c.id == _other_report.c.case_id))
    .where(_other_report.c.report_id == reports.c.id, cases.c.state == const(0))
)
_REPORTS_OF_CASES = reports.c.id.in_(
    select(case_reports.c.report_id).where(in_ids(case_reports.c.case_id, "cases"))
)
UPHOLD = query(
    reports.update()
    .where(_REPORTS_OF_CASES, reports.c.state != const(1))
    .values(state=const(1), decision_id=bindparam("decision"), decided_at=NOW, told_at=const(0))
)
DISMISS = query(
    reports.update()
    .where(_REPORTS_OF_CASES, reports.c.state == const(0), not_(_left))
    .values(state=const(2), decision_id=bindparam("decision"), decided_at=NOW, told_at=const(0))
)
REOPEN_REPORTS = query(
    reports.update()
    .where(_REPORTS_OF_CASES, reports.c.decision_id == number("decision"))
    .values(state=const(0), decision_id=const(0), decided_at=const(0))
)

# Those of the accounts whose role is no lower than one.
ABOVE = query(
    select(users.c.account_id)
    .where(
        in_ids(users.c.account_id, "ids"), users.c.role >= number("role"), users.c.role > const(0)
    )
    .limit(const(1)),
    int,
)
_newest_rules = select(func.coalesce(func.max(rule_versions.c.number), const(0))).scalar_subquery()
RULE_TEXT = query(select(rules.c.text, _newest_rules).where(rules.c.id == ID), as_tuple)

# A strike counts once for each member, until it is too old or taken back.
STRIKES = query(
    select(decisions.c.id, decisions.c.strikes, decisions.c.strikes_until)
    .select_from(statements.join(decisions, decisions.c.id == statements.c.decision_id))
    .where(
        statements.c.account_id == number("account"),
        decisions.c.strikes > const(0),
        decisions.c.undone_by == const(0),
        statements.c.taken_back_at == const(0),
        decisions.c.strikes_until > NOW,
    )
    .order_by(decisions.c.id.desc())
    .limit(const(200))
)

CLOSE_REPORT = query(
    reports.update()
    .where(reports.c.id == ID, reports.c.state == const(0))
    .values(state=const(2), decided_at=NOW)
)
OPEN_REPORT = query(
    reports.update()
    .where(reports.c.id == ID)
    .values(state=const(0), decision_id=const(0), decided_at=const(0))
)
