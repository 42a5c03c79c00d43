"""Somebody who abuses reports is warned, or not listened to for a while, from a case's page."""

from typing import Any, Final

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.network.edge import Reader
from rostra.safety.cases import access as cases_access
from rostra.safety.categories.model import Category
from rostra.safety.decisions.decide import decide_subjects
from rostra.safety.decisions.model import OWN_INITIATIVE, Action, ActionKind, Ruling
from rostra.safety.reports import access as reports_access
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.model import Permission
from rostra.web.call import PageCall
from rostra.web.console.common import HERE, OneParams, case_for, lead, who
from rostra.web.faults import sentence
from rostra.web.route import MEMBER, POST, Route

DAYS: Final = (7, 30, 90)
_WHAT: Final = {"warn": ActionKind.WARN_REPORTER, "mute": ActionKind.MUTE_REPORTER}
_SAID: Final = {"warn": "They are warned.", "mute": "Their reports are set aside."}


class ReporterParams(OneParams, frozen=True, kw_only=True):
    """Whose report of which case, what is done about them, and why."""

    report_id: Id | None = None
    what: str = ""
    days: int = DAYS[0]
    facts: str = ""


async def decide(call: PageCall[ReporterParams]) -> Response:
    """Warn a reporter, or set their reports aside for some days."""
    params = call.params
    here = f"{HERE}/cases/{params.id}{params.query()}"
    try:
        async with call.services.db.write() as tx:
            actor = await who(call, tx)
            case = await case_for(tx, actor, params.id)
            actor.require(Permission.DECIDE_ACCOUNTS)
            reporter_id = await _reporter(tx, case.id, params.report_id or 0)
            about = [Subject(SubjectKind.ACCOUNT, reporter_id)]
            await decide_subjects(call.services, tx, actor, _ruling(call), about)
    except (Conflict, Invalid) as error:
        return lead(call, here, sentence(error.safe), good=False)
    return lead(call, here, _SAID[params.what])


async def _reporter(reader: Reader, case_id: int, report_id: int) -> int:
    """The member whose report of the case it is."""
    joined = await cases_access.cases_of_reports(reader, [report_id])
    report = await reports_access.one(reader, report_id)
    if case_id not in joined.get(report_id, []) or not report.row.account_id:
        raise NotFound(f"report {report_id} of case {case_id} by a member")
    return report.row.account_id


def _ruling(call: PageCall[ReporterParams]) -> Ruling:
    params = call.params
    kind = _WHAT.get(params.what)
    if kind is None or params.days not in DAYS:
        raise Invalid("what", "is not included in the list", "ERR_INCLUSION")
    ends_at = call.now + params.days * DAY if kind is ActionKind.MUTE_REPORTER else 0
    return Ruling(
        actions=(Action(kind=kind, ends_at=ends_at),),
        category=Category.OTHER,
        facts=params.facts,
        source=OWN_INITIATIVE,
    )


ROUTES: tuple[Route[Any], ...] = (
    Route(POST, f"{HERE}/cases/{{id}}/reporter", decide, MEMBER, params=ReporterParams),
)
