"""What a member does with a seat: vote, or say that it is not for them."""

from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.text.clean import normalise
from rostra.safety.decisions.model import ActionKind
from rostra.safety.edge import Services, Transaction
from rostra.safety.panels import access, close, model, queries
from rostra.safety.panels.model import MAX_REASON, SeatState
from rostra.safety.panels.send import locked, running


async def vote(  # noqa: PLR0917 (what a vote is made of)
    services: Services, tx: Transaction, account_id: int, seat_id: int, choice: str, reason: str
) -> None:
    """Vote, once and for good; enough equal votes end the panel.

    Raises:
        NotFound: they have no such seat, or it does not wait for them any more.
        Invalid: on `choice` or `reason`.
    """
    chosen = {each.wire: each for each in model.choices(services.settings.panels)}.get(choice)
    if chosen is None:
        raise Invalid("choice", "is not included in the list", "ERR_INCLUSION")
    words = normalise(reason).strip()
    if len(words) > MAX_REASON:
        raise Invalid("reason", f"is too long (most: {MAX_REASON} characters)", "ERR_TOO_LONG")
    await _answer(services, tx, account_id, seat_id, SeatState.VOTED, vote=chosen, reason=words)


async def pass_on(services: Services, tx: Transaction, account_id: int, seat_id: int) -> None:
    """Say "not for me": somebody else is asked. Raises as :func:`vote`."""
    await _answer(services, tx, account_id, seat_id, SeatState.PASSED)


async def _answer(
    services: Services,
    tx: Transaction,
    account_id: int,
    seat_id: int,
    state: SeatState,
    *,
    vote: ActionKind = ActionKind.NONE,
    reason: str = "",
) -> None:
    seat = await access.seat(services, tx, account_id, seat_id)
    case, panel = await locked(tx, seat.panel_id)
    running(panel)
    answered = await tx.run(
        queries.ANSWER,
        id=seat_id,
        state=int(state),
        vote=int(vote),
        reason=reason,
        now=services.clock.now(),
    )
    if not answered:
        raise NotFound(f"seat {seat_id} was answered meanwhile")
    await close.go_on(services, tx, panel, case)
