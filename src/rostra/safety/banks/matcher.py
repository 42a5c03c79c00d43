"""Finds which of very many hashes a file meets: SHA-256 exactly, PDQ within 31 bits.

The 256 bits of PDQ are cut into 16 parts of 16. Where 31 bits or fewer differ, at least one part
differs in one bit or none (Norouzi, Punjani and Fleet: "Fast Exact Search in Hamming Space with
Multi-Index Hashing"). So the hashes are kept sorted by each part, and 272 short stretches are read:
among a million hashes some 4,000 candidates, whose bits are counted. A few hundred hashes are
compared one by one, which is faster.

Memory: 32 bytes a hash, and 64 more where there are many: 96 MB and 4 MB for a million PDQ hashes.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final

from rostra.safety.banks.model import Hashes, HashKind
from rostra.safety.banks.pdq import BYTES, FARTHEST

FEW: Final = 2_000
"""As many hashes are compared one by one."""

MOST_FOUND: Final = 20
"""More hashes of one bank are not told: they are one picture, kept many times."""

_PARTS: Final = 16
_VALUES: Final = 1 << 16
_TURNED: Final = (0, *(1 << bit for bit in range(16)))


class Matcher:
    """The hashes of one bank, ready to be asked. It does not change.

    Args:
        rows: id, kind and the 32 bytes of each; those of PDQ are copied into one piece.
    """

    def __init__(self, rows: Iterable[tuple[int, int, bytes]]) -> None:
        self._exact: dict[bytes, int] = {}
        self._ids = array("q")
        packed = bytearray()
        for item_id, kind, found in rows:
            if kind == HashKind.SHA256:
                self._exact[found] = item_id
            else:
                self._ids.append(item_id)
                packed += found
        self._packed = bytes(packed)
        many = len(self._ids) > FEW
        self._parts = _sorted_by_part(self._packed) if many else []

    def __len__(self) -> int:
        """How many hashes it knows."""
        return len(self._ids) + len(self._exact)

    def find(self, hashes: Hashes) -> list[tuple[int, int, int]]:
        """The id, kind and distance of each hash that is met, the nearest first."""
        exact = self._exact.get(hashes.sha256) if hashes.sha256 else None
        found = [] if exact is None else [(exact, int(HashKind.SHA256), 0)]
        if len(hashes.pdq) == BYTES and self._ids:
            near = sorted(self._near(hashes.pdq), key=lambda pair: pair[1])
            found += [(self._ids[at], int(HashKind.PDQ), apart) for at, apart in near]
        return found[:MOST_FOUND]

    def _near(self, asked: bytes) -> Iterator[tuple[int, int]]:
        wanted, packed = int.from_bytes(asked, "big"), self._packed
        for at in self._candidates(asked):
            begins = at * BYTES
            other = int.from_bytes(packed[begins : begins + BYTES], "big")
            apart = (wanted ^ other).bit_count()
            if apart <= FARTHEST:
                yield at, apart

    def _candidates(self, asked: bytes) -> Iterable[int]:
        if not self._parts:
            return range(len(self._ids))
        found: set[int] = set()
        for (starts, order), value in zip(self._parts, _values(asked), strict=True):
            for turned in _TURNED:
                key = value ^ turned
                found.update(order[starts[key] : starts[key + 1]])
        return found


def _values(packed: bytes) -> Sequence[int]:
    """Its parts of two bytes, in this machine's order, which is the same for all."""
    return array("H", packed)


def _sorted_by_part(packed: bytes) -> list[tuple["array[int]", "array[int]"]]:
    """For each part: where each value begins, and the places of the hashes in the order of theirs.

    A counting sort: a tenth of a second for a million hashes and one part.
    """
    values = array("H", packed)
    return [_sorted(values[part::_PARTS]) for part in range(_PARTS)]


def _sorted(values: "array[int]") -> tuple["array[int]", "array[int]"]:
    counts = [0] * (_VALUES + 1)
    for value in values:
        counts[value + 1] += 1
    starts = array("I", accumulate(counts))
    free = starts.tolist()
    order = array("I", bytes(4 * len(values)))
    for at, value in enumerate(values):
        place = free[value]
        order[place] = at
        free[value] = place + 1
    return starts, order
