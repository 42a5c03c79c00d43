"""Loads cases for the team: one, the queue and its views, what happened to them."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from rostra.kernel.errors import NotFound
from rostra.kernel.paging import MAX_BOUND
from rostra.safety.cases import queries
from rostra.safety.cases.model import Before, Case, Event
from rostra.safety.edge import Reader
from rostra.safety.subjects import Subject, SubjectKind

_decode = msgspec.json.Decoder(Event).decode
_FROM_THE_FIRST = -MAX_BOUND


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of the queue is asked for; what is left at its default leaves nothing out.

    Attributes:
        category: of this category; 0: of all.
        categories: of these alone, for a reviewer who is trusted with no others.
        language: in this language.
        sources: of which one of these has told (bits: 1 << `Sender`).
        escalated: None: both.
        cluster_id: those of this cluster.
        due_first: by their deadlines, not by harm.
    """

    category: int = 0
    categories: tuple[int, ...] | None = None
    language: str = ""
    sources: int = 0
    escalated: bool | None = None
    cluster_id: int = 0
    due_first: bool = False


EVERYTHING = View()


class Count(msgspec.Struct, frozen=True):
    """What is open of a category. Times are UTC ms."""

    category: int
    cases: int
    oldest_at: int
    due_at: int


async def one(reader: Reader, case_id: int) -> Case:
    """A case.

    Raises:
        NotFound: there is none.
    """
    found = await by_ids(reader, [case_id])
    if case_id not in found:
        raise NotFound(f"case {case_id}")
    return found[case_id]


async def by_ids(reader: Reader, ids: Sequence[int]) -> dict[int, Case]:
    """Those of the cases that there are. One statement."""
    if not ids:
        return {}
    return {case.id: case for case in await reader.all(queries.BY_IDS, ids=ids)}


async def open_about_posts(reader: Reader, post_ids: Sequence[int]) -> dict[int, Case]:
    """The open case of each of these posts that has one, by the post. One statement."""
    if not post_ids:
        return {}
    kind = int(SubjectKind.POST)
    found = await reader.all(queries.WAITING_ABOUT, kind=kind, ids=list(post_ids))
    return {case.subject_id: case for case in found}


async def queue(
    reader: Reader, view: View = EVERYTHING, *, limit: int = 40, after: Case | None = None
) -> list[Case]:
    """A page of the queue, the worst first, behind a case of the page before. One statement."""
    place = {"after_rank": _FROM_THE_FIRST, "after_id": 0}
    if after:
        rank = after.status.deadline_at if view.due_first else after.rank
        place = {"after_rank": rank, "after_id": after.id}
    if view.cluster_id:
        query, lead = queries.OF_CLUSTER, {"cluster": view.cluster_id}
    else:
        query, lead = leading(view, QUEUES)
    found: list[Case] = await reader.all(query, limit=limit, **place, **lead, **filters_of(view))
    return found


QUEUES = (
    queries.QUEUE,
    queries.QUEUE_OF_CATEGORY,
    queries.QUEUE_IN_LANGUAGE,
    queries.QUEUE_OF_REVIEWER,
    queries.DUE_FIRST,
    queries.DUE_FIRST_OF_CATEGORIES,
)


def leading(view: View, statements: Sequence[Any]) -> tuple[Any, dict[str, Any]]:
    """Which of the statements leads through it, and with what.

    They are for all, a category, a language, a reviewer, and by deadlines: for all, some
    categories. A reviewer who asks for a category that they are not trusted with is shown none.
    """
    if view.due_first:
        if not view.category and view.categories is None:
            return statements[4], {}
        return statements[5], {"categories": _of_these(view)}
    if view.category and (view.categories is None or view.category in view.categories):
        return statements[1], {"category": view.category}
    if view.categories is not None:
        return statements[3], {"categories": _of_these(view)}
    return statements[2 if view.language else 0], {}


def _of_these(view: View) -> list[int]:
    if view.categories is None:
        return [view.category]
    return [each for each in view.categories if view.category in {0, each}]


def filters_of(view: View) -> dict[str, int | str]:
    """The parameters of what a view leaves out wherever it is led through."""
    return {
        "sources": view.sources,
        "escalated": -1 if view.escalated is None else int(view.escalated),
        "language": view.language,
    }


async def held_by(reader: Reader, actor_id: int, *, now: int, limit: int = 40) -> list[Case]:
    """What somebody works on at this time (UTC ms), the worst first."""
    return await reader.all(queries.MINE, actor=actor_id, now=now, limit=limit)


async def of_account(
    reader: Reader, account_id: int, *, limit: int = 40, below: int = MAX_BOUND
) -> list[Case]:
    """All cases about an account and what is its, the newest first."""
    return await reader.all(queries.OF_ACCOUNT, account=account_id, limit=limit, below=below)


async def events(
    reader: Reader, case_id: int, *, limit: int = 200, reports: bool = True
) -> list[Event]:
    """The latest of what happened to a case, in its order. One statement.

    ``reports`` False leaves out that somebody reported it.
    """
    rows = await reader.all(queries.EVENTS, id=case_id, limit=limit, reports=int(reports))
    return [_decode(data) for data in reversed(rows)]


async def said_of(reader: Reader, case_ids: Sequence[int]) -> dict[int, list[Event]]:
    """What was said of cases, by reports, machines and people: of few, which have few events.

    One statement.
    """
    found: dict[int, list[Event]] = {}
    if case_ids:
        for case_id, data in await reader.all(queries.SAID, ids=case_ids):
            found.setdefault(case_id, []).append(_decode(data))
    return found


async def report_ids(
    reader: Reader, case_id: int, *, limit: int = 40, below: int = MAX_BOUND
) -> list[int]:
    """The reports of a case, the newest first."""
    return await reader.all(queries.REPORTS, id=case_id, limit=limit, below=below)


async def cases_of_reports(reader: Reader, report_ids: Sequence[int]) -> dict[int, list[int]]:
    """The cases that reports have joined, by report."""
    found: dict[int, list[int]] = {}
    if report_ids:
        for report_id, case_id in await reader.all(queries.CASES_OF_REPORTS, ids=report_ids):
            found.setdefault(report_id, []).append(case_id)
    return found


async def decided_before(reader: Reader, subjects: Iterable[Subject]) -> dict[Subject, Before]:
    """What was decided last about those subjects that were. One statement for each sort."""
    wanted: dict[int, list[int]] = {}
    for kind, subject_id in subjects:
        wanted.setdefault(kind, []).append(subject_id)
    found: dict[Subject, Before] = {}
    for kind, ids in wanted.items():
        for each in await reader.all(queries.DECIDED_BEFORE, kind=kind, ids=ids):
            found[Subject(kind, each.subject_id)] = each
    return found


async def counts(reader: Reader) -> list[Count]:
    """How much is open, by category. One statement."""
    return [Count(*row) for row in await reader.all(queries.COUNTS)]
