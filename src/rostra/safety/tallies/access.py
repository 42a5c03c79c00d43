"""Loads how signals do, by the day and by the week, for the team."""

from collections import defaultdict
from typing import Final, NamedTuple

from rostra.kernel import ids
from rostra.kernel.clock import DAY
from rostra.safety.edge import Reader, Services
from rostra.safety.tallies import queries
from rostra.safety.tallies.model import WEEK, Row, Span, week_of
from rostra.safety.tallies.reckon import span_of
from rostra.store.query import Query

MOST_DAYS: Final = 31
MOST_WEEKS: Final = 26


class History(NamedTuple):
    """Spans of time, the oldest first, without holes.

    Attributes:
        counted_until: what came later is not counted yet (UTC ms); 0: nothing is.
    """

    spans: tuple[Span, ...]
    counted_until: int


async def days(services: Services, reader: Reader, how_many: int) -> History:
    """The last days (UTC), today among them. Two statements, over counts alone."""
    today = services.clock.now() // DAY * DAY
    starts = range(today - (how_many - 1) * DAY, today + 1, DAY)
    return await _history(reader, queries.DAYS, starts)


async def weeks(services: Services, reader: Reader, how_many: int) -> History:
    """The last weeks, from Monday on, this one among them. Two statements, over counts alone."""
    this = week_of(services.clock.now())
    starts = range(this - (how_many - 1) * WEEK, this + 1, WEEK)
    return await _history(reader, queries.WEEKS, starts)


async def _history(reader: Reader, statement: Query[Row], starts: range) -> History:
    rows: dict[int, list[Row]] = defaultdict(list)
    for row in await reader.all(statement, since=starts[0]):
        rows[row.at].append(row)
    heads = [counted for _, counted in await reader.all(queries.HEADS)]
    return History(
        tuple(span_of(at, rows.get(at, ())) for at in starts),
        ids.time_of(min(heads)) if heads else 0,
    )
