"""What PDQ's makers say of comparing two hashes."""

from typing import Final

BYTES: Final = 32
"""256 bits."""

FARTHEST: Final = 31
"""Most bits in which two pictures differ that are taken for the same; the paper's figure."""


def distance(one: bytes, other: bytes) -> int:
    """How many of the 256 bits differ."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()
