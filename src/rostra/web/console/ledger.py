"""The ledger for the team: its lines, a check of some of them, statements for the EU's database."""

from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from rostra.http.params import Count
from rostra.http.response import NOT_STORED, Response
from rostra.kernel import ed25519
from rostra.kernel.clock import DAY
from rostra.kernel.errors import Invalid, NotFound, Unavailable
from rostra.network.edge import Reader
from rostra.safety.ledger import access, keys, part
from rostra.safety.ledger.chain import Entry, EntryKind
from rostra.safety.team.model import Actor, Permission
from rostra.safety.transparency import gather
from rostra.safety.transparency.figures import Period
from rostra.safety.transparency.model import START, Cursor
from rostra.safety.transparency.statement import Statement
from rostra.web.call import PageCall
from rostra.web.console.common import HERE, look_of, tabs, who
from rostra.web.faults import form_of
from rostra.web.route import GET, MEMBER, Route
from rostra.web.views.console_record import (
    CheckPage,
    ExportPage,
    LedgerPage,
    LineView,
    PointView,
)
from rostra.web.views.forms import Form

LIMIT: Final = 40
_SHOWN: Final = 50  # findings
_HERE: Final = f"{HERE}/ledger"
_EXPORT: Final = f"{HERE}/export"
_KINDS: Final = {
    EntryKind.DECIDED: "Decided",
    EntryKind.UNDONE: "Taken back",
    EntryKind.APPEALED: "An appeal came",
    EntryKind.ANSWERED: "An appeal was answered",
    EntryKind.ERASED: "A member is gone: what told of them is erased",
    EntryKind.CHECKPOINT: "The end was signed",
    EntryKind.RELEASED: "Taken back for one member",
}
_LEADS: Final = {
    EntryKind.DECIDED: "decisions",
    EntryKind.UNDONE: "decisions",
    EntryKind.RELEASED: "decisions",
    EntryKind.APPEALED: "appeals",
    EntryKind.ANSWERED: "appeals",
}


class LedgerParams(msgspec.Struct, frozen=True, kw_only=True):
    """Lines up to which one; 0: up to the end."""

    until: Count = Count(0)


class CheckParams(msgspec.Struct, frozen=True, kw_only=True):
    """Behind which line the check begins."""

    after: Count = Count(0)


class ExportParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which period: days in UTC, both counted; and behind which statement."""

    since: str = ""
    until: str = ""
    after: str = ""

    def query(self, after: str) -> str:
        """The same for another batch."""
        said = {"since": self.since, "until": self.until}
        return urlencode(said | ({"after": after} if after else {}))


async def _reading(call: PageCall[Any], reader: Reader) -> Actor:
    """Who asks, if the record is theirs to read."""
    actor = await who(call, reader)
    actor.require(Permission.RECORD)
    return actor


async def show(call: PageCall[LedgerParams]) -> Response:
    """Lines, the newest first."""
    return await _show(call, call.params.until, Form())


async def _show(call: PageCall[Any], until: int, export: Form) -> Response:
    async with call.read() as reader:
        actor = await _reading(call, reader)
        head = await access.head(reader)
        last = min(until or head.seq, head.seq)
        first = max(0, last - LIMIT)
        found = await access.lines(reader, after=first, limit=last - first) if last else []
        named = await access.written_for(reader, after=first, until=last) if last else {}
        points = await access.points(reader, limit=1)
    newest = points[0] if points else None
    now = datetime.fromtimestamp(call.now / 1000, UTC).date()
    week = datetime.fromtimestamp((call.now - 7 * DAY) / 1000, UTC).date()
    page = LedgerPage(
        tabs=tabs("ledger", actor),
        look=look_of(call.request),
        count=head.seq,
        lines=[_line(each, named.get(each.seq, 0)) for each in reversed(found)],
        point=PointView(seq=newest.seq, at=newest.at, key=newest.key) if newest else None,
        key=_key(call),
        older_url=f"{_HERE}?until={first}" if first else "",
        check_url=f"{_HERE}/check?after={max(0, head.seq - part.MOST)}" if head.seq else "",
        export=export if export.values else Form(values={"since": str(week), "until": str(now)}),
    )
    return await call.page(page, 422 if export.errors else 200)


def _line(entry: Entry, ref_id: int) -> LineView:
    kind = EntryKind(entry.kind)
    leads = _LEADS.get(kind)
    return LineView(
        seq=entry.seq,
        at=entry.at,
        words=_KINDS[kind],
        url=f"{HERE}/{leads}/{ref_id}" if leads and ref_id else "",
        hash=entry.hash.hex(),
    )


def _key(call: PageCall[Any]) -> str:
    """The name of the key that signs; empty where it can't be read."""
    try:
        return ed25519.key_id(keys.public_key(call.services))
    except Unavailable:
        return ""


