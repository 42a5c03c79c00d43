"""Letters at the desk, as the rest of moderation sees them. Times are UTC ms, 0: not yet, none."""

from enum import IntEnum

import msgspec

from rostra.safety.categories.model import Category, Sender
from rostra.safety.notices.reading.model import Place, SenderKind


class NoticeState(IntEnum):
    """Whether something is left to do."""

    OPEN = 0
    ANSWERED = 1
    CLOSED = 2

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class AddressState(IntEnum):
    """What is known of an address that a letter names."""

    WAITING = 0  # it is looked up by a job
    FOUND = 1
    GONE = 2  # it was there; `gone_at` says till when, if that was seen
    UNKNOWN = 3  # nothing is there, and nothing tells whether something was
    NOT_OURS = 4

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class Stage(IntEnum):
    """Of what the desk was told, of a letter that waits."""

    NOTHING = 0
    CAME = 1
    FOUR_HOURS = 2
    ONE_HOUR = 3
    OVER = 4


class Direction(IntEnum):
    """Which way a message went."""

    IN = 0
    OUT = 1


class MessageState(IntEnum):
    """How far a message is."""

    KEPT = 0
    WAITING = 1
    SENT = 2
    REFUSED = 3  # by the mail server, for good

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A letter as it is stored."""

    id: int
    state: int
    form: int
    sender_kind: int
    sender_name: str
    sender_email: str
    answer_to: str
    known_by: str
    subject: str
    reference: str
    also_named: str
    message_id: str
    language: str
    category: int
    concerns: str
    bases: str
    sent_at: int
    received_at: int
    deadline_at: int
    deadline_named: int
    deadline_words: str
    deadline_note: str
    urgent: int
    warned: int
    times: int
    addresses_count: int
    unlinked_count: int
    left_out: str
    faults: str
    answered_at: int
    closed_at: int
    closed_why: str

    @property
    def unread(self) -> tuple[str, ...]:
        """What was not read of it, a sentence each."""
        return msgspec.json.decode(self.left_out, type=tuple[str, ...])

    @property
    def flaws(self) -> tuple[str, ...]:
        """What was wrong with its form, a sentence each."""
        return msgspec.json.decode(self.faults, type=tuple[str, ...])


class NamedAddress(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a letter names."""

    notice_id: int
    place: int
    subject_kind: int
    subject_id: int
    account_id: int
    state: int
    named: str
    url: str
    times: int
    places: str
    look_alike: int
    enclosed: int
    report_id: int
    case_id: int
    gone_at: int

    @property
    def stands(self) -> tuple[Place, ...]:
        """Where it stands in the letter."""
        return msgspec.json.decode(self.places, type=tuple[Place, ...])


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What came or went; its bytes are loaded apart."""

    id: int
    notice_id: int
    direction: int
    state: int
    actor_id: int
    message_id: str
    mail_from: str
    mail_to: str
    subject: str
    body: str
    language: str
    failure: str
    created_at: int
    sent_at: int


class Whole(msgspec.Struct, frozen=True):
    """A letter with its first addresses and its messages."""

    notice: Notice
    addresses: tuple[NamedAddress, ...]
    messages: tuple[Message, ...]


SENDERS: dict[SenderKind, Sender] = {
    SenderKind.PRIVATE: Sender.OUTSIDER,
    SenderKind.HOST: Sender.PROVIDER,
    SenderKind.REGISTRAR: Sender.REGISTRAR,
    SenderKind.STORE: Sender.STORE,
    SenderKind.AUTHORITY: Sender.AUTHORITY,
    SenderKind.FLAGGER: Sender.TRUSTED_FLAGGER,
}
"""Whom a report that comes of a letter is by."""

CATEGORIES: dict[str, Category] = {
    "terrorism": Category.TERRORISM,
    "child_abuse": Category.CHILD_ABUSE,
    "threat": Category.VIOLENCE_INCITEMENT,
    "intimate_images": Category.NONCONSENSUAL_INTIMATE,
    "hate": Category.HATE,
    "harassment": Category.HARASSMENT,
    "copyright": Category.COPYRIGHT,
    "trademark": Category.TRADEMARK,
    "defamation": Category.DEFAMATION,
    "privacy": Category.PRIVACY,
    "spam": Category.SPAM,
    "phishing": Category.MALWARE_PHISHING,
    "malware": Category.MALWARE_PHISHING,
    "fraud": Category.FRAUD_SCAM,
    "self_harm": Category.SELF_HARM,
}
"""The category of what a letter is about, by the reading's word."""
