"""Folders that hold an export unsealed while it is made or read, and are gone afterwards.

Whoever is killed removes nothing. So each of them is locked for as long as somebody uses it, and
whoever makes the next one removes those that nobody does.
"""

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_MARK: Final = re.compile(r"[0-9a-f]{16}")


@contextmanager
def passing(room: Path, beginning: str) -> Iterator[Path]:
    """A folder of our own, nobody else's to read.

    Args:
        room: where it is made.
        beginning: of its name; those with the same one that were left behind are removed.

    Raises:
        OSError: it can't be made.
    """
    swept(room, beginning)
    folder, lock = _locked(room, beginning)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def swept(room: Path, beginning: str) -> int:
    """Remove the folders of this beginning that nobody uses any more; how many."""
    count = 0
    for entry in os.scandir(room):
        name = entry.name
        if not name.startswith(beginning) or not _MARK.fullmatch(name.removeprefix(beginning)):
            continue
        lock = _lock_of(Path(entry.path))
        if lock is not None:
            shutil.rmtree(entry.path, ignore_errors=True)
            os.close(lock)
            count += 1
    return count


def _locked(room: Path, beginning: str) -> tuple[Path, int]:
    while True:
        folder = room / f"{beginning}{secrets.token_hex(8)}"
        folder.mkdir(mode=0o700)
        lock = _lock_of(folder)
        if lock is not None:
            if folder.exists():
                return folder, lock
            os.close(lock)  # somebody who sweeps was quicker


def _lock_of(folder: Path) -> int | None:
    """A lock on a folder, to be closed; None: it is somebody else's, or no folder."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
