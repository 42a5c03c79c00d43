"""Letters from outside: handed in, read, answered, closed. See docs/notices.md."""

import base64
import binascii
from typing import Any, Final, Literal

import msgspec

from rostra.api.endpoint import GET, POST, Auth, Call, Endpoint
from rostra.api.mastodon.times import iso, iso_or_none
from rostra.api.safety import notice_entities as entities
from rostra.api.safety.common import BASE, READ, WRITE, actor_of, id_or_none
from rostra.api.safety.decisions import time_of
from rostra.http.params import Id
from rostra.kernel.errors import Invalid
from rostra.safety.categories.facts import facts_of
from rostra.safety.notices import access, receive, send
from rostra.safety.notices import answer as answering
from rostra.safety.notices.correct import correct as correcting
from rostra.safety.notices.model import (
    AddressState,
    Direction,
    Message,
    MessageState,
    NamedAddress,
    Notice,
    NoticeState,
)
from rostra.safety.notices.reading.model import SenderKind
from rostra.safety.subjects import SubjectKind
from rostra.safety.team.model import Permission

_MOST: Final = 200
_USUAL: Final = 40
_FORMS: Final = ("mail", "text", "xarf")
_STATES: Final = {state.wire: state for state in NoticeState}
# A letter of 10 MB as base64 in JSON.
_LARGEST: Final = 16 * 1024 * 1024


class LetterParams(msgspec.Struct, frozen=True, kw_only=True):
    """A letter.

    Attributes:
        form: `mail` (with its headers; a feedback report too), `text` (pasted) or `xarf` (JSON).
        letter: the letter.
        encoding: empty, or `base64` where it is no text.
    """

    form: str = "mail"
    letter: str = ""
    encoding: str = ""


class ListParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which letters, and behind which one."""

    state: str = "open"
    limit: int = _USUAL
    after: Id | None = None


class NoticeId(msgspec.Struct, frozen=True):
    """Which letter."""

    id: Id


class AddressesParams(NoticeId, frozen=True, kw_only=True):
    """Which letter, and behind which place in it."""

    after: int = -1
    limit: int = _MOST


class DraftParams(NoticeId, frozen=True, kw_only=True):
    """Which letter, and the language of its answer; empty: its own."""

    language: str = ""


class AnswerParams(NoticeId, frozen=True, kw_only=True):
    """Which letter, and its answer."""

    subject: str = ""
    text: str = ""
    to: str = ""
    language: str = ""


class CorrectParams(NoticeId, frozen=True, kw_only=True):
    """Which letter, and what of it is otherwise; what is left out stays."""

    sender_kind: str | None = None
    reference: str | None = None
    deadline_at: str | None = None  # ISO 8601


class CloseParams(NoticeId, frozen=True, kw_only=True):
    """Which letter, and why nothing is left to do."""

    why: str = ""


def notice_entity(notice: Notice) -> entities.Notice:
    """A letter as programs read it."""
    return entities.Notice(
        id=str(notice.id),
        state=NoticeState(notice.state).wire,
        sender_kind=SenderKind(notice.sender_kind).name.lower(),
        sender_name=notice.sender_name,
        sender_email=notice.sender_email,
        answer_to=notice.answer_to,
        subject=notice.subject,
        reference=notice.reference,
        language=notice.language,
        category=facts_of(notice.category).slug if notice.category else None,
        received_at=iso(notice.received_at),
        deadline_at=iso_or_none(notice.deadline_at),
        deadline_named=bool(notice.deadline_named),
        times=notice.times,
        addresses_count=notice.addresses_count,
        unlinked_count=notice.unlinked_count,
        left_out=notice.unread,
        faults=notice.flaws,
        answered_at=iso_or_none(notice.answered_at),
        closed_at=iso_or_none(notice.closed_at),
        closed_why=notice.closed_why,
    )


def address_entity(address: NamedAddress) -> entities.NamedAddress:
    """Something that a letter names."""
    kind = address.subject_kind
    return entities.NamedAddress(
        place=address.place,
        named=address.named,
        url=address.url,
        state=AddressState(address.state).wire,
        subject_type=SubjectKind(kind).wire if kind else None,
        subject_id=id_or_none(address.subject_id),
        account_id=id_or_none(address.account_id),
        case_id=id_or_none(address.case_id),
        report_id=id_or_none(address.report_id),
        gone_at=iso_or_none(address.gone_at),
        look_alike=bool(address.look_alike),
    )


def message_entity(message: Message) -> entities.Message:
    """What came or went."""
    return entities.Message(
        id=str(message.id),
        direction=Direction(message.direction).name.lower(),
        state=MessageState(message.state).wire,
        actor_id=id_or_none(message.actor_id),
        mail_from=message.mail_from,
        mail_to=message.mail_to,
        subject=message.subject,
        text=message.body,
        failure=message.failure,
        created_at=iso(message.created_at),
        sent_at=iso_or_none(message.sent_at),
    )


async def hand_in(call: Call[LetterParams]) -> entities.Notice:
    """Read a letter and keep it; the same one twice is kept once."""
    params, services = call.params, call.services
    async with services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.LETTERS)
    if params.form not in _FORMS:
        raise Invalid("form", "is not included in the list", "ERR_INCLUSION")
    data = _bytes(params)
    came = await receive.opened(services, data, actor_id=actor.account_id, form=params.form)
    async with services.db.write() as tx:
        await actor_of(call, tx, Permission.LETTERS)
        kept = await receive.receive(services, tx, came)
        return notice_entity(await access.one(tx, kept.notice_id))


def _bytes(params: LetterParams) -> bytes:
    if params.encoding not in {"", "base64"}:
        raise Invalid("encoding", "is not included in the list", "ERR_INCLUSION")
    if not params.encoding:
        return params.letter.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(params.letter, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("letter", "is not base64", "ERR_INVALID") from None


async def list_all(call: Call[ListParams]) -> list[entities.Notice]:
    """Letters, those that are due first."""
    params = call.params
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.LETTERS)
        if params.state not in _STATES:
            raise Invalid("state", "is not included in the list", "ERR_INCLUSION")
        after = await access.one(reader, params.after) if params.after else None
        limit = max(1, min(params.limit, _MOST))
        found = await access.listed(reader, _STATES[params.state], limit=limit, after=after)
    return [notice_entity(each) for each in found]


async def show(call: Call[NoticeId]) -> entities.Whole:
    """A letter with what it names and what was written about it."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.LETTERS)
        found = await access.whole(reader, call.params.id)
    return entities.Whole(
        notice_entity(found.notice),
        tuple(map(address_entity, found.addresses)),
        tuple(map(message_entity, found.messages)),
    )


