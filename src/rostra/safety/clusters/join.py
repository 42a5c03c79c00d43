"""Cases join clusters when they are opened, and are looked at again when their content changes."""

from rostra.network.posts.events import PostEdited
from rostra.safety.cases.events import CaseOpened
from rostra.safety.clusters import access, content, correct, queries
from rostra.safety.clusters.compare import Place, Reason
from rostra.safety.clusters.place import place
from rostra.safety.edge import Services, Transaction
from rostra.safety.subjects import Subject, SubjectKind


async def opened(services: Services, tx: Transaction, event: CaseOpened) -> None:
    """Put a new case where it belongs."""
    said = await content.load(tx, event.subject)
    if said is not None:
        await place(services, tx, event.case_id, event.account_id, said)


async def edited(services: Services, tx: Transaction, event: PostEdited) -> None:
    """Look again at the open case of a post that reads differently now.

    What is in a cluster stays there, as an outlier: nobody gets away by a change, and nobody is
    decided on together with what they no longer say. What was alone is put where it belongs now.
    """
    subject = Subject(SubjectKind.POST, event.post_id)
    found = await tx.first(queries.OPEN_CASE_OF, id=subject.id, kind=int(subject.kind))
    if found is None:
        return
    case_id, account_id = found
    placed = (await access.places(tx, [case_id])).get(case_id)
    if placed is None or not placed.cluster_id:
        await tx.run(queries.FORGET_KEYS, ids=[case_id])
        said = await content.load(tx, subject)
        if said is not None:
            await place(services, tx, case_id, account_id, said)
    elif placed.place == Place.MEMBER:
        await correct.set_aside(services, tx, placed, Reason.CHANGED)
