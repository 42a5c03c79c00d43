"""Panels in the console: cases are sent and taken back, members invited, agreement is shown."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts import cards
from rostra.network.addresses import addresses
from rostra.network.edge import Reader, Transaction
from rostra.network.instance import access as instance_access
from rostra.safety.categories.facts import facts_of
from rostra.safety.panels import access, close, members, model, send
from rostra.safety.panels.agreement import Agreement
from rostra.safety.panels.model import Member, MemberState, Panel, PanelState, Seat, SeatState
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console.common import HERE, OneParams, case_for, lead, look_of, tabs, who
from rostra.web.faults import form_of
from rostra.web.present import author_view
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.console_panels import PanelLine, PanelsPage, SitterView
from rostra.web.views.forms import Form

_HERE: Final = f"{HERE}/panels"
_LISTED: Final = 20
_SITTING: Final = 100
_STATES: Final = {
    PanelState.RUNNING: "Being voted on",
    PanelState.AGREED: "Agreed",
    PanelState.SPLIT: "Not agreed",
    PanelState.LATE: "Back in time for the deadline",
    PanelState.TAKEN_BACK: "Taken back",
    PanelState.OVERTAKEN: "Decided, changed, or urgent before",
}
_BECAME: Final = {
    SeatState.WAITING: "waits",
    SeatState.VOTED: "voted",
    SeatState.PASSED: "passed on",
    SeatState.LAPSED: "did not answer",
    SeatState.ENDED: "over before",
}


class ListParams(msgspec.Struct, frozen=True, kw_only=True):
    """Behind which member."""

    after: Id | None = None


class InviteParams(msgspec.Struct, frozen=True, kw_only=True):
    """Who is invited, by their name."""

    name: str = ""
    after: Id | None = None


class MemberParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which member."""

    id: Id


async def index(call: PageCall[ListParams]) -> Response:
    """Who sits, what is with panels, how they agree."""
    return await _index(call)


async def _index(call: PageCall[Any], form: Form | None = None) -> Response:
    rules = call.services.settings.panels
    async with call.read() as reader:
        actor = await who(call, reader)
        found = await access.listed(reader, limit=_LISTED)
        shown = [each for each in found if actor.sees(each.category)]
        seats = await access.seats_of(reader, [each.id for each in shown])
        whole, each_one = (
            await access.agreements(reader) if actor.may(Permission.RULES) else (None, None)
        )
        sitting, more = await _sitting(call, reader, actor, each_one)
    opened = ", ".join(facts_of(each).name for each in sorted(model.open_categories(rules)))
    page = PanelsPage(
        tabs=tabs("panels", actor),
        look=look_of(call.request),
        setup=f"Open to panels: {opened}. {rules.seats} seats, {model.needed(rules)} equal votes."
        if opened
        else "No category is open to panels: see panels.categories in the settings.",
        agreement=_agreement(whole) if whole else "",
        panels=[_line(each, seats[each.id]) for each in shown],
        sitters=sitting,
        more_url=f"{_HERE}?after={more}" if more else "",
        can_invite=actor.may(Permission.PANELS),
        form=form or Form(),
    )
    return await call.page(page, 422 if form else 200)


async def _sitting(
    call: PageCall[Any], reader: Reader, actor: Actor, agreements: Mapping[int, Agreement] | None
) -> tuple[list[SitterView], int]:
    """Those who sit, for whoever may invite; and behind whom there are more."""
    if not actor.may(Permission.PANELS):
        return [], 0
    after = call.params.after or 0
    found = await access.members(reader, limit=_SITTING + 1, after=after)
    shown = found[:_SITTING]
    ids = [each.account_id for each in shown]
    asked = await access.asked(reader, ids)
    people = await cards.cards(reader, ids)
    at = addresses(call.services.settings)
    book = await instance_access.emoji_book(call.services, reader)

    def sitter(each: Member) -> SitterView:
        card = people.get(each.account_id)
        became = asked[each.account_id]
        told = agreements is not None and agreements.get(each.account_id, Agreement())
        return SitterView(
            id=str(each.account_id),
            author=author_view(card, at, book) if card else None,
            state=MemberState(each.state).wire,
            daily_limit=each.daily_limit,
            languages=", ".join(each.reads),
            asked=", ".join(
                f"{n} {_BECAME[SeatState(state)]}" for state, n in sorted(became.items())
            ),
            agreement=_agreement(told) if told else "",
        )

    return [sitter(each) for each in shown], ids[-1] if len(found) > _SITTING else 0


