"""Reports are resolved and opened again one by one, for tools that know no cases."""

from rostra.safety.cases import access as cases_access
from rostra.safety.cases.close import reopen as reopen_cases
from rostra.safety.cases.model import CaseState
from rostra.safety.categories.model import Category
from rostra.safety.decisions import queries
from rostra.safety.decisions.decide import decide
from rostra.safety.decisions.model import Action, ActionKind, Ground, Ruling
from rostra.safety.edge import Services, Transaction
from rostra.safety.reports import access as reports_access
from rostra.safety.reports.model import ReportState
from rostra.safety.team.model import Actor, Permission


async def open_cases_of(tx: Transaction, report_id: int) -> list[int]:
    """The cases of a report that are not decided yet."""
    ids = (await cases_access.cases_of_reports(tx, [report_id])).get(report_id, [])
    found = await cases_access.by_ids(tx, ids)
    return [case.id for case in found.values() if case.status.state == CaseState.OPEN]


async def resolve(services: Services, tx: Transaction, actor: Actor, report_id: int) -> None:
    """Decide that nothing needs to be done about what was reported; what is decided stays.

    Raises:
        NotFound: there is no such report.
        Conflict: somebody else of the team works on it.
    """
    report = (await reports_access.one(tx, report_id)).row
    case_ids = await open_cases_of(tx, report_id)
    if case_ids:
        ruling = Ruling(
            actions=(Action(kind=ActionKind.NONE),),
            category=Category(report.category),
            ground=Ground.NONE,
        )
        await decide(services, tx, actor, ruling, case_ids)
    # What was merged or opened anew in between leaves none open, and it may be open itself.
    if (await reports_access.one(tx, report_id)).row.state == ReportState.OPEN:
        await tx.run(queries.CLOSE_REPORT, id=report_id, now=services.clock.now())


async def reopen(services: Services, tx: Transaction, actor: Actor, report_id: int) -> None:
    """Let what was reported be decided anew; what was done stays until it is taken back.

    Raises:
        NotFound: there is no such report.
        Forbidden: it is not theirs.
    """
    actor.require(Permission.WORK_CASES)
    report = (await reports_access.one(tx, report_id)).row
    if report.state == ReportState.OPEN:
        return
    ids = (await cases_access.cases_of_reports(tx, [report_id])).get(report_id, [])
    if ids:
        await reopen_cases(services, tx, ids, report.decision_id, actor.account_id)
    await tx.run(queries.OPEN_REPORT, id=report_id)
