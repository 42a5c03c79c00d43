"""`rostra lists`: named lists of phrases, words, patterns and domains that screening looks for."""

import sys
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from cyclopts import App, Parameter

from rostra.cli.common import Where, say, stop
from rostra.cli.operators import run, table, written_time
from rostra.kernel.errors import Invalid
from rostra.network.credentials.model import Role
from rostra.network.edge import Services
from rostra.safety.lists import access, manage
from rostra.safety.lists.entries import Line, read, written
from rostra.safety.lists.held import HELD
from rostra.safety.lists.manage import About, Done
from rostra.safety.lists.model import WordList
from rostra.safety.states.keep import versions
from rostra.safety.team.model import Actor

app = App(name="lists", help="Lists of phrases, words, patterns and domains for screening.")

_OPERATOR: Final = Actor(0, Role.OWNER)
_MOST_SHOWN: Final = 200
_MOST_BYTES: Final = 20 << 20

Name = Annotated[str, Parameter(help="The name of a list.")]
Kind = Literal["phrases", "words", "patterns", "domains"]
Reason = Annotated[str, Parameter(help="Why; it is kept with each entry.")]
Entries = Annotated[tuple[str, ...], Parameter(help="One or more entries.", negative=())]


@app.command(name="list")
def list_lists(*, where: Where | None = None) -> None:
    """All lists."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            lists, counts = await access.every(reader), await access.counts(reader)
        rows = [
            (
                each.name,
                each.of.wire,
                each.harm,
                str(each.score),
                "on" if each.enabled else "off",
                f"{counts.get(each.id, 0):,}",
                written_time(each.changed_at),
            )
            for each in lists
        ]
        table(("name", "of", "harm", "score", "state", "entries", "changed (UTC)"), rows)

    run(where, work)


@app.command(name="show")
def show(
    name: Name,
    *,
    most: Annotated[int, Parameter(help="How many entries, the newest first.")] = _MOST_SHOWN,
    where: Where | None = None,
) -> None:
    """What a list is, and what stands in it."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            found = await access.named(reader, name)
            count = await access.count(reader, found.id)
            entries = await access.entries(reader, found.id, limit=max(1, most))
        state = "on" if found.enabled else "off"
        say(f"{name}: {found.of.wire}, {found.harm} {found.score}, {state}. {found.note}".rstrip())
        rows = [
            (each.text, each.reason, written_time(each.ends_at) if each.ends_at else "-")
            for each in entries
        ]
        table(("entry", "why", "ends (UTC)"), rows)
        if count > len(entries):
            say(f"{count - len(entries):,} more; `rostra lists export {name}` writes all of them")

    run(where, work)


@app.command(name="make")
def make(
    name: Name,
    kind: Annotated[Kind, Parameter(help="What it is of.")],
    harm: Annotated[str, Parameter(help="What it is a sign of: violence, hate, spam, ...")],
    *,
    score: Annotated[int, Parameter(help="How much of a sign, from 1 to 100.")] = 50,
    note: Annotated[str, Parameter(help="What it is for.")] = "",
    where: Where | None = None,
) -> None:
    """Make a list; it is on, and empty."""

    async def work(services: Services) -> None:
        about = About(harm=harm, score=score, note=note)
        async with services.db.write() as tx:
            await manage.make(services, tx, _OPERATOR, name=name, kind=kind, about=about)
        say(f"{name} is made; `rostra lists add {name}` fills it")

    run(where, work)


@app.command(name="drop")
def drop(name: Name, *, where: Where | None = None) -> None:
    """Take a list away, with all that stands in it."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            found = await access.named(tx, name)
            await manage.drop(services, tx, _OPERATOR, found.id)
        say(f"{name} is gone")

    run(where, work)


@app.command(name="switch")
def switch(name: Name, state: Literal["on", "off"], *, where: Where | None = None) -> None:
    """Search for a list, or keep it only."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            found = await access.named(tx, name)
            about = _about(found, enabled=state == "on")
            await manage.change(services, tx, _OPERATOR, found.id, about)
        say(f"{name} is {state}")

    run(where, work)


@app.command(name="score")
def score_list(name: Name, harm: str, score: int, *, where: Where | None = None) -> None:
    """Say anew what a list is a sign of, and how much of one."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            found = await access.named(tx, name)
            about = msgspec.structs.replace(_about(found), harm=harm, score=score)
            await manage.change(services, tx, _OPERATOR, found.id, about)
        say(f"{name}: {harm} {score}")

    run(where, work)


def _about(found: WordList, *, enabled: bool | None = None) -> About:
    on = bool(found.enabled) if enabled is None else enabled
    return About(harm=found.harm, score=found.score, enabled=on, note=found.note)


@app.command(name="add")
def add(
    name: Name,
    entries: Entries,
    *,
    reason: Reason = "",
    ends: Annotated[str, Parameter(help="A day on which they are over: 2027-05-01.")] = "",
    where: Where | None = None,
) -> None:
    """Put entries into a list."""
    lines = [Line(number, text, ends=ends) for number, text in enumerate(entries, 1)]
    _put(name, lines, where, reason=reason)


@app.command(name="remove")
def remove(name: Name, entries: Entries, *, where: Where | None = None) -> None:
    """Take entries out of a list, as `rostra lists show` writes them."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            found = await access.named(tx, name)
            _told(name, await manage.take_text(services, tx, _OPERATOR, found.id, entries))

    run(where, work)


@app.command(name="import")
def import_file(
    name: Name,
    file: Annotated[Path, Parameter(help="Plain text, an entry a line; or CSV (`*.csv`).")],
    *,
    reason: Reason = "",
    replace: Annotated[
        bool, Parameter(help="Take everything else out of the list.", negative=())
    ] = False,
    where: Where | None = None,
) -> None:
    """Put the entries of a file into a list: all of them or none."""
    try:
        with file.open("rb") as opened:
            text = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        stop(f"{file}: {error.strerror}")
    if len(text) > _MOST_BYTES:
        stop(f"{file}: is larger than {_MOST_BYTES >> 20} MB")
    try:
        lines = read(text.decode(errors="replace"), as_csv=file.suffix.lower() == ".csv")
    except Invalid as error:
        stop(error.safe)
    _put(name, lines, where, reason=reason, replace=replace)


def _put(
    name: str, lines: list[Line], where: Where | None, *, reason: str, replace: bool = False
) -> None:
    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            found = await access.named(tx, name)
            done = await manage.put(
                services, tx, _OPERATOR, found.id, lines, reason=reason, replace=replace
            )
        _told(name, done)

    run(where, work)


def _told(name: str, done: Done) -> None:
    say(f"{name}: {done.added:,} added, {done.known:,} there already, {done.removed:,} removed")


@app.command(name="export")
def export_file(
    name: Name,
    *,
    csv: Annotated[bool, Parameter(help="With reasons and ends, as CSV.", negative=())] = False,
    where: Where | None = None,
) -> None:
    """Write all entries of a list to the standard output."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            found = await access.named(reader, name)
            entries = await access.all_entries(reader, found.id)
        sys.stdout.write(written(entries, as_csv=csv))

    run(where, work)


@app.command(name="test")
def try_text(
    text: Annotated[str, Parameter(help="A text, as somebody would post it.")],
    *,
    where: Where | None = None,
) -> None:
    """What the lists that are on find in a text, and where."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            lists = await HELD.of(services, reader, await versions(reader))
        rows = [
            (each.of.name, each.entry.text, text[each.start : each.end], f"{each.start}-{each.end}")
            for each in lists.find(text)
        ]
        table(("list", "entry", "found", "at"), rows)

    run(where, work)
