"""A text as 64 small numbers, the keys under which it is looked up, and how much two share.

MinHash over the pieces of five characters of the folded text: the share of equal numbers is near
the share of equal pieces (Jaccard), within 0.06. Bands of three find what shares half with a chance
of 94 of 100. Marks find what holds the text as a part, however much stands around it: they are the
hashes of longer pieces, of which those are kept whose hash is a multiple of four.
"""

import hashlib
import struct
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from rostra.safety.clusters.normal import FEWEST_CHARACTERS, Normal

PIECE: Final = 5
VALUES: Final = 64
ROWS: Final = 3
BANDS: Final = VALUES // ROWS
MARK_PIECE: Final = 16
ONE_MARK_IN: Final = 4
MOST_MARKS: Final = 16
MOST_MARKS_ASKED: Final = 256
FEWEST_PIECES: Final = 12
"""Texts with fewer are like those alone that read exactly the same."""

_VALUES_A_DIGEST = 32
_UNPACK = struct.Struct(f"<{_VALUES_A_DIGEST}H").unpack
_PACK = struct.Struct(f"<{VALUES}H")
_SALTS = tuple(f"rostra.text.{at}".encode() for at in range(VALUES // _VALUES_A_DIGEST))
_MARK_SALT = b"rostra.mark"
_BAND_SALT = b"rostra.band"
_WHOLE_SALT = b"rostra.whole"
_KEY_BITS = 61
_KIND_BAND = 1 << _KEY_BITS
_KIND_MARK = 2 << _KEY_BITS
_KINDS = 3 << _KEY_BITS


class Signature(msgspec.Struct, frozen=True):
    """What is kept of a text to compare it by; the text can't be made from it.

    Attributes:
        values: 64 numbers of 16 bits, little endian.
        size: how many different pieces the text has.
        bands: keys below 2**63 that texts share which are nearly the same.
        marks: keys that texts share of which one holds a part of the other; the first `MOST_MARKS`
            are those that are kept, the others are asked for only.
    """

    values: bytes
    size: int
    bands: tuple[int, ...]
    marks: tuple[int, ...]

    @property
    def kept(self) -> tuple[int, ...]:
        """The keys to store."""
        return (*self.bands, *self.marks[:MOST_MARKS])

    @property
    def asked(self) -> tuple[int, ...]:
        """The keys to look up."""
        return (*self.bands, *self.marks)


class Overlap(msgspec.Struct, frozen=True):
    """How two texts relate, in pieces; estimated.

    Attributes:
        alike: what both have, of all that either has; 0 to 1.
        common: how many pieces both have.
        own: how many the first alone has.
        missing: how many the second alone has.
    """

    alike: float
    common: float
    own: float
    missing: float


def sign(text: Normal) -> Signature | None:
    """The signature of a folded text; None where there is too little of it."""
    if len(text.joined) < FEWEST_CHARACTERS:
        return None
    pieces = pieces_of(text.joined, PIECE)
    values = minima(pieces)
    packed = _PACK.pack(*values)
    if len(pieces) < FEWEST_PIECES:
        whole = _KIND_BAND | _key(text.joined.encode("utf-8", "surrogatepass"), _WHOLE_SALT)
        return Signature(packed, len(pieces), (whole,), ())
    return Signature(packed, len(pieces), _bands(values), _marks(text.joined))


def is_mark(key: int) -> bool:
    """Whether a key is a mark."""
    return key & _KINDS == _KIND_MARK


def pieces_of(joined: str, length: int) -> set[str]:
    """All different runs of so many characters."""
    return {joined[at : at + length] for at in range(len(joined) - length + 1)}


def minima(pieces: Iterable[str]) -> list[int]:
    """For each of 64 hash functions, the lowest value that any piece has."""
    encoded = [piece.encode("utf-8", "surrogatepass") for piece in pieces]
    lowest: list[int] = []
    for salt in _SALTS:
        base = hashlib.blake2b(digest_size=2 * _VALUES_A_DIGEST, person=salt)
        rows = []
        for piece in encoded:
            digest = base.copy()
            digest.update(piece)
            rows.append(_UNPACK(digest.digest()))
        lowest += map(min, zip(*rows, strict=True))
    return lowest


def overlap(one: bytes, size: int, other: bytes, other_size: int) -> Overlap:
    """Compare two signatures by their values and sizes."""
    equal = sum(map(int.__eq__, _PACK.unpack(one), _PACK.unpack(other)))
    alike = equal / VALUES
    common = min(alike / (1 + alike) * (size + other_size), size, other_size)
    return Overlap(alike, common, size - common, other_size - common)


def _bands(values: Sequence[int]) -> tuple[int, ...]:
    keys = []
    for band in range(BANDS):
        rows = struct.pack("<4H", band, *values[band * ROWS : (band + 1) * ROWS])
        keys.append(_KIND_BAND | _key(rows, _BAND_SALT))
    return tuple(keys)


def _marks(joined: str) -> tuple[int, ...]:
    """The lowest of the hashes that are multiples of four, so that two texts choose alike."""
    hashes = {
        _key(piece.encode("utf-8", "surrogatepass"), _MARK_SALT)
        for piece in pieces_of(joined, MARK_PIECE)
    }
    chosen = sorted(value for value in hashes if value % ONE_MARK_IN == 0)
    return tuple(_KIND_MARK | value for value in chosen[:MOST_MARKS_ASKED])


def _key(data: bytes, salt: bytes) -> int:
    digest = hashlib.blake2b(data, digest_size=8, person=salt).digest()
    return int.from_bytes(digest, "big") >> (64 - _KEY_BITS)
