"""Panels go on and end: with an outcome, without one, in time, or because somebody says so.

Whoever changes a panel has locked its case first, as whoever decides the case has.
"""

import secrets
from collections.abc import Sequence

import msgspec

from rostra.kernel.clock import DAY, HOUR
from rostra.network.credentials.model import Role
from rostra.network.posts import access as posts_access
from rostra.safety.cases import keep
from rostra.safety.cases.model import Case, CaseState, Event, EventKind
from rostra.safety.categories.facts import facts_of
from rostra.safety.categories.model import Category
from rostra.safety.decisions.decide import decide
from rostra.safety.decisions.model import Action, ActionKind, Ground, Ruling
from rostra.safety.edge import Services, Transaction
from rostra.safety.panels import draw, model, queries
from rostra.safety.panels.letters import tell_seats
from rostra.safety.panels.model import MOST_MEMBERS, Panel, PanelState, Seat, SeatState, tally
from rostra.safety.panels.outcome import Verdict, reached
from rostra.safety.team.model import Actor

SAID = {
    ActionKind.NONE: "nothing is wrong with it",
    ActionKind.SENSITIVE: "it should be covered as sensitive",
    ActionKind.REACH: "fewer people should meet it",
    ActionKind.HOLD: "it should be held",
    ActionKind.REMOVE: "it should be removed",
}
PANEL = Actor(0, Role.MODERATOR)
"""Who decides where the operator lets a panel decide: nobody of the team."""


def new_seed() -> int:
    """What a draw follows from; nobody can choose it."""
    return secrets.randbits(62)


async def drawn(services: Services, tx: Transaction, panel: Panel, case: Case) -> list[int]:
    """Who could be asked about a case now, in the order of the draw."""
    post = (await posts_access.rows(tx, 0, [case.subject_id])).get(case.subject_id)
    if post is None:
        return []
    found = await tx.all(
        queries.CANDIDATES,
        author=case.account_id,
        post=case.subject_id,
        thread=post.thread_id,
        case=case.id,
        since=services.clock.now() - DAY,
        limit=MOST_MEMBERS,
    )
    fit = [account_id for account_id, languages in found if _reads(languages, case.language)]
    return draw.order(panel.seed, fit)


async def seat(
    services: Services, tx: Transaction, panel: Panel, account_ids: Sequence[int]
) -> None:
    """Ask these members."""
    now = services.clock.now()
    until = min(panel.ends_at, now + services.settings.panels.seat_hours * HOUR)
    made = [
        Seat(
            id=services.ids.next(),
            panel_id=panel.id,
            account_id=account_id,
            state=SeatState.WAITING,
            vote=0,
            reason="",
            drawn_at=now,
            until=until,
            answered_at=0,
        )
        for account_id in account_ids
    ]
    rows = [msgspec.structs.asdict(each) | {"told_at": 0} for each in made]
    await tx.run_many(queries.ADD_SEAT, rows)
    await tell_seats(services, tx, made)


def _reads(languages: str, language: str) -> bool:
    known = msgspec.json.decode(languages, type=tuple[str, ...])
    return not known or not language or language.partition("-")[0] in known


async def go_on(services: Services, tx: Transaction, panel: Panel, case: Case) -> None:
    """See whether a running panel, locked, is done; if it is not, fill what became free."""
    seats = await tx.all(queries.SEATS, ids=[panel.id])
    votes = tally(seats)
    found = reached(votes, needed=panel.votes, seats=panel.seats)
    if found.verdict is Verdict.GOES_ON:
        taken = votes.total() + sum(each.state == SeatState.WAITING for each in seats)
        free = panel.seats - taken
        fresh = (await drawn(services, tx, panel, case))[:free] if free > 0 else []
        await seat(services, tx, panel, fresh)
        left = taken + len(fresh)
        found = reached(votes, needed=panel.votes, seats=left) if left else found
        if found.verdict is Verdict.GOES_ON and left > votes.total():
            return
    if found.verdict is Verdict.AGREED:
        await _agreed(services, tx, panel, case, found.outcome)
    else:
        await end(services, tx, panel, case, PanelState.SPLIT, words=counted(votes))


async def end(
    services: Services,
    tx: Transaction,
    panel: Panel,
    case: Case,
    state: PanelState,
    *,
    outcome: int = 0,
    closed_by: int = 0,
    words: str = "",
) -> Case:
    """End a running panel; its case, if it is still with it, is back in the queue."""
    await shut(services, tx, [panel], state, outcome=outcome, closed_by=closed_by)
    if case.status.panel_id != panel.id or case.status.state != CaseState.OPEN:
        return case
    event = Event(
        kind=EventKind.RETURNED,
        at=services.clock.now(),
        actor_id=closed_by,
        panel_id=panel.id if state is PanelState.AGREED else 0,
        words=words,
    )
    (back,) = await keep.append(services, tx, [(case, [event])])
    return back


async def shut(
    services: Services,
    tx: Transaction,
    panels: Sequence[Panel],
    state: PanelState,
    *,
    outcome: int = 0,
    closed_by: int = 0,
) -> None:
    """End running panels, and what their members were asked."""
    now = services.clock.now()
    for panel in panels:
        await tx.run(
            queries.CLOSE,
            id=panel.id,
            state=int(state),
            outcome=outcome,
            closed_by=closed_by,
            now=now,
        )
    await tx.run(queries.END_SEATS, ids=[panel.id for panel in panels], now=now)


async def _agreed(
    services: Services, tx: Transaction, panel: Panel, case: Case, outcome: int
) -> None:
    seats = await tx.all(queries.SEATS, ids=[panel.id])
    words = counted(tally(seats))
    back = await end(services, tx, panel, case, PanelState.AGREED, outcome=outcome, words=words)
    decides = model.decides(services.settings.panels, outcome)
    if decides and not model.why_not(services.settings.panels, back):
        rules = await tx.all(queries.RULES_OF_CASE, case=case.id)
        ruling = ruling_of(back, outcome, tally(seats), rules[0][0] if rules else 0)
        await decide(services, tx, PANEL, ruling, [case.id])


def ruling_of(case: Case, outcome: int, votes: dict[int, int], rule_id: int = 0) -> Ruling:
    """What a panel's outcome comes to as a decision."""
    return Ruling(
        actions=(Action(kind=outcome),),
        category=Category(facts_of(case.status.category).category),
        ground=Ground.RULE,
        clause_id=rule_id,
        facts=facts_said(outcome, votes),
    )


def facts_said(outcome: int, votes: dict[int, int]) -> str:
    """What a panel found, for the member and the record."""
    number, all_ = votes.get(outcome, 0), sum(votes.values())
    return (
        f"A panel of members looked at the post without knowing whose it is, each alone: {number} "
        f"of {all_} found that {SAID[ActionKind(outcome)]}."
    )


def counted(votes: dict[int, int]) -> str:
    """The votes in a line: "3 for remove, 1 for none"."""
    ordered = sorted(votes.items(), key=lambda each: (-each[1], each[0]))
    return (
        ", ".join(f"{number} for {ActionKind(vote).wire}" for vote, number in ordered) or "no votes"
    )
