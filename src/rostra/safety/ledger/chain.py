"""One line of the chain, and how the next one is made from it.

A line holds a commitment to a record, never the record: its number, its time, its kind, and an
HMAC that only who has the record and its salt can check. Its hash covers all of them and the hash
of the line before.
"""

import hashlib
from enum import IntEnum
from typing import Final

import msgspec

HASH_BYTES: Final = 32
START: Final = bytes(HASH_BYTES)  # what the first line names as the hash before it
_DOMAIN: Final = b"rostra ledger line 1\n"


class EntryKind(IntEnum):
    """What happened. The numbers are stored and hashed: reuse none."""

    DECIDED = 1
    UNDONE = 2
    APPEALED = 3
    ANSWERED = 4  # an appeal was
    ERASED = 5  # a member is gone, and with them the salts of what was decided on them
    CHECKPOINT = 6  # the head was signed
    RELEASED = 7  # a decision about many was taken back for one member


class Entry(msgspec.Struct, frozen=True):
    """A line. Times in UTC ms; `seq` counts from 1."""

    seq: int
    at: int
    kind: int
    commitment: bytes
    previous: bytes
    hash: bytes


class Head(msgspec.Struct, frozen=True):
    """The end of the chain; `seq` 0: there is no line yet."""

    seq: int = 0
    at: int = 0
    hash: bytes = START


def entry_hash(seq: int, at: int, kind: int, commitment: bytes, previous: bytes) -> bytes:
    """The hash of a line over all that it says: SHA-256, every number of fixed width."""
    line = hashlib.sha256(_DOMAIN)
    line.update(seq.to_bytes(8, "big", signed=True))
    line.update(at.to_bytes(8, "big", signed=True))
    line.update(kind.to_bytes(4, "big", signed=True))
    for part in (commitment, previous):
        line.update(len(part).to_bytes(4, "big"))
        line.update(part)
    return line.digest()


def following(head: Head, at: int, kind: int, commitment: bytes) -> Entry:
    """The line after `head`. Its time is never before that of the line it follows."""
    seq, at = head.seq + 1, max(at, head.at)
    return Entry(
        seq, at, kind, commitment, head.hash, entry_hash(seq, at, kind, commitment, head.hash)
    )


def head_of(entry: Entry) -> Head:
    """The end of a chain whose last line this is."""
    return Head(entry.seq, entry.at, entry.hash)
