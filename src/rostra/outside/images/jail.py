"""What a picture child gives up for good: files, the network, other programs and processes.

A filter of system calls (seccomp, in the kernel since Linux 3.17) that holds in all threads of the
process and all they start, and can never be taken off. A call that it bars fails with EPERM, as if
the machine had no such thing. Only calls are barred that no decoder needs once it is loaded: what
is not on the list goes on as before, so a new version of a library is not ended by it.

Where the kernel has no such filter, or a container forbids to set one, nothing is given up.
"""

import ctypes
import platform
import struct
from typing import Final, NamedTuple

_NO_NEW_PRIVILEGES: Final = 38  # prctl(2)
_SET_FILTER: Final = 1  # seccomp(2)
_ALL_THREADS: Final = 1

_LOAD: Final = 0x20  # of the classic BPF: load a word, jump if equal or if not less, return
_IF_EQUAL: Final = 0x15
_IF_NOT_LESS: Final = 0x35
_RETURN: Final = 0x06
_NUMBER_AT: Final = 0  # in struct seccomp_data
_MACHINE_AT: Final = 4
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050001  # an error: EPERM
_X32: Final = 0x4000_0000  # x86_64's second table, which would be a way around the first


class _Machine(NamedTuple):
    """The numbers of one architecture: its own (linux/audit.h), and those of its calls."""

    name: int
    seccomp: int
    calls: tuple[int, ...]


# In the order of the groups: open, create, remove and change files · sockets · programs · other
# processes · rings of calls that pass by this filter · the kernel itself.
_MACHINES: Final = {
    "x86_64": _Machine(
        0xC000003E,
        317,
        (
            *(2, 257, 437, 85, 304, 76, 82, 264, 316, 83, 258, 84, 86, 265, 88, 266, 87, 263),
            *(90, 268, 452, 92, 94, 260, 133, 259),
            *(41, 53, 42, 49),
            *(59, 322, 57, 58),
            *(62, 200, 234, 101, 310, 311, 424, 434, 438),
            *(425, 426, 427),
            *(321, 298, 323, 248, 249, 250, 165, 166, 155, 161, 308, 272, 175, 313, 246),
        ),
    ),
    "aarch64": _Machine(
        0xC00000B7,
        277,
        (
            *(56, 437, 265, 45, 38, 276, 34, 37, 36, 35, 53, 452, 54, 33),
            *(198, 199, 203, 200),
            *(221, 281),
            *(129, 130, 131, 117, 270, 271, 424, 434, 438),
            *(425, 426, 427),
            *(280, 241, 282, 217, 218, 219, 40, 39, 41, 51, 268, 97, 105, 273, 104),
        ),
    ),
}


def enter() -> bool:
    """Bar this process from all of it; whether the kernel has agreed."""
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    try:
        kernel = ctypes.CDLL(None, use_errno=True)
        if kernel.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
            return False
        code = program(machine)
        held = ctypes.create_string_buffer(code, len(code))
        filter_ = _Filter(len(code) // 8, ctypes.addressof(held))
        told = kernel.syscall(machine.seccomp, _SET_FILTER, _ALL_THREADS, ctypes.byref(filter_))
    except (OSError, AttributeError):  # no Linux, or a C library without these
        return False
    return bool(told == 0)


class _Filter(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def program(machine: _Machine) -> bytes:
    """The filter: refuse the calls of other tables and those that are listed, allow all others."""
    number = [
        _step(_LOAD, _NUMBER_AT),
        _step(_IF_NOT_LESS, _X32, then=len(machine.calls) + 1),
        *(
            _step(_IF_EQUAL, call, then=len(machine.calls) - place)
            for place, call in enumerate(machine.calls)
        ),
        _step(_RETURN, _ALLOW),
        _step(_RETURN, _REFUSE),
    ]
    same = [_step(_LOAD, _MACHINE_AT), _step(_IF_EQUAL, machine.name, then=1)]
    return b"".join([*same, _step(_RETURN, _REFUSE), *number])


def _step(code: int, value: int, then: int = 0) -> bytes:
    """Struct sock_filter; `then` is how many steps are passed over where the condition holds."""
    return struct.pack("=HBBI", code, then, 0, value)
