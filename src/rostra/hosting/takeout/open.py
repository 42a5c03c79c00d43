"""A network in an open vocabulary: what anybody can read, without its secrets."""

import asyncio
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import msgspec

from rostra import __version__
from rostra.hosting.takeout.model import MANIFEST, File, Tell, media_path
from rostra.hosting.takeout.pack import Sink, Spool
from rostra.kernel.errors import NotFound
from rostra.network.accounts.model import AccountRow
from rostra.network.edge import Services
from rostra.network.portability.activities import CONTEXT
from rostra.network.portability.opened import OpenNetwork
from rostra.network.portability.outbox import Told

FORMAT: Final = "rostra-open"
VERSION: Final = 1
_PARTS: Final = ("actors", "notes", "announces", "follows", "likes")
# Of a member's own archive, which has files of these names.
_NOT_HERE: Final = ("@context", "outbox", "likes", "bookmarks")
_encode = msgspec.json.encode


class Part(File, frozen=True, kw_only=True):
    """A file of the export: a JSON object a line; `items` of them."""

    items: int


class OpenManifest(msgspec.Struct, frozen=True, kw_only=True):
    """What is in an export in the open vocabulary.

    Attributes:
        context: the JSON-LD context of every line.
        format: `rostra-open`.
        version: of the format.
        software: the version of the program that has made it.
        domain: of the network.
        made_at: UTC ms, when it was begun.
        private: whether what was not said to everybody is in it.
        files: one for each kind of thing.
        media: how many media are in it, and named by the others.
        media_bytes: theirs.
    """

    context: list[Any] = msgspec.field(name="@context")
    format: str = FORMAT
    version: int = VERSION
    software: str
    domain: str
    made_at: int
    private: bool
    files: tuple[Part, ...]
    media: int
    media_bytes: int


async def export_open(
    services: Services,
    sink: Sink,
    spool: Path,
    tell: Tell,
    *,
    private: bool = False,
    media: bool = True,
) -> OpenManifest:
    """Write the network as JSON lines in the vocabulary of ActivityStreams, and its media.

    Args:
        services: of the network, which may be used meanwhile.
        sink: takes it.
        spool: a folder for what is being written.
        tell: is called for each member that was written.
        private: what members said to followers or to some is in it, and whom they follow in secret.
        media: are in it, by their hash; else they are named by their key.

    Raises:
        OSError: it can't be written.
    """
    made_at = services.clock.now()
    with ExitStack() as stack:
        going = _Going(services, sink, spool, stack, held=media)
        network = OpenNetwork(services, private=private)
        async for member in network.members():
            await going.member(network, member)
            tell(1, member.username)
        manifest = OpenManifest(
            context=CONTEXT,
            software=__version__,
            domain=services.settings.domain,
            made_at=made_at,
            private=private,
            files=await going.ended(),
            media=len(going.known),
            media_bytes=going.media_bytes,
        )
    told = Spool(spool / "manifest")
    told.write(msgspec.json.format(_encode(manifest), indent=1) + b"\n")
    told.into(sink, MANIFEST)
    return manifest


class _Going:
    """One export on its way."""

    def __init__(
        self, services: Services, sink: Sink, spool: Path, stack: ExitStack, *, held: bool
    ) -> None:
        self._blobs = services.blobs
        self._held = held
        self._sink = sink
        self._spool = spool
        self._parts = {name: Spool(spool / name) for name in _PARTS}
        for part in self._parts.values():
            stack.callback(part.close)
        self._items = dict.fromkeys(_PARTS, 0)
        self.known: set[str] = set()
        self.media_bytes = 0

    async def member(self, network: OpenNetwork, member: AccountRow) -> None:
        """All of one member; nothing of one who was removed since they were listed."""
        found = await network.actor(member)
        if found is None:
            return
        actor, profile = found
        for name in _NOT_HERE:
            actor.pop(name, None)
        pictures = (("icon", profile.avatar_key), ("image", profile.header_key))
        for name, key in pictures:
            if actor[name] is not None:
                actor[name]["url"] = await self._medium(key)
        self._line("actors", actor)
        async for post in network.posts(member):
            await self._post(post)
        async for each in network.follows(member):
            self._line("follows", each)
        async for each in network.likes(member):
            self._line("likes", each)

    async def _post(self, post: Told) -> None:
        if post.row.reblog_of_id:
            self._line("announces", post.activity)
            return
        documents = post.activity["object"]["attachment"]
        for document, media in zip(documents, post.media, strict=True):
            document["url"] = await self._medium(media.blob_key)
        self._line("notes", post.activity)

    def _line(self, part: str, thing: dict[str, Any]) -> None:
        self._parts[part].write(_encode(thing) + b"\n")
        self._items[part] += 1

    async def _medium(self, key: str) -> str | None:
        """Where a stored file lies in the export, or would; None: it is gone."""
        if not self._held:
            return f"media/{key}"
        written = Spool(self._spool / "medium")
        try:
            async for content in self._blobs.stream(key):
                written.write(content)
        except NotFound:
            written.drop()
            return None
        size, sha256 = written.ended()
        if sha256 in self.known:
            written.drop()
        else:
            self.known.add(sha256)
            self.media_bytes += size
            self._sink.take(media_path(sha256), self._spool / "medium")
        return media_path(sha256)

    async def ended(self) -> tuple[Part, ...]:
        """The files, in their places."""
        made = []
        for name, spool in self._parts.items():
            # Large ones are copied into one file: the server answers meanwhile.
            file = await asyncio.to_thread(spool.into, self._sink, f"{name}.jsonl")
            items = self._items[name]
            made.append(Part(path=file.path, size=file.size, sha256=file.sha256, items=items))
        return tuple(made)
