"""`rostra banks`: hashes of pictures and files that are known, and what they meet."""

import asyncio
from pathlib import Path
from typing import Annotated, Final

from cyclopts import App, Parameter

from rostra.cli.common import FAILED, Where, say, stop
from rostra.cli.operators import run, table, time_of, written_time
from rostra.network.edge import Reader, Services
from rostra.safety.banks import access, csv_form, exchange, items, look_back, manage
from rostra.safety.banks.csv_form import Faulty, Read
from rostra.safety.banks.model import WHOLE, Bank, Hashes, HashKind, Item, ItemState, LookBackState
from rostra.safety.banks.telling import hashes_of_file
from rostra.safety.categories.facts import facts_of

app = App(name="banks", help="Banks of hashes: pictures and files that are known.")

_MOST_BYTES: Final = 200_000_000
_SHOWN: Final = 40
Which = Annotated[str, Parameter(help="The name of a bank, as `list` shows it.")]
Kind = Annotated[str, Parameter(help="pdq, or sha256.")]
Why = Annotated[str, Parameter(help="Why, for others of the team.")]


@app.command(name="list")
def list_banks(*, where: Where | None = None) -> None:
    """All banks."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            found = await access.every(reader)
            off = len(await access.quarantined(reader))
        rows = [_bank_row(each) for each in found]
        table(("name", "category", "state", "hashes", "wish", "note"), rows)
        if off:
            say(f"{off} switched off because they met too much; `rostra banks show` marks them")

    run(where, work)


@app.command(name="show")
def show(bank: Which, *, where: Where | None = None) -> None:
    """A bank: its newest hashes, what it met lately, and looks at earlier uploads."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            found = await access.named(reader, bank)
            hashes = await access.items(reader, found.id, limit=_SHOWN)
            off = [each for each in await access.quarantined(reader) if each.bank_id == found.id]
            met = await access.matches(reader, found.id, limit=_SHOWN)
            backs = await access.look_backs(reader, found.id)
        say("  ".join(_bank_row(found)))
        known = {each.id: each for each in (*off, *hashes)}
        table(
            ("id", "kind", "hash", "state", "met", "note"),
            [_item_row(each) for each in known.values()],
        )
        for match in met:
            when, post = written_time(match.at), match.post_id or "none yet"
            say(f"{when} {match.item_id} met file {match.media_id}, {match.distance} bits, "
                f"post {post}")  # fmt: skip
        for back in backs:
            say(f"{written_time(back.started_at)} earlier uploads: "
                f"{LookBackState(back.state).wire}, {back.seen_count} of {back.total_count} seen, "
                f"{back.found_count} met")  # fmt: skip

    run(where, work)


@app.command(name="make")
def make(
    name: Annotated[str, Parameter(help="1 to 64 letters, digits, - and _.")],
    *,
    category: Annotated[str, Parameter(help="Of the cases that it opens, such as child_abuse.")],
    wish: Annotated[str, Parameter(help="look, hold or remove: for who decides.")] = "look",
    share: Annotated[float, Parameter(help="Of its matches, from 0 to 1, that count.")] = 1.0,
    note: Annotated[str, Parameter(help="Where its hashes come from.")] = "",
    where: Where | None = None,
) -> None:
    """Make a bank."""

    async def work(services: Services) -> None:
        wanted = manage.Wanted(name=name, category=category, wish=wish, note=note, share=share)
        async with services.db.write() as tx:
            made = await manage.make(services, tx, wanted)
        say(f"bank {made.name} is made")

    run(where, work)


@app.command(name="add")
def add(
    bank: Which,
    value: Annotated[str, Parameter(help="64 hexadecimal digits, or the path of a file.")],
    *,
    kind: Kind = "pdq",
    note: Annotated[str, Parameter(help="What it is.")] = "",
    reason: Why = "",
    where: Where | None = None,
) -> None:
    """Add a hash, or what a file is told by; earlier uploads are looked at by a running server."""

    async def work(services: Services) -> None:
        path = Path(value)
        if await asyncio.to_thread(path.is_file):
            told_by = await _told_by(services, path)
            given = [items.Given(each, found, note) for each, found in told_by.by_kind()]
        else:
            given = [items.given(kind, value, note)]
        async with services.db.write() as tx:
            found = await access.named(tx, bank)
            made = await items.add(services, tx, found.id, given, reason=reason)
        for each in made:
            say(f"{each.id} {HashKind(each.kind).wire} {each.hash.hex()}")
        if len(made) < len(given):
            say(f"{len(given) - len(made)} already there")

    run(where, work)


