"""Appeals: what waits, one with its decision, and the answer in two steps by somebody else."""

from typing import Any, Final

import msgspec

from rostra.http.params import Count
from rostra.http.response import Response
from rostra.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from rostra.network.edge import Reader
from rostra.safety.appeals import access
from rostra.safety.appeals.answer import MAX_ANSWER
from rostra.safety.appeals.answer import answer as answering
from rostra.safety.appeals.model import Appeal, AppealState
from rostra.safety.cases import access as cases_access
from rostra.safety.categories.facts import facts_of
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions.model import Decision
from rostra.safety.standing import access as standing_access
from rostra.safety.team.model import Actor
from rostra.web.call import PageCall
from rostra.web.console import subjects, words
from rostra.web.console.case import decision_line
from rostra.web.console.common import HERE, OneParams, lead, look_of, tabs, who
from rostra.web.console.decisions import ground_of
from rostra.web.console.subjects import Seen
from rostra.web.faults import form_of
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.console_desks import AnswerPage, AppealLine, AppealPage, AppealsPage
from rostra.web.views.forms import Form

LIMIT: Final = 40
_SHOWN: Final = 20
_FARTHEST: Final = 10_000
_HERE: Final = f"{HERE}/appeals"
_OUTCOMES: Final = ("upheld", "rejected")


class ListParams(msgspec.Struct, frozen=True, kw_only=True):
    """Behind how many."""

    after: Count = Count(0)


class AnswerParams(OneParams, frozen=True, kw_only=True):
    """Which appeal, whether it is right, and why."""

    outcome: str = ""
    reasons: str = ""
    step: str = ""

    def values(self) -> dict[str, str]:
        """The same for the form."""
        return {"outcome": self.outcome, "reasons": self.reasons}


async def listed(call: PageCall[ListParams]) -> Response:
    """Appeals that nobody has answered, those that are due first."""
    offset = min(_FARTHEST, call.params.after)
    async with call.read() as reader:
        actor = await who(call, reader)
        found = await access.waiting(reader, actor, limit=LIMIT + 1, offset=offset)
        shown = found[:LIMIT]
        decisions = await decisions_access.by_ids(
            reader, sorted({each.decision_id for each in shown})
        )
        deciders = await standing_access.deciders(reader, list(decisions.values()))
        seen = await subjects.load(call, reader, (), {each.account_id for each in shown})
    page = AppealsPage(
        tabs=tabs("appeals", actor),
        look=look_of(call.request),
        appeals=tuple(
            _line(
                call,
                each,
                decision,
                seen,
                barred=_barred(actor, each, deciders[decision.id]),
            )
            for each in shown
            if (decision := decisions.get(each.decision_id))
        ),
        older_url=f"{_HERE}?after={offset + LIMIT}" if len(found) > LIMIT else "",
    )
    return await call.page(page)


def _line(
    call: PageCall[Any], appeal: Appeal, decision: Decision, seen: Seen, *, barred: bool
) -> AppealLine:
    return AppealLine(
        id=str(appeal.id),
        url=f"{_HERE}/{appeal.id}",
        author=seen.author(appeal.account_id),
        text=appeal.text,
        decided=words.decided(decision),
        category=facts_of(decision.category).name,
        by_reporter=bool(appeal.report_id),
        due=words.due(appeal.due_at, call.now),
        created_at=appeal.created_at,
        barred=barred,
    )


def _barred(actor: Actor, appeal: Appeal, deciders: frozenset[int]) -> bool:
    """Whether somebody else has to answer it."""
    return actor.account_id in deciders | {appeal.account_id}


class _Found(msgspec.Struct, frozen=True):
    """Who asks, which appeal, what it is against, and whether somebody else has to answer it."""

    actor: Actor
    appeal: Appeal
    decision: Decision
    barred: bool


async def _found(call: PageCall[Any], reader: Reader) -> _Found:
    """The appeal that is asked for.

    Raises:
        NotFound: there is none, or not for them.
    """
    actor = await who(call, reader)
    appeal = await access.one(reader, actor, call.params.id)
    decision = await decisions_access.one(reader, appeal.decision_id)
    if not actor.sees(decision.category):
        raise NotFound(f"appeal {appeal.id} for {actor.account_id}")
    deciders = await standing_access.deciders(reader, [decision])
    return _Found(actor, appeal, decision, _barred(actor, appeal, deciders[decision.id]))


async def one(call: PageCall[OneParams]) -> Response:
    """An appeal."""
    return await _shown(call, Form())


