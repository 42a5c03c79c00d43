"""PDQ: 256 bits of what a picture looks like, and how much there is to see in it.

The method: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm"
(https://github.com/facebook/ThreatExchange/blob/main/hashing/hashing.pdf). Brightness is smoothed
and brought to 64 x 64 points; a bit says whether one of the 16 x 16 slowest waves, without the
constant one, is stronger than the median of all. Runs in the child only.
"""

import math
from array import array
from collections.abc import Sequence
from itertools import pairwise
from operator import mul

import pyvips

_POINTS = 64
_WAVES = 16
_PASSES = 2
_SMALLEST = 5
_LUMA = (0.299, 0.587, 0.114)
_WHITE = 255
_STEPS_A_POINT = 90
_BEST = 100
_COSINES = [
    [
        math.sqrt(2 / _POINTS) * math.cos(math.pi / 2 / _POINTS * wave * (2 * at + 1))
        for at in range(_POINTS)
    ]
    for wave in range(1, _WAVES + 1)
]

Rows = Sequence[Sequence[float]]


def look(image: pyvips.Image) -> tuple[bytes, int]:
    """The 32 bytes of an sRGB picture in memory, and its quality from 0 to 100.

    The first bit of the paper's numbering is the lowest of the last byte. What is transparent
    counts as white. A picture with a side below 5 pixels has no bytes and quality 0.
    """
    if min(image.width, image.height) < _SMALLEST:
        return b"", 0
    rows = _brightness(image)
    return _bits(_waves(rows)), _quality(rows)


def _brightness(image: pyvips.Image) -> Rows:
    """64 rows of 64 points, from 0 to 255: two passes of a mean of half a point each way."""
    if image.hasalpha():
        image = image.flatten(background=[_WHITE] * 3)
    grey = image.recomb([list(_LUMA)]).cast("float")
    wide, high = (_window(side) for side in (grey.width, grey.height))
    for _ in range(_PASSES):
        grey = grey.conv([wide], precision="float") / sum(wide)
        grey = grey.conv([[weight] for weight in high], precision="float") / sum(high)
    smooth = array("f", bytes(grey.cast("float").write_to_memory()))
    columns = [_middle(at, grey.width) for at in range(_POINTS)]
    starts = [_middle(at, grey.height) * grey.width for at in range(_POINTS)]
    return [[smooth[start + column] for column in columns] for start in starts]


def _window(side: int) -> list[float]:
    """Weights of half a point's width; one of even width reaches further forward than back."""
    width = -(-side // (2 * _POINTS))
    return [0.0] * (1 - width % 2) + [1.0] * width


def _middle(point: int, side: int) -> int:
    return int((point + 0.5) * side / _POINTS)


def _quality(rows: Rows) -> int:
    """How many steps of brightness there are from point to point; a plain surface has none."""
    steps = _steps(rows) + _steps(list(zip(*rows, strict=True)))
    return min(_BEST, steps // _STEPS_A_POINT)


def _steps(rows: Rows) -> int:
    total = 0
    for row, below in pairwise(rows):
        total += sum(
            int(abs(one - other) * _BEST / _WHITE) for one, other in zip(row, below, strict=True)
        )
    return total


def _waves(rows: Rows) -> list[float]:
    """The 256 coefficients, row by row."""
    along = [[sum(map(mul, wave, row)) for row in rows] for wave in _COSINES]
    return [sum(map(mul, wave, column)) for wave in _COSINES for column in along]


def _bits(waves: list[float]) -> bytes:
    median = sorted(waves)[len(waves) // 2 - 1]
    bits = sum(1 << at for at, wave in enumerate(waves) if wave > median)
    return bits.to_bytes(len(waves) // 8, "big")
