"""`rostra admin emoji`: one by one, or a pack of them."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
from cyclopts import App, Parameter

from rostra.cli.common import Where, say, stop
from rostra.cli.operators import day, run, table
from rostra.cli.progress import Progress
from rostra.kernel.errors import Invalid, RostraError
from rostra.network.edge import Services
from rostra.network.instance import access, emoji
from rostra.network.instance.model import EmojiRow

emoji_app = App(name="emoji", help="Custom emoji.")

Category = Annotated[str, Parameter(help="Under which head it is offered.")]
_MOST_IN_A_PACK = 5000
_ENDINGS = frozenset({".png", ".gif", ".webp", ".jpg", ".jpeg", ".avif"})


_LIST = "emoji.json"
_LIST_BYTES = 4 << 20


class _File(NamedTuple):
    shortcode: str
    data: bytes


class _Head(msgspec.Struct):
    """What `emoji.json` of a pack says of one of them."""

    category: str = ""
    visible: bool = True


_heads = msgspec.json.Decoder(dict[str, _Head])


@emoji_app.command(name="list")
def list_emoji(*, where: Where | None = None) -> None:
    """Every emoji, by category."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            found = await access.emojis(reader)
        rows = [
            (
                row.shortcode,
                row.category or "-",
                "moves" if row.static_key else "",
                "" if row.visible else "hidden",
                day(row.updated_at),
            )
            for row in found
        ]
        table(("shortcode", "category", "", "", "changed"), rows)

    run(where, work)


@emoji_app.command(name="add")
def add_emoji(
    shortcode: str,
    file: Annotated[Path, Parameter(help="The picture: PNG, GIF, WebP, JPEG or AVIF.")],
    *,
    category: Category = "",
    where: Where | None = None,
) -> None:
    """Add an emoji, or give one another picture. Its shape is kept; what moves goes on moving."""

    async def work(services: Services) -> None:
        try:
            data = _read(file, services.settings.media.max_emoji_bytes)
        except OSError as error:
            stop(f"{file} can't be read: {error.strerror}")
        await _put(services, _File(shortcode, data), _Head(category))
        say(f":{shortcode}: is there")

    run(where, work)


@emoji_app.command(name="import")
def import_emoji(
    pack: Annotated[Path, Parameter(help="A folder or a zip file of pictures.")],
    *,
    category: Category = "",
    overwrite: Annotated[bool, Parameter(help="Replace those that are there already.")] = False,
    where: Where | None = None,
) -> None:
    """Add a pack; each picture's file name becomes its shortcode.

    Says what it left out, and why. What is there already stays, unless `--overwrite` is given.
    Heads, and what is hidden, come from the pack's `emoji.json`, where it has one; `--category`
    goes before it.
    """

    async def work(services: Services) -> None:
        most = services.settings.media.max_emoji_bytes
        async with services.db.read() as reader:
            known = {row.shortcode for row in await access.emojis(reader)}
        try:
            total, files = _pack(pack, most)
            heads = _heads_of(pack)
        except (OSError, zipfile.BadZipFile, msgspec.MsgspecError) as error:
            stop(f"{pack} can't be read: {error}")
        progress, added, left_out = Progress(total), 0, 0
        for file in files:
            progress.add(1, file.shortcode)
            reason = "is there already; --overwrite replaces it"
            if overwrite or file.shortcode not in known:
                head = heads.get(file.shortcode, _Head())
                head.category = category or head.category
                reason = await _tried(services, file, head)
            if reason:
                left_out += 1
                say(f"left out :{file.shortcode}: {reason}")
            else:
                added += 1
        progress.end(f"{added} added, {left_out} left out")

    run(where, work)


