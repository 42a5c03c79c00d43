"""Files that members take along and bring in."""

import csv
import io

from tests.harness.crowd import Member, Town

from rostra.network.portability import access, exports, imports
from rostra.network.portability.carry_out import import_some
from rostra.network.portability.import_model import Import, Line
from rostra.network.portability.imports import ImportSome
from rostra.network.portability.reading import Read
from rostra.network.portability.sheets import Kind


async def exported(town: Town, who: Member, kind: Kind) -> list[list[str]]:
    pieces = [piece async for piece in exports.exported(town.services, who.id, kind)]
    lines = list(csv.reader(io.StringIO(b"".join(pieces).decode(), newline="")))
    return lines[1:] if kind.sheet.headed else lines


async def offered(town: Town, who: Member, kind: Kind, text: str, *, replaces: bool = False) -> int:
    """Send a file and say yes; nothing is carried out yet."""
    given = await imports.read(town.services, text.encode(), kind, "given.csv")
    return await begun(town, who, kind, given, replaces=replaces)


async def begun(town: Town, who: Member, kind: Kind, given: Read, *, replaces: bool = False) -> int:
    async with town.db.write() as tx:
        import_id = await imports.offer(
            town.services, tx, who.id, kind, given, replaces=replaces, file_name="given.csv"
        )
        await imports.confirm(town.services, tx, who.id, import_id)
    return import_id


async def one_chunk(town: Town, import_id: int) -> None:
    """What the worker does, once."""
    async with town.db.write() as tx:
        await import_some(town.services, tx, ImportSome(import_id))


async def known(town: Town, who: Member, import_id: int) -> Import:
    async with town.db.read() as reader:
        return await access.own_import(reader, who.id, import_id)


async def failed(town: Town, who: Member, import_id: int) -> list[Line]:
    return [
        line
        async for lines in access.failures(town.services, await known(town, who, import_id))
        for line in lines
    ]


async def names_of(town: Town, who: Member, kind: Kind = Kind.FOLLOWS) -> list[str]:
    return sorted(line[0].partition("@")[0] for line in await exported(town, who, kind))
