"""Checkpoints: the end of the chain on a day, signed. Who keeps one can show what is gone."""

import base64
import hashlib
import re
from datetime import UTC, datetime
from typing import Final

import msgspec

from rostra.kernel import ed25519
from rostra.safety.ledger.chain import HASH_BYTES, Head

TITLE: Final = "Rostra ledger checkpoint 1"
_TEXT: Final = re.compile(
    re.escape(TITLE) + r"\n"
    r"origin: (?P<origin>[^\s]{1,255})\n"
    r"seq: (?P<seq>[1-9][0-9]{0,17})\n"
    r"hash: (?P<hash>[0-9a-f]{64})\n"
    r"at: (?P<at>[0-9]{1,15}) (?P<iso>[0-9TZ:.\-]{20,30})\n"
    r"key: (?P<key>[0-9a-f]{16})\n"
    r"signature: (?P<signature>[A-Za-z0-9+/]{86}==)\n?"
)


class Checkpoint(msgspec.Struct, frozen=True):
    """The chain of `origin` had line `seq` with this hash at its end. `at` in UTC ms."""

    origin: str
    seq: int
    hash: bytes
    at: int
    key: str  # the name of the public key
    signature: bytes = b""


def signed_text(point: Checkpoint) -> str:
    """The lines that the signature covers."""
    return (
        f"{TITLE}\norigin: {point.origin}\nseq: {point.seq}\nhash: {point.hash.hex()}\n"
        f"at: {point.at} {_iso(point.at)}\nkey: {point.key}\n"
    )


def whole_text(point: Checkpoint) -> str:
    """A checkpoint as it is published and kept: the lines, and the signature below them."""
    return f"{signed_text(point)}signature: {base64.b64encode(point.signature).decode()}\n"


def read_text(text: str) -> Checkpoint | None:
    """The checkpoint that `whole_text` wrote; None for anything else."""
    found = _TEXT.fullmatch(text.replace("\r\n", "\n").lstrip("\ufeff"))
    if found is None or _iso(int(found["at"])) != found["iso"]:
        return None
    return Checkpoint(
        found["origin"],
        int(found["seq"]),
        bytes.fromhex(found["hash"]),
        int(found["at"]),
        found["key"],
        base64.b64decode(found["signature"]),
    )


def sign(private: bytes, origin: str, head: Head, at: int) -> Checkpoint:
    """The head, signed."""
    key = ed25519.key_id(ed25519.public_of(private))
    point = Checkpoint(origin, head.seq, head.hash, at, key)
    signature = ed25519.sign(private, signed_text(point).encode())
    return msgspec.structs.replace(point, signature=signature)


def is_genuine(public: bytes, point: Checkpoint) -> bool:
    """Whether the holder of the key signed it."""
    return (
        ed25519.key_id(public) == point.key
        and len(point.hash) == HASH_BYTES
        and ed25519.signed_by(public, signed_text(point).encode(), point.signature)
    )


def digest(point: Checkpoint) -> bytes:
    """What the line of the chain that tells of a checkpoint says of it."""
    return hashlib.sha256(whole_text(point).encode()).digest()


def _iso(at: int) -> str:
    try:
        moment = datetime.fromtimestamp(at / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return ""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
