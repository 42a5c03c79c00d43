"""Messages over a pipe: two lengths, a msgpack head, and a body of plain bytes.

Every wait ends at a deadline, given as a value of `time.monotonic()`.
"""

import os
import select
import struct
import time
from collections.abc import Callable
from typing import TypeVar

import msgspec

T = TypeVar("T")

READY = b"ready"
"""What a child says first, once it has all it needs loaded."""

BARRED = b"barred"
"""Behind it: the child has no way to files, the network or other programs any more."""

_LENGTHS = struct.Struct(">II")
_MOST = 1 << 30
_CHUNK = 1 << 20

Read = Callable[[int], bytes]


def pack(head: msgspec.Struct | bytes, body: bytes = b"") -> list[bytes]:
    """The parts of one message, to be written one after the other."""
    encoded = msgspec.msgpack.encode(head)
    return [_LENGTHS.pack(len(encoded), len(body)), encoded, body]


def unpack(read: Read) -> tuple[bytes, bytes]:
    """Read one message; `read(n)` gives exactly n bytes.

    Raises:
        EOFError: the other side is gone.
        ValueError: the lengths can't be right.
    """
    head, body = _LENGTHS.unpack(read(_LENGTHS.size))
    if head + body > _MOST:
        raise ValueError("a message of more than 1 GiB")
    return read(head), read(body)


def read_within(fd: int, until: float) -> Read:
    """A reader of a non-blocking descriptor.

    The reader raises TimeoutError at the deadline and EOFError at the end of the stream.
    """

    def read(size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            _wait(fd, select.POLLIN, until)
            got = os.read(fd, min(_CHUNK, size - len(parts)))
            if not got:
                raise EOFError("the other side closed the pipe")
            parts += got
        return bytes(parts)

    return read


def write_within(fd: int, parts: list[bytes], until: float) -> None:
    """Write all to a non-blocking descriptor.

    Raises:
        TimeoutError: the deadline came first.
        BrokenPipeError: the other side is gone.
    """
    for part in parts:
        rest = memoryview(part)
        while rest:
            _wait(fd, select.POLLOUT, until)
            rest = rest[os.write(fd, rest[:_CHUNK]) :]


def _wait(fd: int, event: int, until: float) -> None:
    left = until - time.monotonic()
    poll = select.poll()
    poll.register(fd, event)
    if left <= 0 or not poll.poll(left * 1000):
        raise TimeoutError("the deadline has passed")
