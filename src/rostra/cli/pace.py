"""`rostra pace`: how moderation keeps pace, in a terminal."""

from typing import Annotated, Literal

from cyclopts import Parameter

from rostra.cli.common import Where, say
from rostra.cli.operators import run
from rostra.network.edge import Reader, Services
from rostra.safety.categories.facts import facts_of
from rostra.safety.pace import access, words
from rostra.safety.pace.model import ALL, Pace, Row, Times


def pace(
    *,
    window: Annotated[Literal["day", "week"], Parameter(help="How far to look back.")] = "day",
    where: Where | None = None,
) -> None:
    """Show what came and was done, how long it took, what is late, when it will be done."""

    async def work(services: Services) -> None:
        async def load(reader: Reader) -> Pace:
            return await access.pace(services, reader, access.WINDOWS[window])

        found = await services.db.slowly(load)
        say(f"{'the last ' + window:28} came  done  open  late   looked at          decided")
        for row in found.rows:
            say(_line(row))
        if found.worst is not None:
            left = found.worst.status.deadline_at - services.clock.now()
            when = f"due in {words.span(left)}" if left > 0 else f"late by {words.span(-left)}"
            say(f"worst: case {found.worst.id}, {when}")
        for line in words.forecast(found.forecast, found.rows[0].waiting.cases):
            say(line)
        for alarm in found.alarms:
            say(f"alarm: {words.alarm(alarm)}")

    run(where, work)


def _line(row: Row) -> str:
    name = "all" if row.category == ALL else facts_of(row.category).name
    counts = (row.arrived, row.cleared, row.waiting.cases, row.waiting.late)
    numbers = "".join(f"{count:6,}" for count in counts)
    return f"{name[:26]:26}{numbers}   {_times(row.look):18} {_times(row.decision)}".rstrip()


def _times(times: Times) -> str:
    """Median and 95th percentile."""
    if times.median_ms is None or times.p95_ms is None:
        return "-"
    return f"{words.span(times.median_ms)} / {words.span(times.p95_ms)}"
