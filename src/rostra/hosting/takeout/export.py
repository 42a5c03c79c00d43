"""A whole network is written as plain files, from one moment, while it is used."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from rostra import __version__
from rostra.hosting.takeout.model import (
    MANIFEST,
    MEDIA_LIST,
    File,
    Lines,
    Manifest,
    MediaList,
    Medium,
    TableFile,
    TakeoutError,
    Tell,
    media_path,
)
from rostra.hosting.takeout.pack import Sink, Spool
from rostra.kernel.clock import Clock
from rostra.kernel.errors import NotFound
from rostra.network.push.tokens import FILE as PUSH_KEY
from rostra.safety.ledger.keys import FILE as LEDGER_KEY
from rostra.safety.ledger.sign import COPY
from rostra.safety.webhooks.secrets import FILE as WEBHOOKS_KEY
from rostra.store.blobs import Blobs
from rostra.store.dump.model import DumpError, Source
from rostra.store.dump.open import source

_encode = msgspec.json.encode
# Those that belong to the network; what else an operator keeps there stays there.
_FILES: Final = (LEDGER_KEY, PUSH_KEY, WEBHOOKS_KEY, COPY)


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """What is exported."""

    data_dir: Path
    database_url: str
    blobs: Blobs
    domain: str
    clock: Clock


async def export(
    network: Network, sink: Sink, spool: Path, begins: Callable[[int], Tell], *, media: bool = True
) -> Manifest:
    """Write everything: tables, keys, media, and last of all what says that it is whole.

    Args:
        network: what.
        sink: takes it.
        spool: a folder for what is being written; it needs room for the database (SQLite) and the
            largest table or medium.
        begins: is called with the rows that there are; what it gives, with those that were written
            since the last call, and what they were of.
        media: whether media go along, or are only named.

    Raises:
        TakeoutError: the database can't be read.
        OSError: it can't be written.
    """
    made_at = network.clock.now()
    try:
        async with source(network.database_url, spool / "database") as rows:
            total = sum([await rows.count(shape) for shape in await rows.shapes()])
            going = _Export(network, sink, spool, begins(total))
            tables = await going.tables(rows)
    except DumpError as error:
        raise TakeoutError(str(error)) from error
    manifest = Manifest(
        software=__version__,
        revision=rows.revision,
        domain=network.domain,
        made_at=made_at,
        tables=tables,
        files=going.files(),
        media=await going.media(held=media),
    )
    told = Spool(spool / "manifest")
    told.write(msgspec.json.format(_encode(manifest), indent=1) + b"\n")
    told.into(sink, MANIFEST)
    return manifest


class _Export:
    """One export on its way."""

    def __init__(self, network: Network, sink: Sink, spool: Path, tell: Tell) -> None:
        self._network = network
        self._sink = sink
        self._spool = spool
        self._tell = tell

    async def tables(self, rows: Source) -> tuple[TableFile, ...]:
        """Every table, a file each."""
        made = []
        for shape in await rows.shapes():
            lines, count = Lines(shape), 0
            written = Spool(self._spool / "table")
            async for batch in rows.rows(shape):
                written.write(lines.encoded(batch))
                count += len(batch)
                self._tell(len(batch), shape.name)
            kept = written.into(self._sink, f"tables/{shape.name}.jsonl")
            told = TableFile(
                path=kept.path, size=kept.size, sha256=kept.sha256, shape=shape, rows=count
            )
            made.append(told)
        return tuple(made)

    def files(self) -> tuple[File, ...]:
        """The keys without which some of the rows say nothing, and the ends of the ledger."""
        found = [self._network.data_dir / name for name in _FILES]
        made = []
        for path in sorted(path for path in found if path.is_file() and not path.is_symlink()):
            written = Spool(self._spool / "file")
            written.write(path.read_bytes())
            made.append(written.into(self._sink, f"files/{path.name}"))
        return tuple(made)

    async def media(self, *, held: bool) -> MediaList:
        """Every stored file, by its hash, and the list of them."""
        listed = Spool(self._spool / "list")
        count = size = 0
        known: set[bytes] = set()
        async for blob in self._network.blobs.list():
            medium = Medium(blob.key, blob.size)
            if held:
                found = await self._medium(blob.key, known)
                if found is None:
                    continue
                medium = found
            listed.write(_encode(medium) + b"\n")
            count, size = count + 1, size + medium.size
        kept = listed.into(self._sink, MEDIA_LIST)
        return MediaList(
            path=kept.path,
            size=kept.size,
            sha256=kept.sha256,
            count=count,
            content_bytes=size,
            held=held,
        )

    async def _medium(self, key: str, known: set[bytes]) -> Medium | None:
        """One of them; None: it was deleted meanwhile."""
        written = Spool(self._spool / "medium")
        try:
            async for part in self._network.blobs.stream(key):
                written.write(part)
        except NotFound:
            written.drop()
            return None
        self._tell(0, key)
        size, sha256 = written.ended()
        short = bytes.fromhex(sha256)
        if short in known:
            written.drop()
        else:
            known.add(short)
            self._sink.take(media_path(sha256), self._spool / "medium")
        return Medium(key, size, sha256)
