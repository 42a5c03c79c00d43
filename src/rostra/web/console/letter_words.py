"""What the console says of letters: who writes, how long there is left, what became of what."""

from typing import Final

from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.outside.translations import LANGUAGES as SPOKEN
from rostra.safety.categories.facts import facts_of
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
from rostra.web.console.common import HERE
from rostra.web.console.words import span
from rostra.web.views.console import ReasonView
from rostra.web.views.console_desks import LetterLine, MessageLine
from rostra.web.views.forms import Option
from rostra.web.words import long_date

MESSAGES: Final = f"{HERE}/messages"
KINDS: Final = {
    SenderKind.HOST: "A host or provider",
    SenderKind.STORE: "An app store",
    SenderKind.REGISTRAR: "A registrar",
    SenderKind.AUTHORITY: "An authority",
    SenderKind.FLAGGER: "A trusted flagger",
    SenderKind.PRIVATE: "Somebody private",
}
LANGUAGES: Final = tuple(Option(code, name) for code, name in SPOKEN.items())
_URGENT_MS: Final = 4 * HOUR
_ADDRESSES: Final = {
    AddressState.WAITING: ("is looked up", ""),
    AddressState.FOUND: ("ours", ""),
    AddressState.UNKNOWN: ("nothing is there", "warn"),
    AddressState.NOT_OURS: ("not ours", ""),
}
_MESSAGES: Final = {
    MessageState.KEPT: "Came",
    MessageState.WAITING: "On its way",
    MessageState.SENT: "Sent",
    MessageState.REFUSED: "Refused by the mail server",
}


def line(notice: Notice, now: int) -> LetterLine:
    """A letter in a list."""
    return LetterLine(
        id=str(notice.id),
        url=f"{HERE}/letters/{notice.id}",
        sender=notice.sender_name or notice.sender_email or "somebody",
        kind=KINDS[SenderKind(notice.sender_kind)],
        subject=notice.subject,
        reference=notice.reference,
        category=facts_of(notice.category).name if notice.category else "",
        state=NoticeState(notice.state).wire,
        due=countdown(notice, now),
        due_at=notice.deadline_at,
        named=bool(notice.deadline_named),
        received_at=notice.received_at,
        addresses=notice.addresses_count,
        unlinked=notice.unlinked_count,
        times=notice.times,
    )


def countdown(notice: Notice, now: int) -> ReasonView:
    """How long there is left for a letter; once it is answered, whether that was in time."""
    at = notice.deadline_at
    if notice.answered_at:
        late = notice.answered_at > at
        words = f"answered {'late' if late else 'in time'}"
        return ReasonView(words=words, tone="bad" if late else "", at=notice.answered_at)
    if notice.closed_at:
        return ReasonView(words="closed without an answer", at=notice.closed_at)
    left = at - now
    if left < 0:
        return ReasonView(words=f"late by {span(-left)}", tone="bad", at=at)
    words = f"{_left(left)} left" if left >= MINUTE else "due now"
    tone = "bad" if left < HOUR else "warn" if left < _URGENT_MS else ""
    return ReasonView(words=words, tone=tone, at=at)


def _left(ms: int) -> str:
    """Hours with their minutes where hours count."""
    minutes = ms % HOUR // MINUTE
    if HOUR < ms < DAY and minutes:
        return f"{span(ms)} {span(minutes * MINUTE)}"
    return f"{ms // HOUR} hours" if DAY < ms < 2 * DAY else span(ms)


def state_of(address: NamedAddress) -> tuple[str, str]:
    """What is known of an address, and the tone of that."""
    state = AddressState(address.state)
    if state is AddressState.GONE:
        return (f"gone since {long_date(address.gone_at)}" if address.gone_at else "gone"), ""
    return _ADDRESSES[state]


def message(given: Message, by: str) -> MessageLine:
    """What came or went."""
    went = given.direction == Direction.OUT
    who = given.mail_to if went else given.mail_from
    state = _MESSAGES[MessageState(given.state)]
    towards = "to" if went else "from"
    return MessageLine(
        url=f"{MESSAGES}/{given.id}",
        words=f"{state} {towards} {who}" if who else state,
        at=(given.sent_at if went else 0) or given.created_at,
        by=by,
        subject=given.subject,
        failure=given.failure,
    )