async def addresses(call: Call[AddressesParams]) -> list[entities.NamedAddress]:
    """What a letter names, in its order."""
    params = call.params
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.LETTERS)
        await access.one(reader, params.id)
        limit, after = max(1, min(params.limit, _MOST)), max(-1, min(params.after, 1 << 31))
        found = await access.addresses(reader, params.id, after=after, limit=limit)
    return [address_entity(each) for each in found]


async def draft(call: Call[DraftParams]) -> entities.Draft:
    """The answer to a letter, as far as things are decided."""
    params, services = call.params, call.services
    async with services.db.read() as reader:
        await actor_of(call, reader, Permission.LETTERS)
        made = await answering.draft(services, reader, params.id, params.language)
    return entities.Draft(made.to, made.subject, made.text, made.language, made.open_count)


async def answer(call: Call[AnswerParams]) -> entities.Notice:
    """Answer a letter; what is sent is kept exactly."""
    params, services = call.params, call.services
    async with services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.LETTERS)
        await send.answer(
            services,
            tx,
            actor,
            params.id,
            text=params.text,
            subject=params.subject,
            to=params.to,
            language=params.language,
        )
        return notice_entity(await access.one(tx, params.id))


async def correct(call: Call[CorrectParams]) -> entities.Notice:
    """Correct what was read of a letter; its open cases are due with it."""
    params, services = call.params, call.services
    async with services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.LETTERS)
        notice = await access.one(tx, params.id)
        kind = SenderKind(notice.sender_kind)
        if params.sender_kind is not None:
            kind = _sender_kind(params.sender_kind)
        made = await correcting(
            services,
            tx,
            actor,
            params.id,
            sender_kind=kind,
            reference=notice.reference if params.reference is None else params.reference,
            deadline_at=notice.deadline_at
            if params.deadline_at is None
            else time_of(params.deadline_at, "deadline_at"),
        )
        return notice_entity(made)


def _sender_kind(name: str) -> SenderKind:
    found = next((each for each in SenderKind if each.name.lower() == name), None)
    if found is None:
        raise Invalid("sender_kind", "is not included in the list", "ERR_INCLUSION")
    return found


async def close(call: Call[CloseParams]) -> entities.Notice:
    """Nothing is left to do for a letter."""
    params, services = call.params, call.services
    async with services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.LETTERS)
        await send.close(services, tx, actor, params.id, params.why)
        return notice_entity(await access.one(tx, params.id))


Method = Literal["GET", "POST"]


def _endpoint(method: Method, path: str, handler: Any, **more: Any) -> Endpoint[Any]:
    scopes = READ if method == GET else WRITE
    return Endpoint(method, f"{BASE}/notices{path}", handler, auth=Auth.USER, scopes=scopes, **more)


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _endpoint(
        POST,
        "",
        hand_in,
        params=LetterParams,
        answer=entities.Notice,
        summary="Hand a letter in",
        errors=(413,),
        max_body=_LARGEST,
    ),
    _endpoint(
        GET,
        "",
        list_all,
        params=ListParams,
        answer=list[entities.Notice],
        summary="Letters, those that are due first",
        errors=(404,),
    ),
    _endpoint(
        GET,
        "/{id}",
        show,
        params=NoticeId,
        answer=entities.Whole,
        summary="A letter with what it names and what was written about it",
    ),
    _endpoint(
        GET,
        "/{id}/addresses",
        addresses,
        params=AddressesParams,
        answer=list[entities.NamedAddress],
        summary="What a letter names, in its order",
    ),
    _endpoint(
        GET,
        "/{id}/draft",
        draft,
        params=DraftParams,
        answer=entities.Draft,
        summary="The answer to a letter, as far as things are decided",
    ),
    _endpoint(
        POST,
        "/{id}/answer",
        answer,
        params=AnswerParams,
        answer=entities.Notice,
        summary="Answer a letter",
        errors=(503,),
    ),
    _endpoint(
        POST,
        "/{id}/correct",
        correct,
        params=CorrectParams,
        answer=entities.Notice,
        summary="Correct what was read of a letter",
        errors=(409,),
    ),
    _endpoint(
        POST,
        "/{id}/close",
        close,
        params=CloseParams,
        answer=entities.Notice,
        summary="Close a letter",
        errors=(409,),
    ),
)
