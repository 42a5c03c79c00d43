"""Endpoints that are told, and what became of telling them. Times are UTC ms, 0: not yet."""

from enum import IntEnum, StrEnum

import msgspec


class EventName(StrEnum):
    """What is told; `report.created` is Mastodon's name too."""

    REPORT_CREATED = "report.created"
    CASE_OPENED = "case.opened"
    CASES_CLOSED = "cases.closed"
    DECISION_MADE = "decision.made"
    DECISION_UNDONE = "decision.undone"
    DECISION_RELEASED = "decision.released"  # taken back for one member of many
    APPEAL_CREATED = "appeal.created"
    APPEAL_ANSWERED = "appeal.answered"
    LETTER_RECEIVED = "letter.received"
    LETTER_ANSWERED = "letter.answered"
    TEST = "webhook.test"  # only when somebody asks for it


CHOSEN = tuple(name for name in EventName if name is not EventName.TEST)
"""What an endpoint can ask for."""


class DeliveryState(IntEnum):
    """How far a delivery is."""

    WAITING = 0
    DELIVERED = 1
    GIVEN_UP = 2

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint as it is stored."""

    id: int
    url: str
    events: str  # JSON
    with_content: int
    enabled: int
    ended_why: str
    generation: int
    rotated_at: int
    skipped_count: int
    created_by: int
    created_at: int

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names of the events that it is told."""
        return msgspec.json.decode(self.events, type=tuple[str, ...])


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that an endpoint is told."""

    id: int
    webhook_id: int
    event: str
    object: str  # JSON: ids
    state: int
    attempts: int
    status: int
    failure: str
    created_at: int
    tried_at: int
