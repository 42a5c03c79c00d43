"""`rostra transparency`: what a place tells the public and the authorities of its decisions."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from rostra.cli.common import Where, say, stop
from rostra.cli.operators import run
from rostra.network.edge import Reader, Services
from rostra.safety.transparency import gather, pack, readiness, report, validate
from rostra.safety.transparency.figures import Period
from rostra.safety.transparency.model import START, Cursor
from rostra.safety.transparency.statement import Statement, encoded, plain

app = App(name="transparency", help="What the public and authorities are told of decisions.")

Into = Annotated[Path, Parameter(help="A folder for the files; made where it is not there.")]
Since = Annotated[str, Parameter(help="First day (UTC), such as 2026-01-01; without: yesterday.")]
Until = Annotated[str, Parameter(help="Last day (UTC); without: the first one.")]


@app.command
def statements(
    *, into: Into, since: Since = "", until: Until = "", where: Where | None = None
) -> None:
    """Write statements of reasons for the EU's transparency database: at most 100 a file.

    Each is held against the database's documented rules first; status 1 where one would be refused.
    """
    period = _period(since, until)
    into.mkdir(parents=True, exist_ok=True)

    async def work(services: Services) -> None:
        written = files = refused = 0
        after: Cursor | None = START
        while after is not None:
            made, after = await _page(services, period, after)
            for statement in made:
                for fault in validate.faults_of(plain(statement)):
                    say(f"{statement.puid}: {fault.field} {fault.text}")
                    refused += 1
            if made:
                files += 1
                (into / f"statements-{files:05}.json").write_bytes(encoded(made))
                written += len(made)
        say(f"{written} statements of {period.label} in {files} files")
        if refused:
            stop(f"{refused} things would be refused")

    run(where, work)


@app.command(name="report")
def write_report(
    *,
    into: Into,
    period: Annotated[str, Parameter(help="A half-year, such as 2026-H1; without: the last.")] = "",
    where: Where | None = None,
) -> None:
    """Write the transparency report of a half-year as CSV, by the templates of (EU) 2024/2835."""
    into.mkdir(parents=True, exist_ok=True)

    async def work(services: Services) -> None:
        now = services.clock.now()
        known = {report.name_of(each): each for each in report.periods(now)}
        if period and period not in known:
            stop(f"there is no report {period!r}: {', '.join(known)}")
        wanted = known[period] if period else report.periods(now)[1]
        found = await report.report(services, wanted)
        for name, text in (await report.files(services, found)).items():
            (into / name).write_bytes(text.encode())
        say(f"{found.decisions} decisions and {found.reports} reports of {wanted.label}")

    run(where, work)


@app.command(name="pack")
def write_pack(file: Path, *, where: Where | None = None) -> None:
    """Write the evidence pack: one HTML file with figures and time lines, for a host or a store."""

    async def work(services: Services) -> None:
        found = await report.report(services, report.periods(services.clock.now())[0])
        async with services.db.read() as reader:
            text = await pack.pack(services, reader, found)
        await asyncio.to_thread(file.write_text, text, encoding="utf-8")
        say(f"{file}: {found.decisions} decisions and {found.reports} reports")

    run(where, work)


@app.command(name="readiness")
def show_readiness(*, where: Where | None = None) -> None:
    """What stores, hosts and laws ask for: each with its evidence, or with what is missing.

    Status 1 where something is missing. It is a list to work through, no legal advice.
    """

    async def work(services: Services) -> None:
        lines = await readiness.now(services)
        for line in lines:
            mark = f"missing: {line.missing}" if line.missing else line.evidence
            say(f"{line.source}: {line.asks}: {mark}")
        missing = sum(bool(line.missing) for line in lines)
        if missing:
            stop(f"{missing} of {len(lines)} are missing")

    run(where, work)


async def _page(
    services: Services, period: Period, after: Cursor
) -> tuple[list[Statement], Cursor | None]:
    async def work(reader: Reader) -> tuple[list[Statement], Cursor | None]:
        return await gather.page(services, reader, period, after)

    return await services.db.slowly(work)


def _period(since: str, until: str) -> Period:
    try:
        first = date.fromisoformat(since) if since else datetime.now(UTC).date() - timedelta(days=1)
        last = date.fromisoformat(until) if until else first
    except ValueError:
        stop("days are written as 2026-01-31")
    if last < first:
        stop("--until is before --since")
    return Period(first, last)
