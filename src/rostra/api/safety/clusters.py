"""Clusters: read, corrected, decided at once; and decisions that stand for later copies."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from rostra.api.endpoint import GET, POST, Auth, Call, Endpoint
from rostra.api.mastodon.times import iso, iso_or_none
from rostra.api.safety import entities
from rostra.api.safety.common import (
    BASE,
    READ,
    WRITE,
    actor_of,
    case_entity,
    decision_entity,
    id_or_none,
)
from rostra.api.safety.decisions import RulingParams, ruling_of, time_of
from rostra.http.params import Id
from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.paging import MAX_BOUND
from rostra.network.edge import Reader, Services, Transaction
from rostra.safety.cases import access as cases_access
from rostra.safety.clusters import access, correct
from rostra.safety.clusters.compare import SENTENCES, Place
from rostra.safety.clusters.model import ClusterEventKind, Placed
from rostra.safety.standing import access as standing_access
from rostra.safety.standing import stand
from rostra.safety.standing.cluster import decide_cluster
from rostra.safety.standing.model import Standing
from rostra.safety.team.model import Actor, Permission

_MOST = 200
_USUAL = 40
_PLACES = {"member": Place.MEMBER, "outlier": Place.OUTLIER}


class ListParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which clusters."""

    limit: int = _USUAL
    offset: int = 0


class ClusterId(msgspec.Struct, frozen=True):
    """Which cluster."""

    id: Id


class CasesParams(ClusterId, frozen=True, kw_only=True):
    """Which of its cases: members or outliers, behind which one."""

    place: str = "outlier"
    limit: int = _USUAL
    after: Id | None = None


class MergeParams(ClusterId, frozen=True, kw_only=True):
    """Which cluster, into which other one."""

    into: Id


class DecideParams(RulingParams, frozen=True, kw_only=True):
    """Which cluster, what is decided of its members, and which of them are left open."""

    id: Id
    without: tuple[Id, ...] = ()


class CaseId(msgspec.Struct, frozen=True):
    """Which case."""

    id: Id


class StandParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which decision later copies are to meet, until when, and how many of them."""

    id: Id
    ends_at: str = ""  # ISO 8601
    most: int = 0


class StandingList(msgspec.Struct, frozen=True, kw_only=True):
    """Which standing decisions."""

    limit: int = _USUAL
    max_id: Id | None = None


class StandingId(msgspec.Struct, frozen=True):
    """Which standing decision."""

    id: Id


async def listed(call: Call[ListParams]) -> list[entities.OpenCluster]:
    """Clusters with more than one open case, in the order of the worst of those."""
    limit = max(1, min(call.params.limit, _MOST))
    offset = max(0, min(call.params.offset, 100_000))
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        found = await access.listed(reader, categories=actor.categories, limit=limit, offset=offset)
    return [
        entities.OpenCluster(str(each.id), each.open_cases, iso(max(0, each.rank)))
        for each in found
    ]


async def show(call: Call[ClusterId]) -> entities.Cluster:
    """A cluster: its sizes, how it grew, what people did with it, what stands for it."""
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        return await _cluster(reader, actor, call.params.id)


async def _cluster(reader: Reader, actor: Actor, cluster_id: int) -> entities.Cluster:
    found = await access.one(reader, cluster_id)
    await _theirs(reader, actor, cluster_id)
    hours = await access.over_time(reader, cluster_id)
    events = await access.events(reader, cluster_id)
    standing = await standing_access.of_cluster(reader, cluster_id)
    return entities.Cluster(
        id=str(found.id),
        leader_id=str(found.leader_id),
        merged_into=id_or_none(found.merged_into),
        members=found.members,
        outliers=found.outliers,
        open_members=found.open_members,
        authors=found.authors,
        first_at=iso_or_none(found.first_at),
        last_at=iso_or_none(found.last_at),
        hours=tuple(entities.ClusterHour(iso(at), count) for at, count in hours),
        events=tuple(
            entities.ClusterEvent(
                ClusterEventKind(each.kind).wire,
                iso(each.created_at),
                id_or_none(each.actor_id),
                id_or_none(each.case_id),
                id_or_none(each.other_id),
            )
            for each in events
        ),
        standing=_standing(standing) if standing else None,
    )


async def _theirs(reader: Reader, actor: Actor, cluster_id: int) -> None:
    """Let pass who sees a case of it; for others it does not exist."""
    if actor.categories is None:
        return
    for place in _PLACES.values():
        seen = await access.cases_of(
            reader, cluster_id, place, categories=actor.categories, limit=1
        )
        if seen:
            return
    raise NotFound(f"cluster {cluster_id} for {actor.account_id}")


async def cases(call: Call[CasesParams]) -> list[entities.ClusterCase]:
    """Its outliers with their reasons, or its members; the oldest first."""
    params = call.params
    if params.place not in _PLACES:
        raise Invalid("place", "is not included in the list", "ERR_INCLUSION")
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        await access.one(reader, params.id)
        found = await access.cases_of(
            reader,
            params.id,
            _PLACES[params.place],
            categories=actor.categories,
            limit=max(1, min(params.limit, _MOST)),
            after=params.after or 0,
        )
        return await _entities(reader, found)


async def _entities(reader: Reader, found: list[Placed]) -> list[entities.ClusterCase]:
    known = await cases_access.by_ids(reader, [each.case_id for each in found])
    return [
        entities.ClusterCase(
            case=case_entity(known[each.case_id]),
            place=Place(each.place).name.lower(),
            alike=each.alike / 1000,
            reasons=tuple(
                entities.ClusterReason(reason.name.lower(), SENTENCES[reason])
                for reason in each.reasons
            ),
            placed_by=id_or_none(each.placed_by),
            placed_at=iso(each.placed_at),
        )
        for each in found
        if each.case_id in known
    ]


async def decide(call: Call[DecideParams]) -> entities.ClusterDecision:
    """Decide all open members that nobody else works on; outliers stay open."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.DECIDE_MANY)
        made = await decide_cluster(
            call.services, tx, actor, ruling_of(params), params.id, without=params.without
        )
    return entities.ClusterDecision(decision_entity(made.decision), made.left)


