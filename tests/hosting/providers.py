"""Places of other parties, as processes and folders of a test."""

import asyncio
import contextlib
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tests.harness.patience import PATIENCE_S
from tests.harness.served import free_port

from rostra.hosting.places.bucket import BucketStore
from rostra.hosting.places.folder import DEADLINE_S, FolderStore
from rostra.hosting.places.model import Place, PlaceFailed
from rostra.hosting.places.port import Store, Stored
from rostra.hosting.places.tree import MARK, MARKED

BUCKET: Final = "ark"
_S3_SERVER: Final = Path(__file__).with_name("one_at_a_time.py")


class S3(NamedTuple):
    """A server that speaks S3."""

    process: "subprocess.Popen[bytes]"
    port: int


@contextlib.contextmanager
def s3() -> Iterator[str]:
    """The address of a server that speaks S3, with one bucket."""
    with s3_server() as server:
        yield f"http://127.0.0.1:{server.port}"


@contextlib.contextmanager
def s3_server() -> Iterator[S3]:
    """The same server, to be stopped and let go on by signals."""
    port = free_port()
    command = [sys.executable, str(_S3_SERVER), str(port)]
    process = subprocess.Popen(  # noqa: S603 (a fixed command)
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _make_bucket(process, f"http://127.0.0.1:{port}")
        yield S3(process, port)
    finally:
        process.kill()
        process.wait()


def _make_bucket(process: "subprocess.Popen[bytes]", address: str) -> None:
    made = urllib.request.Request(f"{address}/{BUCKET}", method="PUT")  # noqa: S310 (our own)
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        assert process.poll() is None
        try:
            with urllib.request.urlopen(made):  # noqa: S310 (our own)
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the S3 server does not answer")


def of_s3(address: str, name: str = "cloud", prefix: str = "one") -> Place:
    """A bucket there as a place."""
    return Place(
        name=name,
        party="Example Storage",
        store=f"s3://{BUCKET}/{prefix}",
        account="key",
        credentials="secret",
        region="us-east-1",
        endpoint=address,
    )


def places_file(
    path: Path, folders: Path, names: tuple[str, ...] = ("north", "south", "west")
) -> Path:
    """Write a file that names a folder each, which are marked; the file."""
    for name in names:
        marked_folder(folders / name)
    path.write_text(
        "".join(
            f'[[place]]\nname = "{name}"\nparty = "{name} party"\nstore = "{folders / name}"\n'
            for name in names
        )
    )
    return path


def marked_folder(root: Path) -> Path:
    """A folder that is a place; it is made where it is not there."""
    root.mkdir(parents=True, exist_ok=True)
    (root / MARK).write_bytes(MARKED)
    return root


def folder_place(name: str, root: Path, *, deadline_s: float = DEADLINE_S) -> FolderStore:
    """The same as a store."""
    return FolderStore(name, marked_folder(root), deadline_s=deadline_s)


class Careless:
    """A place that ignores conditions, and says that all went well."""

    def __init__(self, inner: Store) -> None:
        self._inner = inner

    @property
    def name(self) -> str:
        """What the place is called."""
        return self._inner.name

    async def create(self, key: str, content: bytes) -> bool:
        """Store it, whatever is there."""
        await self._inner.put(key, content)
        return True

    async def put(self, key: str, content: bytes) -> None:
        """Store it."""
        await self._inner.put(key, content)

    async def replace(self, key: str, content: bytes, version: str) -> bool:  # noqa: ARG002 (the port's)
        """Store it, whatever is there."""
        await self._inner.put(key, content)
        return True

    async def read(self, key: str) -> Stored | None:
        """What is there."""
        return await self._inner.read(key)

    async def keys(self, prefix: str, *, after: str = "", limit: int = 1_000) -> list[str]:
        """The keys below a prefix."""
        return await self._inner.keys(prefix, after=after, limit=limit)

    async def delete(self, key: str) -> None:
        """Remove it."""
        await self._inner.delete(key)


class Late(Careless):
    """A place that shows what was there some writes ago, as caches do."""

    def __init__(self, inner: Store) -> None:
        super().__init__(inner)
        self._before: dict[str, Stored | None] = {}

    async def put(self, key: str, content: bytes) -> None:
        """Store it, and go on showing what was there."""
        self._before[key] = await self._inner.read(key)
        await self._inner.put(key, content)

    async def read(self, key: str) -> Stored | None:
        """What was there before the last write."""
        found = await self._inner.read(key)
        return self._before.pop(key, None) or found


class Keeping(BucketStore):
    """A place that lets nothing go."""

    async def delete(self, key: str) -> None:
        """Refuse, whatever it is."""
        raise PlaceFailed(self.name, f"may not remove {key}")


class Hanging:
    """A place that answers nothing while it hangs, and says late that it has failed."""

    def __init__(self, inner: Store, *, hangs: bool = False, deadline_s: float = 8.0) -> None:
        self._inner = inner
        self.hangs = hangs
        self.gone = False  # fails at once
        self._deadline_s = deadline_s

    @property
    def name(self) -> str:
        """What the place is called."""
        return self._inner.name

    async def _answers(self) -> None:
        until = time.monotonic() + self._deadline_s
        if self.gone:
            raise PlaceFailed(self.name, "it is gone")
        while self.hangs:
            await asyncio.sleep(0.05)
            if time.monotonic() > until:
                raise PlaceFailed(self.name, "it takes too long")

    async def create(self, key: str, content: bytes) -> bool:
        """Store it if nothing is there."""
        await self._answers()
        return await self._inner.create(key, content)

    async def put(self, key: str, content: bytes) -> None:
        """Store it."""
        await self._answers()
        await self._inner.put(key, content)

    async def replace(self, key: str, content: bytes, version: str) -> bool:
        """Store it, if what is there has this version."""
        await self._answers()
        return await self._inner.replace(key, content, version)

    async def read(self, key: str) -> Stored | None:
        """What is there."""
        await self._answers()
        return await self._inner.read(key)

    async def keys(self, prefix: str, *, after: str = "", limit: int = 1_000) -> list[str]:
        """The keys below a prefix."""
        await self._answers()
        return await self._inner.keys(prefix, after=after, limit=limit)

    async def delete(self, key: str) -> None:
        """Remove it."""
        await self._answers()
        await self._inner.delete(key)
