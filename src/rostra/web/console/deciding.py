"""Deciding in two steps: the form, then once more what is about to happen."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from rostra.http.response import Response
from rostra.kernel.errors import Conflict, Forbidden, Invalid, NotFound, RostraError
from rostra.network.edge import Reader, Transaction
from rostra.network.instance import access as instance_access
from rostra.safety.cases import access as cases_access
from rostra.safety.cases import work
from rostra.safety.cases.model import Case
from rostra.safety.categories.facts import facts_of
from rostra.safety.clusters import access as clusters_access
from rostra.safety.decisions import check, strikes
from rostra.safety.decisions.decide import decide
from rostra.safety.decisions.model import Decision, DecisionState, Ground, Ruling
from rostra.safety.standing.cluster import decide_cluster
from rostra.safety.standing.stand import let_stand
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console import case as one_case
from rostra.web.console import clusters, desk, standing, subjects, words
from rostra.web.console.common import HERE, ViewParams, lead, look_of, tabs, who
from rostra.web.console.desk import DecideParams
from rostra.web.console.queue import MOST, next_page
from rostra.web.console.subjects import Seen
from rostra.web.faults import form_of
from rostra.web.route import MEMBER, POST, Route
from rostra.web.views.console import ConfirmPage, TogetherPage
from rostra.web.views.forms import Form

_NAMES: Final = {
    "fields": "profile",
    "case_ids": "actions",
    "decision_id": "stand",
    "ends_at": "stand",
}
_RECKONED: Final = 10  # members whose strikes are reckoned before it is confirmed
_LOOKED_AT: Final = 40  # of the cases of a cluster, before it is confirmed


async def step(call: PageCall[DecideParams]) -> Response:
    """Go on from what was pressed: fill in words, show it once more, go back, or decide."""
    params = call.params
    async with call.read() as reader:
        (await who(call, reader)).require(Permission.DECIDE)
    if params.step in {"decide", "next"}:
        return await _decide(call)
    if params.step == "template":
        async with call.read() as reader:
            params = await desk.written(call, reader, params)
    if params.step in {"template", "back"}:
        return await _form(call, Form(values=params.values()))
    try:
        return await _confirm(call)
    except (Invalid, Forbidden, Conflict) as error:
        return await _refused(call, params, error)


async def _refused(
    call: PageCall[DecideParams], params: DecideParams, error: RostraError
) -> Response:
    """Why nothing was decided: beside the form, or where there is none left to fill in."""
    if isinstance(error, Conflict) and params.cluster:
        where = f"{HERE}/clusters/{params.cluster}{params.query()}"
        return lead(call, where, f"{error.safe}.", good=False)
    if isinstance(error, Conflict) and len(params.cases) == 1:
        where = f"{HERE}/cases/{params.cases[0]}{params.query()}"
        return lead(call, where, f"{error.safe}.", good=False)
    return await _form(call, form_of(params.values(), error, _NAMES))


async def _form(call: PageCall[DecideParams], form: Form) -> Response:
    """The form as it was typed: on the page of the case, of several, or of a cluster."""
    params = call.params
    if params.cluster:
        return await clusters.shown(call, params.cluster, params, decide=form)
    if len(params.cases) == 1:
        return await one_case.shown(call, params.cases[0], params, decide=form)
    return await _together(call, params, form)


async def together(call: PageCall[DecideParams]) -> Response:
    """The form for the cases that were chosen in the queue."""
    params = call.params
    async with call.read() as reader:
        (await who(call, reader)).require(Permission.DECIDE_MANY)
    if not params.cases:
        where = HERE + params.query()
        return lead(call, where, "Choose the cases first.", good=False)
    return await _together(call, params, None)


async def _together(
    call: PageCall[DecideParams], params: DecideParams, form: Form | None
) -> Response:
    async with call.read() as reader:
        asked = await _asked(call, reader)
        actor, cases = asked.actor, asked.cases
        seen = await subjects.load(call, reader, cases)
        made = await desk.view(call, reader, actor, cases, form, params)
    page = TogetherPage(
        tabs=tabs("queue", actor),
        look=look_of(call.request),
        cases=_lines(call, cases, seen, params),
        desk=made,
        two_above=call.services.settings.moderation.two_persons_above,
    )
    return await call.page(page, 422 if form and (form.errors or form.message) else 200)


def _lines(
    call: PageCall[Any], cases: Sequence[Case], seen: Seen, params: ViewParams
) -> tuple[Any, ...]:
    query = params.query()
    return tuple(
        subjects.line(case, seen, now=call.now, viewer_id=call.viewer_id, query=query)
        for case in cases
    )


class _Asked(msgspec.Struct, frozen=True):
    """Who decides, and what about: of a cluster some of its cases, and how many it is."""

    actor: Actor
    cases: list[Case]
    count: int


async def _asked(call: PageCall[DecideParams], reader: Reader) -> _Asked:
    """Who decides, and the cases that they name.

    Raises:
        NotFound: one of them is not there for them.
        Conflict: nothing of the cluster is left to decide.
    """
    actor = await who(call, reader)
    if call.params.cluster:
        return await _of_cluster(call, reader, actor, call.params.cluster)
    wanted = list(dict.fromkeys(call.params.cases))[:MOST]
    found = await cases_access.by_ids(reader, wanted)
    cases = [found[each] for each in wanted if each in found]
    if not cases or len(cases) < len(wanted):
        raise NotFound(f"cases {wanted[:5]}")
    if not all(actor.sees(case.status.category) for case in cases):
        raise NotFound(f"cases {wanted[:5]} for {actor.account_id}")
    return _Asked(actor, cases, len(cases))


async def _of_cluster(call: PageCall[Any], reader: Reader, actor: Actor, cluster_id: int) -> _Asked:
    actor.require(Permission.DECIDE_MANY)
    await clusters_access.one(reader, cluster_id)
    cases, count = await clusters.sample(reader, actor, cluster_id, now=call.now, most=_LOOKED_AT)
    if not cases:
        safe = "Nothing in this cluster is left to decide"
        raise Conflict(f"cluster {cluster_id} has no open member", safe=safe, code="cluster_empty")
    return _Asked(actor, cases, count)


async def _confirm(call: PageCall[DecideParams]) -> Response:
    """What is about to be decided, with what it does to each member's strikes."""
    params, services = call.params, call.services
    async with call.read() as reader:
        asked = await _asked(call, reader)
        actor, cases = asked.actor, asked.cases
        ruling = params.ruling(call.now)
        check.permitted(actor, ruling, subjects=asked.count)
        ruling = check.checked(services, ruling, {case.subject_kind for case in cases})
        seen = await subjects.load(call, reader, cases)
        page = ConfirmPage(
            tabs=tabs("clusters" if params.cluster else "queue", actor),
            look=look_of(call.request),
            acts=tuple(words.hold(each) for each in ruling.actions),
            about=_lines(call, cases[:_RECKONED], seen, params),
            about_count=asked.count,
            ground=await _ground(call, reader, ruling),
            category=facts_of(ruling.category).name,
            facts=ruling.facts,
            words=ruling.words,
            note=ruling.note,
            strikes=await _strikes(call, reader, ruling, cases, seen),
            proposed=asked.count > services.settings.moderation.two_persons_above,
            stands=_stands(params),
            nearly=bool(params.cluster),
            fields=params.fields(),
        )
    return await call.page(page)


