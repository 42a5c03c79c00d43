"""Loads reports, for the team and for those parts of moderation that act on them."""

from collections.abc import Sequence

from rostra.kernel.errors import NotFound
from rostra.kernel.paging import Page
from rostra.safety.edge import Reader
from rostra.safety.reports import queries
from rostra.safety.reports.model import Record, Report, ReportRow, ReportState, Standing

_MOST_COUNTED = 200


async def by_ids(reader: Reader, ids: Sequence[int]) -> list[Report]:
    """Those of the reports that there are, the newest first. Three statements."""
    if not ids:
        return []
    return await _whole(reader, await reader.all(queries.BY_IDS, ids=ids))


async def one(reader: Reader, report_id: int) -> Report:
    """A report.

    Raises:
        NotFound: there is none.
    """
    found = await by_ids(reader, [report_id])
    if not found:
        raise NotFound(f"report {report_id}")
    return found[0]


async def listed(
    reader: Reader,
    page: Page,
    *,
    open_: bool | None = None,
    reporter_id: int = 0,
    target_id: int = 0,
) -> list[Report]:
    """A page of reports in the order in which it is read; ``open_`` None: decided ones too.

    Three statements.
    """
    params: dict[str, int] = {"state": -1 if open_ is None else int(not open_)}
    if reporter_id:
        params["reporter"] = reporter_id
    if target_id:
        params["target"] = target_id
    statement = queries.LISTED[bool(reporter_id), bool(target_id), page.ascending]
    rows = await reader.all(
        statement, below=page.below, above=page.above, limit=page.limit, **params
    )
    whole = await _whole(reader, rows)
    return whole[::-1] if page.ascending else whole


async def record(reader: Reader, reporter_id: int) -> Record:
    """How a member's earlier reports were decided."""
    counts = [
        int(
            await reader.value(
                queries.DECIDED, reporter=reporter_id, state=int(state), limit=_MOST_COUNTED
            )
        )
        for state in (ReportState.UPHELD, ReportState.DISMISSED)
    ]
    return Record(*counts)


async def standing(reader: Reader, reporter_id: int) -> Standing:
    """Whether a member was warned for reporting what is none, or is not listened to."""
    return await reader.first(queries.STANDING, reporter=reporter_id) or Standing()


async def standings(reader: Reader, reporter_ids: Sequence[int]) -> dict[int, Standing]:
    """How those of the members stand who were warned. One statement."""
    if not reporter_ids:
        return {}
    rows = await reader.all(queries.STANDINGS, ids=reporter_ids)
    return {account_id: Standing(*standing) for account_id, *standing in rows}


async def _whole(reader: Reader, rows: Sequence[ReportRow]) -> list[Report]:
    if not rows:
        return []
    ids = [row.id for row in rows]
    posts: dict[int, list[int]] = {}
    rules: dict[int, list[int]] = {}
    for report_id, post_id in await reader.all(queries.POSTS, ids=ids):
        posts.setdefault(report_id, []).append(post_id)
    for report_id, rule_id in await reader.all(queries.RULES, ids=ids):
        rules.setdefault(report_id, []).append(rule_id)
    made = [Report(row, tuple(posts.get(row.id, ())), tuple(rules.get(row.id, ()))) for row in rows]
    return sorted(made, key=lambda report: -report.row.id)
