"""Reports for the team. Source: docs.joinmastodon.org/methods/admin/reports."""

from typing import Any, Final

import msgspec

from rostra.api.endpoint import GET, POST, PUT, Auth, Call, Endpoint, Paged, Raw
from rostra.api.mastodon import render
from rostra.api.mastodon.admin import documents
from rostra.api.mastodon.entities.admin import AdminReport
from rostra.api.mastodon.paging import PageParams, page_of
from rostra.api.safety.common import actor_of
from rostra.http.params import Id
from rostra.kernel.errors import NotFound
from rostra.kernel.paging import Window
from rostra.network.edge import Reader
from rostra.safety.decisions import of_reports
from rostra.safety.reports import access, change
from rostra.safety.reports.model import Report
from rostra.safety.team.model import Actor, Permission

READ: Final = ("admin:read:reports",)
WRITE: Final = ("admin:write:reports",)


class ListParams(PageParams, frozen=True, kw_only=True):
    """Which reports: without `resolved`, those that are open."""

    resolved: bool | None = None
    account_id: Id | None = None
    target_account_id: Id | None = None


class ReportId(msgspec.Struct, frozen=True):
    """Which report."""

    id: Id


class Changes(ReportId, frozen=True, kw_only=True):
    """Which report, and what it is about."""

    category: str | None = None
    rule_ids: tuple[Id, ...] | None = None


async def _seen(reader: Reader, actor: Actor, report_id: int) -> Report:
    report = await access.one(reader, report_id)
    if not actor.sees(report.row.category):
        raise NotFound(f"report {report_id} for {actor.account_id}")
    return report


async def list_all(call: Call[ListParams]) -> Paged:
    """Reports, the newest first."""
    params, page = call.params, page_of(call.params, default=100, cap=200)
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        found = await access.listed(
            reader,
            page,
            open_=not params.resolved,
            reporter_id=params.account_id or 0,
            target_id=params.target_account_id or 0,
        )
        window = Window.of(found, page, _id).keep(lambda each: actor.sees(each.row.category))
        items = await documents.reports(call, reader, window.items)
    return Paged(Raw(render.join(items)), window.next_max_id, window.prev_min_id)


def _id(report: Report) -> int:
    return report.row.id


async def _one(call: Call[Any], reader: Reader, report_id: int) -> Raw:
    (shown,) = await documents.reports(call, reader, [await access.one(reader, report_id)])
    return Raw(shown)


async def show(call: Call[ReportId]) -> Raw:
    """One report."""
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        await _seen(reader, actor, call.params.id)
        return await _one(call, reader, call.params.id)


async def update(call: Call[Changes]) -> Raw:
    """Say what a report is about."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.WORK_CASES)
        await _seen(tx, actor, params.id)
        await change.recategorise(tx, params.id, params.category, params.rule_ids)
        return await _one(call, tx, params.id)


async def assign_to_self(call: Call[ReportId]) -> Raw:
    """Look at a report oneself."""
    return await _assign(call, mine=True)


async def unassign(call: Call[ReportId]) -> Raw:
    """Let others look at a report."""
    return await _assign(call, mine=False)


async def _assign(call: Call[ReportId], *, mine: bool) -> Raw:
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.WORK_CASES)
        await _seen(tx, actor, call.params.id)
        await change.assign(tx, call.params.id, actor.account_id if mine else 0)
        return await _one(call, tx, call.params.id)


async def resolve(call: Call[ReportId]) -> Raw:
    """Decide that nothing needs to be done about what was reported."""
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.DECIDE)
        await _seen(tx, actor, call.params.id)
        await of_reports.resolve(call.services, tx, actor, call.params.id)
        return await _one(call, tx, call.params.id)


async def reopen(call: Call[ReportId]) -> Raw:
    """Let what was reported be decided anew."""
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.WORK_CASES)
        await _seen(tx, actor, call.params.id)
        await of_reports.reopen(call.services, tx, actor, call.params.id)
        return await _one(call, tx, call.params.id)


def _endpoint(method: str, path: str, handler: Any, summary: str, **more: Any) -> Endpoint[Any]:
    values: dict[str, Any] = {
        "auth": Auth.USER,
        "scopes": READ if method == GET else WRITE,
        "params": ReportId,
        "answer": AdminReport,
        "summary": summary,
    }
    return Endpoint(method, f"/api/v1/admin/reports{path}", handler, **(values | more))


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _endpoint(
        GET,
        "",
        list_all,
        "Reports, the newest first",
        params=ListParams,
        answer=list[AdminReport],
    ),
    _endpoint(GET, "/{id}", show, "One report"),
    _endpoint(PUT, "/{id}", update, "Say what a report is about", params=Changes),
    _endpoint(POST, "/{id}/assign_to_self", assign_to_self, "Look at a report oneself"),
    _endpoint(POST, "/{id}/unassign", unassign, "Let others look at a report"),
    _endpoint(
        POST, "/{id}/resolve", resolve, "Decide that nothing needs to be done", errors=(409,)
    ),
    _endpoint(POST, "/{id}/reopen", reopen, "Let what was reported be decided anew"),
)
