"""The transparency report of a half-year: counted from the rows, kept for an hour."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from weakref import WeakKeyDictionary

import msgspec

from rostra.kernel import ids
from rostra.kernel.clock import HOUR
from rostra.kernel.errors import NotFound
from rostra.network.edge import Database
from rostra.safety.categories.model import Sender
from rostra.safety.decisions.model import Action, Ground
from rostra.safety.edge import Reader, Services
from rostra.safety.transparency import queries, templates
from rostra.safety.transparency.effects import effect_of
from rostra.safety.transparency.figures import (
    OWN,
    About,
    ComplaintRow,
    DecisionRow,
    NoticeRow,
    Outcome,
    Pace,
    Period,
    pace,
)
from rostra.safety.transparency.letters import HEADS, LetterRow, orders, table
from rostra.safety.transparency.model import AppealFacts, DecisionFacts, ReportFacts

SHOWN: Final = 4  # half-years that anybody may ask for
KEPT: Final = HOUR
LETTERS_FILE: Final = "own_letters_from_outside.csv"  # in no template
_JULY: Final = 7
_UPHELD = 1  # the state of a report that was right
_OUTCOMES: Final = {0: Outcome.OPEN, 1: Outcome.REVERSED, 2: Outcome.UPHELD}
_decode = msgspec.json.Decoder(tuple[Action, ...]).decode


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a half-year comes to."""

    period: Period
    counted_at: int
    rows: templates.Rows
    pace: dict[int, Pace]  # by our categories; 0: all
    open: dict[int, tuple[int, int]]  # how many cases are open, and since when the oldest is
    reports: int
    decisions: int
    letters: Sequence[LetterRow] = ()


class _Known:
    """What a process has counted of one database."""

    def __init__(self) -> None:
        self.reports: dict[str, Report] = {}
        self.lock = asyncio.Lock()


_known: WeakKeyDictionary[Database, _Known] = WeakKeyDictionary()


def periods(now: int) -> list[Period]:
    """The half-years that are shown, the one that runs first."""
    day = datetime.fromtimestamp(now / 1000, UTC).date()
    found = [Period.half_year(day)]
    while len(found) < SHOWN:
        found.append(Period.half_year(found[-1].first - timedelta(days=1)))
    return found


def name_of(period: Period) -> str:
    """`2026-H1`."""
    return f"{period.first.year}-H{1 if period.first.month < _JULY else 2}"


def named(name: str, now: int) -> Period:
    """The half-year of this name.

    Raises:
        NotFound: it is none that is shown.
    """
    for period in periods(now):
        if name_of(period) == name:
            return period
    raise NotFound(f"no report {name!r}")


async def report(services: Services, period: Period) -> Report:
    """The figures of a half-year, at most an hour old. Others wait for whoever counts."""
    known = _known.setdefault(services.db, _Known())
    name = name_of(period)
    async with known.lock:
        found = known.reports.get(name)
        if found is None or services.clock.now() - found.counted_at >= KEPT:
            found = await services.db.slowly(lambda reader: counted(services, reader, period))
            shown = {name_of(each) for each in periods(services.clock.now())}
            known.reports = {key: kept for key, kept in known.reports.items() if key in shown}
            known.reports[name] = found
    return found


async def counted(services: Services, reader: Reader, period: Period) -> Report:
    """Count a period now."""
    bounds = {"from_id": ids.floor_at(period.start), "until_id": ids.floor_at(period.end)}
    made = [_decision(row) for row in await reader.all(queries.DECISIONS, **bounds)]
    told = await reader.all(queries.REPORTS, **bounds)
    cases = [
        DecisionRow(
            at=row.decided_at,
            category=row.category,
            told_at=row.opened_at,
            looked_at=row.looked_at,
            undone=bool(row.undone),
        )
        for row in await reader.all(queries.CASES, **bounds)
    ]
    letters = await reader.all(queries.LETTERS, **bounds)
    rows = templates.Rows(
        decisions=made,
        notices=_notices(told),
        orders=orders(letters),
        complaints=[_complaint(row) for row in await reader.all(queries.APPEALS, **bounds)],
    )
    return Report(
        period=period,
        counted_at=services.clock.now(),
        rows=rows,
        pace=pace(cases, period),
        open={category: (many, since) for category, many, since in await reader.all(queries.OPEN)},
        reports=len(told),
        decisions=len(made),
        letters=letters,
    )


async def files(services: Services, found: Report) -> dict[str, str]:
    """The CSV files of a report."""
    published = datetime.fromtimestamp(services.clock.now() / 1000, UTC).date()
    parts = templates.parts(
        found.rows, services.settings.site.title, found.period, published, _previous(found.period)
    )
    lines = table(found.letters, found.period, found.counted_at)
    return {**parts, LETTERS_FILE: templates.written(HEADS, lines)}


def _previous(period: Period) -> date:
    """When the report before is due: two months after its end at the latest."""
    before = Period.half_year(period.first - timedelta(days=1))
    return before.last + timedelta(days=1)


def _decision(row: DecisionFacts) -> DecisionRow:
    effect = effect_of(_decode(row.actions), with_subject=True, with_account=True)
    return DecisionRow(
        at=row.created_at,
        category=row.category,
        by_law=row.ground == Ground.LAW,
        source=row.source if row.source >= 0 else OWN,
        machine_found=bool(row.machine_found),
        machine_decided=bool(row.machine_decided),
        subjects=row.subjects_count,
        visibility=effect.visibility,
        account=effect.account,
        undone=row.undone_by != 0,
    )


def _notices(rows: Sequence[ReportFacts]) -> list[NoticeRow]:
    """All reports but those that authorities order by letter: these are counted as letters."""
    return [
        NoticeRow(
            at=row.created_at,
            category=row.category,
            source=row.source,
            items=max(1, row.posts),
            decided_at=row.decided_at,
            acted=row.state == _UPHELD,
            by_law=row.ground == Ground.LAW,
            machine_decided=bool(row.machine_decided),
        )
        for row in rows
        if row.source != Sender.AUTHORITY
    ]


def _complaint(row: AppealFacts) -> ComplaintRow:
    about = About.VISIBILITY
    if row.report_id:
        about = About.FLAGGER if row.source == Sender.TRUSTED_FLAGGER else About.NOTICE
    elif effect_of(_decode(row.actions), with_subject=False, with_account=True).account:
        about = About.ACCOUNT
    return ComplaintRow(
        at=row.created_at,
        about=about,
        outcome=_OUTCOMES.get(row.state, Outcome.OMITTED),
        answered_at=row.answered_at,
    )
