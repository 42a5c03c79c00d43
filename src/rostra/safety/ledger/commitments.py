"""What a line of the ledger commits to: a record in one fixed spelling, under a random salt.

Without the salt a commitment tells nothing, not even to somebody who guesses the record. Who
erases the salt has erased the last trace of it, and the chain still holds.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import msgspec

SALT_BYTES: Final = 32
_PURPOSE: Final = b"rostra ledger record 1\n"
_LEAF, _NODE = b"\x00", b"\x01"  # RFC 6962, 2.1: a leaf never passes for a node
_ENCODER = msgspec.json.Encoder(order="deterministic")

Fact: TypeAlias = "str | int | bool | Sequence[Fact] | Mapping[str, Fact] | None"


def new_salt() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(SALT_BYTES)


def canonical(record: Mapping[str, Fact]) -> bytes:
    """The one spelling of a record: JSON in UTF-8, keys sorted, no spaces.

    Raises:
        TypeError: it holds a number that is not whole, which JSON spells in more than one way.
    """
    _only_whole(record)
    return _ENCODER.encode(record)


def commitment(salt: bytes, record: Mapping[str, Fact]) -> bytes:
    """HMAC-SHA256 of the record under its salt."""
    return hmac.digest(salt, _PURPOSE + canonical(record), hashlib.sha256)


def opens(salt: bytes, record: Mapping[str, Fact], committed: bytes) -> bool:
    """Whether the line that says `committed` was written for just this record."""
    return hmac.compare_digest(commitment(salt, record), committed)


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """One hash over many leaves (RFC 6962, 2.1); of none it is the hash of nothing."""
    if not leaves:
        return hashlib.sha256().digest()
    level = [hashlib.sha256(_LEAF + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def merkle_proof(leaves: Sequence[bytes], index: int) -> list[tuple[bool, bytes]]:
    """What shows that one leaf is below the root: hashes beside its way up; True: on the left."""
    level = [hashlib.sha256(_LEAF + leaf).digest() for leaf in leaves]
    proof = []
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            proof.append((beside < index, level[beside]))
        pairs = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
        index //= 2
    return proof


def is_below(root: bytes, leaf: bytes, proof: Sequence[tuple[bool, bytes]]) -> bool:
    """Whether the proof leads from the leaf to the root."""
    found = hashlib.sha256(_LEAF + leaf).digest()
    for left, beside in proof:
        found = _node(beside, found) if left else _node(found, beside)
    return hmac.compare_digest(found, root)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


def _only_whole(fact: Fact) -> None:
    if isinstance(fact, float):
        raise TypeError("a record holds whole numbers only")
    if isinstance(fact, Mapping):
        for value in fact.values():
            _only_whole(value)
    elif isinstance(fact, Sequence) and not isinstance(fact, str):
        for value in fact:
            _only_whole(value)
