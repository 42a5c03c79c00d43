"""Panels, for the team: sent, taken back, looked at; and those who sit on them."""

from typing import Any

import msgspec

from rostra.api.endpoint import DELETE, GET, POST, PUT, Auth, Call, Empty, Endpoint
from rostra.api.mastodon.times import iso, iso_or_none
from rostra.api.safety import entities as shared
from rostra.api.safety import panel_entities as entities
from rostra.api.safety.common import BASE, READ, WRITE, actor_of, case_entity, id_or_none
from rostra.http.params import Count, Id
from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.paging import MAX_BOUND
from rostra.safety.categories.facts import facts_of
from rostra.safety.decisions.model import ActionKind
from rostra.safety.panels import access, members, model, send
from rostra.safety.panels.agreement import Agreement
from rostra.safety.panels.model import Member, MemberState, Panel, PanelState, Seat, SeatState
from rostra.safety.team.model import Permission

_USUAL, _MOST = 40, 200
_STATES = {state.wire: state for state in PanelState if state is not PanelState.UNFIT}
_VOTED = SeatState.VOTED


class ListParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which panels."""

    state: str = ""
    limit: Count = Count(_USUAL)
    max_id: Id | None = None


class One(msgspec.Struct, frozen=True):
    """Which panel, or which member."""

    id: Id


class SendParams(msgspec.Struct, frozen=True):
    """Which case goes to a panel."""

    case_id: Id


class MembersParams(msgspec.Struct, frozen=True, kw_only=True):
    """How many members, behind which one."""

    limit: Count = Count(_MOST)
    after: Id | None = None


def _panel(panel: Panel, seats: list[Seat]) -> dict[str, Any]:
    over = panel.state != PanelState.RUNNING
    votes = model.tally(seats)
    return {
        "id": str(panel.id),
        "case_id": str(panel.case_id),
        "category": facts_of(panel.category).slug,
        "state": PanelState(panel.state).wire,
        "seats": panel.seats,
        "votes_needed": panel.votes,
        "answered": votes.total(),
        "outcome": ActionKind(panel.outcome).wire if panel.state == PanelState.AGREED else None,
        "opened_by": id_or_none(panel.opened_by),
        "closed_by": id_or_none(panel.closed_by),
        "opened_at": iso(panel.opened_at),
        "ends_at": iso(max(0, panel.ends_at)),
        "closed_at": iso_or_none(panel.closed_at),
        "votes": {ActionKind(each).wire: n for each, n in votes.items()} if over else None,
        "reasons": tuple(each.reason for each in seats if each.reason) if over else (),
    }


async def listed(call: Call[ListParams]) -> list[entities.Panel]:
    """Panels, the newest first."""
    params = call.params
    if params.state and params.state not in _STATES:
        raise Invalid("state", "is not included in the list", "ERR_INCLUSION")
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        found = await access.listed(
            reader,
            state=_STATES.get(params.state),
            limit=max(1, min(params.limit, _MOST)),
            below=params.max_id or MAX_BOUND,
        )
        shown = [each for each in found if actor.sees(each.category)]
        seats = await access.seats_of(reader, [each.id for each in shown])
    return [entities.Panel(**_panel(each, seats[each.id])) for each in shown]


async def one(call: Call[One]) -> entities.PanelDetails:
    """A panel; admins are told its draw and who voted for what, when it is over."""
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        panel = await access.one(reader, call.params.id)
        if not actor.sees(panel.category) or panel.state == PanelState.UNFIT:
            raise NotFound(f"panel {panel.id} for {actor.account_id}")
        seats = (await access.seats_of(reader, [panel.id]))[panel.id]
    told = actor.may(Permission.RULES) and panel.state != PanelState.RUNNING
    return entities.PanelDetails(
        **_panel(panel, seats),
        seed=str(panel.seed) if told else None,
        members=tuple(map(_seat, seats)) if told else (),
    )


def _seat(seat: Seat) -> entities.PanelSeat:
    vote = ActionKind(seat.vote).wire if seat.state == _VOTED else None
    return entities.PanelSeat(
        account_id=id_or_none(seat.account_id), state=SeatState(seat.state).wire, vote=vote
    )


async def begin(call: Call[SendParams]) -> entities.Panel:
    """Let a panel look at a case."""
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.PANELS)
        panel = await send.send(call.services, tx, actor, call.params.case_id)
    return entities.Panel(**_panel(panel, []))


async def take_back(call: Call[One]) -> shared.Case:
    """End a panel at once."""
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.WORK_CASES)
        return case_entity(await send.take_back(call.services, tx, actor, call.params.id))


async def summary(call: Call[Any]) -> entities.PanelSummary:
    """How panels are set up, and how they agree with the team."""
    rules = call.services.settings.panels
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.RULES)
        whole, _ = await access.agreements(reader)
    chosen = model.choices(rules)
    return entities.PanelSummary(
        categories=tuple(facts_of(each).slug for each in sorted(model.open_categories(rules))),
        outcomes=tuple(each.wire for each in chosen),
        decides=tuple(each.wire for each in chosen if model.decides(rules, each)),
        seats=rules.seats,
        votes_needed=model.needed(rules),
        agreement=_agreement(whole),
    )


def _agreement(found: Agreement) -> entities.Agreement:
    share = None if found.share is None else round(found.share, 3)
    return entities.Agreement(
        compared=found.compared, same=found.same, near=found.near, share=share
    )


def _member(
    member: Member, asked: dict[int, int], agreement: Agreement | None
) -> entities.PanelMember:
    return entities.PanelMember(
        account_id=str(member.account_id),
        state=MemberState(member.state).wire,
        daily_limit=member.daily_limit,
        languages=member.reads,
        invited_by=id_or_none(member.invited_by),
        invited_at=iso(member.invited_at),
        answered_at=iso_or_none(member.answered_at),
        asked={SeatState(state).wire: number for state, number in sorted(asked.items())},
        agreement=None if agreement is None else _agreement(agreement),
    )


async def seated(call: Call[MembersParams]) -> list[entities.PanelMember]:
    """Those who are invited or sit; admins are told how they agree with later decisions."""
    params = call.params
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.PANELS)
        limit = max(1, min(params.limit, _MOST))
        found = await access.members(reader, limit=limit, after=params.after or 0)
        asked = await access.asked(reader, [each.account_id for each in found])
        told = actor.may(Permission.RULES)
        _, agreements = await access.agreements(reader) if told else (None, {})
    nothing = Agreement() if told else None
    return [
        _member(each, asked[each.account_id], agreements.get(each.account_id, nothing))
        for each in found
    ]


async def invite(call: Call[One]) -> entities.PanelMember:
    """Invite a member to sit on panels."""
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.PANELS)
        made = await members.invite(call.services, tx, actor, call.params.id)
    return _member(made, {}, None)


async def take_off(call: Call[One]) -> Empty:
    """Ask a member no more."""
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.PANELS)
        await members.take_off(call.services, tx, actor, call.params.id)
    return Empty()


def _endpoint(method: str, path: str, handler: Any, **more: Any) -> Endpoint[Any]:
    scopes = READ if method == GET else WRITE
    return Endpoint(method, f"{BASE}{path}", handler, auth=Auth.USER, scopes=scopes, **more)


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _endpoint(
        GET,
        "/panels",
        listed,
        params=ListParams,
        answer=list[entities.Panel],
        summary="Panels of members, the newest first",
    ),
    _endpoint(
        POST,
        "/panels",
        begin,
        params=SendParams,
        answer=entities.Panel,
        summary="Let a panel of members look at a case",
        errors=(404, 409),
    ),
    _endpoint(
        GET, "/panels/{id}", one, params=One, answer=entities.PanelDetails, summary="A panel"
    ),
    _endpoint(
        POST,
        "/panels/{id}/take_back",
        take_back,
        params=One,
        answer=shared.Case,
        summary="Take a case back from its panel",
        errors=(409,),
    ),
    _endpoint(
        GET,
        "/panel_summary",
        summary,
        answer=entities.PanelSummary,
        summary="How panels are set up, and how they agree with the team",
    ),
    _endpoint(
        GET,
        "/panel_members",
        seated,
        params=MembersParams,
        answer=list[entities.PanelMember],
        summary="Those who sit on panels",
    ),
    _endpoint(
        PUT,
        "/panel_members/{id}",
        invite,
        params=One,
        answer=entities.PanelMember,
        summary="Invite a member to sit on panels",
        errors=(409,),
    ),
    _endpoint(
        DELETE,
        "/panel_members/{id}",
        take_off,
        params=One,
        answer=Empty,
        summary="Ask a member no more",
    ),
)
