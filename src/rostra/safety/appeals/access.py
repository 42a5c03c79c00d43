"""Loads appeals: for those who made them, and for the team."""

from collections.abc import Sequence

from rostra.kernel.errors import NotFound
from rostra.safety.appeals import queries
from rostra.safety.appeals.model import Appeal
from rostra.safety.edge import Reader
from rostra.safety.team.model import Actor, Permission


async def of_decisions(
    reader: Reader, viewer_id: int, decision_ids: Sequence[int]
) -> dict[int, Appeal]:
    """What a member has said against decisions about them. One statement."""
    if not decision_ids:
        return {}
    found = await reader.all(queries.OF_DECISIONS, decisions=decision_ids, account=viewer_id)
    return {each.decision_id: each for each in found}


async def of_reports(
    reader: Reader, viewer_id: int, report_ids: Sequence[int]
) -> dict[int, Appeal]:
    """What a member has said against what became of their reports: the latest. One statement."""
    if not report_ids:
        return {}
    found = await reader.all(queries.OF_REPORTS, reports=report_ids, account=viewer_id)
    return {each.report_id: each for each in sorted(found, key=lambda appeal: appeal.id)}


async def waiting(
    reader: Reader, actor: Actor, *, limit: int = 40, offset: int = 0
) -> list[Appeal]:
    """Appeals that nobody has answered, what is due first first. One statement.

    Raises:
        Forbidden: they are not theirs to answer.
    """
    actor.require(Permission.APPEALS)
    return await reader.all(
        queries.WAITING,
        all=int(actor.categories is None),
        categories=list(actor.categories or ()),
        limit=limit,
        offset=offset,
    )


async def by_ids(reader: Reader, ids: Sequence[int]) -> dict[int, Appeal]:
    """Appeals as they stand, for what keeps the record of them. One statement."""
    return {each.id: each for each in await reader.all(queries.BY_IDS, ids=ids)} if ids else {}


async def one(reader: Reader, actor: Actor, appeal_id: int) -> Appeal:
    """An appeal, for the team.

    Raises:
        NotFound: there is none.
        Forbidden: they are not theirs to answer.
    """
    actor.require(Permission.APPEALS)
    found = await reader.first(queries.ONE, id=appeal_id)
    if found is None:
        raise NotFound(f"appeal {appeal_id}")
    return found
