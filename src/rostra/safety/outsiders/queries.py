"""The SQL of reports from outside, private to this slice."""

from typing import Any

from sqlalchemy import LargeBinary, bindparam, delete, exists, not_, select

from rostra.safety.outsiders.model import Outside
from rostra.safety.reports.model import ReportRow
from rostra.store.query import const, in_ids, insert, number, query
from rostra.store.tables.outsiders import outside_links, outside_parts, outside_reports
from rostra.store.tables.safety import appeals, reports

ID, NOW = number("id"), number("now")
_ROW: list[Any] = [outside_reports.c[name] for name in Outside.__struct_fields__]
_REPORT = [reports.c[name] for name in ReportRow.__struct_fields__]


def _outside(*columns: Any) -> Outside:
    return Outside(**dict(zip(Outside.__struct_fields__, columns, strict=True)))


ADD = insert(outside_reports, Outside.__struct_fields__)
ADD_LINK = insert(outside_links)
ADD_PART = insert(outside_parts)
ONE = query(select(*_ROW).where(outside_reports.c.id == ID), _outside)
LOCKED = query(select(*_ROW).where(outside_reports.c.id == ID).with_for_update(), _outside)
LINKED = query(
    select(outside_links.c.outside_id).where(
        outside_links.c.token_hash == bindparam("token_hash", type_=LargeBinary()),
        outside_links.c.purpose == number("purpose"),
    ),
    int,
)
CONFIRMED = query(
    outside_reports.update()
    .where(outside_reports.c.id == ID)
    .values(state=bindparam("state"), confirmed_at=NOW)
)
REPORTS = query(
    select(*_REPORT)
    .select_from(outside_parts.join(reports, reports.c.id == outside_parts.c.report_id))
    .where(outside_parts.c.outside_id == ID)
    .order_by(reports.c.id),
    ReportRow,
)
OF_REPORTS = query(
    select(outside_parts.c.report_id, *_ROW)
    .select_from(
        outside_parts.join(outside_reports, outside_reports.c.id == outside_parts.c.outside_id)
    )
    .where(in_ids(outside_parts.c.report_id, "ids")),
    lambda report_id, *columns: (report_id, _outside(*columns)),
)
# Those who have reported what a decision is about.
OF_DECISION = query(
    select(outside_parts.c.outside_id)
    .select_from(reports.join(outside_parts, outside_parts.c.report_id == reports.c.id))
    .where(
        reports.c.decision_id == number("decision"),
        outside_parts.c.outside_id > number("after"),
    )
    .group_by(outside_parts.c.outside_id)
    .order_by(outside_parts.c.outside_id)
    .limit(number("limit")),
    int,
)
TOLD = query(
    outside_reports.update()
    .where(outside_reports.c.id == ID)
    .values(told_at=NOW, forget_at=bindparam("forget_at"))
)
FORGET_LATER = query(
    outside_reports.update().where(outside_reports.c.id == ID).values(forget_at=bindparam("at"))
)

_open_report = exists(
    select(const(1))
    .select_from(outside_parts.join(reports, reports.c.id == outside_parts.c.report_id))
    .where(outside_parts.c.outside_id == outside_reports.c.id, reports.c.state == const(0))
)
_open_appeal = exists(
    select(const(1))
    .select_from(outside_parts.join(appeals, appeals.c.report_id == outside_parts.c.report_id))
    .where(outside_parts.c.outside_id == outside_reports.c.id, appeals.c.state == const(0))
)
NEVER_CONFIRMED = query(
    select(outside_reports.c.id)
    .where(outside_reports.c.state == const(0), outside_reports.c.created_at <= number("before"))
    .limit(number("limit")),
    int,
)
OVER = query(
    select(outside_reports.c.id)
    .where(
        outside_reports.c.forget_at <= NOW,
        not_(_open_report),
        not_(_open_appeal),
    )
    .limit(number("limit")),
    int,
)
PARTS = query(
    select(outside_parts.c.report_id).where(in_ids(outside_parts.c.outside_id, "ids")), int
)
FORGET = (
    query(delete(outside_links).where(in_ids(outside_links.c.outside_id, "ids"))),
    query(delete(outside_parts).where(in_ids(outside_parts.c.outside_id, "ids"))),
    query(delete(outside_reports).where(in_ids(outside_reports.c.id, "ids"))),
)
