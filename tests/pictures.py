"""Pictures made for tests: plain ones, and ones that say where and by whom they were taken."""

import math
import struct
import zlib

import pyvips

from tests.metadata import find_metadata

__all__ = [
    "SECRETS",
    "animated",
    "exif",
    "find_metadata",
    "gps_corpus",
    "jpeg_with",
    "photo",
    "png_with",
    "webp_with",
]

SERIAL = b"SN-8675309-4711"
OWNER = b"Olive Owner of Osnabrueck"
PLACE = b"52,31.2041N 13,24.6318E"
SECRETS = (SERIAL, OWNER, PLACE)
"""What must be in no stored variant, in whatever way it was put in."""

_RATIONALS = struct.pack("<IIIIII", 52, 1, 31, 1, 1225, 100)


def photo(width: int = 320, height: int = 240, *, alpha: bool = False) -> pyvips.Image:
    """A picture with gradients and some detail: red grows to the right, green downwards."""
    xyz = pyvips.Image.xyz(width, height)
    blue = pyvips.Image.sines(width, height, hfreq=9, vfreq=5).linear(60, 128)
    bands = [xyz[0] * (255 / width), xyz[1] * (255 / height), blue]
    if alpha:
        bands.append((xyz[0] > width // 2) * 1.0)
    image = bands[0].bandjoin(bands[1:]).cast("uchar").copy(interpretation="srgb")
    return image.copy_memory()


def waves(seed: int, width: int, height: int) -> pyvips.Image:
    """A picture full of detail that a formula draws: every machine and library draws the same."""
    pixels = bytearray()
    for y in range(height):
        for x in range(width):
            for band in range(3):
                wave = math.sin(x / (9 + seed + 5 * band)) + math.cos(y * x / (700 + 90 * seed))
                pixels.append(round(127 + 40 * wave + 40 * math.sin((y + seed * x) / 23)) & 255)
    made = pyvips.Image.new_from_memory(bytes(pixels), width, height, 3, "uchar")
    return made.copy(interpretation="srgb").copy_memory()


def animated(
    width: int = 64, height: int = 48, frames: int = 5, delay_ms: int = 80
) -> pyvips.Image:
    """A picture whose frames differ; save it as GIF or WebP."""
    base = photo(width, height)
    shades = [(base.linear(1, 12 * at) % 256).cast("uchar") for at in range(frames)]
    strip = pyvips.Image.arrayjoin(shades, across=1).copy()
    strip.set_type(pyvips.GValue.gint_type, "page-height", height)
    strip.set_type(pyvips.GValue.array_int_type, "delay", [delay_ms] * frames)
    strip.set_type(pyvips.GValue.gint_type, "loop", 0)
    return strip


def exif(*, orientation: int = 1, personal: bool = True) -> bytes:
    """A TIFF structure as EXIF has it: with owner, serial number and GPS unless not personal."""
    main = [(0x0112, 3, 1, struct.pack("<HH", orientation, 0))]
    if not personal:
        return _tiff(main, [], [])
    main += [(0x013B, 2, len(OWNER) + 1, OWNER + b"\0")]
    camera = [
        (0xA430, 2, len(OWNER) + 1, OWNER + b"\0"),
        (0xA431, 2, len(SERIAL) + 1, SERIAL + b"\0"),
    ]
    place = [
        (0x0001, 2, 2, b"N\0\0\0"),
        (0x0002, 5, 3, _RATIONALS),
        (0x0003, 2, 2, b"E\0\0\0"),
        (0x0004, 5, 3, _RATIONALS),
        (0x001B, 7, len(PLACE), PLACE),
    ]
    return _tiff(main, camera, place)


Entry = tuple[int, int, int, bytes]


def _tiff(main: list[Entry], camera: list[Entry], place: list[Entry]) -> bytes:
    """Lay out three directories; the first points to the others."""
    pointers = [(0x8769, camera), (0x8825, place)]
    size = _directory_size(main) + 12 * sum(bool(entries) for _, entries in pointers)
    start, parts, tail = 8, [], b""
    at = start + size
    for tag, entries in pointers:
        if entries:
            main = [*main, (tag, 4, 1, struct.pack("<I", at))]
            block = _directory(entries, at)
            tail += block
            at += len(block)
    parts.append(_directory(main, start))
    return b"II*\0" + struct.pack("<I", start) + b"".join(parts) + tail


def _directory_size(entries: list[Entry]) -> int:
    return 6 + sum(12 + (len(value) if len(value) > 4 else 0) for *_, value in entries)


def _directory(entries: list[Entry], at: int) -> bytes:
    data_at = at + 6 + 12 * len(entries)
    head, data = struct.pack("<H", len(entries)), b""
    for tag, kind, count, value in sorted(entries):
        if len(value) > 4:
            head += struct.pack("<HHII", tag, kind, count, data_at + len(data))
            data += value
        else:
            head += struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\0")
    return head + b"\0\0\0\0" + data


def xmp() -> bytes:
    """An XMP packet with a place, an owner and a serial number."""
    return (
        b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        b'xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="' + PLACE + b'" '
        b'xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" aux:SerialNumber="' + SERIAL + b'" '
        b'aux:OwnerName="' + OWNER + b'"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )


def iptc() -> bytes:
    """Photoshop resources with IPTC records: by-line, city, and the place as a sublocation."""
    records = b""
    for number, value in ((80, OWNER), (90, b"Berlin"), (92, PLACE), (40, SERIAL)):
        records += b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(value)) + value
    padded = records + b"\0" * (len(records) % 2)
    return b"8BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + padded


def jpeg_with(picture: bytes, *segments: tuple[int, bytes]) -> bytes:
    """Put segments (marker, body) after the start of a JPEG."""
    packed = b"".join(
        b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body
        for marker, body in segments
    )
    return picture[:2] + packed + picture[2:]


def png_with(picture: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """Put chunks (name, body) behind the header of a PNG."""
    after_header = 8 + 12 + 13
    packed = b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return picture[:after_header] + packed + picture[after_header:]


def webp_with(picture: bytes, size: tuple[int, int], *chunks: tuple[bytes, bytes]) -> bytes:
    """Put chunks (name, body) at the end of a WebP of this width and height."""
    body, flags = picture[12:], 0
    if body[:4] == b"VP8X":
        flags, body = body[8], body[18:]
    for name, _ in chunks:
        flags |= {b"EXIF": 0x08, b"XMP ": 0x04, b"ICCP": 0x20}.get(name, 0)
    width, height = size
    head = bytes([flags, 0, 0, 0]) + _three(width - 1) + _three(height - 1)
    whole = b"WEBP" + _riff(b"VP8X", head) + body + b"".join(_riff(*chunk) for chunk in chunks)
    return b"RIFF" + struct.pack("<I", len(whole)) + whole


def _three(value: int) -> bytes:
    return struct.pack("<I", value)[:3]


def _riff(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def gif_with(picture: bytes, *extensions: bytes) -> bytes:
    """Put extensions behind the global colour table of a GIF."""
    flags = picture[10]
    at = 13 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
    return picture[:at] + b"".join(extensions) + picture[at:]


def gif_comment(text: bytes) -> bytes:
    """A comment extension."""
    return b"\x21\xfe" + bytes([len(text)]) + text + b"\0"


def gif_xmp(packet: bytes) -> bytes:
    """The XMP application extension, with its trailer that ends any walk over blocks."""
    trailer = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    return b"\x21\xff\x0bXMP DataXMP" + packet + trailer


def gps_corpus() -> list[tuple[str, str, bytes]]:
    """Name, media type and bytes of uploads that tell place, owner and serial number.

    Every accepted format, still and moving, and every way the format has to carry such data.
    """
    return [*_jpegs(), *_pngs(), *_webps(), *_gifs(), *_avifs()]


def _jpegs() -> list[tuple[str, str, bytes]]:
    plain = bytes(photo().jpegsave_buffer(keep="none"))
    segments = {
        "exif": (0xE1, b"Exif\0\0" + exif()),
        "xmp": (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp()),
        "iptc": (0xED, b"Photoshop 3.0\0" + iptc()),
        "comment": (0xFE, OWNER + b" at " + PLACE),
        "app9": (0xE9, SERIAL + PLACE),
    }
    every = [(f"jpeg {name}", jpeg_with(plain, part)) for name, part in segments.items()]
    every.append(("jpeg all", jpeg_with(plain, *segments.values())))
    every.append(("jpeg trailer", plain + SERIAL + OWNER + PLACE))
    return [(name, "image/jpeg", data) for name, data in every]


def _pngs() -> list[tuple[str, str, bytes]]:
    raw_profile = b"\niptc\n%8d\n" % len(iptc()) + iptc().hex().encode() + b"\n"
    chunks = {
        "exif": (b"eXIf", exif()),
        "xmp": (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp()),
        "iptc": (b"zTXt", b"Raw profile type iptc\0\0" + zlib.compress(raw_profile)),
        "text": (b"tEXt", b"Comment\0" + OWNER + PLACE),
        "packed text": (b"zTXt", b"Author\0\0" + zlib.compress(OWNER + SERIAL)),
        "private": (b"prVt", SERIAL + PLACE),
    }
    found = []
    for kind, image in (("png", photo(120, 90)), ("png alpha", photo(alpha=True))):
        plain = bytes(image.pngsave_buffer(keep="none"))
        every = [(f"{kind} {name}", png_with(plain, part)) for name, part in chunks.items()]
        every.append((f"{kind} all", png_with(plain, *chunks.values())))
        found += [(name, "image/png", data) for name, data in every]
    return found


def _webps() -> list[tuple[str, str, bytes]]:
    chunks = {"exif": (b"EXIF", exif()), "xmp": (b"XMP ", xmp()), "unknown": (b"OWNR", OWNER)}
    found = []
    for kind, image, size in (
        ("webp", photo(), (320, 240)),
        ("webp alpha", photo(alpha=True), (320, 240)),
        ("webp animated", animated(frames=2), (64, 48)),
    ):
        plain = bytes(image.webpsave_buffer(keep="none"))
        every = [(f"{kind} {name}", webp_with(plain, size, part)) for name, part in chunks.items()]
        every.append((f"{kind} all", webp_with(plain, size, *chunks.values())))
        found += [(name, "image/webp", data) for name, data in every]
    return found


def _gifs() -> list[tuple[str, str, bytes]]:
    extensions = {"comment": gif_comment(OWNER + SERIAL + PLACE), "xmp": gif_xmp(xmp())}
    found = []
    for kind, image in (("gif", photo()), ("gif animated", animated(frames=2))):
        plain = bytes(image.gifsave_buffer(keep="none"))
        every = [(f"{kind} {name}", gif_with(plain, part)) for name, part in extensions.items()]
        found += [(name, "image/gif", data) for name, data in every]
    return found


def _avifs() -> list[tuple[str, str, bytes]]:
    image = photo().copy()
    image.set_type(pyvips.GValue.blob_type, "exif-data", b"Exif\0\0" + exif())
    image.set_type(pyvips.GValue.blob_type, "xmp-data", xmp())
    data = bytes(image.heifsave_buffer(compression="av1", effort=0))
    return [("avif exif and xmp", "image/avif", data)]
