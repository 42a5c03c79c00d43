"""Checking a part of the stored ledger: as many lines as one request may read."""

from typing import Final

import msgspec

from rostra.kernel.errors import NotFound
from rostra.safety.edge import Reader, Services
from rostra.safety.ledger import access, keys, queries
from rostra.safety.ledger.chain import Head, head_of
from rostra.safety.ledger.sign import origin
from rostra.safety.ledger.verify import Finding, Verifier

MOST: Final = 5_000


class Part(msgspec.Struct, frozen=True):
    """What was found in the lines from ``first`` to ``last``, of ``lines`` in all."""

    first: int
    last: int
    lines: int
    points: int  # checkpoints that saw one of these lines
    findings: list[Finding]


async def check(services: Services, after: int) -> Part:
    """Read the lines behind a line again, 5,000 at most, with the checkpoints that saw them.

    Whether their records are what they were is for `audit`, which reads everything.

    Raises:
        NotFound: there is no such line.
        Unavailable: the key of the place can't be read.
    """

    async def work(reader: Reader) -> Part:
        return await _check(services, reader, after)

    return await services.db.slowly(work)


async def _check(services: Services, reader: Reader, after: int) -> Part:
    head = await access.head(reader)
    start = Head()
    if after:
        before = await access.lines(reader, after=after - 1, limit=1)
        if not before or before[0].seq != after:
            raise NotFound(f"line {after}")
        start = head_of(before[0])
    lines = await access.lines(reader, after=after, limit=MOST)
    last = lines[-1].seq if lines else after
    points = [
        point
        for point in await reader.all(queries.POINTS_AFTER, after=after, limit=MOST)
        if point.seq <= last
    ]
    verifier = Verifier(origin(services), [keys.public_key(services)], points)
    verifier.head = start
    for line in lines:
        verifier.take(line)
    return Part(after + 1, last, head.seq, len(points), verifier.finish())
