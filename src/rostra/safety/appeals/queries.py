"""The SQL of appeals, private to this slice."""

from typing import Any

from sqlalchemy import bindparam, delete, exists, not_, or_, select

from rostra.safety.appeals.model import Appeal, AppealState
from rostra.store.query import as_tuple, const, in_ids, insert_or_ignore, number, query
from rostra.store.tables.safety import appeals, decision_subjects, decisions, statements

ID, NOW, ACCOUNT = number("id"), number("now"), number("account")
_ROW: list[Any] = [appeals.c[name] for name in Appeal.__struct_fields__]


def _appeal(*columns: Any) -> Appeal:
    return Appeal(**dict(zip(Appeal.__struct_fields__, columns, strict=True)))


ADD = insert_or_ignore(appeals, Appeal.__struct_fields__)
ONE = query(select(*_ROW).where(appeals.c.id == ID), _appeal)
LOCKED = query(select(*_ROW).where(appeals.c.id == ID).with_for_update(), _appeal)
BY_IDS = query(select(*_ROW).where(in_ids(appeals.c.id, "ids")), _appeal)
OF_DECISIONS = query(
    select(*_ROW).where(
        in_ids(appeals.c.decision_id, "decisions"),
        appeals.c.account_id == ACCOUNT,
        appeals.c.report_id == const(0),
    ),
    _appeal,
)
OF_REPORTS = query(
    select(*_ROW).where(in_ids(appeals.c.report_id, "reports"), appeals.c.account_id == ACCOUNT),
    _appeal,
)
# The team's list, what is due first first; ``all`` 1, or those of some categories.
WAITING = query(
    select(*_ROW)
    .select_from(appeals.join(decisions, decisions.c.id == appeals.c.decision_id))
    .where(
        appeals.c.state == const(0),
        or_(number("all") == const(1), in_ids(decisions.c.category, "categories")),
    )
    .order_by(appeals.c.due_at, appeals.c.id)
    .limit(number("limit"))
    .offset(number("offset")),
    _appeal,
)
ANSWER = query(
    appeals.update()
    .where(appeals.c.id == ID)
    .values(
        state=bindparam("state"),
        answer=bindparam("answer"),
        actor_id=bindparam("actor"),
        undo_id=bindparam("undo"),
        answered_at=NOW,
    )
)
TOLD = query(appeals.update().where(appeals.c.id == ID).values(told_at=NOW))
OF_OTHERS = query(
    select(const(1)).where(
        exists(
            select(const(1)).where(
                decision_subjects.c.decision_id == ID,
                not_(decision_subjects.c.account_id == ACCOUNT),
            )
        )
    )
)
STATEMENT = query(
    select(statements.c.id).where(
        statements.c.decision_id == number("decision"), statements.c.account_id == ACCOUNT
    ),
    int,
)
# Whoever has a statement of a decision and has not been told by the answer to an appeal.
NOT_APPEALED = query(
    select(statements.c.account_id, statements.c.id, statements.c.taken_back_at)
    .where(
        statements.c.decision_id == number("decision"),
        statements.c.account_id > number("after"),
        not_(
            exists(
                select(const(1)).where(
                    appeals.c.decision_id == statements.c.decision_id,
                    appeals.c.account_id == statements.c.account_id,
                    appeals.c.report_id == const(0),
                    appeals.c.state == const(int(AppealState.UPHELD)),
                )
            )
        ),
    )
    .order_by(statements.c.account_id)
    .limit(number("limit")),
    as_tuple,
)
OF_OUTSIDERS = query(
    select(appeals.c.id).where(
        in_ids(appeals.c.report_id, "reports"), appeals.c.account_id == const(0)
    ),
    int,
)
FORGET_SOME = query(delete(appeals).where(in_ids(appeals.c.id, "ids")))
FORGET = query(delete(appeals).where(appeals.c.account_id == ACCOUNT))
