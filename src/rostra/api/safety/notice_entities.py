"""What the API answers about letters. Ids are strings, times ISO 8601 (null: not yet)."""

import msgspec


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A letter from outside."""

    id: str
    state: str  # open, answered, closed
    sender_kind: str
    sender_name: str
    sender_email: str
    answer_to: str
    subject: str
    reference: str
    language: str
    category: str | None
    received_at: str
    deadline_at: str | None
    deadline_named: bool  # or a day from its arrival, because it names none
    times: int  # how often it came
    addresses_count: int
    unlinked_count: int  # that are still looked up
    left_out: tuple[str, ...]  # what was not read of it
    faults: tuple[str, ...]  # what is wrong with its form
    answered_at: str | None
    closed_at: str | None
    closed_why: str


class NamedAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a letter names."""

    place: int
    named: str  # as it stands there
    url: str
    state: str  # waiting, found, gone, unknown, not_ours
    subject_type: str | None
    subject_id: str | None
    account_id: str | None
    case_id: str | None
    report_id: str | None
    gone_at: str | None
    look_alike: bool  # of a host that only looks like ours


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What came, or went."""

    id: str
    direction: str  # in, out
    state: str  # kept, waiting, sent, refused
    actor_id: str | None
    mail_from: str
    mail_to: str
    subject: str
    text: str
    failure: str
    created_at: str
    sent_at: str | None


class Whole(msgspec.Struct, frozen=True):
    """A letter with the first 200 of what it names, and its messages."""

    notice: Notice
    addresses: tuple[NamedAddress, ...]
    messages: tuple[Message, ...]


class Draft(msgspec.Struct, frozen=True):
    """An answer, as far as things are decided."""

    to: str
    subject: str
    text: str
    language: str
    open_count: int  # addresses about which nothing is decided yet
