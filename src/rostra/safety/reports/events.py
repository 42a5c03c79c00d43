"""What reports tell the rest of moderation, in the transaction that wrote them."""

import msgspec

from rostra.safety.subjects import Subject


class Reported(msgspec.Struct, frozen=True):
    """Somebody has reported something."""

    report_id: int
    source: int  # a `Sender`
    reporter_id: int  # 0: nobody of this place
    target_account_id: int
    category: int
    weight: int  # thousandths
    subjects: tuple[Subject, ...]
    deadline_at: int  # that came with it; 0: none
    set_aside: bool = False  # nobody listens to the reporter: it opens no case
