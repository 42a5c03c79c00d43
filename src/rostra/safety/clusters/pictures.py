"""Pictures that look the same: PDQ's 256 bits, their distance, and the keys to find them by.

Bits are cut into 16 parts of 16. Where 31 bits or fewer differ, at least one part differs in one
bit or none; so a picture is kept under its 16 parts and asked for by each part and by each part
with one bit turned: 272 keys find all that is within the distance, without exception.
"""

from typing import Final

from rostra.safety.banks.pdq import BYTES, FARTHEST, distance

__all__ = ["BYTES", "FARTHEST", "WORST_QUALITY", "asked", "distance", "kept", "same", "usable"]

WORST_QUALITY: Final = 50
"""Below it there is too little in a picture to tell it by; the published recommendation."""

_PARTS = 16
_PART_BITS = 16
_KIND_PICTURE = 3 << 61


def usable(look: bytes, quality: int) -> bool:
    """Whether a picture can be compared at all."""
    return len(look) == BYTES and quality >= WORST_QUALITY


def same(one: bytes, other: bytes) -> bool:
    """Whether two usable pictures are taken for the same."""
    return distance(one, other) <= FARTHEST


def kept(look: bytes) -> tuple[int, ...]:
    """The keys to store, below 2**63."""
    return tuple(_key(at, value) for at, value in enumerate(_parts(look)))


def asked(look: bytes) -> tuple[int, ...]:
    """The keys to look up."""
    return tuple(
        _key(at, value ^ turned)
        for at, value in enumerate(_parts(look))
        for turned in (0, *(1 << bit for bit in range(_PART_BITS)))
    )


def _parts(look: bytes) -> list[int]:
    return [int.from_bytes(look[at : at + 2], "big") for at in range(0, 2 * _PARTS, 2)]


def _key(part: int, value: int) -> int:
    return _KIND_PICTURE | part << _PART_BITS | value
