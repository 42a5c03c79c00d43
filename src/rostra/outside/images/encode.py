"""From pixels to stored variants, with nothing in them but the picture. Runs in the child only."""

import hashlib

import pyvips

from rostra.outside.images import blurhash
from rostra.outside.images.model import Variant

_JPEG_QUALITY = 87
_WEBP_QUALITY = 85
_ALWAYS_FINE = 65_536
_GRAPHIC = 0.75
"""Bytes a pixel that a PNG may take; what takes more was a photograph after all."""
_SAMPLE = 32
_WHITE = [255, 255, 255]
_KEEP = "none"
"""What of the metadata is written: EXIF, XMP, IPTC, comments, profiles and gain maps all go."""


def still(image: pyvips.Image, *, graphic: bool) -> Variant:
    """Encode one frame: PNG for graphics that pack well, WebP if transparent, else JPEG."""
    if graphic:
        data = _even(image).pngsave_buffer(compression=6, keep=_KEEP)
        if len(data) <= max(_ALWAYS_FINE, _GRAPHIC * image.width * image.height):
            return _variant(image, data, "image/png")
    if image.hasalpha():
        data = _even(image).webpsave_buffer(Q=_WEBP_QUALITY, effort=3, keep=_KEEP)
        return _variant(image, data, "image/webp")
    data = _even(image).jpegsave_buffer(Q=_JPEG_QUALITY, optimize_coding=True, keep=_KEEP)
    return _variant(image, data, "image/jpeg")


def crisp(image: pyvips.Image) -> Variant:
    """Encode one frame as PNG, whatever it shows: what is small and stands in a line of text."""
    return _variant(image, _even(image).pngsave_buffer(compression=9, keep=_KEEP), "image/png")


def animation(frames: pyvips.Image, mime: str) -> Variant:
    """Encode all frames in the type they came in: GIF or WebP."""
    if mime == "image/gif":
        data = frames.gifsave_buffer(effort=3, keep=_KEEP)
    else:
        data = frames.webpsave_buffer(Q=_WEBP_QUALITY, effort=2, keep=_KEEP)
    return _variant(frames, data, mime, height=frames.get_page_height())


def placeholder(image: pyvips.Image) -> tuple[str, str]:
    """The blurhash and the average colour (`#rrggbb`)."""
    tiny = image.thumbnail_image(_SAMPLE, height=_SAMPLE, size="down")
    if tiny.hasalpha():
        tiny = tiny.flatten(background=_WHITE)
    tiny = tiny.cast("uchar")
    rgb = bytes(tiny.write_to_memory())
    count = tiny.width * tiny.height
    average = [(sum(rgb[band::3]) + count // 2) // count for band in range(3)]
    return blurhash.encode(rgb, tiny.width, tiny.height), "#{:02x}{:02x}{:02x}".format(*average)


def _even(image: pyvips.Image) -> pyvips.Image:
    """With one resolution for all: the dots per inch can tell a scanner or a camera."""
    return image.copy(xres=1, yres=1)


def _variant(image: pyvips.Image, data: bytes, mime: str, *, height: int = 0) -> Variant:
    return Variant(
        data=bytes(data),
        mime=mime,
        width=image.width,
        height=height or image.height,
        sha256=hashlib.sha256(data).hexdigest(),
    )
