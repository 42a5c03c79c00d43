"""The SQL of statements, private to this slice."""

from sqlalchemy import LargeBinary, bindparam, delete, select

from rostra.safety.statements.model import StatementRow
from rostra.store.paging import paged
from rostra.store.query import as_tuple, const, in_ids, insert, number, query
from rostra.store.tables.safety import (
    decision_subjects,
    decisions,
    reports,
    statement_links,
    statements,
)

ID, NOW, ACCOUNT = number("id"), number("now"), number("account")
_ROW = [statements.c[name] for name in StatementRow.__struct_fields__]

# A decision without a ground found nothing: nobody was told of it.
_TOLD = (
    select(*_ROW)
    .select_from(statements.join(decisions, decisions.c.id == statements.c.decision_id))
    .where(decisions.c.ground != const(0))
)
PAGES = paged(_TOLD.where(statements.c.account_id == ACCOUNT), statements.c.id, StatementRow)
BY_IDS = query(
    _TOLD.where(statements.c.account_id == ACCOUNT, in_ids(statements.c.id, "ids")), StatementRow
)
ANY = query(_TOLD.where(statements.c.id == ID), StatementRow)
OF_DECISION = query(
    select(statements.c.account_id, statements.c.id).where(
        statements.c.decision_id == number("decision"),
        in_ids(statements.c.account_id, "accounts"),
    ),
    as_tuple,
)
SUBJECTS = query(
    select(
        decision_subjects.c.decision_id,
        decision_subjects.c.subject_kind,
        decision_subjects.c.subject_id,
    )
    .where(
        decision_subjects.c.account_id == ACCOUNT,
        in_ids(decision_subjects.c.decision_id, "decisions"),
    )
    .order_by(
        decision_subjects.c.decision_id.desc(),
        decision_subjects.c.subject_kind,
        decision_subjects.c.subject_id,
    )
    .limit(number("limit")),
    as_tuple,
)
MAILED = query(statements.update().where(statements.c.id == ID).values(mailed_at=NOW))
READ = query(
    statements.update()
    .where(statements.c.id == ID, statements.c.read_at == const(0))
    .values(read_at=NOW)
)

# Who has reported what a decision is about, and was not told yet what became of it.
_OF_DECISION = reports.c.decision_id == number("decision")
_BY_REPORTER = (_OF_DECISION, reports.c.account_id == ACCOUNT, reports.c.told_at == const(0))
REPORTERS = query(
    select(reports.c.account_id)
    .where(_OF_DECISION, reports.c.account_id > number("after"), reports.c.told_at == const(0))
    .group_by(reports.c.account_id)
    .order_by(reports.c.account_id)
    .limit(number("limit")),
    int,
)
REPORTED_BY = query(
    select(reports.c.state, reports.c.created_at, reports.c.decided_at)
    .where(*_BY_REPORTER)
    .limit(const(500)),
    as_tuple,
)
REPORTER_TOLD = query(reports.update().where(*_BY_REPORTER).values(told_at=NOW))

ADD_LINK = insert(statement_links)
LINKED = query(
    select(*_ROW)
    .select_from(
        statement_links.join(statements, statements.c.id == statement_links.c.statement_id)
    )
    .where(
        statement_links.c.token_hash == bindparam("token_hash", type_=LargeBinary()),
        statement_links.c.expires_at > NOW,
    ),
    StatementRow,
)
DROP_OLD_LINKS = query(delete(statement_links).where(statement_links.c.expires_at <= NOW))
FORGET = (
    query(delete(statement_links).where(statement_links.c.account_id == ACCOUNT)),
    query(delete(statements).where(statements.c.account_id == ACCOUNT)),
)
