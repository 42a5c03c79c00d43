"""The type of a picture by its first bytes: what somebody calls a file says nothing."""

from typing import Final

from rostra.outside.media_types import declared_type

ACCEPTED: Final = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif")
"""Media types that are taken; all but the last are also written."""

_ALIASES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/apng": "image/png",
    "image/avif-sequence": "image/avif",
}
_PREFIXES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def sniff(data: bytes) -> str:
    """The media type of an accepted picture; empty for everything else."""
    for prefix, mime in _PREFIXES:
        if data.startswith(prefix):
            return mime
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and _has_avif_brand(data):
        return "image/avif"
    return ""


def agrees(declared: str, found: str) -> bool:
    """Whether a declared Content-Type fits the type that was found.

    A missing, generic or malformed type says nothing and fits; parameters and case do not matter.
    """
    bare = declared_type(declared)
    return bare in {"", "image/*"} or _ALIASES.get(bare, bare) == found


def _has_avif_brand(data: bytes) -> bool:
    """Look through the brands of a file type box (ISO/IEC 14496-12, 4.3)."""
    size = int.from_bytes(data[:4], "big")
    brands = data[8 : min(size, 256)]
    return any(brands[at : at + 4] in {b"avif", b"avis"} for at in range(0, len(brands), 4))