@app.command(name="remove")
def remove(
    bank: Which,
    item: Annotated[int | None, Parameter(help="The number of a hash; none: the bank.")] = None,
    *,
    where: Where | None = None,
) -> None:
    """Take a hash out of a bank, or the whole bank away."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            found = await access.named(tx, bank)
            if item is None:
                await manage.remove(services, tx, found.id)
            else:
                await _of_bank(tx, found, item)
                await items.remove(services, tx, item)
        say("removed")

    run(where, work)


@app.command(name="switch")
def switch(
    bank: Which,
    item: Annotated[int | None, Parameter(help="The number of a hash; none: the bank.")] = None,
    *,
    on: Annotated[bool, Parameter(help="Whether it is looked for.")] = True,
    reason: Why = "",
    until: Annotated[str, Parameter(help="Off until then: a day, or a time of it.")] = "",
    share: Annotated[float | None, Parameter(help="Of the bank's matches that count.")] = None,
    where: Where | None = None,
) -> None:
    """Switch a bank or one of its hashes on or off; who switches a quarantined one on vets it."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            found = await access.named(tx, bank)
            if item is None:
                now = manage.wanted_of(found)
                wanted = manage.Wanted(
                    name=now.name,
                    category=now.category,
                    wish=now.wish,
                    note=now.note,
                    enabled=on,
                    share=now.share if share is None else share,
                )
                await manage.change(services, tx, found.id, wanted)
            else:
                await _of_bank(tx, found, item)
                ends = time_of(until)
                await items.switch(services, tx, item, on=on, reason=reason, until=ends)
        say(f"switched {'on' if on else 'off'}")

    run(where, work)


@app.command(name="look-back")
def look_back_at(bank: Which, *, where: Where | None = None) -> None:
    """Have a running server look for all hashes of a bank among earlier uploads."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            found = await access.named(tx, bank)
            back = await look_back.start(services, tx, found.id)
        say(f"{back.total_count} uploads wait; `rostra banks show {bank}` tells how far it is")

    run(where, work)


@app.command(name="import")
def take_in(
    bank: Which,
    file: Annotated[Path, Parameter(help="CSV as ThreatExchange and HMA have it.")],
    *,
    kind: Kind = "pdq",
    reason: Why = "",
    where: Where | None = None,
) -> None:
    """Add what a file lists; where it does not say which kind, `--kind` does."""
    found = _read(file, kind)

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            into = await access.named(reader, bank)
        new = 0
        async for done, new in exchange.take_all(services, into.id, found, reason=reason):
            say(f"{done} of {len(found.hashes)}, {new} new")
        said = [f"{new} new", f"{len(found.hashes) - new} already there", f"{found.twice} twice"]
        said.append(f"{found.harmless} said to be harmless")
        said += [f"{count} of kind {name}" for name, count in sorted(found.others.items())]
        say("; ".join(said))

    run(where, work)


@app.command(name="export")
def export(
    bank: Which,
    file: Annotated[Path, Parameter(help="The file to write; it must not be there.")],
    *,
    where: Where | None = None,
) -> None:
    """Write what a bank looks for into a file, as ThreatExchange has it."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            found = await access.named(reader, bank)
            pieces = [each async for each in exchange.lines(reader, found, services.clock.now())]
        try:
            with file.open("x", encoding="utf-8", newline="") as out:
                out.writelines(pieces)
        except OSError as error:
            stop(f"{file}: {error.strerror}")
        say(f"{sum(piece.count(chr(10)) for piece in pieces) - 1} hashes in {file}")

    run(where, work)


@app.command(name="match")
def match(
    file: Annotated[Path, Parameter(help="A picture, or any other file.")],
    *,
    where: Where | None = None,
) -> None:
    """Say what a file is told by, and what it meets; nothing is written down."""

    async def work(services: Services) -> None:
        told_by = await _told_by(services, file)
        for kind, found in told_by.by_kind():
            say(f"{kind.wire} {found.hex()}")
        async with services.db.read() as reader:
            banks = await access.held(services, reader)
        hits = banks.hits(told_by, services.clock.now())
        for hit in hits:
            bank = banks.by_id[hit.bank_id]
            say(f"{bank.name}: hash {hit.item_id}, {hit.distance} bits differ")
        if not hits:
            say("it meets nothing")

    run(where, work)


async def _told_by(services: Services, path: Path) -> Hashes:
    try:
        data = await asyncio.to_thread(path.read_bytes)
    except OSError as error:
        stop(f"{path}: {error.strerror}")
    return await hashes_of_file(services, data)


def _read(path: Path, kind: str) -> Read:
    kinds = {each.wire: each for each in HashKind}
    if kind not in kinds:
        stop(f"--kind {kind}: must be one of {', '.join(kinds)}")
    try:
        if path.stat().st_size > _MOST_BYTES:
            stop(f"{path}: has more than {_MOST_BYTES // 1_000_000} MB")
        with path.open("rb") as lines:
            return csv_form.read(lines, kinds[kind])
    except OSError as error:
        stop(f"{path}: {error.strerror}")
    except Faulty as faulty:
        for fault in faulty.faults:
            say(f"{path}: {fault}")
        raise SystemExit(FAILED) from None


async def _of_bank(reader: Reader, bank: Bank, item_id: int) -> None:
    found = await access.item(reader, item_id)
    if found.bank_id != bank.id:
        stop(f"hash {item_id} is in another bank")


def _bank_row(bank: Bank) -> tuple[str, ...]:
    share = f", {bank.share / WHOLE:.1%} of matches" if bank.share < WHOLE else ""
    return (
        bank.name,
        facts_of(bank.category).slug,
        ("on" if bank.enabled else "off") + share,
        str(bank.items_count),
        bank.wish,
        bank.note,
    )


def _item_row(item: Item) -> tuple[str, ...]:
    until = f" until {written_time(item.disabled_until)}" if item.disabled_until else ""
    return (
        str(item.id),
        HashKind(item.kind).wire,
        item.hash.hex(),
        ItemState(item.state).wire + until,
        str(item.matches_count),
        item.note or item.reason,
    )