async def merge(call: Call[MergeParams]) -> entities.Cluster:
    """Put a cluster into another one; that one."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.WORK_CASES)
        for cluster_id in (params.id, params.into):
            await access.one(tx, cluster_id)
            await _theirs(tx, actor, cluster_id)
        await correct.merge(call.services, tx, actor, params.id, params.into)
        return await _cluster(tx, actor, params.into)


Correction = Callable[[Services, Transaction, Actor, int], Awaitable[None]]


def _correcting(verb: Correction) -> Callable[[Call[CaseId]], Awaitable[entities.ClusterCase]]:
    """A handler that moves a case within its cluster, if it is theirs to see."""

    async def handle(call: Call[CaseId]) -> entities.ClusterCase:
        case_id = call.params.id
        async with call.services.db.write() as tx:
            actor = await actor_of(call, tx, Permission.WORK_CASES)
            case = await cases_access.one(tx, case_id)
            if not actor.sees(case.status.category):
                raise NotFound(f"case {case_id} for {actor.account_id}")
            await verb(call.services, tx, actor, case_id)
            placed = await access.places(tx, [case_id])
            (made,) = await _entities(tx, list(placed.values()))
        return made

    return handle


async def let_stand(call: Call[StandParams]) -> entities.Standing:
    """Let later copies meet a decision over a cluster."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.DECIDE_MANY)
        made = await stand.let_stand(
            call.services,
            tx,
            actor,
            params.id,
            ends_at=time_of(params.ends_at),
            most=params.most,
        )
    return _standing(made)


async def all_standing(call: Call[StandingList]) -> list[entities.Standing]:
    """Standing decisions, also those that have ended, the newest first."""
    limit, below = max(1, min(call.params.limit, _MOST)), call.params.max_id or MAX_BOUND
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.SEE_CASES)
        found = await standing_access.listed(reader, limit=limit, below=below)
    return [_standing(each) for each in found]


async def end_standing(call: Call[StandingId]) -> entities.Standing:
    """Let a decision stand no longer; what was decided by it stays so."""
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.DECIDE_MANY)
        await stand.end(call.services, tx, actor, call.params.id)
        return _standing(await standing_access.one(tx, call.params.id))


def _standing(given: Standing) -> entities.Standing:
    return entities.Standing(
        id=str(given.id),
        cluster_id=str(given.cluster_id),
        decision_id=str(given.decision_id),
        actor_id=str(given.actor_id),
        most=given.most,
        done_count=given.done_count,
        ends_at=iso(given.ends_at),
        ended_at=iso_or_none(given.ended_at),
        ended_by=id_or_none(given.ended_by),
        created_at=iso(given.created_at),
    )


def _endpoint(method: str, path: str, handler: Any, **more: Any) -> Endpoint[Any]:
    scopes = READ if method == GET else WRITE
    return Endpoint(method, f"{BASE}{path}", handler, auth=Auth.USER, scopes=scopes, **more)


_MOVED: Any = {"params": CaseId, "answer": entities.ClusterCase}
ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _endpoint(
        GET,
        "/clusters",
        listed,
        params=ListParams,
        answer=list[entities.OpenCluster],
        summary="Clusters with open cases, the worst first",
    ),
    _endpoint(
        GET,
        "/clusters/{id}",
        show,
        params=ClusterId,
        answer=entities.Cluster,
        summary="A cluster, its sizes and how it grew",
    ),
    _endpoint(
        GET,
        "/clusters/{id}/cases",
        cases,
        params=CasesParams,
        answer=list[entities.ClusterCase],
        summary="The outliers of a cluster with their reasons, or its members",
    ),
    _endpoint(
        POST,
        "/clusters/{id}/decide",
        decide,
        params=DecideParams,
        answer=entities.ClusterDecision,
        summary="Decide all open members of a cluster",
        errors=(404, 409),
        max_body=1 << 20,
    ),
    _endpoint(
        POST,
        "/clusters/{id}/merge",
        merge,
        params=MergeParams,
        answer=entities.Cluster,
        summary="Put a cluster into another one",
        errors=(409,),
    ),
    _endpoint(
        POST,
        "/cases/{id}/leave_out",
        _correcting(correct.leave_out),
        summary="Leave a case out of what is decided of its cluster",
        **_MOVED,
    ),
    _endpoint(
        POST,
        "/cases/{id}/take_in",
        _correcting(correct.take_in),
        summary="Let an outlier be decided with its cluster",
        **_MOVED,
    ),
    _endpoint(
        POST,
        "/decisions/{id}/stand",
        let_stand,
        params=StandParams,
        answer=entities.Standing,
        summary="Let later copies meet a decision over a cluster",
        errors=(409,),
    ),
    _endpoint(
        GET,
        "/standing",
        all_standing,
        params=StandingList,
        answer=list[entities.Standing],
        summary="Standing decisions, the newest first",
    ),
    _endpoint(
        POST,
        "/standing/{id}/end",
        end_standing,
        params=StandingId,
        answer=entities.Standing,
        summary="Let a decision stand no longer",
    ),
)
