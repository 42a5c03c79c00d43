"""Loads decisions, what they are about and what they restrict, for the team."""

from collections.abc import Sequence

from rostra.kernel.errors import NotFound
from rostra.kernel.paging import MAX_BOUND
from rostra.safety.decisions import queries
from rostra.safety.decisions.model import Decision, DecisionState, DecisionSubject, Restriction
from rostra.safety.edge import Reader
from rostra.safety.subjects import Subject


async def one(reader: Reader, decision_id: int) -> Decision:
    """A decision.

    Raises:
        NotFound: there is none.
    """
    found = await by_ids(reader, [decision_id])
    if decision_id not in found:
        raise NotFound(f"decision {decision_id}")
    return found[decision_id]


async def by_ids(reader: Reader, ids: Sequence[int]) -> dict[int, Decision]:
    """Those of the decisions that there are. One statement."""
    if not ids:
        return {}
    return {each.id: each for each in await reader.all(queries.BY_IDS, ids=ids)}


async def listed(
    reader: Reader,
    *,
    state: DecisionState | None = None,
    limit: int = 40,
    below: int = MAX_BOUND,
) -> list[Decision]:
    """Decisions, the newest first; ``state`` None: all."""
    return await reader.all(
        queries.LISTED, state=-1 if state is None else int(state), limit=limit, below=below
    )


async def about(reader: Reader, subject: Subject, *, limit: int = 40) -> list[Decision]:
    """What was decided about a subject, the newest first."""
    return await reader.all(
        queries.OF_CASE, subject=subject.id, kind=int(subject.kind), limit=limit
    )


async def about_account(
    reader: Reader, account_id: int, *, limit: int = 40, below: int = MAX_BOUND
) -> list[Decision]:
    """What was decided about a member and what is theirs, the newest first."""
    return await reader.all(queries.OF_ACCOUNT, account=account_id, limit=limit, below=below)


async def subjects(
    reader: Reader, decision_id: int, *, limit: int = 40, offset: int = 0
) -> list[DecisionSubject]:
    """What a decision is about."""
    return await reader.all(queries.SUBJECTS, id=decision_id, limit=limit, offset=offset)


async def in_force(reader: Reader, subject: Subject) -> list[Restriction]:
    """What holds for a subject now, whatever decided it."""
    return await in_force_on(reader, subject.kind, [subject.id])


async def in_force_on(reader: Reader, kind: int, ids: Sequence[int]) -> list[Restriction]:
    """What holds for subjects of a kind now. One statement, none without subjects."""
    if not ids:
        return []
    return await reader.all(queries.IN_FORCE, ids=ids, kind=int(kind))


async def restrictions_of(
    reader: Reader, decision_id: int, *, limit: int = 40
) -> list[Restriction]:
    """What a decision restricts, or did."""
    return await reader.all(queries.RESTRICTIONS_OF, id=decision_id, limit=limit)
