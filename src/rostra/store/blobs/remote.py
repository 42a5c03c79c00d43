"""Blobs at S3, Google Cloud Storage or Azure, or in memory, through obstore."""

from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import obstore
from obstore.store import AzureStore, GCSStore, MemoryStore, ObjectStore, S3Store

from rostra.kernel.errors import NotFound
from rostra.store.blobs.local import LocalBlobs
from rostra.store.blobs.port import CHUNK_BYTES, BlobInfo, Blobs, checked, checked_prefix

_CACHE = "public, max-age=31536000, immutable"  # a key never gets another content


class ObjectBlobs:
    """A bucket. Providers acknowledge only what is durable."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store `content`; it is durable when this returns. A blob of that key is replaced."""
        attributes: Any = {"Content-Type": content_type, "Cache-Control": _CACHE}
        await obstore.put_async(self._store, checked(key), content, attributes=attributes)

    async def put_file(self, key: str, path: Path, content_type: str) -> None:
        """Store the content of a file, in parts; it is durable when this returns."""
        attributes: Any = {"Content-Type": content_type, "Cache-Control": _CACHE}
        await obstore.put_async(self._store, checked(key), path, attributes=attributes)

    async def copy(self, key: str, to: str) -> None:
        """Store a blob's content under another key as well; NotFound where there is none."""
        try:
            await obstore.copy_async(self._store, checked(key), checked(to))
        except FileNotFoundError:
            raise NotFound(f"no blob {key}") from None

    async def size(self, key: str) -> int:
        """How many bytes the blob has; NotFound where there is none."""
        try:
            return int((await obstore.head_async(self._store, checked(key)))["size"])
        except FileNotFoundError:
            raise NotFound(f"no blob {key}") from None

    async def get(self, key: str) -> bytes:
        """The content; NotFound where there is none."""
        try:
            found = await obstore.get_async(self._store, checked(key))
        except FileNotFoundError:
            raise NotFound(f"no blob {key}") from None
        return bytes(await found.bytes_async())

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """The content piece by piece; NotFound with the first piece."""
        try:
            found = await obstore.get_async(self._store, checked(key))
        except FileNotFoundError:
            raise NotFound(f"no blob {key}") from None
        async for piece in found.stream(min_chunk_size=CHUNK_BYTES):
            yield bytes(piece)

    async def stream_part(self, key: str, start: int, length: int) -> AsyncIterator[bytes]:
        """`length` bytes from `start` on, piece by piece; NotFound with the first piece."""
        options: Any = {"range": (start, start + length)}
        try:
            found = await obstore.get_async(self._store, checked(key), options=options)
        except FileNotFoundError:
            raise NotFound(f"no blob {key}") from None
        async for piece in found.stream(min_chunk_size=CHUNK_BYTES):
            yield bytes(piece)

    async def exists(self, key: str) -> bool:
        """Whether there is such a blob."""
        try:
            await obstore.head_async(self._store, checked(key))
        except FileNotFoundError:
            return False
        return True

    async def delete(self, keys: Iterable[str]) -> None:
        """Remove for good; keys without a blob are passed over."""
        for key in [checked(key) for key in keys]:
            try:
                await obstore.delete_async(self._store, key)
            except FileNotFoundError:  # the clouds say nothing here, memory does
                continue

    async def list(self, prefix: str = "") -> AsyncIterator[BlobInfo]:
        """The blobs in one folder and those below it, in any order."""
        async for batch in obstore.list(self._store, prefix=checked_prefix(prefix) or None):
            for found in batch:
                stored_at = int(found["last_modified"].timestamp() * 1000)
                yield BlobInfo(found["path"], found["size"], stored_at)

    def local_path(self, key: str) -> Path | None:
        """Never: it lies elsewhere."""
        checked(key)
        return None


def memory_blobs() -> ObjectBlobs:
    """A store that is gone with the process, for tests."""
    return ObjectBlobs(MemoryStore())


def open_blobs(
    place: str, *, account: str = "", credentials: str = "", region: str = "", endpoint: str = ""
) -> Blobs:
    """The store that a setting names.

    Args:
        place: `s3://…`, `gs://…`, `az://…`, or the path of a folder.
        account: access key id (S3) or storage account (Azure).
        credentials: secret access key (S3), account key (Azure) or the JSON of a service account.
        region: region of an S3 bucket.
        endpoint: address of an S3-compatible provider.

    Raises:
        ValueError: the URL's scheme is not one of these.
    """
    scheme, separator, _ = place.partition("://")
    if not separator:
        return LocalBlobs(Path(place))
    if scheme == "s3":
        given = {
            "access_key_id": account,
            "secret_access_key": credentials,
            "region": region,
            "endpoint": endpoint,
        }
        config: Any = {name: value for name, value in given.items() if value}
        return ObjectBlobs(S3Store.from_url(place, config=config))
    if scheme == "gs":
        config = {"service_account_key": credentials} if credentials else {}
        return ObjectBlobs(GCSStore.from_url(place, config=config))
    if scheme == "az":
        given = {"account_name": account, "account_key": credentials}
        config = {name: value for name, value in given.items() if value}
        return ObjectBlobs(AzureStore.from_url(place, config=config))
    raise ValueError(f"media.store can't be {scheme}://; use s3://, gs://, az:// or a folder")
