"""`rostra export` and `rostra import`: a whole network as plain files, out and in."""

import asyncio
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from msgspec import structs

from rostra.app import Ports, blobs_of, build
from rostra.cli.common import FAILED, Where, ended_from_outside, say, settings_of, stop
from rostra.cli.operators import file_text, run
from rostra.cli.progress import Progress
from rostra.hosting.takeout.export import Network, export
from rostra.hosting.takeout.load import Home, Loaded, load
from rostra.hosting.takeout.model import Manifest, TakeoutError, Tell
from rostra.hosting.takeout.open import export_open
from rostra.hosting.takeout.pack import sink
from rostra.hosting.takeout.unpack import look_through, opened
from rostra.kernel.clock import SystemClock
from rostra.network.edge import Services
from rostra.network.search.index import Rebuild, rebuild
from rostra.settings import Hosting, Settings
from rostra.store.dump.model import rebuilt
from rostra.store.gates import EgressGate, MemoryGate, WriteGate, memory_gates

_MIB = 1 << 20


def export_all(
    to: Annotated[
        Path,
        Parameter(help="A new folder, or a new file: NAME.tar, or NAME.tar.age for a sealed one."),
    ],
    /,
    *,
    recipient: Annotated[
        tuple[str, ...],
        Parameter(help="Who can open a sealed file: age1… ; may be given several times."),
    ] = (),
    media: Annotated[bool, Parameter(help="Media go along; without them they are named.")] = True,
    in_open: Annotated[
        bool,
        Parameter(
            name="--open",
            help="Only what everybody may see, in the vocabulary of ActivityStreams.",
            negative=(),
        ),
    ] = False,
    private: Annotated[
        bool,
        Parameter(help="With --open: what was said to followers or to some as well.", negative=()),
    ] = False,
    where: Where | None = None,
) -> None:
    """Write the whole network as plain files: JSON lines for each table, media by their hash.

    It is as it was at one moment; the server may run. What is written holds every SECRET of the
    network, unless it is sealed: password hashes, sessions, tokens, private posts, keys.
    """
    if in_open:
        _export_open(to, recipient, where, private=private)
    else:
        _export_all(to, recipient, settings_of(where), media=media)


def _export_all(to: Path, recipients: tuple[str, ...], settings: Settings, *, media: bool) -> None:
    network = Network(
        data_dir=settings.data_dir,
        database_url=settings.database_url,
        blobs=blobs_of(settings),
        domain=settings.domain,
        clock=SystemClock(),
    )
    shown: list[Progress] = []

    def begins(rows: int) -> Tell:
        shown.append(Progress(rows))
        return shown[0].add

    try:
        with ended_from_outside(FAILED), sink(to, recipients) as (taken, spool):
            manifest = asyncio.run(export(network, taken, spool, begins, media=media))
    except TakeoutError as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.filename or to}: {error.strerror or error}")
    shown[0].end(_told(manifest))
    if not recipients:
        say(f"{to} holds every SECRET of this network, unsealed: password hashes, sessions,")
        say("tokens, private posts, keys. Whoever has it can be anybody here. Sealed it is")
        say("with --recipient age1… and a name that ends in .tar.age.")


def _export_open(
    to: Path, recipients: tuple[str, ...], where: Where | None, *, private: bool
) -> None:
    async def work(services: Services) -> None:
        progress = Progress(0)

        def member(_count: int, name: str) -> None:
            progress.add(0, name)

        with sink(to, recipients) as (taken, spool):
            made = await export_open(services, taken, spool, member, private=private)
        told = ", ".join(f"{part.items:,} {Path(part.path).stem}" for part in made.files)
        progress.end(f"{told}, {made.media:,} media ({made.media_bytes / _MIB:,.1f} MiB)")

    try:
        with ended_from_outside(FAILED):
            run(where, work)
    except TakeoutError as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.filename or to}: {error.strerror or error}")
    if private and not recipients:
        say(f"{to} holds what members have said in private, unsealed.")


def import_all(
    export_file: Annotated[
        Path, Parameter(name="from", help="A folder or file that `rostra export` has written.")
    ],
    /,
    *,
    key: Annotated[
        Path | None, Parameter(help="A file with a secret key of age, where it is sealed.")
    ] = None,
    where: Where | None = None,
) -> None:
    """Make a network of an export, in an empty database of either kind.

    Every hash is checked before anything is written. The database is there as a whole or not at
    all. Older exports are read, and brought to the newest schema. What comes of it is mute: both
    gates are closed until somebody opens them.
    """
    settings = settings_of(where)
    secret = file_text(key) if key else ""
    try:
        with (
            ended_from_outside(FAILED),
            opened(export_file, settings.data_dir, secret) as folder,
        ):
            checked = Progress(_size_of(folder))
            manifest = look_through(folder, checked.add)
            checked.end(f"export of {manifest.domain}: every hash is right")
            loaded = asyncio.run(_load(folder, manifest, settings))
    except TakeoutError as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.filename or export_file}: {error.strerror or error}")
    _how_to_go_on(settings, loaded)


async def _load(folder: Path, manifest: Manifest, settings: Settings) -> Loaded:
    home = Home(
        data_dir=settings.data_dir,
        database_url=settings.database_url,
        blobs=blobs_of(settings),
    )
    progress = Progress(manifest.rows)
    loaded = await load(folder, manifest, home, progress.add)
    progress.end(f"{loaded.rows:,} rows, {loaded.media:,} media")
    say("search is made anew")
    await made_searchable(settings)
    return loaded


async def made_searchable(settings: Settings) -> None:
    """Index everything in a network that was just imported, past its gates, which are closed."""
    silent: EgressGate = memory_gates()[1]
    silent.close("a network is being imported")
    ports = Ports(gates=(WriteGate(MemoryGate()), silent), alone=True)
    app = build(structs.replace(settings, hosting=Hosting()), ports)
    try:
        await rebuild(app.services, Rebuild())
        async with app.services.db.write() as tx:
            await rebuilt(tx)
    finally:
        await app.close()


def _size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _told(manifest: Manifest) -> str:
    media = manifest.media
    held = f"{media.content_bytes / _MIB:,.1f} MiB" if media.held else "named, NOT in it"
    tables = f"{manifest.rows:,} rows of {len(manifest.tables)} tables"
    return f"{tables}, {media.count:,} media ({held})"


def _how_to_go_on(settings: Settings, loaded: Loaded) -> None:
    data = settings.data_dir
    if loaded.missing:
        say(f"{loaded.missing:,} media are named and are NOT in the store: bring them there")
    say(f"the network is in {data}, and mute: it accepts no writes and sends nothing.")
    say("Stop the old one first: two that write are two networks. Then open this one:")
    if settings.hosting.places is not None:
        say(f"  rostra fence claim --data {data}")
    say(f"  rostra admin gate open write --data {data}")
    say(f"  rostra admin gate open egress --data {data}")
