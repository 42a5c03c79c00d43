"""Panels, for those who sit on them: their invitation, what waits for them, their vote."""

from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.network.addresses import addresses
from rostra.network.edge import Reader
from rostra.safety.categories.facts import facts_of
from rostra.safety.decisions.model import ActionKind
from rostra.safety.panels import access, members, model, vote
from rostra.safety.panels.access import Shown
from rostra.safety.panels.model import MAX_DAILY, MemberState, Panel, PanelState, Seat
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.present import picture_view
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.forms import Form, Option
from rostra.web.views.panels import PanelCasePage, PanelPage, VotedView, WaitingView

HERE: Final = "/settings/panel"
_LISTED: Final = 20
_DIGITS: Final = 3
_OVER: Final = "That case is not there any more: it was decided, taken back, or its time was over."
CHOICES: Final = {
    ActionKind.NONE: ("Leave it as it is", "Nothing is wrong with it"),
    ActionKind.SENSITIVE: ("Cover it", "Its media stay covered until somebody asks for them"),
    ActionKind.REACH: ("Show it to fewer people", "It stays, outside of what everybody comes upon"),
    ActionKind.HOLD: ("Hide it for now", "Only its author sees it until the team has decided"),
    ActionKind.REMOVE: ("Remove it", "Nobody sees it any more"),
}
_ENDED: Final = {
    PanelState.RUNNING: "The panel is not done yet",
    PanelState.SPLIT: "The panel did not agree",
    PanelState.LATE: "The panel did not agree in time",
    PanelState.TAKEN_BACK: "The team has taken it back",
    PanelState.OVERTAKEN: "It was decided, changed or deleted before",
}


class SitParams(msgspec.Struct, frozen=True, kw_only=True):
    """How often, and about what."""

    daily_limit: str = ""
    languages: str = ""


class OneParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which case."""

    id: Id


class VoteParams(OneParams, frozen=True, kw_only=True):
    """What should become of it."""

    choice: str = ""
    reason: str = ""


async def index(call: PageCall[Any]) -> Response:
    """Whether one sits on panels, and what waits."""
    return await _index(call)


async def _index(call: PageCall[Any], form: Form | None = None) -> Response:
    try:
        page = await _seats(call, form)
    except NotFound:
        return await call.page(PanelPage())
    return await call.page(page, 422 if form else 200)


async def _seats(call: PageCall[Any], form: Form | None) -> PanelPage:
    """What a member of panels sees. Raises NotFound for all others."""
    async with call.read() as reader:
        found = await access.member(reader, call.viewer_id)
        seats = await access.waiting(call.services, reader, call.viewer_id)
        panels = await access.by_ids(reader, [each.panel_id for each in seats])
        voted = await access.voted(reader, call.viewer_id, limit=_LISTED)
    values = {"daily_limit": str(found.daily_limit), "languages": ", ".join(found.reads)}
    return PanelPage(
        state=MemberState(found.state).wire,
        form=form or Form(values=values),
        waiting=tuple(
            WaitingView(
                url=f"{HERE}/{each.id}",
                category=facts_of(panels[each.panel_id].category).name,
                until=each.until,
            )
            for each in seats
        ),
        voted=tuple(_voted(*each) for each in voted),
        most=MAX_DAILY,
    )


def _voted(seat: Seat, panel: Panel) -> VotedView:
    agreed = panel.state == PanelState.AGREED
    became = f"The panel: {_called(panel.outcome)}" if agreed else _ENDED[PanelState(panel.state)]
    return VotedView(
        category=facts_of(panel.category).name,
        choice=_called(seat.vote),
        at=seat.answered_at,
        became=became,
        same=agreed and panel.outcome == seat.vote,
    )


def _called(outcome: int) -> str:
    return CHOICES[ActionKind(outcome)][0].lower()


async def sit(call: PageCall[SitParams]) -> Response:
    """Accept the invitation, or change what one has said."""
    params = call.params
    given = params.daily_limit.strip()
    limit = int(given) if given.isascii() and given.isdigit() and len(given) <= _DIGITS else 0
    try:
        async with call.services.db.write() as tx:
            await members.sit(
                call.services,
                tx,
                call.viewer_id,
                daily_limit=limit,
                languages=params.languages.split(","),
            )
    except Invalid as error:
        return await _index(call, form_of(msgspec.structs.asdict(params), error))
    return call.redirect(HERE, flash="It is kept.")


async def leave(call: PageCall[Any]) -> Response:
    """Decline the invitation, or leave."""
    async with call.services.db.write() as tx:
        await members.leave(call.services, tx, call.viewer_id)
    return call.redirect(HERE, flash="You are not asked any more.")


async def one(call: PageCall[OneParams]) -> Response:
    """A case, without names."""
    try:
        return await _case(call)
    except NotFound:
        return await _over(call)


async def _over(call: PageCall[Any]) -> Response:
    """Lead back whoever sits; for all others there is no such address."""
    async with call.read() as reader:
        await access.member(reader, call.viewer_id)
    return call.redirect(HERE, flash=_OVER, tone="bad")


async def _case(call: PageCall[Any], form: Form | None = None) -> Response:
    services = call.services
    async with call.read() as reader:
        seat = await access.seat(services, reader, call.viewer_id, call.params.id)
        found = await access.shown(services, reader, seat)
    return await call.page(_page(call, found, form), 422 if form else 200)


def _page(call: PageCall[Any], found: Shown, form: Form | None) -> PanelCasePage:
    facts, at = facts_of(found.category), addresses(call.services.settings)
    context = (
        *(("It answers another post, which is not shown here.",) if found.answers else ()),
        *(("It quotes another post, which is not shown here.",) if found.quotes else ()),
    )
    pictures = (
        msgspec.structs.replace(picture_view(each.media, at), id="0", alt=each.description)
        for each in found.attachments
    )
    return PanelCasePage(
        action=f"{HERE}/{found.seat.id}",
        category=facts.name,
        explanation=facts.explanation,
        until=found.seat.until,
        rules=found.rules,
        warned=found.warned,
        lines=tuple(line for line in found.text.split("\n") if line.strip()),
        language=found.language,
        options=found.options,
        pictures=tuple(pictures),
        context=context,
        choices=tuple(
            Option(each.wire, *CHOICES[each])
            for each in model.choices(call.services.settings.panels)
        ),
        form=form or Form(),
    )


async def cast(call: PageCall[VoteParams]) -> Response:
    """Vote, and go on to what else waits."""
    params = call.params
    try:
        async with call.services.db.write() as tx:
            await vote.vote(
                call.services, tx, call.viewer_id, params.id, params.choice, params.reason
            )
    except Invalid as error:
        values = {"choice": params.choice, "reason": params.reason}
        return await _case(call, form_of(values, error))
    except (NotFound, Conflict):
        return await _over(call)
    return await _onwards(call, "Your vote counts.")


async def pass_on(call: PageCall[OneParams]) -> Response:
    """Say that it is not for oneself, and go on to what else waits."""
    try:
        async with call.services.db.write() as tx:
            await vote.pass_on(call.services, tx, call.viewer_id, call.params.id)
    except (NotFound, Conflict):
        return await _over(call)
    return await _onwards(call, "Somebody else is asked.")


async def _onwards(call: PageCall[Any], said: str) -> Response:
    async with call.read() as reader:
        seats = await _waiting(call, reader)
    return call.redirect(f"{HERE}/{seats[0].id}" if seats else HERE, flash=said)


async def _waiting(call: PageCall[Any], reader: Reader) -> list[Seat]:
    return await access.waiting(call.services, reader, call.viewer_id)


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, HERE, index, MEMBER),
    Route(POST, HERE, sit, MEMBER, params=SitParams),
    Route(POST, f"{HERE}/leave", leave, MEMBER),
    Route(GET, f"{HERE}/{{id}}", one, MEMBER, params=OneParams),
    Route(POST, f"{HERE}/{{id}}/vote", cast, MEMBER, params=VoteParams),
    Route(POST, f"{HERE}/{{id}}/pass", pass_on, MEMBER, params=OneParams),
)
