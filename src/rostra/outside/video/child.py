"""What becomes ffmpeg: `python -I .../child.py MEGABYTES CPU_SECONDS FILE_BYTES PROGRAM ARGUMENTS`.

It gives up all that a conversion does not need, then turns into the program. It is run as a file,
so that it starts without loading the server. Linux lets a process leave the network for good; where
that is not allowed, the protocols that ffmpeg may use are the fence.
"""

import ctypes
import os
import resource
import sys

_NICE = 10
_MEGABYTE = 1 << 20
_NEW_USER_AND_NETWORK = 0x10000000 | 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET
_NO_NEW_PRIVILEGES = 38  # PR_SET_NO_NEW_PRIVS


def main() -> None:
    """Confine this process and become the program."""
    megabytes, cpu_s, file_bytes = (int(given) for given in sys.argv[1:4])
    os.nice(_NICE)
    limit(resource.RLIMIT_AS, megabytes * _MEGABYTE)
    limit(resource.RLIMIT_CPU, cpu_s)
    limit(resource.RLIMIT_FSIZE, file_bytes)
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_NOFILE, 32)
    libc = ctypes.CDLL(None)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    libc.unshare(_NEW_USER_AND_NETWORK)  # refused in some containers: see above
    os.execv(sys.argv[4], sys.argv[4:])  # noqa: S606 (our own arguments, no shell)


def limit(what: int, value: int) -> None:
    """Set a limit, never above the one that holds already."""
    hard = resource.getrlimit(what)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


if __name__ == "__main__":
    main()
