"""What appeals tell the rest of moderation, in the transaction that wrote them."""

import msgspec


class Appealed(msgspec.Struct, frozen=True):
    """Somebody objects to a decision."""

    appeal_id: int
    decision_id: int
    by_reporter: bool


class AppealsForgotten(msgspec.Struct, frozen=True):
    """What somebody without an account has said is about to be deleted: its time is over."""

    appeal_ids: tuple[int, ...]


class AppealAnswered(msgspec.Struct, frozen=True):
    """An appeal is answered; if it was upheld, what it was about is taken back."""

    appeal_id: int
    decision_id: int
    report_id: int  # 0: the member that the decision is about has appealed
    upheld: bool
    undo_id: int  # what took it back, 0: nothing was left
