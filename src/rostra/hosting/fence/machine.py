"""What names a data directory on this machine, and not a copy of it."""

import hashlib
import os
from pathlib import Path
from typing import Final

import msgspec

from rostra.hosting.fence.fence import FenceError

# The root of a file system has a low number, the same one for each kind: 2 of ext4, 128 of XFS, 256
# of btrfs. A folder that a container has mounted brings along a number of its own.
_HIGHEST_ROOT: Final = 256


class Machine(msgspec.Struct, frozen=True):
    """Where a machine says what it is called, and since when it runs."""

    id: Path = Path("/etc/machine-id")
    boot_id: Path = Path("/proc/sys/kernel/random/boot_id")

    def check(self, data_dir: Path) -> None:
        """Whether a claim can be bound to a data directory.

        Raises:
            FenceError: a second volume with a copy would look the same in every way.
            OSError: it is not there.
        """
        at = data_dir.resolve()
        if not self._name() and at.stat().st_ino <= _HIGHEST_ROOT and at.is_mount():
            raise FenceError(
                f"nothing tells {at} from a copy of it: it is the root of a volume, and there is no"
                f" {self.id}. Give this machine or container a {self.id} of its own"
                " (`systemd-machine-id-setup`, or a file with 32 random hexadecimal digits)"
            )

    def bound(self, data_dir: Path) -> str:
        """What stays the same when the machine is started again, and hardly in a copy.

        A copy lies at another path, on another file system, or on another machine.
        """
        at = data_dir.resolve()
        found = at.stat()
        volume = os.statvfs(at).f_fsid
        # Some (XFS) tell the number of their device here, which another start may choose anew.
        known = 0 if volume == found.st_dev else volume
        return _hash(f"{self._name()} {found.st_ino} {known} {at}")

    def bound_before(self, data_dir: Path) -> str:
        """The same as versions before this one have kept it: two volumes could be alike."""
        return _hash(f"{_read(self.id)} {data_dir.stat().st_ino}")

    def run(self, data_dir: Path) -> str:
        """What names this run of the machine with the volume of the data directory.

        A copy of the disk that is started is another one. Of two volumes that are mounted at one
        time each has a device of its own, even if one is a snapshot of the other.
        """
        return f"{_read(self.boot_id)} {data_dir.stat().st_dev}"

    def _name(self) -> str:
        found = _read(self.id)
        return "" if found == "uninitialized" else found  # of an image, before its first start


def _hash(named: str) -> str:
    return hashlib.sha256(named.encode()).hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""
