"""Decisions: the list, one with how far it is, the second person, taking it back."""

from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from rostra.network.edge import Reader
from rostra.safety.cases import access as cases_access
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions.decide import agree, refuse
from rostra.safety.decisions.model import Decision, DecisionKind, DecisionState, Ground
from rostra.safety.decisions.undo import undo
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console import standing, subjects, words
from rostra.web.console.case import decision_line
from rostra.web.console.common import HERE, lead, look_of, tabs, views_of, who
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.console import DecisionPage, DecisionsPage
from rostra.web.views.forms import Form
from rostra.web.views.parts import Pager

LIMIT: Final = 40
_HERE: Final = f"{HERE}/decisions"
_SHOWN: Final = 40
_VIEWS: Final = {
    "": ("All", None),
    "waiting": ("Wait for a second person", DecisionState.PROPOSED),
    "running": ("Being carried out", DecisionState.BEING_APPLIED),
    "undone": ("Taken back", DecisionState.UNDONE),
}


class ListParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which decisions, below which."""

    state: str = ""
    below: Id | None = None


class DecisionParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which decision."""

    id: Id


class UndoParams(DecisionParams, frozen=True, kw_only=True):
    """Why it is taken back, and whether its cases are to be decided anew."""

    facts: str = ""
    reopen: str = ""


async def listed(call: PageCall[ListParams]) -> Response:
    """Decisions, the newest first."""
    params = call.params
    if params.state not in _VIEWS:
        raise NotFound("no such view")
    bound = {"below": params.below} if params.below else {}
    async with call.read() as reader:
        actor = await who(call, reader)
        actor.require(Permission.SEE_CASES)
        found = await decisions_access.listed(
            reader, state=_VIEWS[params.state][1], limit=LIMIT + 1, **bound
        )
        shown, more = found[:LIMIT], len(found) > LIMIT
        visible = [each for each in shown if actor.sees(each.category)]
        seen = await subjects.load(call, reader, (), {each.actor_id for each in visible})
    state = f"&state={params.state}" if params.state else ""
    page = DecisionsPage(
        tabs=tabs("decisions", actor),
        look=look_of(call.request),
        views=views_of({name: label for name, (label, _) in _VIEWS.items()}, _HERE, params.state),
        decisions=tuple(decision_line(each, seen) for each in visible),
        pager=Pager(older_url=f"{_HERE}?below={shown[-1].id}{state}" if more else ""),
        waiting=params.state == "waiting",
    )
    return await call.page(page)


async def _theirs(reader: Reader, actor: Actor, decision_id: int) -> Decision:
    found = await decisions_access.one(reader, decision_id)
    if not actor.sees(found.category):
        raise NotFound(f"decision {decision_id} for {actor.account_id}")
    return found


async def one(call: PageCall[DecisionParams]) -> Response:
    """A decision."""
    return await _one(call, Form())


async def _one(call: PageCall[Any], form: Form) -> Response:
    async with call.read() as reader:
        actor = await who(call, reader)
        decision = await _theirs(reader, actor, call.params.id)
        whole = decision.kind in {DecisionKind.UNDO, DecisionKind.REOPENING}
        about_id = decision.undoes_id if whole else decision.id
        about = await decisions_access.subjects(reader, about_id)
        ids = [each.case_id for each in about if each.case_id][:_SHOWN]
        cases = await cases_access.by_ids(reader, ids)
        shown = [cases[each] for each in ids if each in cases]
        shown = [each for each in shown if actor.sees(each.status.category)]
        people = {decision.actor_id, decision.second_id}
        seen = await subjects.load(call, reader, shown, people)
        lasting, free = await standing.of(call, reader, actor, decision)
    proposed = decision.state == DecisionState.PROPOSED
    own = decision.actor_id == actor.account_id
    in_force = decision.state == DecisionState.IN_FORCE and not decision.undoes_id
    page = DecisionPage(
        tabs=tabs("decisions", actor),
        look=look_of(call.request),
        decision=decision_line(decision, seen),
        acts=tuple(words.hold(each) for each in decision.done),
        ground=ground_of(decision),
        words=decision.words,
        note=decision.note,
        second=seen.name(decision.second_id),
        cases=tuple(
            subjects.line(each, seen, now=call.now, viewer_id=call.viewer_id) for each in shown
        ),
        undoes_url=f"{_HERE}/{decision.undoes_id}" if decision.undoes_id else "",
        undone_url=f"{_HERE}/{decision.undone_by}" if decision.undone_by else "",
        can_agree=proposed and not own and actor.may(Permission.DECIDE_MANY),
        can_refuse=proposed and actor.may(Permission.DECIDE_MANY),
        can_undo=in_force and actor.may(Permission.UNDO),
        own=own,
        form=form,
        cluster_url=f"{HERE}/clusters/{decision.cluster_id}" if decision.cluster_id else "",
        lasting=lasting,
        stands=standing.CHOICES[1:] if free else (),
    )
    return await call.page(page, 422 if form.errors else 200)


def ground_of(decision: Decision) -> str:
    """What a decision rests on, in words."""
    if decision.kind != DecisionKind.DECISION:
        return ""
    if decision.ground == Ground.LAW:
        return f"The law: {decision.legal_ground}"
    if decision.ground == Ground.RULE:
        text = decision.clause
        return f"Rule of the house: {text}" if text else "The rules of the house"
    return ""


async def second(call: PageCall[DecisionParams]) -> Response:
    """Agree, as the second person."""
    here = f"{_HERE}/{call.params.id}"
    try:
        async with call.services.db.write() as tx:
            actor = await who(call, tx)
            await _theirs(tx, actor, call.params.id)
            await agree(call.services, tx, actor, call.params.id)
    except (Conflict, Forbidden) as error:
        return lead(call, here, f"{error.safe}.", good=False)
    return lead(call, here, "You agreed. It is carried out now.")


async def turn_down(call: PageCall[DecisionParams]) -> Response:
    """Refuse, as the second person; or take one's own proposal back."""
    here = f"{_HERE}/{call.params.id}"
    try:
        async with call.services.db.write() as tx:
            actor = await who(call, tx)
            await _theirs(tx, actor, call.params.id)
            await refuse(call.services, tx, actor, call.params.id)
    except (Conflict, Forbidden) as error:
        return lead(call, here, f"{error.safe}.", good=False)
    return lead(call, here, "It is refused. Its cases are still open.")


async def take_back(call: PageCall[UndoParams]) -> Response:
    """Take a decision back, with the reason."""
    params = call.params
    here = f"{_HERE}/{params.id}"
    if not params.facts.strip():
        values = {"reopen": params.reopen}
        return await _one(call, Form(values=values, errors={"facts": "Say why, please."}))
    try:
        async with call.services.db.write() as tx:
            actor = await who(call, tx)
            await _theirs(tx, actor, params.id)
            made = await undo(
                call.services, tx, actor, params.id, facts=params.facts, reopen=bool(params.reopen)
            )
    except (Conflict, Invalid) as error:
        return lead(call, here, f"{error.safe}.", good=False)
    return lead(call, f"{_HERE}/{made.id}", "It is taken back.")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, listed, MEMBER, params=ListParams),
    Route(GET, f"{_HERE}/{{id}}", one, MEMBER, params=DecisionParams),
    Route(POST, f"{_HERE}/{{id}}/agree", second, MEMBER, params=DecisionParams),
    Route(POST, f"{_HERE}/{{id}}/refuse", turn_down, MEMBER, params=DecisionParams),
    Route(POST, f"{_HERE}/{{id}}/undo", take_back, MEMBER, params=UndoParams),
)
