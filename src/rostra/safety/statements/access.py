"""Loads statements for the members whose they are, and for nobody else."""

from collections.abc import Sequence

from rostra.kernel import crypto
from rostra.kernel.errors import NotFound
from rostra.kernel.paging import Page, Window
from rostra.safety.decisions import access as decisions_access
from rostra.safety.edge import Reader
from rostra.safety.statements import queries
from rostra.safety.statements.model import Statement, StatementRow
from rostra.safety.subjects import Subject
from rostra.store.paging import window_of

MOST_SUBJECTS = 200
"""So many things that a decision is about are named to its member."""


async def page(reader: Reader, viewer_id: int, page: Page) -> Window[Statement]:
    """A member's statements, the newest first. Three statements."""
    window = await window_of(reader, queries.PAGES, page, lambda row: row.id, account=viewer_id)
    found = await _whole(reader, viewer_id, window.items)
    return Window(found, window.next_max_id, window.prev_min_id)


async def by_ids(reader: Reader, viewer_id: int, ids: Sequence[int]) -> list[Statement]:
    """Those of the statements that are the member's, the newest first. Three statements."""
    if not ids:
        return []
    rows = await reader.all(queries.BY_IDS, account=viewer_id, ids=ids)
    return await _whole(reader, viewer_id, sorted(rows, key=lambda row: -row.id))


async def one(reader: Reader, viewer_id: int, statement_id: int) -> Statement:
    """One of a member's statements.

    Raises:
        NotFound: they have none with this id.
    """
    found = await by_ids(reader, viewer_id, [statement_id])
    if not found:
        raise NotFound(f"statement {statement_id} of {viewer_id}")
    return found[0]


async def linked(reader: Reader, token: str, now: int) -> Statement:
    """The statement that the link in a letter leads to, for a member who may not sign in.

    Raises:
        NotFound: there is no such link, or its time is over.
    """
    row = None
    if token:
        row = await reader.first(queries.LINKED, token_hash=crypto.token_hash(token), now=now)
    if row is None:
        raise NotFound("no statement for this link")
    return (await _whole(reader, row.account_id, [row]))[0]


async def for_letter(reader: Reader, statement_id: int) -> Statement | None:
    """A statement that is to be sent; None: it is gone."""
    row = await reader.first(queries.ANY, id=statement_id)
    return None if row is None else (await _whole(reader, row.account_id, [row]))[0]


async def _whole(reader: Reader, account_id: int, rows: Sequence[StatementRow]) -> list[Statement]:
    if not rows:
        return []
    ids = [row.decision_id for row in rows]
    decisions = await decisions_access.by_ids(reader, ids)
    subjects: dict[int, list[Subject]] = {}
    for decision_id, kind, subject_id in await reader.all(
        queries.SUBJECTS, account=account_id, decisions=ids, limit=MOST_SUBJECTS * len(rows)
    ):
        subjects.setdefault(decision_id, []).append(Subject(kind, subject_id))
    return [
        Statement(
            row=row,
            decision=decisions[row.decision_id],
            subjects=tuple(subjects.get(row.decision_id, ())[:MOST_SUBJECTS]),
        )
        for row in rows
        if row.decision_id in decisions
    ]
