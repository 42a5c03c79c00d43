"""Whether anybody serves a data directory: each process that does so holds a shared lock in it.

With or without a fence. A process on another machine is not seen.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rostra.store.alone import alone

_FILE: Final = Path("gates") / "served"


@contextlib.contextmanager
def serving(data_dir: Path) -> Iterator[None]:
    """Serve it until the block ends; waits while somebody has it unserved.

    Raises:
        OSError: the lock can't be made.
    """
    path = data_dir / _FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def unserved(data_dir: Path) -> Iterator[bool]:
    """Whether no process serves it; none begins to until the block ends.

    Raises:
        OSError: the lock can't be made.
    """
    path = data_dir / _FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with alone(path) as nobody:
        yield nobody