def _stands(params: DecideParams) -> str:
    """What is wanted for later copies, in words."""
    if not params.cluster or not params.stand:
        return ""
    chosen = next(each.label for each in standing.CHOICES if each.value == params.stand)
    return f"{chosen}, {params.most} at most."


async def _ground(call: PageCall[Any], reader: Reader, ruling: Ruling) -> str:
    if not ruling.upholds:
        return ""
    if ruling.ground is Ground.LAW:
        return f"The law: {ruling.legal_ground}"
    rules = await instance_access.rules(call.services, reader)
    text = next((rule.text for rule in rules if rule.id == ruling.clause_id), "")
    return f"Rule of the house: {text}" if text else "The rules of the house"


async def _strikes(
    call: PageCall[Any], reader: Reader, ruling: Ruling, cases: Sequence[Case], seen: Seen
) -> tuple[str, ...]:
    """Where the strikes of each member are, and where they would be; of some of many."""
    if not ruling.strikes:
        return ()
    told: list[str] = []
    accounts = list(dict.fromkeys(case.account_id for case in cases))
    for account_id in accounts[:_RECKONED]:
        found = await strikes.outlook(reader, call.services, account_id, ruling.strikes)
        told.append(words.outlook(found, seen.name(account_id).removeprefix("@")))
    more = len(accounts) - len(told)
    if call.params.cluster and len(accounts) > 1:
        return (*told, "And every other member whose it is.")
    return (*told, f"And {more} members more.") if more else tuple(told)


async def _decide(call: PageCall[DecideParams]) -> Response:
    """Decide; the next case is taken with it where that is wanted."""
    params = call.params
    taken: Case | None = None
    try:
        async with call.services.db.write() as tx:
            asked = await _asked(call, tx)
            actor = asked.actor
            made = await _made(call, tx, asked)
            if params.step == "next":
                view = params.of(actor)
                taken = await work.claim_next(
                    call.services, tx, actor.account_id, view, own=actor.own
                )
    except (Invalid, Conflict, Forbidden) as error:
        return await _refused(call, params, error)
    said = "It waits for a second person now." if _waits(made) else "Decided."
    if _waits(made) and params.stand:
        said += " Once they agreed, it can be let stand for later copies here."
    if params.step == "next":
        return next_page(call, taken, said, params)
    return lead(call, f"{HERE}/decisions/{made.id}", said)


async def _made(call: PageCall[DecideParams], tx: Transaction, asked: _Asked) -> Decision:
    """Decide; a decision over a cluster may stand for later copies from the start."""
    params, services = call.params, call.services
    ruling = params.ruling(call.now)
    if not params.cluster:
        ids = [case.id for case in asked.cases]
        return await decide(services, tx, asked.actor, ruling, ids)
    made = (await decide_cluster(services, tx, asked.actor, ruling, params.cluster)).decision
    if params.stand and not _waits(made):
        ends_at, most = standing.until(params.stand, params.most, call.now)
        await let_stand(services, tx, asked.actor, made.id, ends_at=ends_at, most=most)
    return made


def _waits(decision: Decision) -> bool:
    return decision.state == DecisionState.PROPOSED


ROUTES: tuple[Route[Any], ...] = (
    Route(POST, f"{HERE}/decide", step, MEMBER, params=DecideParams),
    Route(POST, f"{HERE}/together", together, MEMBER, params=DecideParams),
)
