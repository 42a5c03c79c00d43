"""Blurhash as a tiny picture, so that pages need no script to show it.

The format is described at https://github.com/woltapp/blurhash/blob/master/Algorithm.md.
"""

import base64
import math
import struct
import zlib
from functools import lru_cache

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
DIGITS = {character: value for value, character in enumerate(ALPHABET)}
SIDE = 8
"""Pixels each way; the browser smooths them."""

Colour = tuple[float, float, float]


@lru_cache(maxsize=4096)
def placeholder(text: str) -> str:
    """Turn a blurhash into a `data:` address of a small PNG; empty if it is not one."""
    try:
        colours, across = _colours(text)
    except (KeyError, IndexError, ValueError):
        return ""
    rows = bytearray()
    for y in range(SIDE):
        rows.append(0)  # PNG filter: none
        for x in range(SIDE):
            rows.extend(_pixel(colours, across, x, y))
    return "data:image/png;base64," + base64.b64encode(_png(bytes(rows))).decode()


def _number(text: str) -> int:
    value = 0
    for character in text:
        value = value * 83 + DIGITS[character]
    return value


def _colours(text: str) -> tuple[list[Colour], int]:
    down, across = divmod(_number(text[0]), 9)
    across, down = across + 1, down + 1
    if len(text) != 4 + 2 * across * down:
        raise ValueError("length does not fit the number of components")
    loudest = (_number(text[1]) + 1) / 166
    average = _number(text[2:6])
    colours = [(_linear(average >> 16), _linear(average >> 8 & 255), _linear(average & 255))]
    for at in range(6, len(text), 2):
        value = _number(text[at : at + 2])
        red, green, blue = value // 361, value // 19 % 19, value % 19
        colours.append((_wave(red, loudest), _wave(green, loudest), _wave(blue, loudest)))
    return colours, across


def _wave(step: int, loudest: float) -> float:
    value = (step - 9) / 9
    return math.copysign(value * value, value) * loudest


def _linear(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 (sRGB)


def _srgb(value: float) -> int:
    share = max(0.0, min(1.0, value))
    bent = share * 12.92 if share <= 0.0031308 else 1.055 * share ** (1 / 2.4) - 0.055  # noqa: PLR2004 (sRGB)
    return round(bent * 255)


def _pixel(colours: list[Colour], across: int, x: int, y: int) -> tuple[int, int, int]:
    red = green = blue = 0.0
    for at, colour in enumerate(colours):
        j, i = divmod(at, across)
        weight = math.cos(math.pi * (x + 0.5) * i / SIDE) * math.cos(math.pi * (y + 0.5) * j / SIDE)
        red += colour[0] * weight
        green += colour[1] * weight
        blue += colour[2] * weight
    return _srgb(red), _srgb(green), _srgb(blue)


def _png(rows: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(rows, 9)), _chunk(b"IEND", b""))
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
