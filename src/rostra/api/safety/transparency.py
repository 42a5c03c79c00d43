"""Statements of reasons as the EU's transparency database takes them, for the team's programs."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec

from rostra.api.endpoint import GET, Answered, Auth, Call, Endpoint
from rostra.api.safety.common import BASE, READ, actor_of
from rostra.http.params import Count, NoParams
from rostra.kernel.errors import Invalid
from rostra.network.edge import Reader
from rostra.safety.team.model import Permission
from rostra.safety.transparency import gather, readiness, words
from rostra.safety.transparency.figures import Period
from rostra.safety.transparency.model import START, Cursor
from rostra.safety.transparency.statement import Statement


class StatementParams(msgspec.Struct, frozen=True):
    """Which period: days in UTC, both counted. `after` comes from the `Link` header."""

    since: str = ""
    until: str = ""
    after: str = ""
    limit: Count | None = None


class Batch(msgspec.Struct, frozen=True):
    """The body of one call to the transparency database."""

    statements: list[Statement]


async def statements(call: Call[StatementParams]) -> Answered:
    """A batch of at most 100, to be sent as it is; `Link` leads to the next."""
    params = call.params
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.RECORD)
    period = Period(_day(call, "since"), _day(call, "until"))
    if period.last < period.first:
        raise Invalid("until", "must not be before since", "ERR_INVALID")
    after = START
    if params.after:
        cursor = Cursor.read(params.after)
        if cursor is None:
            raise Invalid("after", "is no place to go on from", "ERR_INVALID")
        after = cursor
    limit = max(1, min(params.limit or words.BATCH, words.BATCH))

    async def work(reader: Reader) -> tuple[list[Statement], Cursor | None]:
        return await gather.page(call.services, reader, period, after, limit=limit)

    made, following = await call.services.db.slowly(work)
    return Answered(Batch(made), headers=_link(call, following, limit))


class ReadinessLine(msgspec.Struct, frozen=True):
    """What somebody asks for; either its evidence, or what is missing."""

    source: str
    asks: str
    met: bool
    evidence: str
    missing: str


async def readiness_lines(call: Call[NoParams]) -> list[ReadinessLine]:
    """What stores, hosts and laws ask for. Nobody has examined the place."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.RECORD)
    lines = await readiness.now(call.services)
    return [
        ReadinessLine(each.source, each.asks, not each.missing, each.evidence, each.missing)
        for each in lines
    ]


def _link(
    call: Call[StatementParams], following: Cursor | None, limit: int
) -> tuple[tuple[bytes, bytes], ...]:
    if following is None:
        return ()
    said = {
        "since": call.params.since,
        "until": call.params.until,
        "limit": limit,
        "after": following.text,
    }
    start = f"{call.request.base_url}{call.request.path}?"
    return ((b"link", f'<{start}{urlencode(said)}>; rel="next"'.encode()),)


def _day(call: Call[StatementParams], field: str) -> date:
    text: str = getattr(call.params, field)
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Invalid(field, "must be a day such as 2026-01-31", "ERR_INVALID") from None
    if not 2000 <= found.year < 2100:  # noqa: PLR2004 (years that a place can have decisions in)
        raise Invalid(field, "must be a day of this century", "ERR_INVALID")
    return found


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        f"{BASE}/transparency/statements",
        statements,
        auth=Auth.USER,
        scopes=READ,
        params=StatementParams,
        answer=Batch,
        summary="Statements of reasons for the transparency database",
        errors=(422,),
    ),
    Endpoint(
        GET,
        f"{BASE}/readiness",
        readiness_lines,
        auth=Auth.USER,
        scopes=READ,
        answer=list[ReadinessLine],
        summary="What stores, hosts and laws ask for, and what is missing",
    ),
)
