"""The queue and the cases: read, taken, put aside, handed on, noted, merged."""

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
    category_named,
    decision_entity,
    event_entity,
    report_entity,
)
from rostra.api.safety.signals import judgement_entity
from rostra.http.params import Id
from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.paging import MAX_BOUND
from rostra.network.edge import Services, Transaction
from rostra.safety.cases import access, work
from rostra.safety.cases.access import View
from rostra.safety.cases.model import Case
from rostra.safety.categories.facts import all_facts, facts_of
from rostra.safety.categories.model import Sender
from rostra.safety.decisions import access as decisions_access
from rostra.safety.reports import access as reports_access
from rostra.safety.screening import access as screening_access
from rostra.safety.team import access as team_access
from rostra.safety.team.model import Actor, Permission

_MOST = 200
_USUAL = 40


class ViewParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of the queue; what is not given leaves nothing out."""

    category: str = ""
    language: str = ""
    source: str = ""
    escalated: bool | None = None
    cluster_id: Id | None = None


class QueueParams(ViewParams, frozen=True, kw_only=True):
    """Which part of the queue, by what, and behind which case."""

    due_first: bool = False
    mine: bool = False
    limit: int = _USUAL
    after: Id | None = None


class CaseId(msgspec.Struct, frozen=True):
    """Which case."""

    id: Id


class Reports(CaseId, frozen=True, kw_only=True):
    """Which case, and which of its reports."""

    limit: int = _USUAL
    max_id: Id | None = None


class Words(CaseId, frozen=True, kw_only=True):
    """Which case, and what is said of it."""

    words: str = ""


class HandOver(Words, frozen=True, kw_only=True):
    """Which case, to whom."""

    account_id: Id


class Recategorise(CaseId, frozen=True, kw_only=True):
    """Which case, and what it really is about."""

    category: str


class Merge(CaseId, frozen=True, kw_only=True):
    """Which case, and into which other one."""

    into: Id


def view_of(params: ViewParams, actor: Actor, *, due_first: bool = False) -> View:
    """The part of the queue that is asked for, as far as it is theirs to see.

    Raises:
        Invalid: on `category` or `source`.
    """
    names = {sender.name.lower(): sender for sender in Sender}
    if params.source and params.source not in names:
        raise Invalid("source", "is not included in the list", "ERR_INCLUSION")
    return View(
        category=category_named(params.category) if params.category else 0,
        categories=actor.categories,
        language=params.language,
        sources=1 << names[params.source] if params.source else 0,
        escalated=params.escalated,
        cluster_id=params.cluster_id or 0,
        due_first=due_first,
    )


async def queue(call: Call[QueueParams]) -> list[entities.Case]:
    """The open cases, the worst first."""
    params = call.params
    limit = max(1, min(params.limit, _MOST))
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        if params.mine:
            now = call.services.clock.now()
            found = await access.held_by(reader, actor.account_id, now=now, limit=limit)
        else:
            view = view_of(params, actor, due_first=params.due_first)
            after = await _seen(reader, actor, params.after) if params.after else None
            found = await access.queue(reader, view, limit=limit, after=after)
    return [case_entity(case) for case in found if actor.sees(case.status.category)]


async def counts(call: Call[Any]) -> list[entities.CategoryCount]:
    """How much is open, by category."""
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        found = await access.counts(reader)
    return [
        entities.CategoryCount(
            facts_of(each.category).slug, each.cases, iso(each.oldest_at), iso_or_none(each.due_at)
        )
        for each in found
        if actor.sees(each.category)
    ]


async def categories(call: Call[Any]) -> list[entities.Category]:
    """The kinds of harm that can be reported."""
    del call
    return [
        entities.Category(
            slug=facts.slug,
            name=facts.name,
            explanation=facts.explanation,
            severity=facts.severity.name.lower(),
            mastodon_category=facts.mastodon.value,
            dsa_category=facts.dsa.value,
            first_look_s=facts.first_look // 1000,
            decision_s=facts.decision // 1000,
        )
        for facts in all_facts()
    ]


async def claim_next(call: Call[ViewParams]) -> entities.Case:
    """Take the worst case that nobody works on."""
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.WORK_CASES)
        view = view_of(call.params, actor)
        case = await work.claim_next(call.services, tx, actor.account_id, view, own=actor.own)
    if case is None:
        raise NotFound("nothing to do", safe="No open case is left")
    return case_entity(case)


async def _seen(reader: Any, actor: Actor, case_id: int) -> Case:
    case = await access.one(reader, case_id)
    if not actor.sees(case.status.category):
        raise NotFound(f"case {case_id} for {actor.account_id}")
    return case


async def show(call: Call[CaseId]) -> entities.CaseDetails:
    """A case with what was said of it, what happened, and what was decided."""
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        case = await _seen(reader, actor, call.params.id)
        ids = await access.report_ids(reader, case.id)
        return entities.CaseDetails(
            case=case_entity(case),
            reports=tuple(map(report_entity, await reports_access.by_ids(reader, ids))),
            events=tuple(map(event_entity, await access.events(reader, case.id))),
            decisions=tuple(
                decision_entity(each)
                for each in await decisions_access.about(reader, case.subject)
                if actor.sees(each.category)
            ),
            judgements=tuple(
                map(judgement_entity, await screening_access.of_subject(reader, case.subject))
            ),
        )


async def reports(call: Call[Reports]) -> list[entities.CaseReport]:
    """What was said of a case, the newest first."""
    params = call.params
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        case = await _seen(reader, actor, params.id)
        limit = max(1, min(params.limit, _MOST))
        below = params.max_id or MAX_BOUND
        ids = await access.report_ids(reader, case.id, limit=limit, below=below)
        found = await reports_access.by_ids(reader, ids)
    return [report_entity(each) for each in found]


Verb = Callable[[Services, Transaction, Actor, Any], Awaitable[Case]]


def _doing(verb: Verb) -> Callable[[Call[Any]], Awaitable[entities.Case]]:
    """A handler that does one of the verbs of `cases.work` to a case that is theirs to see."""

    async def handle(call: Call[Any]) -> entities.Case:
        async with call.services.db.write() as tx:
            actor = await actor_of(call, tx, Permission.WORK_CASES)
            await _seen(tx, actor, call.params.id)
            return case_entity(await verb(call.services, tx, actor, call.params))

    return handle


async def _escalate(s: Services, tx: Transaction, actor: Actor, given: Words) -> Case:
    return await work.escalate(s, tx, given.id, actor.account_id, given.words)


async def _note(s: Services, tx: Transaction, actor: Actor, given: Words) -> Case:
    return await work.note(s, tx, given.id, actor.account_id, given.words)


async def _hand_over(s: Services, tx: Transaction, actor: Actor, given: HandOver) -> Case:
    other = await team_access.actor(tx, given.account_id)
    case = await access.one(tx, given.id)
    if not (other.may(Permission.WORK_CASES) and other.sees(case.status.category)):
        raise Invalid("account_id", "may not work on this case", "ERR_INVALID")
    words = given.words
    return await work.hand_over(s, tx, given.id, actor.account_id, given.account_id, words=words)


async def _recategorise(s: Services, tx: Transaction, actor: Actor, given: Recategorise) -> Case:
    category = category_named(given.category)
    return await work.recategorise(s, tx, given.id, actor.account_id, category)


async def _merge(s: Services, tx: Transaction, actor: Actor, given: Merge) -> Case:
    await _seen(tx, actor, given.into)
    return await work.merge(s, tx, given.id, given.into, actor.account_id)


def _simple(
    verb: Callable[[Services, Transaction, int, int], Awaitable[Case]],
) -> Verb:
    async def run(services: Services, tx: Transaction, actor: Actor, given: CaseId) -> Case:
        return await verb(services, tx, given.id, actor.account_id)

    return run


_VERBS: tuple[tuple[str, Verb, type[CaseId], str], ...] = (
    ("claim", _simple(work.claim), CaseId, "Take a case for a quarter of an hour"),
    ("release", _simple(work.release), CaseId, "Hold a case no longer"),
    ("skip", _simple(work.skip), CaseId, "Put a case aside for two hours"),
    ("escalate", _escalate, Words, "Leave a case to those who are trusted with more"),
    ("calm", _simple(work.calm), CaseId, "Give an escalated case back to the queue"),
    ("hand_over", _hand_over, HandOver, "Let somebody else of the team hold a case"),
    ("note", _note, Words, "Write something down about a case"),
    ("recategorise", _recategorise, Recategorise, "Say what a case really is about"),
    ("merge", _merge, Merge, "Let a case be decided as part of another one"),
    ("split", _simple(work.split), CaseId, "Take a merged case out again"),
)


def _get(path: str, handler: Any, **more: Any) -> Endpoint[Any]:
    return Endpoint(GET, f"{BASE}{path}", handler, auth=Auth.USER, scopes=READ, **more)


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        f"{BASE}/categories",
        categories,
        auth=Auth.NONE,
        answer=list[entities.Category],
        summary="The kinds of harm that can be reported",
    ),
    _get(
        "/queue",
        queue,
        params=QueueParams,
        answer=list[entities.Case],
        summary="The open cases, the worst first",
        errors=(404,),
    ),
    _get(
        "/queue/counts",
        counts,
        answer=list[entities.CategoryCount],
        summary="How much is open, by category",
    ),
    Endpoint(
        POST,
        f"{BASE}/queue/next",
        claim_next,
        auth=Auth.USER,
        scopes=WRITE,
        params=ViewParams,
        answer=entities.Case,
        summary="Take the worst case that nobody works on",
        errors=(404,),
    ),
    _get(
        "/cases/{id}",
        show,
        params=CaseId,
        answer=entities.CaseDetails,
        summary="A case with all that belongs to it",
    ),
    _get(
        "/cases/{id}/reports",
        reports,
        params=Reports,
        answer=list[entities.CaseReport],
        summary="What was said of a case, the newest first",
    ),
    *(
        Endpoint(
            POST,
            f"{BASE}/cases/{{id}}/{name}",
            _doing(verb),
            auth=Auth.USER,
            scopes=WRITE,
            params=params,
            answer=entities.Case,
            summary=summary,
            errors=(409,),
        )
        for name, verb, params, summary in _VERBS
    ),
)
