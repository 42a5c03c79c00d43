"""Deciding in two steps: the form, then once more what is about to happen."""

from collections.abc import Sequence
from typing import Any, Final

from rostra.http.response import Response
from rostra.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from rostra.network.edge import Reader, Transaction
from rostra.network.instance import access as instance_access
from rostra.safety.cases import access as cases_access
from rostra.safety.cases import work
from rostra.safety.cases.model import Case
from rostra.safety.categories.facts import facts_of
from rostra.safety.decisions import check, strikes
from rostra.safety.decisions.decide import decide
from rostra.safety.decisions.model import Decision, DecisionState, Ground, Ruling
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console import case as one_case
from rostra.web.console import desk, subjects, words
from rostra.web.console.common import HERE, ViewParams, lead, look_of, tabs, who
from rostra.web.console.desk import DecideParams
from rostra.web.console.queue import MOST, next_page
from rostra.web.console.subjects import Seen
from rostra.web.faults import form_of
from rostra.web.route import MEMBER, POST, Route
from rostra.web.views.console import ConfirmPage, TogetherPage
from rostra.web.views.forms import Form

_NAMES: Final = {"fields": "profile", "case_ids": "actions"}
_RECKONED: Final = 10  # members whose strikes are reckoned before it is confirmed


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
    except (Invalid, Forbidden) as error:
        return await _form(call, form_of(params.values(), error, _NAMES))


async def _form(call: PageCall[DecideParams], form: Form) -> Response:
    """The form as it was typed: on the page of the case, or of several."""
    params = call.params
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
        actor, cases = await _asked(call, reader)
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


async def _asked(call: PageCall[DecideParams], reader: Reader) -> tuple[Actor, list[Case]]:
    """Who decides, and the cases that they name.

    Raises:
        NotFound: one of them is not there for them.
    """
    wanted = list(dict.fromkeys(call.params.cases))[:MOST]
    actor = await who(call, reader)
    found = await cases_access.by_ids(reader, wanted)
    cases = [found[each] for each in wanted if each in found]
    if not cases or len(cases) < len(wanted):
        raise NotFound(f"cases {wanted[:5]}")
    if not all(actor.sees(case.status.category) for case in cases):
        raise NotFound(f"cases {wanted[:5]} for {actor.account_id}")
    return actor, cases


async def _confirm(call: PageCall[DecideParams]) -> Response:
    """What is about to be decided, with what it does to each member's strikes."""
    params, services = call.params, call.services
    async with call.read() as reader:
        actor, cases = await _asked(call, reader)
        ruling = params.ruling(call.now)
        check.permitted(actor, ruling, subjects=len(cases))
        ruling = check.checked(services, ruling, {case.subject_kind for case in cases})
        seen = await subjects.load(call, reader, cases)
        page = ConfirmPage(
            tabs=tabs("queue", actor),
            look=look_of(call.request),
            acts=tuple(words.hold(each) for each in ruling.actions),
            about=_lines(call, cases[:_RECKONED], seen, params),
            about_count=len(cases),
            ground=await _ground(call, reader, ruling),
            category=facts_of(ruling.category).name,
            facts=ruling.facts,
            words=ruling.words,
            note=ruling.note,
            strikes=await _strikes(call, reader, ruling, cases, seen),
            proposed=len(cases) > services.settings.moderation.two_persons_above,
            fields=params.fields(),
        )
    return await call.page(page)


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
    return (*told, f"And {more} members more.") if more else tuple(told)


async def _decide(call: PageCall[DecideParams]) -> Response:
    """Decide; the next case is taken with it where that is wanted."""
    params = call.params
    taken: Case | None = None
    try:
        async with call.services.db.write() as tx:
            actor, cases = await _asked(call, tx)
            made = await _made(call, tx, actor, [case.id for case in cases])
            if params.step == "next":
                view = params.of(actor)
                taken = await work.claim_next(call.services, tx, actor.account_id, view)
    except (Invalid, Conflict, Forbidden) as error:
        if isinstance(error, Conflict) and len(params.cases) == 1:
            where = f"{HERE}/cases/{params.cases[0]}{params.query()}"
            return lead(call, where, f"{error.safe}.", good=False)
        return await _form(call, form_of(params.values(), error, _NAMES))
    said = "It waits for a second person now." if _waits(made) else "Decided."
    if params.step == "next":
        return next_page(call, taken, said, params)
    return lead(call, f"{HERE}/decisions/{made.id}", said)


async def _made(
    call: PageCall[DecideParams], tx: Transaction, actor: Actor, case_ids: Sequence[int]
) -> Decision:
    ruling = call.params.ruling(call.now)
    return await decide(call.services, tx, actor, ruling, case_ids)


def _waits(decision: Decision) -> bool:
    return decision.state == DecisionState.PROPOSED


ROUTES: tuple[Route[Any], ...] = (
    Route(POST, f"{HERE}/decide", step, MEMBER, params=DecideParams),
    Route(POST, f"{HERE}/together", together, MEMBER, params=DecideParams),
)
