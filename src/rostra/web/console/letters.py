"""The notice desk: letters by their time, what they name, corrections, the answer in two steps."""

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from rostra.http.body import Upload
from rostra.http.params import Count, Id
from rostra.http.response import Response
from rostra.kernel.clock import HOUR
from rostra.kernel.errors import Conflict, Invalid, NotFound, RostraError
from rostra.kernel.times import read_time
from rostra.network.edge import Reader
from rostra.safety.cases import access as cases_access
from rostra.safety.cases.model import Case, CaseState
from rostra.safety.notices import access, receive, send
from rostra.safety.notices import answer as answering
from rostra.safety.notices.correct import BY_HAND, correct
from rostra.safety.notices.model import Direction, NamedAddress, Notice, NoticeState, Whole
from rostra.safety.notices.reading.model import SenderKind
from rostra.safety.subjects import SubjectKind
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console import letter_words as told
from rostra.web.console import subjects, words
from rostra.web.console.common import HERE, OneParams, lead, look_of, tabs, views_of, who
from rostra.web.faults import form_of
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.console_desks import (
    AddressLine,
    LetterPage,
    LettersPage,
    SendPage,
)
from rostra.web.views.forms import Form, Option

LIMIT: Final = 40
_HERE: Final = f"{HERE}/letters"
_VIEWS: Final = {
    "": ("Open", NoticeState.OPEN),
    "answered": ("Answered", NoticeState.ANSWERED),
    "closed": ("Closed", NoticeState.CLOSED),
}
_SHORT_MS: Final = 4 * HOUR
_BODY: Final = 20_000  # of a letter's words on its page
_ROOM: Final = 12 * 1024 * 1024  # a file of 11 MB, and the form around it
_ANSWER_ROOM: Final = 4 * 1024 * 1024
_FORMS: Final = {"text": "text", "mail": "mail", "xarf": "xarf"}


class ListParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which letters, behind which one."""

    state: str = ""
    after: Id | None = None


class HandParams(msgspec.Struct, frozen=True, kw_only=True):
    """A letter as pasted; a file of one comes beside it."""

    words: str = ""
    form: str = "text"


class LetterParams(OneParams, frozen=True, kw_only=True):
    """Which letter, and behind how many of what it names."""

    after: Count = Count(0)


class AnswerParams(OneParams, frozen=True, kw_only=True):
    """An answer as typed. `language` is the view's elsewhere; here it is the answer's."""

    to: str = ""
    subject: str = ""
    text: str = ""
    step: str = ""

    def values(self) -> dict[str, str]:
        """The same for the form."""
        names = ("to", "subject", "text", "language")
        return {name: str(getattr(self, name)) for name in names}


class CorrectParams(OneParams, frozen=True, kw_only=True):
    """What of a letter is otherwise; the time is in UTC."""

    sender_kind: str = ""
    reference: str = ""
    deadline_at: str = ""


class CloseParams(OneParams, frozen=True, kw_only=True):
    """Which letter, and why nothing is left to do."""

    why: str = ""


async def desk(call: PageCall[Any], reader: Reader) -> Actor:
    """Who asks, if letters are theirs to answer."""
    actor = await who(call, reader)
    actor.require(Permission.LETTERS)
    return actor


async def listed(call: PageCall[ListParams]) -> Response:
    """Letters, those that are due first."""
    return await _listed(call, call.params, Form())


async def _listed(call: PageCall[Any], params: ListParams, form: Form) -> Response:
    if params.state not in _VIEWS:
        raise NotFound("no such view")
    async with call.read() as reader:
        actor = await desk(call, reader)
        after = await access.one(reader, params.after) if params.after else None
        state = _VIEWS[params.state][1]
        found = await access.listed(reader, state, limit=LIMIT + 1, after=after)
    shown = found[:LIMIT]
    query = f"state={params.state}&" if params.state else ""
    more = f"{_HERE}?{query}after={shown[-1].id}" if len(found) > LIMIT else ""
    page = LettersPage(
        tabs=tabs("letters", actor),
        look=look_of(call.request),
        views=views_of({name: label for name, (label, _) in _VIEWS.items()}, _HERE, params.state),
        letters=tuple(told.line(each, call.now) for each in shown),
        form=form,
        older_url=more,
        short=0 if params.state else sum(each.deadline_at - call.now < _SHORT_MS for each in shown),
    )
    return await call.page(page, 422 if form.errors or form.message else 200)


async def hand_in(call: PageCall[HandParams]) -> Response:
    """Read a letter and keep it; the same one twice is kept once."""
    params, services = call.params, call.services
    async with call.read() as reader:
        actor = await desk(call, reader)
    file = call.tree.get("file")
    try:
        data, form = _given(params, file)
        came = await receive.opened(services, data, actor_id=actor.account_id, form=form)
        async with services.db.write() as tx:
            await desk(call, tx)
            kept = await receive.receive(services, tx, came)
    except RostraError as error:
        typed = {"words": params.words, "form": params.form}
        made = form_of(typed, error, {"letter": "words", "xarf_version": "words"})
        if not made.errors.get("words") and not made.message:
            first = next(iter(made.errors.items()), ("", "It can't be read."))
            made = msgspec.structs.replace(made, message=f"{first[0]}: {first[1]}")
        return await _listed(call, ListParams(), made)
    said = "It is read." if kept.new else "It had come before: it is kept once."
    return lead(call, f"{_HERE}/{kept.notice_id}", said)


def _given(params: HandParams, file: object) -> tuple[bytes, str]:
    """The bytes of what was handed in, and what they are."""
    if isinstance(file, Upload) and file.size:
        name = file.filename.lower()
        return file.read(), "xarf" if name.endswith(".json") else "mail"
    if params.form not in _FORMS:
        raise Invalid("form", "is not one of the choices", "ERR_INCLUSION")
    return params.words.encode("utf-8", "surrogatepass"), _FORMS[params.form]


async def one(call: PageCall[LetterParams]) -> Response:
    """A letter."""
    return await shown(call, call.params.id, after=call.params.after - 1)


async def shown(
    call: PageCall[Any],
    notice_id: int,
    *,
    after: int = -1,
    language: str = "",
    draft: Form | None = None,
    corrected: Form | None = None,
    closed: Form | None = None,
) -> Response:
    """The page of a letter, with forms as they were typed."""
    async with call.read() as reader:
        actor = await desk(call, reader)
        whole = await access.whole(reader, notice_id)
        notice, addresses = whole.notice, list(whole.addresses)
        if after >= 0:
            addresses = await access.addresses(reader, notice_id, after=after)
        cases = await cases_access.by_ids(
            reader, sorted({each.case_id for each in addresses} - {0})
        )
        seen = await subjects.load(call, reader, (), {each.actor_id for each in whole.messages})
        made = await answering.draft(call.services, reader, notice_id, language)
    values = {
        "to": made.to, "subject": made.subject, "text": made.text, "language": made.language,
    }  # fmt: skip
    fault = any(each and (each.errors or each.message) for each in (draft, corrected, closed))
    more = notice.addresses_count > addresses[-1].place + 1 if addresses else False
    page = LetterPage(
        tabs=tabs("letters", actor),
        look=look_of(call.request),
        letter=told.line(notice, call.now),
        body=_body(whole)[:_BODY],
        sender_email=notice.sender_email,
        deadline_words=BY_HAND
        if notice.deadline_note == BY_HAND
        else notice.deadline_words or notice.deadline_note,
        flaws=(*notice.unread, *notice.flaws),
        addresses=tuple(_address(actor, each, cases) for each in addresses),
        more_url=f"{_HERE}/{notice.id}?after={addresses[-1].place + 1}#addresses" if more else "",
        messages=tuple(told.message(each, seen.name(each.actor_id)) for each in whole.messages),
        draft=None if notice.state == NoticeState.CLOSED else draft or Form(values=values),
        open_count=made.open_count,
        correct=corrected or Form(values=_read(notice)),
        close=closed or Form(),
        kinds=tuple(Option(kind.name.lower(), name) for kind, name in told.KINDS.items()),
        languages=told.LANGUAGES,
        can_send=call.services.mailer.configured,
        closed_why=notice.closed_why,
    )
    return await call.page(page, 422 if fault else 200)


def _body(whole: Whole) -> str:
    """The words of the letter as it came last."""
    came = [each for each in whole.messages if each.direction == Direction.IN]
    return came[-1].body if came else ""


def _read(notice: Notice) -> dict[str, str]:
    at = datetime.fromtimestamp(notice.deadline_at / 1000, UTC)
    return {
        "sender_kind": SenderKind(notice.sender_kind).name.lower(),
        "reference": notice.reference,
        "deadline_at": f"{at:%Y-%m-%dT%H:%M}",
    }


def _address(actor: Actor, address: NamedAddress, cases: dict[int, Case]) -> AddressLine:
    case = cases.get(address.case_id)
    if case is not None and not actor.sees(case.status.category):
        case = None
    state, tone = told.state_of(address)
    kind = address.subject_kind
    return AddressLine(
        url=address.url,
        kind=words.KINDS[SubjectKind(kind)] if kind else "",
        words=state,
        tone=tone,
        case_url=f"{HERE}/cases/{case.id}" if case else "",
        case_words=_CASES[CaseState(case.status.state)] if case else "",
        look_alike=bool(address.look_alike),
        enclosed=bool(address.enclosed),
    )


_CASES: Final = {
    CaseState.OPEN: "Open case",
    CaseState.DECIDED: "Decided",
    CaseState.MERGED: "Part of another case",
}


async def answer(call: PageCall[AnswerParams]) -> Response:
    """Go on from what was pressed: draft anew, show it once more, go back, or send."""
    params, services = call.params, call.services
    if params.step == "draft":
        return await shown(call, params.id, language=params.language)
    form = Form(values=params.values())
    if params.step == "back":
        return await shown(call, params.id, draft=form)
    try:
        if params.step != "send":
            return await _confirm(call)
        async with services.db.write() as tx:
            actor = await desk(call, tx)
            given = {name: getattr(params, name) for name in ("text", "subject", "to", "language")}
            await send.answer(services, tx, actor, params.id, **given)
    except NotFound:
        raise
    except RostraError as error:
        return await shown(call, params.id, draft=form_of(form.values, error))
    return lead(call, f"{_HERE}/{params.id}", "It is on its way. What was sent is kept exactly.")


async def _confirm(call: PageCall[AnswerParams]) -> Response:
    params, services = call.params, call.services
    async with call.read() as reader:
        actor = await desk(call, reader)
        notice = await access.one(reader, params.id)
        send.check(notice, params.subject, params.text)
        made = await answering.draft(services, reader, params.id, params.language)
    page = SendPage(
        tabs=tabs("letters", actor),
        look=look_of(call.request),
        letter=told.line(notice, call.now),
        to=params.to or notice.answer_to,
        subject=params.subject,
        text=params.text,
        open_count=made.open_count,
        fields=tuple(params.values().items()),
    )
    return await call.page(page)


async def put_right(call: PageCall[CorrectParams]) -> Response:
    """Correct what was read of a letter."""
    params, services = call.params, call.services
    typed = {"sender_kind": params.sender_kind, "reference": params.reference}
    form = Form(values={**typed, "deadline_at": params.deadline_at})
    try:
        kind = _sender_kind(params.sender_kind)
        async with services.db.write() as tx:
            actor = await desk(call, tx)
            await correct(
                services,
                tx,
                actor,
                params.id,
                sender_kind=kind,
                reference=params.reference,
                deadline_at=await _deadline(tx, params),
            )
    except (Invalid, Conflict) as error:
        return await shown(call, params.id, corrected=form_of(form.values, error))
    return lead(call, f"{_HERE}/{params.id}", "It is corrected.")


def _sender_kind(name: str) -> SenderKind:
    found = next((each for each in SenderKind if each.name.lower() == name), None)
    if found is None:
        raise Invalid("sender_kind", "is not one of the choices", "ERR_INCLUSION")
    return found


async def _deadline(reader: Reader, params: CorrectParams) -> int:
    """The time that was typed (UTC ms); the one that is kept, to the ms, where it is that."""
    try:
        typed = read_time(params.deadline_at)
    except ValueError:
        raise Invalid("deadline_at", "is no time", "ERR_INVALID") from None
    kept = (await access.one(reader, params.id)).deadline_at
    return kept if kept - kept % 60_000 == typed else typed


async def close(call: PageCall[CloseParams]) -> Response:
    """Nothing is left to do for a letter."""
    params, services = call.params, call.services
    try:
        async with services.db.write() as tx:
            actor = await desk(call, tx)
            await send.close(services, tx, actor, params.id, params.why)
    except Invalid as error:
        return await shown(call, params.id, closed=form_of({"why": params.why}, error))
    except Conflict as error:
        return lead(call, f"{_HERE}/{params.id}", f"{error.safe}.", good=False)
    return lead(call, _HERE, "It is closed.")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, listed, MEMBER, params=ListParams),
    Route(POST, _HERE, hand_in, MEMBER, params=HandParams, max_body=_ROOM),
    Route(GET, f"{_HERE}/{{id}}", one, MEMBER, params=LetterParams),
    Route(
        POST, f"{_HERE}/{{id}}/answer", answer, MEMBER, params=AnswerParams, max_body=_ANSWER_ROOM
    ),
    Route(POST, f"{_HERE}/{{id}}/correct", put_right, MEMBER, params=CorrectParams),
    Route(POST, f"{_HERE}/{{id}}/close", close, MEMBER, params=CloseParams),
)
