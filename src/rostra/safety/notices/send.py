"""An answer goes out, and a letter is closed. What is sent is kept as it was sent, every byte."""

from typing import Any, Final

import msgspec

from rostra.kernel.errors import Conflict, Invalid, RostraError, Unavailable
from rostra.outside.mail import Mail, MailRefused, compose, new_id
from rostra.safety.edge import Services, Transaction
from rostra.safety.notices import queries
from rostra.safety.notices.access import one
from rostra.safety.notices.events import LetterAnswered
from rostra.safety.notices.model import Direction, MessageState, Notice, NoticeState
from rostra.safety.team.model import Actor, Permission
from rostra.store.outbox.kinds import JobKind

MAX_ANSWER: Final = 1_000_000
_LONGEST_WHY: Final = 1_000


class SendAnswer(msgspec.Struct, frozen=True):
    """Hand an answer to the mail server."""

    message_id: int


async def answer(
    services: Services,
    tx: Transaction,
    actor: Actor,
    notice_id: int,
    *,
    text: str,
    subject: str,
    to: str = "",
    language: str = "",
) -> int:
    """Answer a letter; the id of the message. A job hands it to the mail server at once.

    Raises:
        Forbidden: the actor answers no letters.
        NotFound: there is no such letter.
        Invalid: on `to`: no address; on `subject`: it lacks the sender's reference, or holds
            what is no subject; on `text`: it is blank or too long.
        Unavailable: mail is not configured here.
    """
    actor.require(Permission.LETTERS)
    if not services.mailer.configured:
        raise Unavailable(3600, safe="Mail is not configured here: answer by hand, then close it")
    notice = await one(tx, notice_id)
    check(notice, subject, text)
    sender = services.settings.mail_from
    mail = Mail(
        to=to or notice.answer_to,
        subject=subject,
        text=text,
        language=language,
        message_id=new_id(sender),
        answers=_thread(notice),
        dated_at=services.clock.now(),
        by_hand=True,
    )
    message_id = services.ids.next()
    row = _row(mail, sender) | {"notice_id": notice_id, "actor_id": actor.account_id}
    await tx.run(queries.ADD_MESSAGE, id=message_id, **row)
    await _set_state(tx, notice, NoticeState.ANSWERED, mail.dated_at)
    await tx.enqueue("notices.send", SendAnswer(message_id), priority=8)
    await tx.emit(LetterAnswered(notice_id))
    return message_id


def check(notice: Notice, subject: str, text: str) -> None:
    """Let pass what can be an answer.

    Raises:
        Invalid: on `subject` or `text`.
    """
    if not text.strip():
        raise Invalid("text", "can't be blank", "ERR_BLANK")
    if len(text) > MAX_ANSWER:
        raise Invalid("text", f"is too long (most: {MAX_ANSWER} characters)", "ERR_TOO_LONG")
    reference = " ".join(notice.reference.split())
    if reference not in subject:
        raise Invalid("subject", f"must hold the reference {reference}")


def _row(mail: Mail, sender: str) -> dict[str, Any]:
    """The message as it is kept before it goes."""
    return {
        "direction": int(Direction.OUT),
        "state": int(MessageState.WAITING),
        "message_id": mail.message_id,
        "mail_from": sender,
        "mail_to": mail.to,
        "subject": mail.subject,
        "body": mail.text,
        "language": mail.language,
        "raw": _bytes(mail, sender),
        "failure": "",
        "created_at": mail.dated_at,
        "sent_at": 0,
    }


async def close(
    services: Services, tx: Transaction, actor: Actor, notice_id: int, why: str
) -> None:
    """Nothing is left to do for a letter; ``why`` is for the record.

    Raises:
        Forbidden: the actor answers no letters.
        NotFound: there is no such letter.
        Invalid: on `why`: a letter that was not answered is closed for a reason.
        Conflict: it is closed.
    """
    actor.require(Permission.LETTERS)
    notice = await one(tx, notice_id)
    if notice.state == NoticeState.CLOSED:
        raise Conflict(safe="The letter is closed")
    if not why.strip() and notice.state == NoticeState.OPEN:
        raise Invalid("why", "can't be blank: the letter was not answered", "ERR_BLANK")
    await _set_state(tx, notice, NoticeState.CLOSED, services.clock.now(), why[:_LONGEST_WHY])


async def send_job(services: Services, job: SendAnswer) -> None:
    """Hand it over; a second try sends the same message id, so that it counts once."""
    async with services.db.read() as reader:
        message = await reader.first(queries.MESSAGE, id=job.message_id)
        notice = await one(reader, message.notice_id) if message else None
    if message is None or notice is None or message.state != MessageState.WAITING:
        return
    mail = Mail(
        to=message.mail_to,
        subject=message.subject,
        text=message.body,
        language=message.language,
        message_id=message.message_id,
        answers=_thread(notice),
        dated_at=message.created_at,
        by_hand=True,
    )
    state, failure = MessageState.SENT, ""
    try:
        await services.mailer.send(mail)
    except MailRefused as error:
        state, failure = MessageState.REFUSED, error.safe
    now = services.clock.now()
    async with services.db.write() as tx:
        await tx.run(
            queries.SET_MESSAGE, id=message.id, state=int(state), failure=failure, sent_at=now
        )
        if state is MessageState.REFUSED:  # it counts as unanswered again, and is warned of
            await _set_state(tx, notice, NoticeState.OPEN, 0)


async def _set_state(
    tx: Transaction, notice: Notice, state: NoticeState, now: int, why: str = ""
) -> None:
    answered = now if state is NoticeState.ANSWERED else notice.answered_at
    await tx.run(
        queries.SET_STATE,
        id=notice.id,
        state=int(state),
        answered_at=answered if now else 0,
        closed_at=now if state is NoticeState.CLOSED else 0,
        why=why,
    )


def _thread(notice: Notice) -> tuple[str, ...]:
    """What the answer answers; an odd message id is left out rather than sent on."""
    try:
        compose(Mail("a@b.example", "s", "", message_id=notice.message_id), "a@b.example", 0)
    except RostraError:
        return ()
    return (
        (notice.message_id,)
        if notice.message_id and not notice.message_id.endswith("@xarf>")
        else ()
    )


def _bytes(mail: Mail, sender: str) -> bytes:
    """The message as it goes out.

    Raises:
        Invalid: on `to` or `subject`.
    """
    try:
        return bytes(compose(mail, sender, mail.dated_at))
    except Invalid as error:
        if "email" in error.details:
            raise Invalid("to", "is not a valid e-mail address") from None
        raise


JOBS = (JobKind("notices.send", SendAnswer, send_job),)
