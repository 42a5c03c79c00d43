"""What cases tell the rest of moderation, in the transaction that wrote it."""

import msgspec

from rostra.safety.subjects import Subject


class CaseOpened(msgspec.Struct, frozen=True):
    """There is something new to decide on."""

    case_id: int
    subject: Subject
    account_id: int  # whose it is
    category: int


class CaseJoined(msgspec.Struct, frozen=True):
    """More was said of an open case."""

    case_id: int
    subject: Subject


class CasesClosed(msgspec.Struct, frozen=True):
    """Nothing is left to do for these cases."""

    case_ids: tuple[int, ...]