def _agreement(found: Agreement) -> str:
    if found.share is None:
        return "nothing to compare yet"
    near = f", {found.near} near" if found.near else ""
    return f"{found.same} of {found.compared} as the team decided later ({found.share:.0%}){near}"


def _line(panel: Panel, seats: list[Seat]) -> PanelLine:
    votes = model.tally(seats)
    over = panel.state != PanelState.RUNNING
    return PanelLine(
        case_url=f"{HERE}/cases/{panel.case_id}",
        category=facts_of(panel.category).name,
        state=PanelState(panel.state).wire,
        state_words=_STATES[PanelState(panel.state)],
        answered=votes.total(),
        seats=panel.seats,
        at=panel.opened_at,
        ends_at=0 if over else panel.ends_at,
        votes=close.counted(votes) if over else "",
    )


async def ask(call: PageCall[OneParams]) -> Response:
    """Let a panel look at the case."""
    return await _with_case(call, _ask, "A panel of members looks at it now.")


async def take_back(call: PageCall[OneParams]) -> Response:
    """Take the case back from its panel."""
    return await _with_case(call, _take_back, "It is back from the panel.")


async def _with_case(call: PageCall[OneParams], verb: Any, said: str) -> Response:
    where = f"{HERE}/cases/{call.params.id}{call.params.query()}"
    try:
        async with call.services.db.write() as tx:
            actor = await who(call, tx)
            await verb(call, tx, actor)
    except Invalid as error:
        words = error.details["case_id"][0]["description"]
        return lead(call, where, f"{words}.".replace("is about", "It is about"), good=False)
    except Conflict as error:
        return lead(call, where, f"{error.safe}.", good=False)
    return lead(call, where, said)


async def _ask(call: PageCall[OneParams], tx: Transaction, actor: Actor) -> None:
    await send.send(call.services, tx, actor, call.params.id)


async def _take_back(call: PageCall[OneParams], tx: Transaction, actor: Actor) -> None:
    case = await case_for(tx, actor, call.params.id)
    actor.require(Permission.WORK_CASES)
    if not case.status.panel_id:
        raise Conflict(f"case {case.id} is with no panel", safe="It is with no panel any more")
    await send.take_back(call.services, tx, actor, case.status.panel_id)


async def invite(call: PageCall[InviteParams]) -> Response:
    """Invite a member by their name."""
    given = call.params.name.strip().removeprefix("@")
    try:
        async with call.services.db.write() as tx:
            actor = await who(call, tx)
            actor.require(Permission.PANELS)
            await members.invite(call.services, tx, actor, await _named(tx, given))
    except (Invalid, Conflict) as error:
        form = form_of({"name": given}, error, {"account_id": "name"})
        return await _index(call, form)
    return lead(call, _HERE, f"@{given} is invited.")


async def _named(reader: Reader, name: str) -> int:
    found = await accounts_access.any_by_username(reader, name)
    if found is None:
        raise Invalid("name", "is nobody here", "ERR_INVALID")
    return found.id


async def take_off(call: PageCall[MemberParams]) -> Response:
    """Ask a member no more."""
    try:
        async with call.services.db.write() as tx:
            actor = await who(call, tx)
            await members.take_off(call.services, tx, actor, call.params.id)
    except (NotFound, Forbidden) as error:
        raise NotFound(f"panel member {call.params.id}") from error
    return lead(call, _HERE, "They are not asked any more.")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, index, MEMBER, params=ListParams),
    Route(POST, f"{_HERE}/invite", invite, MEMBER, params=InviteParams),
    Route(POST, f"{_HERE}/{{id}}/take-off", take_off, MEMBER, params=MemberParams),
    Route(POST, f"{HERE}/cases/{{id}}/panel", ask, MEMBER, params=OneParams),
    Route(POST, f"{HERE}/cases/{{id}}/take-back", take_back, MEMBER, params=OneParams),
)
