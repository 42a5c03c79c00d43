"""What happens elsewhere ends panels: a decision, something urgent, another text."""

from rostra.network.posts.events import PostDeleted, PostEdited
from rostra.safety.cases import keep
from rostra.safety.cases.events import CaseJoined, CasesClosed
from rostra.safety.edge import Services, Transaction
from rostra.safety.panels import close, model, queries
from rostra.safety.panels.model import PanelState
from rostra.safety.panels.send import end_of


async def cases_closed(services: Services, tx: Transaction, event: CasesClosed) -> None:
    """Somebody has decided, or merged it."""
    panels = await tx.all(queries.RUNNING_OF_CASES, cases=list(event.case_ids))
    if panels:
        await close.shut(services, tx, panels, PanelState.OVERTAKEN)


async def case_joined(services: Services, tx: Transaction, event: CaseJoined) -> None:
    """More was said of it: it may be urgent now, or due sooner."""
    panels = await tx.all(queries.RUNNING_OF_CASES, cases=[event.case_id])
    if not panels:
        return
    (case,) = await keep.locked(tx, [event.case_id])
    for panel in panels:
        reason = model.why_not(services.settings.panels, case)
        if reason:
            await close.end(services, tx, panel, case, PanelState.OVERTAKEN, words=reason)
        elif end_of(services, case) < panel.ends_at:
            await tx.run(queries.SET_END, id=panel.id, ends_at=end_of(services, case))


async def post_edited(services: Services, tx: Transaction, event: PostEdited) -> None:
    """Members would vote about different words."""
    await _over(services, tx, event.post_id, "Its author has changed it")


async def post_deleted(services: Services, tx: Transaction, event: PostDeleted) -> None:
    """Nothing is left to look at."""
    await _over(services, tx, event.post_id, "Its author has deleted it")


async def _over(services: Services, tx: Transaction, post_id: int, words: str) -> None:
    case_id = await tx.first(queries.CASE_OF_POST, post=post_id)
    if case_id is None:
        return
    (case,) = await keep.locked(tx, [case_id])
    for panel in await tx.all(queries.RUNNING_OF_CASES, cases=[case_id]):
        await close.end(services, tx, panel, case, PanelState.OVERTAKEN, words=words)
