"""Panels, for those who sit on them: their invitation, what waits for them, their vote."""

from typing import Any, Final

import msgspec

from rostra.api.endpoint import DELETE, GET, POST, PUT, Auth, Call, Empty, Endpoint
from rostra.api.mastodon.times import iso, iso_or_none
from rostra.api.safety import panel_entities as entities
from rostra.http.params import Count, Id
from rostra.kernel.paging import MAX_BOUND
from rostra.network.addresses import addresses
from rostra.network.edge import Reader
from rostra.safety.categories.facts import facts_of
from rostra.safety.decisions.model import ActionKind
from rostra.safety.panels import access, members, model, vote
from rostra.safety.panels.access import Attachment
from rostra.safety.panels.model import MemberState, PanelState

BASE: Final = "/api/rostra/v1/panel"
_READ: Final = ("read:statuses",)
_WRITE: Final = ("write:reports",)
_USUAL, _MOST = 40, 80


class SitParams(msgspec.Struct, frozen=True, kw_only=True):
    """How often one wants to be asked, and about what."""

    daily_limit: int = 3
    languages: tuple[str, ...] = ()


class CaseId(msgspec.Struct, frozen=True):
    """Which case, by the id that it has for this member."""

    id: Id


class VoteParams(CaseId, frozen=True, kw_only=True):
    """What should become of it."""

    choice: str = ""
    reason: str = ""


class VotesParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which of the own votes."""

    limit: Count = Count(_USUAL)
    max_id: Id | None = None


async def _membership(call: Call[Any], reader: Reader) -> entities.PanelMembership:
    account_id = call.viewer.account_id
    found = await access.member(reader, account_id)
    waiting = await access.waiting(call.services, reader, account_id)
    return entities.PanelMembership(
        state=MemberState(found.state).wire,
        daily_limit=found.daily_limit,
        languages=found.reads,
        invited_at=iso(found.invited_at),
        answered_at=iso_or_none(found.answered_at),
        waiting=len(waiting),
    )


async def show(call: Call[Any]) -> entities.PanelMembership:
    """How one stands to panels."""
    async with call.services.db.read() as reader:
        return await _membership(call, reader)


async def sit(call: Call[SitParams]) -> entities.PanelMembership:
    """Accept the invitation, or change what one has said."""
    params = call.params
    async with call.services.db.write() as tx:
        await members.sit(
            call.services,
            tx,
            call.viewer.account_id,
            daily_limit=params.daily_limit,
            languages=params.languages,
        )
        return await _membership(call, tx)


async def leave(call: Call[Any]) -> Empty:
    """Decline the invitation, or leave."""
    async with call.services.db.write() as tx:
        await members.leave(call.services, tx, call.viewer.account_id)
    return Empty()


async def waiting(call: Call[Any]) -> list[entities.PanelCaseHead]:
    """What waits for one's vote."""
    async with call.services.db.read() as reader:
        await access.member(reader, call.viewer.account_id)
        found = await access.waiting(call.services, reader, call.viewer.account_id)
        panels = await access.by_ids(reader, [each.panel_id for each in found])
    return [
        entities.PanelCaseHead(
            id=str(each.id),
            category=facts_of(panels[each.panel_id].category).slug,
            until=iso(each.until),
        )
        for each in found
    ]


async def one(call: Call[CaseId]) -> entities.PanelCase:
    """A case, without names."""
    services = call.services
    async with services.db.read() as reader:
        seat = await access.seat(services, reader, call.viewer.account_id, call.params.id)
        found = await access.shown(services, reader, seat)
    facts = facts_of(found.category)
    return entities.PanelCase(
        id=str(seat.id),
        until=iso(seat.until),
        category=facts.slug,
        category_name=facts.name,
        category_explanation=facts.explanation,
        rules=found.rules,
        language=found.language,
        spoiler_text=found.warned,
        text=found.text,
        poll_options=found.options,
        media=tuple(_media(call, each) for each in found.attachments),
        is_reply=found.answers,
        is_quote=found.quotes,
        choices=tuple(each.wire for each in model.choices(services.settings.panels)),
    )


def _media(call: Call[Any], attached: Attachment) -> entities.PanelMedia:
    at, media = addresses(call.services.settings), attached.media
    return entities.PanelMedia(
        type=media.kind,
        url=at.blob(media.blob_key) if media.blob_key else None,
        preview_url=at.blob(media.preview_key) if media.preview_key else None,
        description=attached.description,
        blurhash=media.blurhash or None,
    )


async def cast(call: Call[VoteParams]) -> Empty:
    """Vote, once and for good."""
    params = call.params
    async with call.services.db.write() as tx:
        await vote.vote(
            call.services, tx, call.viewer.account_id, params.id, params.choice, params.reason
        )
    return Empty()


async def pass_on(call: Call[CaseId]) -> Empty:
    """Say that it is not for oneself: somebody else is asked."""
    async with call.services.db.write() as tx:
        await vote.pass_on(call.services, tx, call.viewer.account_id, call.params.id)
    return Empty()


async def votes(call: Call[VotesParams]) -> list[entities.PanelVote]:
    """What one has voted, and what became of it."""
    params, account_id = call.params, call.viewer.account_id
    async with call.services.db.read() as reader:
        await access.member(reader, account_id)
        found = await access.voted(
            reader,
            account_id,
            limit=max(1, min(params.limit, _MOST)),
            below=params.max_id or MAX_BOUND,
        )
    return [
        entities.PanelVote(
            id=str(seat.id),
            category=facts_of(panel.category).slug,
            choice=ActionKind(seat.vote).wire,
            reason=seat.reason,
            voted_at=iso(seat.answered_at),
            panel_state=PanelState(panel.state).wire,
            outcome=ActionKind(panel.outcome).wire if panel.state == PanelState.AGREED else None,
        )
        for seat, panel in found
    ]


def _endpoint(
    method: str, path: str, handler: Any, scopes: tuple[str, ...], **more: Any
) -> Endpoint[Any]:
    return Endpoint(method, f"{BASE}{path}", handler, auth=Auth.USER, scopes=scopes, **more)


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _endpoint(
        GET,
        "",
        show,
        _READ,
        answer=entities.PanelMembership,
        summary="How I stand to panels",
        errors=(404,),
    ),
    _endpoint(
        PUT,
        "",
        sit,
        _WRITE,
        params=SitParams,
        answer=entities.PanelMembership,
        summary="Sit on panels, or change how often",
        errors=(404,),
    ),
    _endpoint(DELETE, "", leave, _WRITE, answer=Empty, summary="Decline, or leave", errors=(404,)),
    _endpoint(
        GET,
        "/cases",
        waiting,
        _READ,
        answer=list[entities.PanelCaseHead],
        summary="Cases that wait for my vote",
        errors=(404,),
    ),
    _endpoint(
        GET,
        "/cases/{id}",
        one,
        _READ,
        params=CaseId,
        answer=entities.PanelCase,
        summary="A case, without names",
    ),
    _endpoint(
        POST,
        "/cases/{id}/vote",
        cast,
        _WRITE,
        params=VoteParams,
        answer=Empty,
        summary="Vote on a case",
        errors=(409,),
    ),
    _endpoint(
        POST,
        "/cases/{id}/pass",
        pass_on,
        _WRITE,
        params=CaseId,
        answer=Empty,
        summary="Let somebody else vote on a case",
        errors=(409,),
    ),
    _endpoint(
        GET,
        "/votes",
        votes,
        _READ,
        params=VotesParams,
        answer=list[entities.PanelVote],
        summary="What I have voted",
        errors=(404,),
    ),
)
