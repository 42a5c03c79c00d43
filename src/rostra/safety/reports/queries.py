"""The SQL of reports, private to this slice."""

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from rostra.safety.reports.model import Flagger, ReportRow, ReportState, Standing
from rostra.store.query import (
    Query,
    const,
    in_ids,
    in_texts,
    insert,
    insert_or_ignore,
    number,
    query,
    query_text,
    upsert,
)
from rostra.store.tables.posts import posts
from rostra.store.tables.safety import (
    report_posts,
    report_rules,
    reporter_standings,
    reports,
    trusted_flaggers,
)

ID, REPORTER, STATE = number("id"), number("reporter"), number("state")
_ROW = [reports.c[name] for name in ReportRow.__struct_fields__]

TURN = query_text(sqlite="SELECT 1", postgresql="SELECT pg_advisory_xact_lock(7206113805)")
ADD = insert(reports, ReportRow.__struct_fields__)
ADD_POST = insert_or_ignore(report_posts)
ADD_RULE = insert_or_ignore(report_rules)

BY_IDS = query(select(*_ROW).where(in_ids(reports.c.id, "ids")), ReportRow)
POSTS = query(
    select(report_posts.c.report_id, report_posts.c.post_id)
    .where(in_ids(report_posts.c.report_id, "ids"))
    .order_by(report_posts.c.report_id, report_posts.c.post_id)
)
RULES = query(
    select(report_rules.c.report_id, report_rules.c.rule_id)
    .where(in_ids(report_rules.c.report_id, "ids"))
    .order_by(report_rules.c.report_id, report_rules.c.rule_id)
)


def _listed(order: ColumnElement[int], *conditions: ColumnElement[bool]) -> Query[ReportRow]:
    """Reports that are open (``state`` 0), decided (1) or both (-1), between two bounds."""
    return query(
        select(*_ROW)
        .where(
            *conditions,
            or_(
                const(-1) == STATE,
                and_(const(0) == STATE, reports.c.state == const(0)),
                and_(const(1) == STATE, reports.c.state > const(0)),
            ),
            reports.c.id < number("below"),
            reports.c.id > number("above"),
        )
        .order_by(order)
        .limit(number("limit")),
        ReportRow,
    )


_BY_REPORTER = reports.c.account_id == REPORTER
_ABOUT = reports.c.target_account_id == number("target")
_NEWEST, _OLDEST = reports.c.id.desc(), reports.c.id.asc()
# By whether a reporter and a target are named, the newest or the oldest first.
LISTED = {
    (False, False, False): _listed(_NEWEST),
    (True, False, False): _listed(_NEWEST, _BY_REPORTER),
    (False, True, False): _listed(_NEWEST, _ABOUT),
    (True, True, False): _listed(_NEWEST, _BY_REPORTER, _ABOUT),
    (False, False, True): _listed(_OLDEST),
    (True, False, True): _listed(_OLDEST, _BY_REPORTER),
    (False, True, True): _listed(_OLDEST, _ABOUT),
    (True, True, True): _listed(_OLDEST, _BY_REPORTER, _ABOUT),
}

# Posts that may be reported are those of the account; what is no post of theirs is not told of.
OWNED = query(
    select(posts.c.id).where(in_ids(posts.c.id, "ids"), posts.c.account_id == number("account")),
    int,
)

_counted = (
    select(const(1))
    .where(reports.c.account_id == REPORTER, reports.c.state == STATE)
    .limit(number("limit"))
    .subquery()
)
DECIDED = query(select(func.count()).select_from(_counted))
STANDINGS = query(
    select(
        reporter_standings.c.account_id,
        reporter_standings.c.warned_at,
        reporter_standings.c.muted_until,
    ).where(in_ids(reporter_standings.c.account_id, "ids"))
)
STANDING = query(
    select(reporter_standings.c.warned_at, reporter_standings.c.muted_until).where(
        reporter_standings.c.account_id == REPORTER
    ),
    Standing,
)
SET_STANDING = upsert(reporter_standings, ["account_id"])
CLEAR_STANDINGS = query(
    reporter_standings.delete().where(in_ids(reporter_standings.c.account_id, "ids"))
)
FORGET_STANDING = query(
    reporter_standings.delete().where(reporter_standings.c.account_id == number("account"))
)

ADD_FLAGGER = insert_or_ignore(trusted_flaggers, Flagger.__struct_fields__)
FLAGGERS = query(
    select(*(trusted_flaggers.c[name] for name in Flagger.__struct_fields__))
    .order_by(trusted_flaggers.c.id)
    .limit(const(500)),
    Flagger,
)
FLAGGER_OF_ACCOUNT = query(
    select(trusted_flaggers.c.id).where(
        trusted_flaggers.c.account_id == number("account"),
        trusted_flaggers.c.account_id != const(0),
    ),
    int,
)
FLAGGER_OF_ADDRESS = query(
    select(trusted_flaggers.c.id)
    .where(in_texts(trusted_flaggers.c.address, "names"))
    .limit(const(1)),
    int,
)
REMOVE_FLAGGER = query(trusted_flaggers.delete().where(trusted_flaggers.c.id == ID))
REMOVE_FLAGGER_OF = query(
    trusted_flaggers.delete().where(
        trusted_flaggers.c.account_id == number("account"),
        trusted_flaggers.c.account_id != const(0),
    )
)

DECIDE = query(
    reports.update()
    .where(in_ids(reports.c.id, "ids"))
    .values(
        state=bindparam("state"),
        decision_id=bindparam("decision_id"),
        decided_at=bindparam("now"),
    )
)
ASSIGN = query(reports.update().where(reports.c.id == ID).values(assigned_to=bindparam("to")))
RECATEGORISE = query(
    reports.update()
    .where(reports.c.id == ID)
    .values(category=bindparam("category"), wire_category=bindparam("wire_category"))
)
SET_ASIDE = query(
    reports.update().where(reports.c.id == ID).values(state=const(int(ReportState.SET_ASIDE)))
)
DROP_RULES = query(report_rules.delete().where(report_rules.c.report_id == ID))

# A reporter who is gone is nobody; what they said of others stays while it is decided on.
FORGET_REPORTER = query(
    reports.update().where(reports.c.account_id == number("account")).values(account_id=const(0))
)
