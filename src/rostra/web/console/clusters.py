"""Clusters: the list, one with its outliers first, what is left out of it and put back."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import msgspec

from rostra.http.params import Count, Id
from rostra.http.response import Response
from rostra.kernel.errors import NotFound
from rostra.network.edge import Reader, Services, Transaction
from rostra.safety.cases import access as cases_access
from rostra.safety.cases.model import Case
from rostra.safety.clusters import access, correct
from rostra.safety.clusters.compare import Place
from rostra.safety.clusters.model import Cluster, Placed
from rostra.safety.standing import access as standing_access
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console import desk, standing, subjects
from rostra.web.console.common import (
    HERE,
    OneParams,
    ViewParams,
    case_for,
    lead,
    look_of,
    tabs,
    who,
)
from rostra.web.console.subjects import Seen
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.console import DeskView
from rostra.web.views.console_clusters import ClusterLine, ClusterPage, ClustersPage, PlacedLine
from rostra.web.views.forms import Form

LIMIT: Final = 20
_SHOWN: Final = 20
_STANDING: Final = 10
_FARTHEST: Final = 10_000
_HERE: Final = f"{HERE}/clusters"


class ListParams(msgspec.Struct, frozen=True, kw_only=True):
    """Behind how many."""

    after: Count = Count(0)


class ClusterParams(OneParams, frozen=True, kw_only=True):
    """Which cluster, and behind which of its outliers and members."""

    outliers: Id | None = None
    members: Id | None = None


class MoveParams(OneParams, frozen=True, kw_only=True):
    """Which case of which cluster."""

    case: Id | None = None


async def listed(call: PageCall[ListParams]) -> Response:
    """Clusters with more than one open case, the worst first."""
    offset = min(_FARTHEST, call.params.after)
    async with call.read() as reader:
        actor = await who(call, reader)
        actor.require(Permission.SEE_CASES)
        found = await access.listed(
            reader, categories=actor.categories, limit=LIMIT + 1, offset=offset
        )
        shown, more = found[:LIMIT], len(found) > LIMIT
        overviews = await access.by_ids(reader, [each.id for each in shown])
        leaders = await cases_access.by_ids(reader, [each.leader_id for each in overviews.values()])
        visible = [each for each in leaders.values() if actor.sees(each.status.category)]
        seen = await subjects.load(call, reader, visible)
        standing_now = await standing_access.listed(reader, limit=_STANDING)
    by_id = {each.id: each for each in visible}
    page = ClustersPage(
        tabs=tabs("clusters", actor),
        look=look_of(call.request),
        clusters=tuple(
            _line(call, overviews[each.id], by_id.get(overviews[each.id].leader_id), seen)
            for each in shown
            if each.id in overviews
        ),
        standing=tuple(
            standing.view(each, call.now) for each in standing_now if each.stands(call.now)
        ),
        older_url=f"{_HERE}?after={offset + LIMIT}" if more else "",
    )
    return await call.page(page)


def _line(call: PageCall[Any], found: Cluster, leader: Case | None, seen: Seen) -> ClusterLine:
    return ClusterLine(
        id=str(found.id),
        url=f"{_HERE}/{found.id}",
        lead=subjects.line(leader, seen, now=call.now, viewer_id=call.viewer_id)
        if leader
        else None,
        members=found.members,
        open_members=found.open_members,
        outliers=found.outliers,
        authors=found.authors,
        first_at=found.first_at,
        last_at=found.last_at,
    )


async def one(call: PageCall[ClusterParams]) -> Response:
    """A cluster."""
    params = call.params
    return await shown(call, params.id, params, after=(params.outliers or 0, params.members or 0))


async def shown(
    call: PageCall[Any],
    cluster_id: int,
    view: ViewParams,
    *,
    decide: Form | None = None,
    after: tuple[int, int] = (0, 0),
) -> Response:
    """The page of a cluster, with the form as it was typed.

    ``after``: the outlier and the member behind which the lists begin.
    """
    async with call.read() as reader:
        actor = await who(call, reader)
        actor.require(Permission.SEE_CASES)
        found = await access.one(reader, cluster_id)
        outliers = await _placed(reader, actor, cluster_id, Place.OUTLIER, after[0])
        members = await _placed(reader, actor, cluster_id, Place.MEMBER, after[1])
        if actor.categories is not None and not outliers and not members and not any(after):
            raise NotFound(f"cluster {cluster_id} for {actor.account_id}")
        placed = (*outliers[:_SHOWN], *members[:_SHOWN])
        ids = [found.leader_id, *(each.case_id for each in placed)]
        cases = await cases_access.by_ids(reader, ids)
        visible = {key: case for key, case in cases.items() if actor.sees(case.status.category)}
        people = {each.placed_by for each in placed} - {0}
        seen = await subjects.load(call, reader, visible.values(), people)
        leader = visible.get(found.leader_id)
        stands = await standing_access.of_cluster(reader, cluster_id)
        page = ClusterPage(
            tabs=tabs("clusters", actor),
            look=look_of(call.request),
            cluster=_line(call, found, leader, seen),
            content=await subjects.content(reader, leader, seen) if leader else None,
            outliers=_lines(call, outliers[:_SHOWN], visible, seen),
            members=_lines(call, members[:_SHOWN], visible, seen),
            more_outliers_url=_more(cluster_id, "outliers", outliers),
            more_members_url=_more(cluster_id, "members", members),
            standing=standing.view(stands, call.now) if stands else None,
            desk=await _desk(call, reader, actor, found, decide, view),
            merged_url=f"{_HERE}/{found.merged_into}" if found.merged_into else "",
            can_work=actor.may(Permission.WORK_CASES),
            can_end=actor.may(Permission.DECIDE_MANY),
            two_above=call.services.settings.moderation.two_persons_above,
        )
    return await call.page(page, 422 if decide and (decide.errors or decide.message) else 200)


async def _placed(
    reader: Reader, actor: Actor, cluster_id: int, place: Place, after: int
) -> list[Placed]:
    return await access.cases_of(
        reader, cluster_id, place, categories=actor.categories, limit=_SHOWN + 1, after=after
    )


def _more(cluster_id: int, name: str, placed: Sequence[Placed]) -> str:
    """Where the next of them are."""
    if len(placed) <= _SHOWN:
        return ""
    return f"{_HERE}/{cluster_id}?{name}={placed[_SHOWN - 1].case_id}#{name}"


def _lines(
    call: PageCall[Any], placed: Sequence[Placed], cases: dict[int, Case], seen: Seen
) -> tuple[PlacedLine, ...]:
    return tuple(
        PlacedLine(
            case=subjects.line(cases[each.case_id], seen, now=call.now, viewer_id=call.viewer_id),
            alike=each.alike // 10,
            sentences=each.sentences,
            by=seen.name(each.placed_by),
        )
        for each in placed
        if each.case_id in cases
    )


async def sample(
    reader: Reader, actor: Actor, cluster_id: int, *, now: int, most: int
) -> tuple[list[Case], int]:
    """Some of the members that are theirs to decide, and how many those are."""
    ids = await access.open_members(reader, cluster_id, actor, now=now, limit=_COUNTED)
    found = await cases_access.by_ids(reader, ids[:most])
    return [found[each] for each in ids[:most] if each in found], len(ids)


_COUNTED: Final = 100_000  # more than one decision can be about


async def _desk(  # noqa: PLR0917 (as the page of a case)
    call: PageCall[Any],
    reader: Reader,
    actor: Actor,
    found: Cluster,
    decide: Form | None,
    view: ViewParams,
) -> DeskView | None:
    """The form for all that are open."""
    if not actor.may(Permission.DECIDE_MANY) or not found.open_members:
        return None
    cases, _ = await sample(reader, actor, found.id, now=call.now, most=LIMIT)
    if not cases:
        return None
    return await desk.view(call, reader, actor, cases, decide, view, cluster=found)


Correction = Callable[[Services, Transaction, Actor, int], Awaitable[None]]


def _moving(verb: Correction, said: str, anchor: str) -> Callable[[PageCall[Any]], Any]:
    """A handler that moves a case within its cluster."""

    async def handle(call: PageCall[MoveParams]) -> Response:
        params = call.params
        async with call.services.db.write() as tx:
            actor = await who(call, tx)
            actor.require(Permission.WORK_CASES)
            case = await case_for(tx, actor, params.case or 0)
            placed = (await access.places(tx, [case.id])).get(case.id)
            if placed is None or placed.cluster_id != params.id:
                raise NotFound(f"case {case.id} in cluster {params.id}")
            await verb(call.services, tx, actor, case.id)
        return lead(call, f"{_HERE}/{params.id}#{anchor}", said)

    return handle


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, listed, MEMBER, params=ListParams),
    Route(GET, f"{_HERE}/{{id}}", one, MEMBER, params=ClusterParams),
    Route(
        POST,
        f"{_HERE}/{{id}}/leave-out",
        _moving(correct.leave_out, "It is left out, and decided by itself.", "outliers"),
        MEMBER,
        params=MoveParams,
    ),
    Route(
        POST,
        f"{_HERE}/{{id}}/take-in",
        _moving(correct.take_in, "It is decided with the others.", "members"),
        MEMBER,
        params=MoveParams,
    ),
)
