"""The settings of files: each kind of what is one's own to take along, and to bring in."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

import msgspec

from rostra.http.body import Upload
from rostra.http.params import Id, NoParams
from rostra.http.response import NOT_STORED, Response, Stream
from rostra.kernel.errors import Conflict, Invalid
from rostra.kernel.text import sheet
from rostra.network.edge import Reader
from rostra.network.portability import access, exports, imports
from rostra.network.portability.going import going
from rostra.network.portability.import_model import Import, ImportState, Line, Phase
from rostra.network.portability.sheets import MOST_BYTES, MOST_LINES, Kind
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.files import ImportPage, ImportsPage, ImportView, LineView
from rostra.web.views.forms import Form, Option
from rostra.web.views.parts import Tab
from rostra.web.views.settings import TableView

_HERE: Final = "/settings/import"
_ROOM: Final = MOST_BYTES + 3_000_000  # a file that is a little too large is told so
_LINES_SHOWN: Final = 5
_WRONG_SHOWN: Final = 20
_CSV: Final = (b"content-type", b"text/csv; charset=utf-8")
LABELS: Final = {
    Kind.FOLLOWS: "Whom you follow",
    Kind.BLOCKS: "Whom you block",
    Kind.MUTES: "Whom you mute",
    Kind.LISTS: "Lists",
    Kind.BOOKMARKS: "Bookmarks",
    Kind.FILTERS: "Filters",
    Kind.DOMAINS: "Blocked domains",
}
_HINTS: Final = {
    Kind.FILTERS: "In a format of our own; others have none",
    Kind.DOMAINS: "Empty: this place speaks with no other",
}
_UNITS: Final = {
    **dict.fromkeys((Kind.FOLLOWS, Kind.BLOCKS, Kind.MUTES), ("person", "people")),
    Kind.LISTS: ("list or member of one", "lists or members of them"),
    Kind.BOOKMARKS: ("bookmark", "bookmarks"),
    Kind.FILTERS: ("filter or keyword of one", "filters or keywords of them"),
}
_NOTES: Final = {
    Kind.FOLLOWS: "Who confirms followers is asked. Nobody is followed who blocks you or whom "
    "you block.",
    Kind.LISTS: "Only whom you follow can stand in a list: bring in whom you follow first.",
    Kind.BOOKMARKS: "Only posts of this place that you can see are bookmarked.",
    Kind.DOMAINS: "This place speaks with no other, so there is no domain to block: every line "
    "will be told as not done.",
}


class UploadParams(msgspec.Struct, frozen=True, kw_only=True):
    """What is brought in; the file itself is read by hand."""

    kind: str = ""
    mode: str = "merge"


class OneParams(msgspec.Struct, frozen=True):
    """Which import."""

    id: Id


def tabs(current: str) -> tuple[Tab, ...]:
    """Both ways."""
    ways = (("Take along", "/settings/data"), ("Bring in", _HERE))
    return tuple(Tab(label=label, url=url, current=url == current) for label, url in ways)


async def tables(call: PageCall[Any]) -> list[TableView]:
    """The files that can be had, with how much is in each."""
    async with call.read() as reader:
        counts = await access.counts(reader, call.viewer_id)
    return [
        TableView(
            label=LABELS[kind],
            url=f"/settings/data/{kind.word}.csv",
            count=counts[kind],
            file_name=f"{kind.sheet.file_name}.csv",
            hint=_HINTS.get(kind, ""),
        )
        for kind in Kind
    ]


def _export(kind: Kind) -> Callable[[PageCall[Any]], Awaitable[Response]]:
    async def export(call: PageCall[Any]) -> Response:
        call.count("export_account")
        pieces = exports.exported(call.services, call.viewer_id, kind)
        return _file(pieces, f"{kind.sheet.file_name}.csv")

    return export


def _file(pieces: AsyncIterator[bytes], name: str) -> Response:
    response = Stream(pieces, 200, (_CSV, NOT_STORED))
    response.add("content-disposition", f'attachment; filename="{name}"')
    return response


async def index(call: PageCall[Any]) -> Response:
    """The form, and what was brought in before."""
    return await _index(call, Form(values={"mode": "merge"}))


async def _index(call: PageCall[Any], form: Form, status: int = 200) -> Response:
    async with call.read() as reader:
        found = await access.imports_of(reader, call.viewer_id)
    page = ImportsPage(
        tabs=tabs(_HERE),
        kinds=[Option(kind.word, LABELS[kind]) for kind in Kind],
        imports=[_view(each) for each in found],
        form=form,
        most_lines=MOST_LINES,
        most_bytes=MOST_BYTES,
    )
    return await call.page(page, status)


async def take_in(call: PageCall[UploadParams]) -> Response:
    """Read a file and show what it holds, or what is wrong with it."""
    call.count("import_account")
    params, services = call.params, call.services
    try:
        kind, file = _chosen(params, call.tree.get("file"))
        given = await imports.read(services, file.read(), kind, file.filename)
        async with services.db.write() as tx:
            import_id = await imports.offer(
                services,
                tx,
                call.viewer_id,
                kind,
                given,
                replaces=params.mode == "replace",
                file_name=file.filename,
            )
    except (Invalid, Conflict) as error:
        typed = {"kind": params.kind, "mode": params.mode}
        return await _index(call, form_of(typed, error), error.status)
    return call.redirect(f"{_HERE}/{import_id}")


def _chosen(params: UploadParams, file: object) -> tuple[Kind, Upload]:
    kind = Kind.of(params.kind)
    if kind is None:
        raise Invalid("kind", "Choose what the file holds", "ERR_INCLUSION")
    if params.mode not in {"merge", "replace"}:
        raise Invalid("mode", "Choose what is to become of it", "ERR_INCLUSION")
    if not isinstance(file, Upload) or not file.size:
        raise Invalid("file", "Choose a file that is not empty", "ERR_BLANK")
    return kind, file


async def show(call: PageCall[OneParams]) -> Response:
    """What an import holds, how far it is, and what could not be done."""
    async with call.read() as reader:
        found = await access.own_import(reader, call.viewer_id, call.params.id)
        waits = found.state == ImportState.SHOWN
        first = await access.first_lines(reader, found, _LINES_SHOWN) if waits else []
        wrong = await access.first_failures(reader, found, _WRONG_SHOWN) if found.failed else []
        counts = await access.counts(reader, call.viewer_id)
    page = ImportPage(
        tabs=tabs(_HERE),
        item=_view(found),
        looks_like=LABELS[Kind(found.seems - 1)].lower() if found.seems and waits else "",
        now_there=counts[found.of],
        going=await _going(call, found) if waits and found.replaces else "",
        note=_NOTES.get(found.of, "") if waits else "",
        first=[LineView(number=each.number, words=_words(each)) for each in first],
        wrong=[
            LineView(number=each.number, words=_words(each), why=f"{each.field} {each.why}")
            for each in wrong
        ],
    )
    return await call.page(page)


async def _going(call: PageCall[OneParams], found: Import) -> str:
    """How much the file would take away as things stand."""

    async def work(reader: Reader) -> int:
        return await going(call.services, reader, found)

    number = await call.services.db.slowly(work)
    one, many = _UNITS.get(found.of, ("entry", "entries"))
    return f"{number:,} {one if number == 1 else many}"


def _words(line: Line) -> str:
    return ", ".join(cell for cell in line.cells if cell)


def _view(found: Import) -> ImportView:
    return ImportView(
        id=str(found.id),
        label=LABELS[found.of],
        state=ImportState(found.state).name.lower(),
        created_at=found.created_at,
        total=found.total,
        file_name=found.file_name,
        replaces=bool(found.replaces),
        done=found.done,
        made=found.made,
        same=found.same,
        asked=found.asked,
        failed=found.failed,
        removed=found.removed,
        removing=found.phase == Phase.REMOVING,
        waits_until=found.waits_until,
    )


async def confirm(call: PageCall[OneParams]) -> Response:
    """Say yes."""
    there = f"{_HERE}/{call.params.id}"
    try:
        async with call.services.db.write() as tx:
            await imports.confirm(call.services, tx, call.viewer_id, call.params.id)
    except Conflict as error:
        return call.redirect(there, flash=f"{error.safe}.", tone="info")
    return call.redirect(there)


async def cancel(call: PageCall[OneParams]) -> Response:
    """Stop, or say no."""
    async with call.services.db.write() as tx:
        await imports.cancel(call.services, tx, call.viewer_id, call.params.id)
    return call.redirect(f"{_HERE}/{call.params.id}", flash="It is cancelled.")


async def failures(call: PageCall[OneParams]) -> Response:
    """The lines that could not be done, with the reasons, as a file that can be brought in."""
    call.count("export_account")
    async with call.read() as reader:
        found = await access.own_import(reader, call.viewer_id, call.params.id)
    return _file(_failed(call, found), f"{found.of.sheet.file_name}_failures.csv")


async def _failed(call: PageCall[OneParams], found: Import) -> AsyncIterator[bytes]:
    yield sheet.written([(*found.of.sheet.columns, "Line", "Why")])
    async for lines in access.failures(call.services, found):
        yield sheet.written(
            (*each.cells, str(each.number), f"{each.field} {each.why}") for each in lines
        )


ROUTES: tuple[Route[Any], ...] = (
    *(
        Route(GET, f"/settings/data/{kind.word}.csv", _export(kind), MEMBER, NoParams, unbound=True)
        for kind in Kind
    ),
    Route(GET, _HERE, index, MEMBER),
    Route(POST, _HERE, take_in, MEMBER, UploadParams, max_body=_ROOM),
    Route(GET, f"{_HERE}/{{id}}", show, MEMBER, OneParams),
    Route(POST, f"{_HERE}/{{id}}/confirm", confirm, MEMBER, OneParams),
    Route(POST, f"{_HERE}/{{id}}/cancel", cancel, MEMBER, OneParams),
    Route(GET, f"{_HERE}/{{id}}/failures.csv", failures, MEMBER, OneParams),
)
