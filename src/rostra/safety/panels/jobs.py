"""What panels do by themselves: non-answers move on, cases come back in time, and go to panels."""

from typing import Final

import msgspec

from rostra.kernel.clock import MINUTE
from rostra.kernel.errors import Conflict, Invalid
from rostra.safety.cases import keep
from rostra.safety.cases.model import Case
from rostra.safety.categories.facts import category_of
from rostra.safety.edge import Services, Transaction
from rostra.safety.panels import close, letters, model, queries, send
from rostra.safety.panels.model import Panel, PanelState, tally
from rostra.store.outbox.kinds import JobKind

AT_ONCE: Final = 50  # panels of one run
_SENT_AT_ONCE: Final = 20


class Tick(msgspec.Struct, frozen=True):
    """Let panels go on."""


class Send(msgspec.Struct, frozen=True):
    """Send to panels what goes there by itself."""


async def tick(services: Services, tx: Transaction, job: Tick) -> None:
    """Bring back what is due, and ask others where nobody answers."""
    now = services.clock.now()
    due = await tx.all(queries.DUE, now=now, limit=AT_ONCE)
    lapsing = await tx.all(queries.LAPSING, now=now, limit=AT_ONCE)
    if not due and not lapsing:
        return
    found = await _locked(tx, {*due, *lapsing})
    ended = {panel_id for panel_id, _ in due}
    await tx.run(queries.LAPSE, ids=[panel.id for panel, _ in found], now=now)
    for panel, case in found:
        if panel.state != PanelState.RUNNING:
            continue
        if panel.id in ended:
            seats = await tx.all(queries.SEATS, ids=[panel.id])
            words = close.counted(tally(seats))
            await close.end(services, tx, panel, case, PanelState.LATE, words=words)
        else:
            await close.go_on(services, tx, panel, case)
    if AT_ONCE in {len(due), len(lapsing)}:
        await tx.enqueue("panels.tick", job)


async def _locked(tx: Transaction, rows: set[tuple[int, int]]) -> list[tuple[Panel, Case]]:
    cases = {case.id: case for case in await keep.locked(tx, {case_id for _, case_id in rows})}
    panels = await tx.all(queries.LOCKED, ids=sorted(panel_id for panel_id, _ in rows))
    return [(panel, cases[panel.case_id]) for panel in panels]


async def send_by_itself(services: Services, tx: Transaction, _job: Send) -> None:
    """Send cases of the categories that the operator has named, the worst first."""
    rules = services.settings.panels
    named = {category_of(name) for name in rules.automatic} & model.open_categories(rules)
    if not named:
        return
    categories = sorted(int(each) for each in named if each)
    now = services.clock.now()
    ids = await tx.all(queries.NEVER_ASKED, categories=categories, now=now, limit=_SENT_AT_ONCE)
    for case in await keep.locked(tx, ids) if ids else []:
        try:
            await send.begin(services, tx, case)
        except (Invalid, Conflict):  # it stays with the team, who can still send it by hand
            await send.keep_from(services, tx, case)


JOBS = (
    JobKind("panels.tick", Tick, tick, transactional=True, every_ms=MINUTE),
    JobKind("panels.send", Send, send_by_itself, transactional=True, every_ms=5 * MINUTE),
    *letters.JOBS,
)
