"""Writes cases: what happened to them, and what they are by that. The only writer of their rows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from rostra.kernel.errors import Conflict, NotFound
from rostra.safety.cases import queries
from rostra.safety.cases.fold import folded
from rostra.safety.cases.model import Case, CaseState, Event, Facts, Status
from rostra.safety.cases.rank import rank_of
from rostra.safety.edge import Reader, Services, Transaction
from rostra.safety.subjects import Subject, SubjectKind

_encode = msgspec.json.Encoder().encode
_FACTS = {
    SubjectKind.POST: queries.POST_FACTS,
    SubjectKind.ACCOUNT: queries.ACCOUNT_FACTS,
    SubjectKind.MEDIA: queries.MEDIA_FACTS,
}
# Whoever answers, favourites or reblogs a post was not the only one who saw it.
_SEEN_BY_ONE_WHO_ACTS = 20


async def facts_of(reader: Reader, subjects: Iterable[Subject]) -> dict[Subject, Facts]:
    """What is known of those subjects that there are. One statement for each sort."""
    wanted: dict[int, list[int]] = {}
    for kind, subject_id in subjects:
        wanted.setdefault(kind, []).append(subject_id)
    found: dict[Subject, Facts] = {}
    for kind, ids in wanted.items():
        for subject_id, *columns in await reader.all(_FACTS[SubjectKind(kind)], ids=ids):
            found[Subject(kind, subject_id)] = Facts(*columns)
    return found


def reach_of(facts: Facts, now: int) -> int:
    """How many may have seen it: followers and whoever passed it on, and how fast that went.

    Times ``now`` in UTC ms. What is acted on more than once a minute is about to be seen by as many
    again.
    """
    acted = facts.replies + facts.reblogs + facts.favourites
    seen = facts.followers + acted * _SEEN_BY_ONE_WHO_ACTS
    minutes = max(1, (now - facts.created_at) // 60_000)
    return seen * 2 if acted > minutes else seen


async def open_cases(
    services: Services, tx: Transaction, facts: Mapping[Subject, Facts]
) -> tuple[dict[Subject, Case], set[int]]:
    """The open case of each subject, locked, opened where there was none; and which those are."""
    found = await open_of(tx, facts)
    missing = [subject for subject in facts if subject not in found]
    if not missing:
        return found, set()
    made = [_opened(services, subject, facts[subject]) for subject in missing]
    await tx.run_many(queries.ADD, [_columns(case) for case in made])
    found = await open_of(tx, facts)  # somebody else may have been the first
    opened = {case.id for case in made} & {case.id for case in found.values()}
    return found, opened


async def open_of(tx: Transaction, subjects: Iterable[Subject]) -> dict[Subject, Case]:
    """The open cases of those subjects that have one, locked. One statement for each sort."""
    wanted: dict[int, list[int]] = {}
    for kind, subject_id in subjects:
        wanted.setdefault(kind, []).append(subject_id)
    found: dict[Subject, Case] = {}
    for kind, ids in sorted(wanted.items()):
        for case in await tx.all(queries.OPEN_OF_SUBJECTS, kind=kind, ids=ids):
            found[case.subject] = case
    return found


def _opened(services: Services, subject: Subject, facts: Facts) -> Case:
    return Case(
        id=services.ids.next(),
        subject_kind=subject.kind,
        subject_id=subject.id,
        account_id=facts.account_id,
        language=facts.language,
        cluster_id=0,
        rank=0,
        reasons="[]",
        status=Status(opened_at=services.clock.now()),
    )


async def locked(tx: Transaction, case_ids: Iterable[int]) -> list[Case]:
    """These cases, which nobody else changes until the transaction ends.

    Raises:
        NotFound: one of them does not exist.
    """
    wanted = sorted(set(case_ids))
    found = await tx.all(queries.LOCKED, ids=wanted)
    if len(found) != len(wanted):
        missing = set(wanted) - {case.id for case in found}
        raise NotFound(f"cases {sorted(missing)[:5]}")
    return list(found)


async def open_one(tx: Transaction, case_id: int) -> Case:
    """An open case, locked.

    Raises:
        NotFound: there is none.
        Conflict: it is decided, or merged into another.
    """
    (case,) = await locked(tx, [case_id])
    if case.status.state != CaseState.OPEN:
        raise Conflict(f"case {case_id} is closed", safe="This case is closed", code="case_closed")
    return case


async def set_cluster(tx: Transaction, case_ids: Sequence[int], cluster_id: int) -> None:
    """Let these cases belong to a cluster."""
    await tx.run(queries.SET_CLUSTER, ids=case_ids, cluster=cluster_id)


async def append(
    services: Services, tx: Transaction, happened: Sequence[tuple[Case, Sequence[Event]]]
) -> list[Case]:
    """Write what happened to locked cases, and what they are now. Two statements, many rows."""
    changed: list[Case] = []
    events: list[dict[str, Any]] = []
    for case, new in happened:
        status = folded(new, case.status)
        rank, reasons = rank_of(status)
        changed.append(
            msgspec.structs.replace(
                case, status=status, rank=rank, reasons=_encode(reasons).decode()
            )
        )
        events += [
            _event(services, case, at, event)
            for at, event in enumerate(new, case.status.events_count + 1)
        ]
    await tx.run_many(queries.ADD_EVENT, events)
    await tx.run_many(queries.PUT, [_folded(case) for case in changed])
    return changed


def _event(services: Services, case: Case, place: int, event: Event) -> dict[str, Any]:
    return {
        "id": services.ids.next(),
        "case_id": case.id,
        "place": place,
        "kind": int(event.kind),
        "actor_id": event.actor_id,
        "data": _encode(event).decode(),
        "created_at": event.at,
    }


def _folded(case: Case) -> dict[str, Any]:
    values = {name: int(getattr(case.status, name)) for name in Status.__struct_fields__}
    return {"id": case.id, "rank": case.rank, "reasons": case.reasons, **values}


def _columns(case: Case) -> dict[str, Any]:
    head = ("subject_kind", "subject_id", "account_id", "language", "cluster_id")
    return {name: getattr(case, name) for name in head} | _folded(case)
