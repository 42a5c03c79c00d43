"""Keeps what is reported, in the report's own transaction, and longer or shorter as it is decided.

The one writer of holds and of the log, with `holds`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from rostra.kernel.clock import DAY
from rostra.kernel.errors import NotFound
from rostra.network.files import withhold as files
from rostra.safety.cases.events import CasesClosed
from rostra.safety.categories.facts import facts_of
from rostra.safety.decisions.model import Action, ActionKind
from rostra.safety.edge import Services, Transaction
from rostra.safety.evidence import gather, queries
from rostra.safety.evidence.model import AFTER_NONE_MS, File, Hold, Seen, Snapshot
from rostra.safety.reports.events import Reported
from rostra.safety.subjects import Subject, SubjectKind
from rostra.store.outbox.kinds import JobKind

_encode = msgspec.json.Encoder().encode
_actions = msgspec.json.Decoder(tuple[Action, ...]).decode
_SUBJECTS: Final = (SubjectKind.POST, SubjectKind.ACCOUNT)


class ReadFiles(msgspec.Struct, frozen=True):
    """Work out the hashes of files that are kept."""

    evidence_ids: tuple[int, ...]


def days_of(services: Services, category: int) -> int:
    """For how many days what is reported as this is kept."""
    return max(services.settings.moderation.evidence_days, facts_of(category).kept_days)


def worse(category: int, than: int) -> bool:
    """Whether a category weighs more, or is kept longer, than another."""
    one, other = facts_of(category), facts_of(than)
    return (one.severity, one.kept_days) > (other.severity, other.kept_days)


async def reported(services: Services, tx: Transaction, event: Reported) -> None:
    """Keep what is reported, unless it is kept already as it is.

    Heard after the cases: whoever holds the open case of a subject is the only one who writes here.
    What is set aside keeps nothing.
    """
    if event.set_aside:
        return
    found = await gather.seen(tx, event.subjects, event.reporter_id)
    if not found:
        return
    prints = {subject: what.fingerprint() for subject, what in found.items()}
    known: list[Hold] = []
    fresh = dict(found)
    for hold in await _held(tx, found):
        if prints[hold.subject] == hold.fingerprint:
            known.append(hold)
            del fresh[hold.subject]
    until = services.clock.now() + days_of(services, event.category) * DAY
    await _longer(tx, known, event.category, until)
    await _add(services, tx, event, {each: (fresh[each], prints[each]) for each in fresh}, until)


async def _held(tx: Transaction, subjects: Mapping[Subject, Seen]) -> list[Hold]:
    held: list[Hold] = []
    for kind in _SUBJECTS:
        ids = [subject.id for subject in subjects if subject.kind == kind]
        held += await tx.all(queries.HELD_OF, ids=ids, kind=int(kind)) if ids else ()
    return held


async def _longer(tx: Transaction, known: Sequence[Hold], category: int, until: int) -> None:
    """What is reported again is kept longer; within a day of it nothing is written."""
    by_category: dict[int, list[int]] = {}
    for hold in known:
        is_worse = worse(category, hold.category)
        if is_worse or hold.hold_until < until - DAY:
            by_category.setdefault(category if is_worse else hold.category, []).append(hold.id)
    for each, ids in by_category.items():
        await tx.run(queries.LONGER, ids=ids, until=until, category=each)


async def _add(
    services: Services,
    tx: Transaction,
    event: Reported,
    fresh: Mapping[Subject, tuple[Seen, str]],
    until: int,
) -> None:
    holds: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    kept: list[dict[str, Any]] = []
    for subject, (what, fingerprint) in fresh.items():
        hold = Hold(
            id=services.ids.next(),
            subject_kind=int(subject.kind),
            subject_id=subject.id,
            account_id=what.account_id,
            category=event.category,
            report_id=event.report_id,
            fingerprint=fingerprint,
            taken_at=services.clock.now(),
            hold_until=until,
            ordered_until=0,
            gone_at=0,
        )
        holds.append(msgspec.structs.asdict(hold))
        texts.append({"evidence_id": hold.id, "content": _encode(what.snapshot).decode()})
        kept += [msgspec.structs.asdict(file) | {"evidence_id": hold.id} for file in what.files]
    if holds:
        await tx.run_many(queries.ADD, holds)
        await tx.run_many(queries.ADD_TEXT, texts)
    if kept:
        await tx.run_many(queries.ADD_FILE, kept)
        names = ("blob_key", "preview_key")
        await files.keep(tx, [(row["evidence_id"], row[name]) for row in kept for name in names])
        ids = tuple(sorted({row["evidence_id"] for row in kept}))
        await tx.enqueue("evidence.read_files", ReadFiles(ids))


async def closed(services: Services, tx: Transaction, event: CasesClosed) -> None:
    """What was upheld is kept until nobody can object any more; what was not, ends soon."""
    now = services.clock.now()
    upheld: dict[tuple[int, int], list[int]] = {}
    unfounded: dict[int, list[int]] = {}
    for kind, subject_id, category, actions in await tx.all(queries.CLOSED, ids=event.case_ids):
        if any(each.kind != ActionKind.NONE for each in _actions(actions)):
            upheld.setdefault((kind, category), []).append(subject_id)
        else:
            unfounded.setdefault(kind, []).append(subject_id)
    for (kind, category), ids in upheld.items():
        days = max(services.settings.moderation.appeal_days, facts_of(category).kept_days)
        until = now + days * DAY
        await tx.run(queries.UPHELD, kind=kind, ids=ids, until=until, category=category)
    for kind, ids in unfounded.items():
        await tx.run(queries.UNFOUNDED, kind=kind, ids=ids, until=now + AFTER_NONE_MS)


async def read_files(services: Services, payload: ReadFiles) -> None:
    """The job: the SHA-256 and the size of each file; those that are not there stay without."""
    for evidence_id in payload.evidence_ids:
        async with services.db.read() as reader:
            rows = await reader.all(queries.FILES, id=evidence_id)
        for file in rows:
            if not file.sha256:
                await _read(services, file)


async def _read(services: Services, file: File) -> None:
    for _ in range(2):  # it may be moved meanwhile
        key = await files.stored_key(services, file.blob_key)
        digest, size = hashlib.sha256(), 0
        try:
            async for piece in services.blobs.stream(key):
                digest.update(piece)
                size += len(piece)
        except NotFound:
            continue
        async with services.db.write() as tx:
            await tx.run(
                queries.READ,
                id=file.evidence_id,
                at=file.place,
                digest=digest.hexdigest(),
                bytes=size,
            )
        return


def decoded(content: str) -> Snapshot:
    """A snapshot as it is stored."""
    return msgspec.json.decode(content, type=Snapshot)


JOBS = (JobKind("evidence.read_files", ReadFiles, read_files, attempts=5, timeout_s=1800),)
