"""Finds what is in a picture file besides the picture, by its bytes alone.

It shares no code with the server and no library with it: it walks the segments of JPEG, the chunks
of PNG and WebP and the blocks of GIF, and names all that is not needed to draw the picture.
"""

import struct

_JPEG_NEEDED = {0xDB, 0xC4, 0xDD, 0xDA, 0xC0, 0xC1, 0xC2}
_JPEG_BARE = {0x01, *range(0xD0, 0xD8)}
_PNG_NEEDED = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT"}
_WEBP_NEEDED = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}
_GIF_LOOPS = {b"NETSCAPE2.0", b"ANIMEXTS1.0"}
_TRACES = (
    b"Exif\0\0",
    b"xmpmeta",
    b"Photoshop 3.0",
    b"8BIM",
    b"http://ns.adobe.com",
    b"Raw profile",
)


def find_metadata(data: bytes) -> list[str]:
    """Name everything found that is not needed to draw the picture; empty when it is clean."""
    traces = [f"bytes {trace!r}" for trace in _TRACES if trace in data]
    if data.startswith(b"\xff\xd8"):
        return traces + _in_jpeg(data)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return traces + _in_png(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return traces + _in_webp(data)
    if data[:6] in {b"GIF87a", b"GIF89a"}:
        return traces + _in_gif(data)
    return [*traces, f"no stored type: {data[:12]!r}"]


def _in_jpeg(data: bytes) -> list[str]:
    found: list[str] = []
    at = 2
    while at < len(data):
        if data[at] != 0xFF:
            return [*found, f"garbage at {at}"]
        marker = data[at + 1]
        if marker == 0xD9:
            return found + _trailing(data, at + 2)
        if marker in _JPEG_BARE:
            at += 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        body = data[at + 4 : at + 2 + length]
        if marker == 0xE0 and body[:5] == b"JFIF\0":
            if len(body) != 14 or body[7:12] != b"\x00\x01\x00\x01\x00":
                found.append("APP0 with a thumbnail or a resolution")
        elif marker not in _JPEG_NEEDED and not (marker == 0xEE and body[:5] == b"Adobe"):
            found.append(f"marker {marker:02x} {body[:12]!r}")
        at += 2 + length
        if marker == 0xDA:
            at = _after_scan(data, at)
    return [*found, "no end"]


def _after_scan(data: bytes, at: int) -> int:
    while at + 1 < len(data):
        at = data.find(b"\xff", at)
        if at < 0:
            return len(data)
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2
    return len(data)


def _in_png(data: bytes) -> list[str]:
    found, at = [], 8
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        name = data[at + 4 : at + 8]
        if name not in _PNG_NEEDED and not _constant_resolution(data[at + 4 : at + 8 + length]):
            found.append(f"chunk {name.decode('latin-1')} {data[at + 8 : at + 24]!r}")
        at += 12 + length
        if name == b"IEND":
            return found + _trailing(data, at)
    return [*found, "no end"]


def _constant_resolution(chunk: bytes) -> bool:
    """1000 dots a metre, which we write into every file; others can tell a scanner."""
    return chunk == b"pHYs" + struct.pack(">IIB", 1000, 1000, 1)


def _in_webp(data: bytes) -> list[str]:
    (size,) = struct.unpack_from("<I", data, 4)
    return _riff_chunks(data[: 8 + size], 12) + _trailing(data, 8 + size + size % 2)


def _riff_chunks(data: bytes, at: int) -> list[str]:
    found = []
    while at + 8 <= len(data):
        name, (length,) = data[at : at + 4], struct.unpack_from("<I", data, at + 4)
        body = data[at + 8 : at + 8 + length]
        if name not in _WEBP_NEEDED:
            found.append(f"chunk {name.decode('latin-1')} {body[:16]!r}")
        if name == b"VP8X" and body[0] & 0b101100:
            found.append("flags for a profile, EXIF or XMP")
        if name == b"ANMF":
            found += _riff_chunks(body, 16)
        at += 8 + length + length % 2
    return found


def _in_gif(data: bytes) -> list[str]:
    found: list[str] = []
    at = 13 + _table(data[10])
    while at < len(data):
        kind = data[at]
        if kind == 0x3B:
            return found + _trailing(data, at + 1)
        if kind == 0x2C:
            at = _blocks_end(data, at + 10 + _table(data[at + 9]) + 1)
        elif kind == 0x21:
            label, first = data[at + 1], data[at + 3 : at + 3 + data[at + 2]]
            if label != 0xF9 and not (label == 0xFF and first in _GIF_LOOPS):
                found.append(f"extension {label:02x} {first[:16]!r}")
            at = _blocks_end(data, at + 2)
        else:
            return [*found, f"garbage at {at}"]
    return [*found, "no end"]


def _table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks_end(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1


def _trailing(data: bytes, end: int) -> list[str]:
    return [f"{len(data) - end} bytes after the end"] if len(data) > end else []
