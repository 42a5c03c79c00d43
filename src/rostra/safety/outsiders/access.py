"""Loads reports from outside: for whoever holds their link, and for the team."""

from collections.abc import Sequence

from rostra.kernel import crypto
from rostra.kernel.errors import NotFound
from rostra.safety.appeals import access as appeals_access
from rostra.safety.edge import Reader
from rostra.safety.outsiders import queries
from rostra.safety.outsiders.model import Followed, Outside, Purpose


async def linked(reader: Reader, token: str, purpose: Purpose) -> Outside:
    """The report that a link leads to.

    Raises:
        NotFound: there is no such link, or its report is forgotten.
    """
    outside_id = await reader.first(
        queries.LINKED, token_hash=crypto.token_hash(token), purpose=int(purpose)
    )
    if outside_id is not None:
        found = await reader.first(queries.ONE, id=outside_id)
        if found is not None:
            return found
    raise NotFound("no report from outside for this link")


async def followed(reader: Reader, outside: Outside) -> Followed:
    """What became of a report, and of what was said against that. Two statements."""
    reports = await reader.all(queries.REPORTS, id=outside.id)
    said = await appeals_access.of_reports(reader, 0, [each.id for each in reports])
    return Followed(outside, tuple(reports), tuple(said.values()))


async def of_reports(reader: Reader, report_ids: Sequence[int]) -> dict[int, Outside]:
    """What was filled in for those of the reports that came from outside. One statement."""
    return dict(await reader.all(queries.OF_REPORTS, ids=report_ids)) if report_ids else {}
