"""A case goes to a panel, and the team takes it back."""

import msgspec

from rostra.kernel.clock import HOUR
from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.network.posts import access as posts_access
from rostra.safety.cases import keep, work
from rostra.safety.cases.model import Case, Event, EventKind
from rostra.safety.edge import Services, Transaction
from rostra.safety.panels import close, model, queries
from rostra.safety.panels.model import Panel, PanelState
from rostra.safety.team.model import Actor, Permission

_LEAST_MS = HOUR
"""A panel that would have less time is not begun."""
_ROUNDS = 3
"""How often a seat can be drawn anew, where a case has no deadline."""


async def send(services: Services, tx: Transaction, actor: Actor, case_id: int) -> Panel:
    """Let a panel of members look at a case; whoever sends it holds it no longer.

    Raises:
        NotFound: there is no such case, or not for them.
        Conflict: it is closed, held by somebody else, with a panel already, or too few members
            could be asked.
        Forbidden: it is not theirs to send.
        Invalid: on `case_id`: it is nothing for a panel.
    """
    actor.require(Permission.PANELS)
    case = await work.mine(services, tx, case_id, actor.account_id)
    if not actor.sees(case.status.category):
        raise NotFound(f"case {case_id} for {actor.account_id}")
    return await begin(services, tx, case, opened_by=actor.account_id)


async def begin(services: Services, tx: Transaction, case: Case, *, opened_by: int = 0) -> Panel:
    """Begin a panel about a locked case. Raises as :func:`send`."""
    rules, now = services.settings.panels, services.clock.now()
    reason = model.why_not(rules, case)
    if reason:
        raise Invalid("case_id", reason, "ERR_INVALID")
    if case.subject_id not in await posts_access.rows(tx, 0, [case.subject_id]):
        raise Invalid("case_id", "is about a post that not everybody may see", "ERR_INVALID")
    made = _panel(services, case, opened_by)
    if made.ends_at < now + _LEAST_MS:
        safe = "This case is due too soon for a panel"
        raise Conflict(f"case {case.id} is due", safe=safe, code="due_too_soon")
    asked = (await close.drawn(services, tx, made, case))[: made.seats]
    if len(asked) < made.seats:
        safe = "Too few members could be asked about this case"
        raise Conflict(f"case {case.id}: {len(asked)} seats", safe=safe, code="too_few_members")
    await tx.run(queries.ADD, **msgspec.structs.asdict(made))
    await close.seat(services, tx, made, asked)
    event = Event(kind=EventKind.PANELLED, at=now, actor_id=opened_by, panel_id=made.id)
    await keep.append(services, tx, [(case, [event])])
    return made


async def keep_from(services: Services, tx: Transaction, case: Case) -> None:
    """Note that a case did not go to a panel by itself and is not tried again."""
    made = msgspec.structs.replace(
        _panel(services, case, 0), state=PanelState.UNFIT, closed_at=services.clock.now()
    )
    await tx.run(queries.ADD, **msgspec.structs.asdict(made))


def _panel(services: Services, case: Case, opened_by: int) -> Panel:
    rules = services.settings.panels
    return Panel(
        id=services.ids.next(),
        case_id=case.id,
        category=case.status.category,
        state=PanelState.RUNNING,
        seats=rules.seats,
        votes=model.needed(rules),
        seed=close.new_seed(),
        outcome=0,
        opened_by=opened_by,
        closed_by=0,
        ends_at=end_of(services, case),
        opened_at=services.clock.now(),
        closed_at=0,
    )


def end_of(services: Services, case: Case) -> int:
    """When a case must be back from a panel (UTC ms)."""
    rules, deadline = services.settings.panels, case.status.deadline_at
    if not deadline:
        return services.clock.now() + _ROUNDS * rules.seat_hours * HOUR
    return deadline - rules.back_before_hours * HOUR


async def take_back(services: Services, tx: Transaction, actor: Actor, panel_id: int) -> Case:
    """End a panel at once: its case is in the queue again.

    Raises:
        NotFound: there is no such panel, or not for them.
        Conflict: it is over.
        Forbidden: it is not theirs.
    """
    actor.require(Permission.WORK_CASES)
    case, panel = await locked(tx, panel_id)
    if not actor.sees(case.status.category):
        raise NotFound(f"panel {panel_id} for {actor.account_id}")
    running(panel)
    seats = await tx.all(queries.SEATS, ids=[panel.id])
    return await close.end(
        services,
        tx,
        panel,
        case,
        PanelState.TAKEN_BACK,
        closed_by=actor.account_id,
        words=close.counted(model.tally(seats)),
    )


async def locked(tx: Transaction, panel_id: int) -> tuple[Case, Panel]:
    """A panel with its case, both locked.

    Raises:
        NotFound: there is none.
    """
    found = await tx.first(queries.ONE, id=panel_id)
    if found is None:
        raise NotFound(f"panel {panel_id}")
    (case,) = await keep.locked(tx, [found.case_id])
    (panel,) = await tx.all(queries.LOCKED, ids=[panel_id])
    return case, panel


def running(panel: Panel) -> None:
    """Let pass what is not over.

    Raises:
        Conflict: the panel is over.
    """
    if panel.state != PanelState.RUNNING:
        raise Conflict(f"panel {panel.id} is over", safe="This panel is over", code="panel_over")
