"""Lists for screening: read, made, filled, switched, tried; files of them."""

from typing import Any, Final, Literal

import msgspec

from rostra.api.endpoint import DELETE, GET, POST, PUT, Auth, Call, Empty, Endpoint
from rostra.api.mastodon.times import iso, iso_or_none
from rostra.api.safety.common import BASE, READ, WRITE, actor_of, id_or_none
from rostra.http.params import Count, Id, NoParams
from rostra.kernel import ids
from rostra.kernel.paging import MAX_BOUND
from rostra.network.edge import Reader
from rostra.safety.lists import access, manage
from rostra.safety.lists.entries import Line, read, written
from rostra.safety.lists.held import HELD
from rostra.safety.lists.manage import About, Done
from rostra.safety.lists.model import Entry, WordList
from rostra.safety.states.keep import versions
from rostra.safety.team.model import Permission

_HERE: Final = f"{BASE}/lists"
_FEW, _MOST = 100, 1_000
_LONGEST: Final = 20_000  # characters of a text that lists are tried on
Format = Literal["text", "csv"]


class ScreeningList(msgspec.Struct, frozen=True, kw_only=True):
    """A list; `score` is how much of a sign its entries are, of 100."""

    id: str
    name: str
    kind: str
    harm: str
    score: int
    enabled: bool
    note: str
    entries_count: int
    created_by: str | None
    created_at: str
    changed_at: str


class ListEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it is compared."""

    id: str
    text: str
    reason: str
    added_by: str | None
    added_at: str
    ends_at: str | None


class ListChange(msgspec.Struct, frozen=True, kw_only=True):
    """What became of entries."""

    added: int
    known: int
    removed: int


class ListFile(msgspec.Struct, frozen=True, kw_only=True):
    """All entries of a list, as a file."""

    format: Format
    content: str


class ListMatch(msgspec.Struct, frozen=True, kw_only=True):
    """What a list has found, and where: code points of the text."""

    list_id: str
    list_name: str
    entry: str
    harm: str
    score: int
    start: int
    end: int


class OneParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which list."""

    id: Id


class NewParams(msgspec.Struct, frozen=True, kw_only=True):
    """A list as it is to be; its name and kind stay."""

    name: str = ""
    kind: str = ""
    harm: str = ""
    score: Count = Count(50)
    enabled: bool = True
    note: str = ""


class ChangeParams(OneParams, frozen=True, kw_only=True):
    """What it is to be; what is left out stays."""

    harm: str | None = None
    score: Count | None = None
    enabled: bool | None = None
    note: str | None = None


class EntriesParams(OneParams, frozen=True, kw_only=True):
    """Of which list, and how many before which entry."""

    below: Id | None = None
    limit: Count | None = None


class AddParams(OneParams, frozen=True, kw_only=True):
    """Entries, why, and on which day they are over."""

    entries: tuple[str, ...] = ()
    reason: str = ""
    ends: str = ""


class EntryParams(OneParams, frozen=True, kw_only=True):
    """Which entry of which list."""

    entry_id: Id


class ImportParams(OneParams, frozen=True, kw_only=True):
    """A file; `replace`: everything else is taken out of the list."""

    content: str = ""
    format: Format = "text"
    reason: str = ""
    replace: bool = False


class ExportParams(OneParams, frozen=True, kw_only=True):
    """Of which list, and in which form."""

    format: Format = "text"


class TextParams(msgspec.Struct, frozen=True, kw_only=True):
    """A text, as somebody would post it."""

    text: str = ""


def _told(kept: WordList, count: int) -> ScreeningList:
    return ScreeningList(
        id=str(kept.id),
        name=kept.name,
        kind=kept.of.wire,
        harm=kept.harm,
        score=kept.score,
        enabled=bool(kept.enabled),
        note=kept.note,
        entries_count=count,
        created_by=id_or_none(kept.created_by),
        created_at=iso(kept.created_at),
        changed_at=iso(kept.changed_at),
    )


def _entry(entry: Entry) -> ListEntry:
    return ListEntry(
        id=str(entry.id),
        text=entry.text,
        reason=entry.reason,
        added_by=id_or_none(entry.author_id),
        added_at=iso(ids.time_of(entry.id)),
        ends_at=iso_or_none(entry.ends_at),
    )


def _change(done: Done) -> ListChange:
    return ListChange(added=done.added, known=done.known, removed=done.removed)


async def _whole(reader: Reader, kept: WordList) -> ScreeningList:
    return _told(kept, await access.count(reader, kept.id))


async def index(call: Call[NoParams]) -> list[ScreeningList]:
    """All lists, by name."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.RECORD)
        counts = await access.counts(reader)
        return [_told(each, counts.get(each.id, 0)) for each in await access.every(reader)]


async def show(call: Call[OneParams]) -> ScreeningList:
    """A list."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.RECORD)
        return await _whole(reader, await access.one(reader, call.params.id))


