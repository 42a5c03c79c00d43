"""Pages about decisions for everybody: the transparency report and its tables."""

from collections.abc import Iterable
from typing import Any

import msgspec

from rostra.http.params import NoParams
from rostra.http.response import Response
from rostra.kernel.errors import NotFound
from rostra.safety.categories.facts import facts_of
from rostra.safety.transparency import figures, letters, report
from rostra.safety.transparency.figures import Outcome, hours, median, percentile
from rostra.safety.transparency.report import Report
from rostra.web.call import PageCall
from rostra.web.route import GET, Route
from rostra.web.views.transparency import Figure, Group, Link, TransparencyPage

_HERE = "/about/transparency"
_CSV = (b"content-type", b"text/csv; charset=utf-8")


class PeriodParams(msgspec.Struct, frozen=True):
    """Which half-year: `2026-H1`."""

    period: str


class FileParams(msgspec.Struct, frozen=True):
    """Which table of a half-year."""

    period: str
    file: str


async def newest(call: PageCall[NoParams]) -> Response:
    """The half-year that runs."""
    return await _shown(call, report.periods(call.now)[0])


async def of_period(call: PageCall[PeriodParams]) -> Response:
    """One of the last half-years."""
    return await _shown(call, report.named(call.params.period, call.now))


async def table(call: PageCall[FileParams]) -> Response:
    """A table of it, as CSV."""
    period = report.named(call.params.period, call.now)
    found = await report.report(call.services, period)
    files = await report.files(call.services, found)
    text = files.get(call.params.file)
    if text is None:
        raise NotFound(f"no table {call.params.file!r}")
    return Response(text.encode(), headers=(_CSV,))


async def _shown(call: PageCall[Any], period: figures.Period) -> Response:
    found = await report.report(call.services, period)
    name = report.name_of(period)
    page = TransparencyPage(
        period=period.label.replace("/", " to "),
        name=name,
        counted_at=found.counted_at,
        groups=[*_groups(found)],
        periods=[
            Link(each, f"{_HERE}/{each}", each == name)
            for each in map(report.name_of, report.periods(call.now))
        ],
        files=[
            Link(
                file.removesuffix(".csv").partition("_")[2].replace("_", " "),
                f"{_HERE}/{name}/{file}",
            )
            for file in await report.files(call.services, found)
        ],
    )
    return await call.page(page)


def _groups(found: Report) -> Iterable[Group]:
    rows, period = found.rows, found.period
    machine, people = figures.machine_share(rows.decisions, period)
    yield Group(
        "In all",
        (
            Figure("Reports", str(found.reports)),
            Figure("Decisions", str(found.decisions)),
            Figure("Restrictions that people decided", str(people)),
            Figure("Restrictions that machines decided", str(machine)),
            Figure("Orders of authorities", str(len(rows.orders))),
            Figure("Cases open now", str(sum(many for many, _ in found.open.values()))),
        ),
    )
    every = [each for category, each in sorted(found.pace.items()) if category == 0]
    yield Group(
        "How soon",
        [figure for each in every for figure in _pace(each)],
        "From the first report to a first look and to the decision.",
    )
    yield Group(
        "By kind of harm",
        [
            Figure(
                facts_of(category).name,
                f"{each.decided} decided, {_times(each.to_decide)} hours, {each.undone} taken back",
            )
            for category, each in sorted(found.pace.items())
            if category
        ],
    )
    said = [row for row in rows.complaints if period.holds(row.at)]
    outcomes = [row.outcome for row in said]
    answered = [row.answered_at - row.at for row in said if row.answered_at]
    yield Group(
        "Appeals",
        (
            Figure("Made", str(len(outcomes))),
            Figure("Decision stayed", str(outcomes.count(Outcome.UPHELD))),
            Figure("Decision taken back", str(outcomes.count(Outcome.REVERSED))),
            Figure("Not answered yet", str(outcomes.count(Outcome.OPEN))),
            Figure("Hours to the answer", _times(answered)),
        )
        if outcomes
        else (),
        "What members and those who reported said against decisions.",
    )
    yield Group("Letters", [*_letters(found)], "From hosts, stores, authorities and others.")


def _letters(found: Report) -> Iterable[Figure]:
    by_sender = letters.counted(found.letters, found.period, found.counted_at)
    if every := by_sender.get(-1):
        yield Figure("Received", str(every.received))
        for kind, name in letters.SENDERS.items():
            if kind in by_sender:
                yield Figure(f"From {name[0].lower()}{name[1:]}", str(by_sender[kind].received))
        yield Figure("Answered in time", str(every.in_time))
        yield Figure("Answered late", str(every.late))
        yield Figure("Closed without an answer", str(every.closed))
        yield Figure("Not answered yet", str(every.waiting))
        yield Figure("Of these overdue", str(every.overdue))
        yield Figure("Hours to the answer", _times(every.times))


def _pace(each: figures.Pace) -> Iterable[Figure]:
    yield Figure("Hours to a first look", _times(each.to_look))
    yield Figure("Hours to the decision", _times(each.to_decide))
    if each.timed:
        share = 100 * each.in_time // each.timed
        yield Figure("Decided in the time that their kind of harm has", f"{share} %")


def _times(times: list[int]) -> str:
    if not times:
        return "-"
    return f"{hours(median(times))} and {hours(percentile(times, 95))}"


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, newest),
    Route(GET, f"{_HERE}/{{period}}", of_period, params=PeriodParams),
    Route(GET, f"{_HERE}/{{period}}/{{file}}", table, params=FileParams),
)
