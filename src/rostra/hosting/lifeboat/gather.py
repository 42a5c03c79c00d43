"""The page of one member is made: what has changed of it is sealed, the rest stays as it was."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from rostra.hosting.ark.seal import Sealer
from rostra.hosting.lifeboat import extract, pieces
from rostra.hosting.lifeboat.extract import Version
from rostra.hosting.lifeboat.model import Chunk, Page, Post
from rostra.network.edge import Services
from rostra.store.blobs import content_type_of

LARGEST: Final = 4 << 20
"""Bytes of a picture; larger ones are left out."""
Bring = Callable[[Mapping[str, bytes]], Awaitable[None]]
_log = logging.getLogger(__name__)
_PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"})


class Gatherer:
    """Makes pages, and has their pieces brought to the places."""

    def __init__(self, services: Services, sealer: Sealer, bring: Bring) -> None:
        self._services = services
        self._sealer = sealer
        self._bring = bring

    async def page(self, name: str, before: Page | None) -> Page | None:
        """The page of a member as visitors may see them; None: they are not there for those.

        Args:
            name: in lower case.
            before: the page as it was sent last.

        A picture that can't be read is left out for now: what was deleted goes all the same.

        Raises:
            NotTaken: most places do not take what was made.
        """
        now = self._services.clock.now()
        async with self._services.db.read() as reader:
            found = await extract.member(reader, name, now)
        if found is None:
            return None
        known = before.chunks if before else ()
        same = {chunk.digest: chunk for chunk in known if not chunk.lacking}
        sealed = {key: piece for chunk in known for key, piece in chunk.media.items()}
        chunks = []
        for versions in extract.cut(found.posts):
            digest = extract.digest_of(versions)
            chunk = same.get(digest) or await self._chunk(versions, digest, sealed)
            if chunk is not None:
                chunks.append(chunk)
        person, avatar, header = extract.person(found.card)
        own, _lacking = await self._media([avatar, header], before.media if before else {})
        person = replace(person, avatar=own.get(avatar, ""), header=own.get(header, ""))
        return Page(person=person, media=own, chunks=tuple(chunks))

    async def _chunk(
        self, versions: Sequence[Version], digest: str, sealed: Mapping[str, str]
    ) -> Chunk | None:
        ids = [each.id for each in versions]
        async with self._services.db.read() as reader:
            taken = await extract.posts(reader, ids, self._services.clock.now())
        if not taken:
            return None
        files = [file for each in taken for file in each.files]
        media, lacking = await self._media(files, sealed)
        posts: list[Post] = []
        for each in taken:
            shown = zip(each.post.pictures, each.files, strict=True)
            pictures = tuple(replace(picture, piece=media.get(file, "")) for picture, file in shown)
            posts.append(replace(each.post, pictures=pictures))
        piece, content = pieces.record(self._sealer, posts)
        await self._bring({piece: content})
        return Chunk(
            first=ids[0], last=ids[-1], digest=digest, piece=piece, media=media, lacking=lacking
        )

    async def _media(
        self, keys: Sequence[str], sealed: Mapping[str, str]
    ) -> tuple[dict[str, str], bool]:
        """The pieces of files, and whether one can't be read now.

        Those that are known are not read again, for they never change.
        """
        found, lacking = {}, False
        for key in dict.fromkeys(filter(None, keys)):
            mime = content_type_of(key)
            if mime not in _PICTURES:
                continue
            if key in sealed:
                found[key] = sealed[key]
                continue
            content = await self._read(key)
            if content:
                piece, packed = pieces.media(self._sealer, mime, content)
                await self._bring({piece: packed})
                found[key] = piece
            lacking |= content is None
        return found, lacking

    async def _read(self, key: str) -> bytes | None:
        """A picture; empty: it is too large; None: it can't be read now."""
        blobs = self._services.blobs
        try:
            if await blobs.size(key) > LARGEST:
                return b""
            return await blobs.get(key)
        except Exception as error:  # noqa: BLE001 (a member must not wait for a picture)
            # Deleted meanwhile, of which a mark tells, or away, or damaged.
            _log.info("the lifeboat goes without the picture %s: %r", key, error)
            return None
