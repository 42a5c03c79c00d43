"""Writes an archive: a zip file of what is a member's own, part by part.

At any time some posts or one piece of a picture are in memory. Reads go off the event loop,
and so do packing and writing.
"""

import asyncio
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from rostra.kernel.errors import NotFound
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.model import Profile
from rostra.network.addresses import addresses
from rostra.network.edge import Reader, Services
from rostra.network.portability import activities, policies
from rostra.network.portability.exports import exported
from rostra.network.portability.outbox import known_of, told
from rostra.network.portability.queries import archives as queries
from rostra.network.portability.sheets import Kind
from rostra.network.posts import access as posts_access
from rostra.network.posts import consent
from rostra.store.query import Query

_BATCH: Final = 40
_MODE: Final = 0o600 << 16
Page = Callable[[Reader, int], Awaitable[tuple[list[Any], int]]]


class Packer:
    """One archive that is being written."""

    def __init__(self, services: Services, account_id: int, path: Path) -> None:
        """Begin.

        Args:
            services: the house's parts.
            account_id: whose things.
            path: where to write.
        """
        self._services = services
        self._account_id = account_id
        self._zip = zipfile.ZipFile(path, "w")
        self._at = addresses(services.settings)
        self._me = ""

    async def write(self) -> None:
        """Write everything.

        Raises:
            NotFound: the account is gone.
        """
        try:
            await self._write()
        finally:
            await asyncio.to_thread(self._zip.close)

    async def _write(self) -> None:
        profile = await self._member()
        await self._collection("outbox.json", self._posts)
        await self._collection("likes.json", self._saved(queries.FAVOURITES))
        await self._collection("bookmarks.json", self._saved(queries.BOOKMARKS))
        for sheet in Kind:
            await self._table(sheet)
        for kind, key in (("avatar", profile.avatar_key), ("header", profile.header_key)):
            if key:
                await self._blob(activities.picture_path(kind, key), key)
        async for media in self._media():
            await self._blob(activities.media_path(media), media.blob_key)

    async def _member(self) -> Profile:
        """Write who they are, to others and to us."""
        account_id = self._account_id
        async with self._services.db.read() as reader:
            account = await accounts_access.public(reader, account_id, account_id)
            profile = (await accounts_access.profiles(reader, [account_id]))[account_id]
            user = await accounts_access.user(reader, account_id)
            wanted = await consent.defaults(reader, account_id)
        self._me = account.username
        own = {
            "username": account.username,
            "domain": self._services.settings.domain,
            "email": user.email,
            "created_at": activities.stamp(user.created_at),
            "locale": user.locale,
            "default_visibility": user.default_visibility,
            "default_language": user.default_language,
            "default_sensitive": bool(user.default_sensitive),
            "default_quote_policy": user.default_quote_policy,
            "default_interaction_policies": policies.of_new_posts(wanted),
            "preferences": user.choices,
        }
        await self._json("actor.json", activities.actor(account, profile, self._at))
        await self._json("account.json", own)
        return profile

    async def _collection(self, name: str, page: Page) -> None:
        """Write an ordered collection, some items at a time."""
        head = {"@context": activities.CONTEXT, "id": name, "type": "OrderedCollection"}
        count, after = 0, 0
        with self._entry(name, zipfile.ZIP_DEFLATED) as entry:
            await asyncio.to_thread(entry.write, _opened(head, "orderedItems"))
            while True:
                items, after = await self._slowly(page, after)
                await asyncio.to_thread(_write_items, entry, items, count)
                count += len(items)
                if not after:
                    break
            await asyncio.to_thread(entry.write, b'\n],"totalItems":%d}\n' % count)

    async def _posts(self, reader: Reader, after: int) -> tuple[list[Any], int]:
        """Some posts and reblogs; and behind which id the next ones stand, 0: there are none."""
        me = self._account_id
        ids = await reader.all(queries.POSTS, account=me, after=after, limit=_BATCH)
        rows = await posts_access.rows(reader, me, ids)
        # A decision takes nobody's words from them.
        rows |= await posts_access.removed(reader, me, [each for each in ids if each not in rows])
        made = await told(self._services, reader, me, self._me, ids, rows)
        return [each.activity for each in made], ids[-1] if len(ids) == _BATCH else 0

    def _saved(self, query: Query[Any]) -> Page:
        """The names of posts that the member keeps, as far as they may still see them."""

        async def page(reader: Reader, after: int) -> tuple[list[Any], int]:
            me = self._account_id
            found = await reader.all(query, account=me, after=after, limit=_BATCH)
            rows = await posts_access.rows(reader, me, [post_id for _, post_id in found])
            known = await known_of(self._services, reader, self._me, rows)
            uris = [known.post_uri(post_id) for _, post_id in found]
            return [uri for uri in uris if uri], found[-1][0] if len(found) == _BATCH else 0

        return page

    async def _media(self) -> AsyncIterator[Any]:
        """Every attachment of the member's posts."""
        after = 0

        async def page(reader: Reader, start: int) -> tuple[list[Any], int]:
            found = await reader.all(
                queries.MEDIA, account=self._account_id, after=start, limit=_BATCH
            )
            return found, found[-1].id if len(found) == _BATCH else 0

        while True:
            found, after = await self._slowly(page, after)
            for media in found:
                yield media
            if not after:
                return

    async def _slowly(self, page: Page, after: int) -> tuple[list[Any], int]:
        async def work(reader: Reader) -> tuple[list[Any], int]:
            return await page(reader, after)

        return await self._services.db.slowly(work)

    async def _table(self, kind: Kind) -> None:
        """Write one of the files that can be had alone, too."""
        with self._entry(f"{kind.sheet.file_name}.csv", zipfile.ZIP_DEFLATED) as entry:
            async for piece in exported(self._services, self._account_id, kind):
                await asyncio.to_thread(entry.write, piece)

    async def _blob(self, name: str, key: str) -> None:
        """Write a stored picture as it is; one that is missing does not spoil the rest."""
        pieces = self._services.blobs.stream(key)
        with suppress(NotFound):
            first = await anext(pieces, b"")
            with self._entry(name, zipfile.ZIP_STORED) as entry:
                await asyncio.to_thread(entry.write, first)
                async for piece in pieces:
                    await asyncio.to_thread(entry.write, piece)

    async def _json(self, name: str, value: Any) -> None:
        data = msgspec.json.format(msgspec.json.encode(value), indent=2)
        with self._entry(name, zipfile.ZIP_DEFLATED) as entry:
            await asyncio.to_thread(entry.write, data)

    def _entry(self, name: str, method: int) -> IO[bytes]:
        now = datetime.fromtimestamp(self._services.clock.now() / 1000, UTC)
        info = zipfile.ZipInfo(name, now.timetuple()[:6])
        info.compress_type = method
        info.external_attr = _MODE
        return self._zip.open(info, "w", force_zip64=True)


def _opened(head: dict[str, Any], items: str) -> bytes:
    """The beginning of an object whose last field is a list that follows."""
    return msgspec.json.encode(head)[:-1] + b',"%s":[' % items.encode()


def _write_items(entry: IO[bytes], items: Iterable[Any], before: int) -> None:
    for place, item in enumerate(items, before):
        entry.write((b",\n" if place else b"\n") + msgspec.json.encode(item))
