"""Has the slow signals asked that a rule names. Hears `RulesCaught`.

What they find opens a case by itself; only where none of them can be asked somebody has to look.
"""

from rostra.safety.adapters.leave import leave_to
from rostra.safety.cases.signal import signalled
from rostra.safety.categories.model import Category
from rostra.safety.edge import Services, Transaction
from rostra.safety.holding import words
from rostra.safety.rules.outcome import EffectKind
from rostra.safety.screening.events import RulesCaught
from rostra.safety.subjects import SubjectKind


async def rules_caught(services: Services, tx: Transaction, event: RulesCaught) -> None:
    """Leave the post to each adapter that a rule asks for; profiles are for people."""
    names = {
        effect.signal: caught
        for caught in event.caught
        for effect in caught.effects
        if effect.kind is EffectKind.ENQUEUE
    }
    if event.subject.kind == SubjectKind.POST:
        for name in sorted(names):
            await leave_to(services, tx, name, event.subject.id)
        return
    for caught in {each.rule_id: each for each in names.values()}.values():
        await signalled(services, tx, event.subject, Category.OTHER, words.asked(caught))
