"""Members report posts and accounts. Source: docs.joinmastodon.org/methods/reports."""

from typing import Any

import msgspec

from rostra.api.endpoint import POST, Auth, Call, Endpoint, Raw
from rostra.api.mastodon import render
from rostra.api.mastodon.entities.reports import FiledReport, ReportHead
from rostra.api.mastodon.times import iso, iso_or_none
from rostra.http.params import Id
from rostra.kernel.errors import Invalid
from rostra.safety.cases import access as cases_access
from rostra.safety.categories.facts import category_of
from rostra.safety.reports import file
from rostra.safety.reports.model import Report, ReportState, Said

_encode = msgspec.json.Encoder().encode


class ReportParams(msgspec.Struct, frozen=True, kw_only=True):
    """Who or what is reported, and why.

    Attributes:
        harm: one of our own categories, which are finer than Mastodon's four; it goes first.
    """

    account_id: Id
    status_ids: tuple[Id, ...] = ()
    comment: str = ""
    forward: bool = False
    category: str = ""
    rule_ids: tuple[Id, ...] = ()
    harm: str = ""


def head_of(report: Report) -> ReportHead:
    """What a report says, without whom it is about."""
    row = report.row
    return ReportHead(
        id=str(row.id),
        action_taken=row.state != ReportState.OPEN,
        action_taken_at=iso_or_none(row.decided_at),
        category=row.wire_category,
        comment=row.comment,
        forwarded=bool(row.forwarded),
        created_at=iso(row.created_at),
        status_ids=tuple(map(str, report.post_ids)),
        rule_ids=tuple(map(str, report.rule_ids)),
    )


async def create(call: Call[ReportParams]) -> Raw:
    """Report posts of an account, or the account itself."""
    params = call.params
    harm = category_of(params.harm) if params.harm else None
    if params.harm and harm is None:
        raise Invalid("harm", "is not included in the list", "ERR_INCLUSION")
    said = Said(
        reporter_id=call.viewer.account_id,
        target_account_id=params.account_id,
        post_ids=params.status_ids,
        rule_ids=params.rule_ids,
        category=harm,
        wire_category=params.category,
        comment=params.comment,
        forwarded=params.forward,
    )
    async with call.services.db.write() as tx:
        report = await file.report(call.services, tx, said)
    async with call.services.db.read() as reader:
        account = await render.account(call, reader, params.account_id)
        before = await cases_access.decided_before(reader, report.subjects)
    head = _encode(head_of(report))
    decided_at = max((each.decided_at for each in before.values()), default=0)
    told = _encode(iso_or_none(decided_at))
    return Raw(b'%b,"target_account":%b,"decided_before_at":%b}' % (head[:-1], account, told))


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        POST,
        "/api/v1/reports",
        create,
        auth=Auth.USER,
        scopes=("write:reports",),
        params=ReportParams,
        answer=FiledReport,
        summary="Report posts of an account, or the account itself",
        limits=("report_account",),
        errors=(404,),
    ),
)
