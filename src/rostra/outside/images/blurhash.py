"""Blurhash of a small picture, without another imaging library in the child.

The format: https://github.com/woltapp/blurhash/blob/master/Algorithm.md.
"""

import math

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
_COMPONENTS = 4

Colour = tuple[float, float, float]


def encode(rgb: bytes, width: int, height: int) -> str:
    """Blurhash of 8-bit sRGB pixels in rows; meant for at most about 32 x 32 of them."""
    across, down = min(_COMPONENTS, width), min(_COMPONENTS, height)
    linear = [_LINEAR[value] for value in rgb]
    rows = [_along(linear[y * width * 3 :], width, across) for y in range(height)]
    factors = [
        _factor([row[i] for row in rows], j, 1.0 if i == j == 0 else 2.0)
        for j in range(down)
        for i in range(across)
    ]
    loudest = max((abs(value) for factor in factors[1:] for value in factor), default=0.0)
    step = max(0, min(82, math.floor(loudest * 166 - 0.5))) if factors[1:] else 0
    scale = (step + 1) / 166 if factors[1:] else 1.0
    waves = "".join(_text(_wave(factor, scale), 2) for factor in factors[1:])
    size = (across - 1) + (down - 1) * 9
    return _text(size, 1) + _text(step, 1) + _text(_average(factors[0]), 4) + waves


def _along(row: list[float], width: int, across: int) -> list[Colour]:
    """The cosine sums of one row, one for each component across.

    The waves start at a pixel's edge, not at its middle: so does the reference implementation.
    """
    sums = []
    for i in range(across):
        weights = [math.cos(math.pi * i * x / width) / width for x in range(width)]
        sums.append(_weighted(row, weights))
    return sums


def _weighted(row: list[float], weights: list[float]) -> Colour:
    red = green = blue = 0.0
    for at, weight in enumerate(weights):
        red += row[3 * at] * weight
        green += row[3 * at + 1] * weight
        blue += row[3 * at + 2] * weight
    return red, green, blue


def _factor(column: list[Colour], j: int, norm: float) -> Colour:
    height = len(column)
    weights = [norm * math.cos(math.pi * j * y / height) / height for y in range(height)]
    return _weighted([value for colour in column for value in colour], weights)


def _wave(factor: Colour, scale: float) -> int:
    red, green, blue = (_quantised(value / scale) for value in factor)
    return (red * 19 + green) * 19 + blue


def _quantised(value: float) -> int:
    root = math.copysign(math.sqrt(abs(value)), value)
    return max(0, min(18, math.floor(root * 9 + 9.5)))


def _average(factor: Colour) -> int:
    red, green, blue = (_srgb(value) for value in factor)
    return (red << 16) + (green << 8) + blue


def _srgb(value: float) -> int:
    share = max(0.0, min(1.0, value))
    bent = share * 12.92 if share <= 0.0031308 else 1.055 * share ** (1 / 2.4) - 0.055  # noqa: PLR2004 (the knee of sRGB (IEC 61966-2-1))
    return int(bent * 255 + 0.5)


def _to_linear(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 (the knee of sRGB (IEC 61966-2-1))


def _text(value: int, length: int) -> str:
    digits = []
    for _ in range(length):
        value, digit = divmod(value, 83)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))


_LINEAR = [_to_linear(value) for value in range(256)]
