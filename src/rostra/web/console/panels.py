"""What the page of a case says of panels of members."""

from typing import Any

from rostra.network.edge import Reader
from rostra.safety.cases.model import Case
from rostra.safety.categories.facts import facts_of
from rostra.safety.decisions.model import ActionKind
from rostra.safety.panels import access, close, model
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.views.console_notes import PanelNote


async def note(call: PageCall[Any], reader: Reader, actor: Actor, case: Case) -> PanelNote:
    """How a case stands to panels. Three statements at most, none where it never went to one."""
    status = case.status
    if status.panel_id:
        panel = await access.one(reader, status.panel_id)
        seats = (await access.seats_of(reader, [panel.id]))[panel.id]
        return PanelNote(
            id=str(panel.id),
            ends_at=panel.ends_at,
            answered=model.tally(seats).total(),
            seats=panel.seats,
        )
    found = await access.advice(reader, case) if status.advice_id else None
    if found is None:
        fit = not model.why_not(call.services.settings.panels, case)
        return PanelNote(can_ask=fit and actor.may(Permission.PANELS))
    outcome = ActionKind(found.panel.outcome)
    facts = close.facts_said(outcome, found.votes)
    return PanelNote(
        advice=f"{facts} Votes: {close.counted(found.votes)}.",
        reasons=found.reasons,
        fields=(
            ("cases[]", str(case.id)),
            ("actions[]", outcome.wire),
            ("decided_as", facts_of(status.category).slug),
            ("ground", "rule"),
            ("clause_id", str(found.rule_id or "")),
            ("facts", facts),
        ),
    )