@emoji_app.command(name="export")
def export_emoji(
    pack: Annotated[Path, Parameter(help="The zip file to make.")],
    *,
    category: Annotated[str, Parameter(help="Only those under this head; empty: all.")] = "",
    overwrite: Annotated[bool, Parameter(help="Replace a file that is there.")] = False,
    where: Where | None = None,
) -> None:
    """Write a pack that `import` reads, here or at another place.

    It holds each picture under its shortcode, and `emoji.json`: heads, and what is hidden.
    """
    if pack.exists() and not overwrite:
        stop(f"{pack} is there already; --overwrite replaces it")

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            rows = await access.emojis(reader)
        chosen = [row for row in rows if not category or row.category == category]
        if not chosen:
            stop(f"there are no emoji under {category!r}" if category else "there are no emoji")
        progress = Progress(len(chosen))
        new = pack.with_name(f".{pack.name}.new")
        try:
            with zipfile.ZipFile(new, "w") as archive:
                for row in chosen:
                    name = f"{row.shortcode}{Path(row.image_key).suffix}"
                    archive.writestr(name, await services.blobs.get(row.image_key))
                    progress.add(1, row.shortcode)
                archive.writestr(_LIST, msgspec.json.format(_encoded(chosen)))
            new.replace(pack)
        except OSError as error:
            stop(f"{pack} can't be written: {error.strerror}")
        finally:
            new.unlink(missing_ok=True)
        progress.end(f"{len(chosen)} emoji are in {pack}")

    run(where, work)


def _encoded(rows: list[EmojiRow]) -> bytes:
    return msgspec.json.encode(
        {row.shortcode: _Head(row.category, bool(row.visible)) for row in rows}
    )


@emoji_app.command(name="remove")
def remove_emoji(shortcode: str, *, where: Where | None = None) -> None:
    """Remove an emoji."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            old = await emoji.drop_emoji(services, tx, shortcode)
        await services.blobs.delete(old)
        say(f":{shortcode}: is gone")

    run(where, work)


async def _put(services: Services, file: _File, head: _Head) -> None:
    emoji.check_shortcode(file.shortcode)
    async with emoji.stored_picture(services, file.data) as picture, services.db.write() as tx:
        old = await emoji.put_emoji(
            services,
            tx,
            file.shortcode,
            picture,
            category=head.category,
            visible=head.visible,
        )
    await services.blobs.delete(old)


async def _tried(services: Services, file: _File, head: _Head) -> str:
    """Why the file can't become an emoji; empty where it has."""
    try:
        await _put(services, file, head)
    except Invalid as error:
        return "; ".join(
            f"{field} {entry['description']}"
            for field, entries in error.details.items()
            for entry in entries
        )
    except RostraError as error:
        return error.safe
    return ""


def _pack(pack: Path, most: int) -> tuple[int, Iterator[_File]]:
    """How many pictures there are, and each, read when its turn comes; nothing is unpacked."""
    if pack.is_dir():
        paths = sorted(path for path in pack.iterdir() if path.suffix.lower() in _ENDINGS)
        found = paths[:_MOST_IN_A_PACK]
        return len(found), (_File(path.stem, _read(path, most)) for path in found)
    archive = zipfile.ZipFile(pack)
    entries = sorted(
        (entry for entry in archive.infolist() if _is_picture(entry)),
        key=lambda entry: entry.filename,
    )[:_MOST_IN_A_PACK]

    def opened() -> Iterator[_File]:
        with archive:
            for entry in entries:
                with archive.open(entry) as file:
                    yield _File(Path(entry.filename).stem, file.read(most + 1))

    return len(entries), opened()


def _heads_of(pack: Path) -> dict[str, _Head]:
    """What the pack says of its emoji; nothing where it says nothing."""
    if pack.is_dir():
        file = pack / _LIST
        return _heads.decode(_read(file, _LIST_BYTES)) if file.is_file() else {}
    with zipfile.ZipFile(pack) as archive:
        if _LIST not in archive.namelist():
            return {}
        with archive.open(_LIST) as opened:
            return _heads.decode(opened.read(_LIST_BYTES))


def _is_picture(entry: zipfile.ZipInfo) -> bool:
    name = Path(entry.filename)
    return name.suffix.lower() in _ENDINGS and not name.name.startswith(".")


def _read(path: Path, most: int) -> bytes:
    """The file, or one byte more than is accepted of it."""
    with path.open("rb") as file:
        return file.read(most + 1)
