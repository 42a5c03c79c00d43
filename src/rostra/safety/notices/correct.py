"""Somebody of the desk corrects what was read of a letter: sender, reference, deadline."""

from typing import Final

from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.kernel.text.clean import one_line
from rostra.safety.cases import work
from rostra.safety.edge import Services, Transaction
from rostra.safety.notices import queries
from rostra.safety.notices.access import one
from rostra.safety.notices.model import Notice, NoticeState, Stage
from rostra.safety.notices.reading.model import SenderKind
from rostra.safety.team.model import Actor, Permission

LONGEST_REFERENCE: Final = 200
LONGEST_MS: Final = 366 * DAY
BY_HAND: Final = "Set by the desk"


async def correct(
    services: Services,
    tx: Transaction,
    actor: Actor,
    notice_id: int,
    *,
    sender_kind: SenderKind,
    reference: str,
    deadline_at: int,
) -> Notice:
    """Correct what was read of a letter; its open cases are due with it.

    What the desk was told of the old deadline is told of the new one again.

    Raises:
        Forbidden: the actor answers no letters.
        NotFound: there is no such letter.
        Conflict: it is closed.
        Invalid: on `reference`, or on `deadline_at`: before it came, or more than a year later.
    """
    actor.require(Permission.LETTERS)
    notice = await tx.first(queries.LOCKED, id=notice_id)
    if notice is None:
        raise NotFound(f"letter {notice_id}")
    if notice.state == NoticeState.CLOSED:
        raise Conflict(safe="The letter is closed")
    kept = one_line(reference).strip()
    if len(kept) > LONGEST_REFERENCE:
        said = f"is too long (most: {LONGEST_REFERENCE} characters)"
        raise Invalid("reference", said, "ERR_TOO_LONG")
    if not notice.received_at < deadline_at <= notice.received_at + LONGEST_MS:
        raise Invalid("deadline_at", "must lie within a year of its arrival", "ERR_INVALID")
    moved = deadline_at != notice.deadline_at
    await tx.run(
        queries.CORRECT,
        id=notice_id,
        kind=int(sender_kind),
        reference=kept,
        at=deadline_at,
        named=1 if moved else notice.deadline_named,
        note=BY_HAND if moved else notice.deadline_note,
        warned=int(Stage.CAME) if moved else notice.warned,
    )
    if moved:
        case_ids = await tx.all(queries.CASES_OF, id=notice_id)
        was = notice.deadline_at
        await work.redate(services, tx, case_ids, actor.account_id, was=was, becomes=deadline_at)
    return await one(tx, notice_id)
