"""What this host knows of the extract: the page of each member as it was sent, and where it is.

It lies in the data directory, in `ark/lifeboat`, and is in no copy: a host that lacks it makes the
extract anew.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from rostra.hosting.ark.keys import FOLDER
from rostra.hosting.lifeboat.model import SHARDS, Page
from rostra.store.alone import alone as file_alone

_OWN: Final = "lifeboat"
_STATE: Final = "state.json"
_LOCK: Final = "lock"
_PAGES: Final = "pages"
T = TypeVar("T")
Shard = dict[str, str]
"""The piece of the page of each member, by name."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    """How far the extract is.

    Attributes:
        number: of the last head.
        root: the piece that the heads name; empty: there is none yet.
        shards: the piece of each shard; empty: it holds nobody.
        whole: every member was looked at since the extract was begun here.
        after: the sweep through all members has come to this name.
        swept_at: when it last came to the end; UTC ms; 0: never.
        wrapped: the key that all of it was sealed with, as the heads name it.
    """

    number: int = 0
    root: str = ""
    shards: tuple[str, ...] = ("",) * SHARDS
    whole: bool = False
    after: str = ""
    swept_at: int = 0
    wrapped: str = ""


class Held:
    """The files."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER / _OWN

    @contextlib.contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether this process is the one that tells the lifeboat, until the block ends."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with file_alone(self._folder / _LOCK) as alone:
            yield alone

    def state(self) -> State | None:
        """How far it is; None: it was not begun here."""
        found = _decoded(self._folder / _STATE, State)
        return found if found and len(found.shards) == SHARDS else None

    def keep(self, state: State) -> None:
        """Keep that."""
        _write(self._folder / _STATE, msgspec.json.encode(state))

    def forget(self) -> None:
        """Begin the extract anew: what was sent is not known any more."""
        shutil.rmtree(self._folder / _PAGES, ignore_errors=True)
        for number in range(SHARDS):
            self._shard(number).unlink(missing_ok=True)

    def page(self, name: str) -> Page | None:
        """The page of a member as it was sent; None: there is none."""
        return _decoded(self._page(name), Page)

    def keep_page(self, name: str, page: Page | None) -> None:
        """Keep a page; None: the member is not there any more."""
        path = self._page(name)
        if page is None:
            path.unlink(missing_ok=True)
        else:
            _write(path, msgspec.json.encode(page))

    def shard(self, number: int) -> Shard:
        """Who stands in a shard."""
        return _decoded(self._shard(number), Shard) or {}

    def keep_shard(self, number: int, shard: Shard) -> None:
        """Keep a shard."""
        _write(self._shard(number), msgspec.json.encode(shard))

    def _shard(self, number: int) -> Path:
        return self._folder / f"shard-{number:02x}.json"

    def _page(self, name: str) -> Path:
        # In hexadecimal digits: a name is a member's choice, a path is not.
        spelt = name.encode().hex()
        return self._folder / _PAGES / spelt[-2:] / spelt


def _decoded(path: Path, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError):
        return None


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_suffix(".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    new.replace(path)
