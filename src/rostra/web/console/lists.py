"""Lists for screening: made, changed, filled, emptied, tried on a text."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel import ids
from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.kernel.paging import MAX_BOUND
from rostra.network.accounts import access as accounts_access
from rostra.network.edge import Reader
from rostra.safety.categories.facts import all_facts
from rostra.safety.lists import access, manage
from rostra.safety.lists.entries import read
from rostra.safety.lists.held import HELD, Found
from rostra.safety.lists.manage import About
from rostra.safety.lists.model import SCORED, Entry, ListKind, WordList
from rostra.safety.states.keep import versions
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console.common import HERE, lead, look_of, tabs, who
from rostra.web.console.screening_menu import parts
from rostra.web.faults import form_of, sentence
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.console_lists import (
    EntryRow,
    ListPage,
    ListRow,
    ListsPage,
    Match,
    Tried,
)
from rostra.web.views.forms import Form, Option

_HERE: Final = f"{HERE}/lists"
_PAGE: Final = 100
_LONGEST: Final = 5_000  # characters of a text that is tried
_MOST_FAULTS: Final = 5  # that are told of a file
_KINDS: Final = {
    ListKind.PHRASES: ("Phrases", "found word by word, also disguised"),
    ListKind.WORDS: ("Words", "the same, one word each"),
    ListKind.PATTERNS: ("Patterns", "regular expressions"),
    ListKind.DOMAINS: ("Domains", "and addresses of pages"),
}


class TextParams(msgspec.Struct, frozen=True, kw_only=True):
    """A text that the lists are tried on."""

    text: str = ""


class NewParams(msgspec.Struct, frozen=True, kw_only=True):
    """A list as typed."""

    name: str = ""
    kind: str = ""
    harm: str = ""
    score: str = "50"
    note: str = ""

    def values(self) -> dict[str, str]:
        """The same for the form."""
        return {
            name: str(getattr(self, name)) for name in ("name", "kind", "harm", "score", "note")
        }


class OneParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which list, and from which entry on."""

    id: Id
    below: Id | None = None


class AboutParams(OneParams, frozen=True, kw_only=True):
    """What it is a sign of, as typed."""

    harm: str = ""
    score: str = ""
    enabled: str = ""
    note: str = ""


class FillParams(OneParams, frozen=True, kw_only=True):
    """Entries, one a line; `form`: they are CSV; `replace`: nothing else stays."""

    content: str = ""
    form: str = ""
    reason: str = ""
    replace: str = ""


class TakeParams(OneParams, frozen=True, kw_only=True):
    """Which entry goes."""

    entry_id: Id


def _harms() -> tuple[Option, ...]:
    own = tuple(Option(name, name.capitalize()) for name in SCORED)
    return (
        *own,
        *(Option(each.slug, each.name) for each in all_facts() if each.slug not in SCORED),
    )


