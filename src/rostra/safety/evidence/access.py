"""Loads holds, what they keep, and the log, for those of the team who may.

Nothing of this reaches a member: every loader asks for an `Actor`.
"""

from rostra.kernel.errors import NotFound
from rostra.kernel.paging import MAX_BOUND
from rostra.safety.edge import Reader
from rostra.safety.evidence import queries
from rostra.safety.evidence.keep import decoded
from rostra.safety.evidence.model import OPEN_FOR_MS, Act, Entry, Hold, Kept
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.model import Actor, Permission


async def one(reader: Reader, actor: Actor, evidence_id: int) -> Hold:
    """A hold, also one that has ended.

    Raises:
        NotFound: there is none for them.
    """
    hold = await reader.first(queries.ONE, id=evidence_id)
    if hold is None or not actor.may(Permission.HOLDS) or not actor.sees(hold.category):
        raise NotFound(f"evidence {evidence_id} for {actor.account_id}")
    return hold


async def listed(
    reader: Reader,
    actor: Actor,
    *,
    account_id: int = 0,
    subject: Subject | None = None,
    gone: bool = False,
    below: int = MAX_BOUND,
    limit: int = 40,
) -> list[Hold]:
    """Holds, the newest first; of an account or a subject; ``gone``: those that have ended too."""
    if not actor.may(Permission.HOLDS):
        return []
    params: dict[str, int] = {}
    statement = queries.LISTED
    if subject is not None:
        statement = queries.LISTED_OF_SUBJECT
        params = {"subject": subject.id, "kind": int(subject.kind)}
    elif account_id:
        statement, params = queries.LISTED_OF_ACCOUNT, {"account": account_id}
    return await reader.all(
        statement,
        below=below,
        limit=limit,
        gone=int(gone),
        all=int(actor.categories is None),
        categories=list(actor.categories or ()),
        **params,
    )


async def opened(reader: Reader, actor: Actor, hold: Hold, now: int) -> Kept | None:
    """What a hold keeps, for somebody who has opened it a moment ago; None: they have not.

    Args:
        reader: where to read.
        actor: who looks.
        hold: one that they may see.
        now: UTC ms.
    """
    if hold.gone_at or not actor.may(Permission.EVIDENCE):
        return None
    found = await reader.first(
        queries.OPENED,
        id=hold.id,
        actor=actor.account_id,
        kind=int(Act.OPENED),
        since=now - OPEN_FOR_MS,
    )
    return await kept(reader, hold) if found else None


async def kept(reader: Reader, hold: Hold) -> Kept:
    """What a hold keeps, for those who have just opened it."""
    content = await reader.first(queries.TEXT, id=hold.id)
    if content is None:
        raise NotFound(f"evidence {hold.id} is gone")
    return Kept(hold, decoded(content), tuple(await reader.all(queries.FILES, id=hold.id)))


async def file(
    reader: Reader, actor: Actor, evidence_id: int, place: int, now: int, *, preview: bool = False
) -> str:
    """The key of a file that is kept, or of its still, for somebody who has just opened it.

    Raises:
        NotFound: there is none for them, or they have not.
    """
    whole = await opened(reader, actor, await one(reader, actor, evidence_id), now)
    found = [each for each in whole.files if each.place == place] if whole else []
    key = (found[0].preview_key if preview else found[0].blob_key) if found else ""
    if not key:
        raise NotFound(f"file {place} of evidence {evidence_id} for {actor.account_id}")
    return key


async def since_then(reader: Reader, hold: Hold) -> str:
    """What became of the subject: `deleted`, `edited`, or empty for nothing that is known."""
    if hold.subject_kind == SubjectKind.POST:
        edited_at = await reader.first(queries.EDITED_AT, id=hold.subject_id)
        if edited_at is None:
            return "deleted"
        return "edited" if edited_at > hold.taken_at else ""
    found = await reader.first(queries.THERE, id=hold.subject_id)
    return "" if found else "deleted"


async def case_ids(reader: Reader, hold: Hold, limit: int = 10) -> list[int]:
    """The cases about what a hold is of, the newest first."""
    return await reader.all(
        queries.CASES, subject=hold.subject_id, kind=hold.subject_kind, limit=limit
    )


async def log(
    reader: Reader,
    actor: Actor,
    *,
    evidence_id: int = 0,
    below: int = MAX_BOUND,
    limit: int = 40,
) -> list[Entry]:
    """What was done with holds, or with one of them, the newest first.

    Raises:
        Forbidden: they may not read it.
        NotFound: there is no such hold for them.
    """
    actor.require(Permission.OPENINGS)
    if evidence_id:
        await one(reader, actor, evidence_id)
        return await reader.all(queries.LOG_OF, id=evidence_id, below=below, limit=limit)
    return await reader.all(
        queries.LOG,
        below=below,
        limit=limit,
        all=int(actor.categories is None),
        categories=list(actor.categories or ()),
    )
