"""What installations leave for each other at the places: a record and a signature, as JSON.

The record is signed as the text it was written as, so that whoever reads it later needs to know no
order of fields; and behind a purpose, so that what is signed as one thing never passes for another.
"""

from typing import Final, Protocol, TypeVar

import msgspec

from rostra.kernel import ed25519

UNREADABLE: Final = (msgspec.MsgspecError, ValueError, RecursionError)
"""What reading JSON of others raises; the last where it is nested some thousand deep."""


class _Signed(msgspec.Struct, frozen=True):
    body: str
    signature: str


class Keyed(Protocol):
    """A record that names the public key that has signed it, in hexadecimal digits."""

    @property
    def key(self) -> str:
        """The key."""


RecordT = TypeVar("RecordT", bound=msgspec.Struct)
KeyedT = TypeVar("KeyedT", bound=Keyed)


def signed(record: msgspec.Struct, private: bytes, purpose: bytes) -> bytes:
    """A record as it stands at the places.

    Args:
        record: any struct that JSON can hold.
        private: the key, 32 bytes.
        purpose: what such records are, as a line with its end.
    """
    body = msgspec.json.encode(record)
    return msgspec.json.encode(_Signed(body.decode(), ed25519.sign(private, purpose + body).hex()))


def read_by(content: bytes, kind: type[RecordT], purpose: bytes, key: str) -> RecordT | None:
    """The record that the holder of a key has signed; None: it is none.

    Args:
        content: as it stands at a place.
        kind: what it should be.
        purpose: as it was signed.
        key: the public one, in hexadecimal digits.
    """
    found = _parsed(content, kind)
    if found is None:
        return None
    given, record = found
    return record if _holds(given, purpose, key) else None


def read(content: bytes, kind: type[KeyedT], purpose: bytes) -> KeyedT | None:
    """The record that the key has signed which it names itself; None: it is none."""
    found = _parsed(content, kind)
    if found is None:
        return None
    given, record = found
    return record if _holds(given, purpose, record.key) else None


_T = TypeVar("_T")


def _parsed(content: bytes, kind: type[_T]) -> tuple[_Signed, _T] | None:
    try:
        given = msgspec.json.decode(content, type=_Signed)
        return given, msgspec.json.decode(given.body, type=kind)
    except UNREADABLE:
        return None


def _holds(given: _Signed, purpose: bytes, key: str) -> bool:
    try:
        public, signature = bytes.fromhex(key), bytes.fromhex(given.signature)
    except ValueError:
        return False
    return ed25519.signed_by(public, purpose + given.body.encode(), signature)
