"""The container of a recording by its first bytes: what somebody calls a file says nothing.

The container decides which one reader ffmpeg may use. So a playlist, a script or a text that names
other files is never read as one, whatever it is called.
"""

from typing import Final

from rostra.outside.media_types import declared_type

VIDEO_TYPES: Final = (
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "video/x-matroska",
    "video/x-msvideo",
)
"""Media types of videos that are taken."""

AUDIO_TYPES: Final = (
    "audio/mpeg",
    "audio/mp3",
    "audio/ogg",
    "audio/vorbis",
    "audio/opus",
    "audio/flac",
    "audio/x-flac",
    "audio/wav",
    "audio/wave",
    "audio/x-wav",
    "audio/mp4",
    "audio/m4a",
    "audio/x-m4a",
    "audio/webm",
)
"""Media types of recordings of sound that are taken."""

HEAD_BYTES: Final = 64
"""How much of a file is needed to tell."""

_OGG = "application/ogg"
_LAYER_III = 1
_BEGINNINGS = {
    b"\x1aE\xdf\xa3": "matroska",  # EBML (RFC 8794); WebM too
    b"OggS": "ogg",
    b"fLaC": "flac",
}
_STILL_BRANDS = frozenset({b"avif", b"avis", b"mif1", b"msf1", b"heic", b"heix", b"hevc", b"heim"})
_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})


def container_of(head: bytes) -> str:
    """The name of ffmpeg's reader for an accepted recording; empty for everything else."""
    if head[4:8] in _BOXES:
        return "" if head[4:8] == b"ftyp" and head[8:12] in _STILL_BRANDS else "mov"
    if head[:4] == b"RIFF":
        return {b"AVI ": "avi", b"WAVE": "wav"}.get(head[8:12], "")
    if head[:4] in _BEGINNINGS:
        return _BEGINNINGS[head[:4]]
    if head[:3] == b"ID3" or _is_frame(head):
        return "mp3"
    return ""


def agrees(declared: str) -> bool:
    """Whether a declared Content-Type can be that of a recording; none or a generic one can."""
    bare = declared_type(declared)
    return bare in {"", _OGG} or bare.startswith(("video/", "audio/"))


def _is_frame(head: bytes) -> bool:
    """Whether an MPEG audio frame of layer III starts here (ISO/IEC 11172-3, 2.4.1.3)."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:  # noqa: PLR2004 (as the standard)
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    return version != 1 and layer == _LAYER_III and head[2] >> 4 not in {0, 15}