def _score(text: str) -> int:
    """As typed; 0, which is refused, where it is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0  # noqa: PLR2004 (up to 100)


async def index(call: PageCall[TextParams]) -> Response:
    """All lists, and what they find in a text."""
    return await _index(call, text=call.params.text[:_LONGEST])


async def _index(call: PageCall[Any], *, text: str = "", form: Form | None = None) -> Response:
    async with call.read() as reader:
        actor = await _reader(call, reader)
        lists, counts = await access.every(reader), await access.counts(reader)
        held = await HELD.of(call.services, reader, await versions(reader))
    page = ListsPage(
        tabs=tabs("screening", actor),
        parts=parts("lists", actor),
        look=look_of(call.request),
        lists=[_row(each, counts.get(each.id, 0)) for each in lists],
        kinds=[Option(kind.wire, *words) for kind, words in _KINDS.items()],
        harms=_harms(),
        form=form or Form(values=NewParams().values()),
        text=text,
        tried=_tried(text, held.find(text)) if text else None,
        can_change=actor.may(Permission.SCREENING),
    )
    return await call.page(page, 422 if form else 200)


async def _reader(call: PageCall[Any], reader: Reader) -> Actor:
    actor = await who(call, reader)
    actor.require(Permission.RECORD)
    return actor


def _row(kept: WordList, count: int) -> ListRow:
    return ListRow(
        name=kept.name,
        url=f"{_HERE}/{kept.id}",
        kind=_KINDS[kept.of][0],
        harm=next((each.label for each in _harms() if each.value == kept.harm), kept.harm),
        score=kept.score,
        enabled=bool(kept.enabled),
        count=count,
        note=kept.note,
        changed_at=kept.changed_at,
    )


def _tried(text: str, found: Sequence[Found]) -> Tried:
    """The text in pieces, and each thing that was found once."""
    passages: list[tuple[str, bool]] = []
    at = 0
    for each in found:
        start = max(at, each.start)
        if each.end <= start:
            continue
        passages += [(text[at:start], False), (text[start : each.end], True)]
        at = each.end
    passages.append((text[at:], False))
    once = {each.entry.id: each for each in found}
    return Tried(
        passages=[piece for piece in passages if piece[0]],
        matches=[
            Match(
                name=each.of.name,
                url=f"{_HERE}/{each.of.id}",
                entry=each.entry.text,
                harm=each.of.harm,
                score=each.of.score,
            )
            for each in once.values()
        ],
    )


async def make(call: PageCall[NewParams]) -> Response:
    """Make a list."""
    params = call.params
    about = About(harm=params.harm, score=_score(params.score), note=params.note)
    try:
        async with call.services.db.write() as tx:
            made = await manage.make(
                call.services,
                tx,
                await who(call, tx),
                name=params.name,
                kind=params.kind,
                about=about,
            )
    except Invalid as error:
        return await _index(call, form=form_of(params.values(), error))
    except Conflict as error:
        return lead(call, _HERE, sentence(error.safe), good=False)
    return lead(call, f"{_HERE}/{made.id}", "It is made. Now fill it.")


async def show(call: PageCall[OneParams]) -> Response:
    """A list, with what stands in it."""
    return await _show(call)


async def _show(
    call: PageCall[Any], *, about: Form | None = None, form: Form | None = None
) -> Response:
    params = call.params
    async with call.read() as reader:
        actor = await _reader(call, reader)
        kept = await access.one(reader, params.id)
        count = await access.count(reader, kept.id)
        found = await access.entries(
            reader, kept.id, below=params.below or MAX_BOUND, limit=_PAGE + 1
        )
        names = await _names(reader, actor, found)
    shown = found[:_PAGE]
    more = len(found) > _PAGE
    page = ListPage(
        tabs=tabs("screening", actor),
        parts=parts("lists", actor),
        look=look_of(call.request),
        row=_row(kept, count),
        entries=[_entry(each, names) for each in shown],
        harms=_harms(),
        about=about or Form(values=_values(kept)),
        form=form or Form(),
        older_url=f"{_HERE}/{kept.id}?below={shown[-1].id}" if more else "",
        can_change=actor.may(Permission.SCREENING),
    )
    return await call.page(page, 422 if about or form else 200)


async def _names(reader: Reader, actor: Actor, entries: Sequence[Entry]) -> dict[int, str]:
    """Who has added them, by their account."""
    authors = sorted({each.author_id for each in entries if each.author_id})
    known = await accounts_access.by_ids(reader, actor.account_id, authors)
    return {account_id: f"@{account.username}" for account_id, account in known.items()}


def _entry(entry: Entry, names: dict[int, str]) -> EntryRow:
    return EntryRow(
        id=str(entry.id),
        text=entry.text,
        reason=entry.reason,
        by=names.get(entry.author_id, "the operator" if not entry.author_id else "somebody"),
        at=ids.time_of(entry.id),
        ends_at=entry.ends_at,
    )


def _values(kept: WordList) -> dict[str, str]:
    return {
        "harm": kept.harm,
        "score": str(kept.score),
        "enabled": "1" if kept.enabled else "",
        "note": kept.note,
    }


async def change(call: PageCall[AboutParams]) -> Response:
    """Say anew what a list is a sign of, or switch it on or off."""
    params = call.params
    about = About(
        harm=params.harm,
        score=_score(params.score),
        enabled=bool(params.enabled),
        note=params.note,
    )
    try:
        async with call.services.db.write() as tx:
            await manage.change(call.services, tx, await who(call, tx), params.id, about)
    except Invalid as error:
        return await _show(call, about=form_of(_typed(params), error))
    return lead(call, f"{_HERE}/{params.id}", "It is changed, from the next post on.")


async def fill(call: PageCall[FillParams]) -> Response:
    """Put entries into a list, all or none."""
    params = call.params
    try:
        lines = read(params.content.replace("\r\n", "\n"), as_csv=bool(params.form))
        async with call.services.db.write() as tx:
            done = await manage.put(
                call.services,
                tx,
                await who(call, tx),
                params.id,
                lines,
                reason=params.reason,
                replace=bool(params.replace),
            )
    except Invalid as error:
        return await _show(call, form=_wrong(_typed(params), error))
    except Conflict as error:
        return lead(call, f"{_HERE}/{params.id}", sentence(error.safe), good=False)
    words = f"{done.added:,} added, {done.known:,} there already, {done.removed:,} removed."
    return lead(call, f"{_HERE}/{params.id}", words)


def _typed(params: OneParams) -> dict[str, str]:
    """What was typed into a form, by field."""
    given = msgspec.structs.asdict(params)
    return {name: value for name, value in given.items() if isinstance(value, str)}


def _wrong(values: dict[str, str], error: Invalid) -> Form:
    """What is wrong with lines, told at the field that holds them."""
    faults = [
        f"{field.replace('_', ' ').replace('line', 'Line')} {each['description']}"
        for field, entries in error.details.items()
        for each in entries
        if field.startswith("line_")
    ]
    if not faults:
        return form_of(values, error, {"entries": "content"})
    more = f"; and {len(faults) - _MOST_FAULTS} more" if len(faults) > _MOST_FAULTS else ""
    told = "; ".join(faults[:_MOST_FAULTS])
    return Form(values=values, errors={"content": f"{told}{more}."})


async def take(call: PageCall[TakeParams]) -> Response:
    """Take an entry out."""
    params = call.params
    here = f"{_HERE}/{params.id}"
    try:
        async with call.services.db.write() as tx:
            actor = await who(call, tx)
            await manage.take(call.services, tx, actor, params.id, [params.entry_id])
    except NotFound:
        return lead(call, here, "It was gone already.")
    return lead(call, here, "It is removed.")


async def drop(call: PageCall[OneParams]) -> Response:
    """Take a list away."""
    async with call.services.db.write() as tx:
        await manage.drop(call.services, tx, await who(call, tx), call.params.id)
    return lead(call, _HERE, "The list is gone.")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, index, MEMBER, params=TextParams),
    Route(POST, _HERE, make, MEMBER, params=NewParams),
    Route(GET, f"{_HERE}/{{id}}", show, MEMBER, params=OneParams),
    Route(POST, f"{_HERE}/{{id}}", change, MEMBER, params=AboutParams),
    Route(POST, f"{_HERE}/{{id}}/entries", fill, MEMBER, params=FillParams),
    Route(POST, f"{_HERE}/{{id}}/entries/{{entry_id}}/remove", take, MEMBER, params=TakeParams),
    Route(POST, f"{_HERE}/{{id}}/drop", drop, MEMBER, params=OneParams),
)
