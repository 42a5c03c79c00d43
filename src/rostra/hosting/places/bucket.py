"""A bucket as a place: S3 and what speaks it, Google Cloud Storage, Azure; memory for tests."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    NotSupportedError,
    PreconditionError,
)
from obstore.store import ObjectStore

from rostra.hosting.places.model import LARGEST, PlaceFailed, Unsupported, too_large
from rostra.hosting.places.port import Stored

DEADLINE_S: Final = 30.0
_SLOWEST: Final = 32_768  # bytes a second that an upload may take beyond that
T = TypeVar("T")


class BucketStore:
    """A bucket. Providers acknowledge only what is durable."""

    def __init__(self, name: str, store: ObjectStore, *, deadline_s: float = DEADLINE_S) -> None:
        self._name = name
        self._store = store
        self._deadline_s = deadline_s

    @property
    def name(self) -> str:
        """What the place is called."""
        return self._name

    async def create(self, key: str, content: bytes) -> bool:
        """Store it if nothing is there; whether it was."""
        return await self._put(key, content, "create")

    async def put(self, key: str, content: bytes) -> None:
        """Store it, whatever is there."""
        await self._put(key, content, "overwrite")

    async def replace(self, key: str, content: bytes, version: str) -> bool:
        """Store it if what is there still has this version; whether it was.

        Raises:
            Unsupported: the place has no conditional updates.
        """
        return await self._put(key, content, {"e_tag": version})

    async def read(self, key: str) -> Stored | None:
        """What is there; None: nothing."""

        async def ask() -> Stored | None:
            try:
                found = await obstore.get_async(self._store, key)
            except FileNotFoundError:
                return None
            stored_at = int(found.meta["last_modified"].timestamp() * 1_000)
            version = found.meta["e_tag"] or ""
            if found.meta["size"] > LARGEST:
                raise too_large(self._name, found.meta["size"])
            return Stored(bytes(await found.bytes_async()), version, stored_at)

        return await self._do(ask)

    async def keys(self, prefix: str, *, after: str = "", limit: int = 1_000) -> list[str]:
        """The keys below a prefix, in order."""

        async def ask() -> list[str]:
            found: list[str] = []
            given = obstore.list(self._store, prefix, offset=after or None)
            async for batch in given:
                found += [each["path"] for each in batch]
                # Only a place that lists in order may be left before its end.
                if len(found) >= limit and found == sorted(found):
                    break
            return sorted(key for key in found if key > after)[:limit]

        return await self._do(ask)

    async def delete(self, key: str) -> None:
        """Remove it; nothing there is as well."""

        async def ask() -> None:
            try:
                await obstore.delete_async(self._store, key)
            except FileNotFoundError:  # the clouds say nothing here, memory does
                return

        await self._do(ask)

    async def _put(self, key: str, content: bytes, mode: Any) -> bool:
        async def ask() -> bool:
            try:
                # In one piece: conditions hold for whole uploads only.
                await obstore.put_async(self._store, key, content, mode=mode, use_multipart=False)
            except (AlreadyExistsError, PreconditionError):
                return False
            return True

        return await self._do(ask, self._deadline_s + len(content) / _SLOWEST)

    async def _do(self, ask: Callable[[], Awaitable[T]], seconds: float = 0.0) -> T:
        deadline_s = seconds or self._deadline_s
        try:
            async with asyncio.timeout(deadline_s):
                return await ask()
        except (NotSupportedError, NotImplementedError) as error:
            raise Unsupported(self._name, _first_line(error)) from error
        except TimeoutError as error:
            raise PlaceFailed(self._name, f"no answer in {deadline_s:.0f} s") from error
        except (BaseError, OSError, ValueError) as error:
            raise PlaceFailed(self._name, _first_line(error)) from error


def _first_line(error: Exception) -> str:
    """What a store says, without what it prints for its own debugging."""
    return next(iter(str(error).splitlines()), type(error).__name__)
