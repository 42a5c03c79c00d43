"""Somebody from outside objects to that what they reported was dismissed (DSA Art. 20)."""

from rostra.kernel.clock import DAY
from rostra.kernel.errors import NotFound
from rostra.safety.appeals.file import complain
from rostra.safety.edge import Services, Transaction
from rostra.safety.outsiders.model import Followed


def may_object(found: Followed, *, days: int, now: int) -> bool:
    """Whether something was dismissed, and it is neither too late (``now`` UTC ms) nor said."""
    latest = max((each.decided_at for each in found.dismissed if each.decision_id), default=0)
    return now < latest + days * DAY and not found.appeals


async def object_to(services: Services, tx: Transaction, found: Followed, text: str) -> None:
    """Object, once, to all that was dismissed of one report from outside.

    Raises:
        NotFound: nothing was dismissed.
        Invalid: on `text`.
        Conflict: it is too late, or they have objected before.
    """
    dismissed = [each for each in found.dismissed if each.decision_id]
    if not dismissed:
        raise NotFound(f"nothing is dismissed of {found.outside.id}")
    for each in dismissed:
        await complain(services, tx, 0, each.id, text)