async def entries(call: Call[EntriesParams]) -> list[ListEntry]:
    """What stands in a list, the newest first."""
    params = call.params
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.RECORD)
        kept = await access.one(reader, params.id)
        found = await access.entries(
            reader,
            kept.id,
            below=params.below or MAX_BOUND,
            limit=min(params.limit or _FEW, _MOST),
        )
    return [_entry(each) for each in found]


async def export(call: Call[ExportParams]) -> ListFile:
    """All entries of a list, as a file."""
    params = call.params
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.RECORD)
        kept = await access.one(reader, params.id)
        found = await access.all_entries(reader, kept.id)
    content = written(found, as_csv=params.format == "csv")
    return ListFile(format=params.format, content=content)


async def try_text(call: Call[TextParams]) -> list[ListMatch]:
    """What the lists that are on find in a text; nothing is kept."""
    text = call.params.text[:_LONGEST]
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.RECORD)
        lists = await HELD.of(call.services, reader, await versions(reader))
    return [
        ListMatch(
            list_id=str(each.of.id),
            list_name=each.of.name,
            entry=each.entry.text,
            harm=each.of.harm,
            score=each.of.score,
            start=each.start,
            end=each.end,
        )
        for each in lists.find(text)
    ]


async def make(call: Call[NewParams]) -> ScreeningList:
    """Make a list, with nothing in it."""
    params = call.params
    about = About(harm=params.harm, score=params.score, enabled=params.enabled, note=params.note)
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.SCREENING)
        made = await manage.make(
            call.services, tx, actor, name=params.name, kind=params.kind, about=about
        )
    return _told(made, 0)


async def change(call: Call[ChangeParams]) -> ScreeningList:
    """Say anew what a list is a sign of, or switch it on or off."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.SCREENING)
        kept = await access.one(tx, params.id)
        about = About(
            harm=kept.harm if params.harm is None else params.harm,
            score=kept.score if params.score is None else params.score,
            enabled=bool(kept.enabled) if params.enabled is None else params.enabled,
            note=kept.note if params.note is None else params.note,
        )
        return await _whole(tx, await manage.change(call.services, tx, actor, kept.id, about))


async def drop(call: Call[OneParams]) -> Empty:
    """Take a list away, with all that stands in it."""
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.SCREENING)
        await manage.drop(call.services, tx, actor, call.params.id)
    return Empty()


async def add(call: Call[AddParams]) -> ListChange:
    """Put entries into a list, all or none."""
    params = call.params
    lines = [Line(number, text, ends=params.ends) for number, text in enumerate(params.entries, 1)]
    return await _put(call, lines, params.reason)


async def bring(call: Call[ImportParams]) -> ListChange:
    """Put the entries of a file into a list, all or none."""
    params = call.params
    lines = read(params.content, as_csv=params.format == "csv")
    return await _put(call, lines, params.reason, replace=params.replace)


async def _put(
    call: Call[Any], lines: list[Line], reason: str, *, replace: bool = False
) -> ListChange:
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.SCREENING)
        return _change(
            await manage.put(
                call.services, tx, actor, call.params.id, lines, reason=reason, replace=replace
            )
        )


async def take(call: Call[EntryParams]) -> ListChange:
    """Take an entry out of a list."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.SCREENING)
        return _change(await manage.take(call.services, tx, actor, params.id, [params.entry_id]))


def _endpoint(  # noqa: PLR0917 (a line for each endpoint)
    method: str, path: str, handler: Any, params: Any, answer: Any, summary: str, *errors: int
) -> Endpoint[Any]:
    return Endpoint(
        method,
        f"{_HERE}{path}",
        handler,
        auth=Auth.USER,
        scopes=READ if method == GET else WRITE,
        params=params,
        answer=answer,
        summary=summary,
        errors=errors,
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _endpoint(GET, "", index, NoParams, list[ScreeningList], "Lists for screening"),
    _endpoint(POST, "", make, NewParams, ScreeningList, "Make a list", 409, 422),
    _endpoint(POST, "/test", try_text, TextParams, list[ListMatch], "What lists find in a text"),
    _endpoint(GET, "/{id}", show, OneParams, ScreeningList, "A list"),
    _endpoint(PUT, "/{id}", change, ChangeParams, ScreeningList, "Change a list", 422),
    _endpoint(DELETE, "/{id}", drop, OneParams, Empty, "Take a list away"),
    _endpoint(GET, "/{id}/entries", entries, EntriesParams, list[ListEntry], "What it is of"),
    _endpoint(POST, "/{id}/entries", add, AddParams, ListChange, "Add entries", 409, 422),
    _endpoint(DELETE, "/{id}/entries/{entry_id}", take, EntryParams, ListChange, "Remove an entry"),
    _endpoint(POST, "/{id}/import", bring, ImportParams, ListChange, "Read a file", 409, 422),
    _endpoint(GET, "/{id}/export", export, ExportParams, ListFile, "A list as a file"),
)