async def _shown(call: PageCall[Any], form: Form) -> Response:
    async with call.read() as reader:
        found = await _found(call, reader)
        actor, appeal, decision = found.actor, found.appeal, found.decision
        about = await decisions_access.subjects(reader, decision.id)
        theirs = [each for each in about if each.account_id == appeal.account_id]
        ids = [each.case_id for each in theirs or about if each.case_id][:_SHOWN]
        cases = await cases_access.by_ids(reader, ids)
        people = {appeal.account_id, appeal.actor_id, decision.actor_id} - {0}
        seen = await subjects.load(call, reader, cases.values(), people)
    waits = appeal.state == AppealState.OPEN
    page = AppealPage(
        tabs=tabs("appeals", actor),
        look=look_of(call.request),
        appeal=_line(call, appeal, decision, seen, barred=found.barred),
        decision=decision_line(decision, seen),
        acts=tuple(words.hold(each) for each in decision.done),
        ground=ground_of(decision),
        words=decision.words,
        cases=tuple(
            subjects.line(cases[each], seen, now=call.now, viewer_id=call.viewer_id)
            for each in ids
            if each in cases and actor.sees(cases[each].status.category)
        ),
        form=form if waits and not found.barred else None,
        state=AppealState(appeal.state).wire,
        answer=appeal.answer,
        answered_at=appeal.answered_at,
        answered_by=seen.name(appeal.actor_id),
        undo_url=f"{HERE}/decisions/{appeal.undo_id}" if appeal.undo_id else "",
        many=decision.subjects_count > 1 and not appeal.report_id,
    )
    return await call.page(page, 422 if form.errors or form.message else 200)


async def answer(call: PageCall[AnswerParams]) -> Response:
    """Show an answer once more, go back, or give it."""
    params = call.params
    here = f"{_HERE}/{params.id}"
    if params.step == "back":
        return await _shown(call, Form(values=params.values()))
    try:
        if params.step != "answer":
            return await _confirm(call)
        _checked(params)
        async with call.services.db.write() as tx:
            actor = await who(call, tx)
            uphold = params.outcome == "upheld"
            await answering(
                call.services, tx, actor, params.id, uphold=uphold, reasons=params.reasons
            )
    except Invalid as error:
        return await _shown(call, form_of(params.values(), error))
    except Conflict as error:
        return lead(call, here, f"{error.safe}.", good=False)
    except Forbidden as error:
        if error.code != "same_person":
            raise
        return lead(call, here, f"{error.safe}.", good=False)
    return lead(call, _HERE, "It is answered; they hear of it.")


def _checked(params: AnswerParams) -> None:
    """Let pass what can be an answer.

    Raises:
        Invalid: on `outcome` or `reasons`.
    """
    if params.outcome not in _OUTCOMES:
        raise Invalid("outcome", "Say whether they are right", "ERR_INCLUSION")
    if not params.reasons.strip():
        raise Invalid("reasons", "can't be blank", "ERR_BLANK")
    if len(params.reasons) > MAX_ANSWER:
        said = f"are too long (most: {MAX_ANSWER} characters)"
        raise Invalid("reasons", said, "ERR_TOO_LONG")


async def _confirm(call: PageCall[AnswerParams]) -> Response:
    params = call.params
    async with call.read() as reader:
        found = await _found(call, reader)
        seen = await subjects.load(call, reader, (), {found.appeal.account_id})
    if found.barred:
        safe = "Somebody else has to answer this appeal"
        return lead(call, f"{_HERE}/{params.id}", f"{safe}.", good=False)
    _checked(params)
    upheld = params.outcome == "upheld"
    page = AnswerPage(
        tabs=tabs("appeals", found.actor),
        look=look_of(call.request),
        appeal=_line(call, found.appeal, found.decision, seen, barred=False),
        upheld=upheld,
        reasons=params.reasons,
        effect=_effect(found.appeal, found.decision) if upheld else "The decision stays as it is.",
        fields=tuple(params.values().items()),
    )
    return await call.page(page)


def _effect(appeal: Appeal, decision: Decision) -> str:
    """What comes of it if they are right."""
    if decision.undone_by:
        return "The decision was taken back before: nothing else changes."
    if appeal.report_id:
        return "The decision is taken back, and its cases are open again, to be decided anew."
    if decision.subjects_count > 1:
        return "The decision is taken back for them; for the others it stays."
    return "The decision is taken back: all that it did to them ends."


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, listed, MEMBER, params=ListParams),
    Route(GET, f"{_HERE}/{{id}}", one, MEMBER, params=OneParams),
    Route(POST, f"{_HERE}/{{id}}/answer", answer, MEMBER, params=AnswerParams),
)
