"""A text as 32 small numbers, and the keys that nearly the same text is found by.

MinHash with one hash (Li, Owen, Zhang: One Permutation Hashing, 2012): the pieces of five
characters are hashed once, the hashes fall into 32 bins, and the lowest of each bin stays. The
share of bins that two texts have in common is near the share of pieces that they have in common.
It costs a twentieth of the signatures that cases are clustered by, which is what every post can
bear, and is told a little less sure.
"""

import hashlib
import struct
from typing import Final
from zlib import crc32

import msgspec

from rostra.safety.signals.normal import Normal

SCHEME: Final = 1
"""Another one with every change of what is below: what was stored by another is not found."""

PIECE: Final = 5
BINS: Final = 32
BANDS: Final = BINS // 2
FEWEST_PIECES: Final = 24
"""A text of fewer is the same only where it reads the same."""

FEWEST_CHARACTERS: Final = 8
"""A text of fewer says too little to be known again."""

MOST_CHARACTERS: Final = 3_000
ALIKE: Final = 0.7
"""From so many bins in common on, of those that either has, two texts are nearly the same."""

_WIDTH = 4  # bytes of a character
_SPAN = PIECE * _WIDTH
_EMPTY: Final = 1 << 27
_PACK = struct.Struct(f"<{BINS}I")
_WHOLE: Final = 1 << 60


class Sketch(msgspec.Struct, frozen=True):
    """What is kept of a text; the text can't be made from it.

    Attributes:
        bins: 32 numbers of 27 bits, packed; of a bin without a piece 2**27.
        keys: below 2**61, that texts share which are nearly the same; one at least.
    """

    bins: bytes
    keys: tuple[int, ...]


def sketch(normal: Normal) -> Sketch | None:
    """The sketch of a text as it reads; None where there is too little of it."""
    joined = "".join(filter(str.isalnum, normal.text[:MOST_CHARACTERS]))
    if len(joined) < FEWEST_CHARACTERS:
        return None
    view = memoryview(joined.encode("utf-32-le", "surrogatepass"))
    hashes = {crc32(view[at : at + _SPAN]) for at in range(0, len(view) - _SPAN + _WIDTH, _WIDTH)}
    bins = [_EMPTY] * BINS
    for each in hashes:
        at, value = each & 31, each >> 5
        if value < bins[at]:  # noqa: PLR1730 (min() takes three times as long)
            bins[at] = value
    packed = _PACK.pack(*bins)
    # Some texts leave a bin of each band empty: those are known again as a whole.
    keys = _bands(bins) if len(hashes) >= FEWEST_PIECES else ()
    return Sketch(packed, keys or (_whole(joined),))


def sketch_of(written: Normal, whole: Normal) -> Sketch | None:
    """The sketch of a post: of its warning and text alone, where these say enough.

    What else it says, of its files and by the choices of a poll, is free to be anything: whoever
    fills it with words of their own would make another text of every copy.

    Args:
        written: the warning and the text, as they read.
        whole: these with all else that it says; the same one where there is nothing else.
    """
    made = sketch(written)
    return made if made is not None or whole is written else sketch(whole)


def alike(one: bytes, other: bytes) -> float:
    """The share of bins that two sketches have in common, of those that either has; 0 to 1."""
    same = either = 0
    for left, right in zip(_PACK.unpack(one), _PACK.unpack(other), strict=True):
        if left != _EMPTY or right != _EMPTY:
            either += 1
            same += left == right
    return same / either if either else 0.0


def is_whole(key: int) -> bool:
    """Whether a key is of a short text as a whole."""
    return bool(key & _WHOLE)


def _bands(bins: list[int]) -> tuple[int, ...]:
    """Two bins each; those with an empty one tell nothing."""
    return tuple(
        (SCHEME & 3) << 58 | band << 54 | bins[2 * band] << 27 | bins[2 * band + 1]
        for band in range(BANDS)
        if bins[2 * band] != _EMPTY and bins[2 * band + 1] != _EMPTY
    )


def _whole(joined: str) -> int:
    data = joined.encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(data, digest_size=8, person=b"rostra.copy.%d" % SCHEME).digest()
    return _WHOLE | int.from_bytes(digest, "big") >> 4