async def check(call: PageCall[CheckParams]) -> Response:
    """Read some lines again, and say what is wrong with them."""
    async with call.read() as reader:
        actor = await _reading(call, reader)
    found = await part.check(call.services, call.params.after)
    page = CheckPage(
        tabs=tabs("ledger", actor),
        look=look_of(call.request),
        first=found.first,
        last=found.last,
        count=found.lines,
        points=found.points,
        findings=[f"Line {each.seq}: {each.text}" for each in found.findings[:_SHOWN]],
        next_url=f"{_HERE}/check?after={found.last}" if found.last < found.lines else "",
    )
    return await call.page(page)


async def export(call: PageCall[ExportParams]) -> Response:
    """What the next batch holds, and where it is as a file."""
    params = call.params
    async with call.read() as reader:
        actor = await _reading(call, reader)
    try:
        made, following = await _batch(call, params)
    except Invalid as error:
        values = {"since": params.since, "until": params.until}
        return await _show(call, 0, form_of(values, error, {"after": "until"}))
    page = ExportPage(
        tabs=tabs("ledger", actor),
        look=look_of(call.request),
        since=params.since,
        until=params.until,
        count=len(made),
        file_url=f"{_EXPORT}/statements.json?{params.query(params.after)}",
        next_url=f"{_EXPORT}?{params.query(following.text)}" if following else "",
    )
    return await call.page(page)


async def as_file(call: PageCall[ExportParams]) -> Response:
    """A batch as the transparency database takes it."""
    async with call.read() as reader:
        await _reading(call, reader)
    try:
        made, _ = await _batch(call, call.params)
    except Invalid as error:
        raise NotFound("no such batch") from error
    body = msgspec.json.encode({"statements": made})
    response = Response(body, 200, ((b"content-type", b"application/json"), NOT_STORED))
    response.add("content-disposition", 'attachment; filename="statements.json"')
    return response


async def _batch(
    call: PageCall[Any], params: ExportParams
) -> tuple[list[Statement], Cursor | None]:
    """At most 100 statements, and where the next of them are.

    Raises:
        Invalid: on `since`, `until` or `after`.
    """
    period = Period(_day("since", params.since), _day("until", params.until))
    if period.last < period.first:
        raise Invalid("until", "must not be before the first day", "ERR_INVALID")
    after = Cursor.read(params.after) if params.after else START
    if after is None:
        raise Invalid("after", "is no place to go on from", "ERR_INVALID")
    start = after

    async def work(reader: Reader) -> tuple[list[Statement], Cursor | None]:
        return await gather.page(call.services, reader, period, start)

    return await call.services.db.slowly(work)


def _day(field: str, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Invalid(field, "must be a day", "ERR_INVALID") from None
    if not 2000 <= found.year < 2100:  # noqa: PLR2004 (years that a place can have decisions in)
        raise Invalid(field, "must be a day of this century", "ERR_INVALID")
    return found


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, show, MEMBER, params=LedgerParams),
    Route(GET, f"{_HERE}/check", check, MEMBER, params=CheckParams),
    Route(GET, _EXPORT, export, MEMBER, params=ExportParams),
    Route(GET, f"{_EXPORT}/statements.json", as_file, MEMBER, params=ExportParams),
)
