"""From hostile bytes to upright sRGB pixels of a bounded size. Runs in the child only.

libvips is told to know no loader but those for the accepted types, and to fail on a file that
ends early. Sizes are read from the header before a pixel is decoded.
"""

import math
from typing import NamedTuple

import pyvips

from rostra.outside.images.model import LONGEST_SIDE, MOST_FRAMES

_LOADERS = {
    "image/jpeg": "jpegload_buffer",
    "image/png": "pngload_buffer",
    "image/gif": "gifload_buffer",
    "image/webp": "webpload_buffer",
    "image/avif": "heifload_buffer",
}
_CAN_MOVE = frozenset({"image/gif", "image/webp"})
# As options of the loader: thumbnail's own `fail_on` does not reach it in libvips 8.18.
_FIRST_FRAME = "fail_on=truncated"
_ALL_FRAMES = "fail_on=truncated,n=-1"
_FIRST_SIDEWAYS = 5
_OPAQUE = 255
# As profiles of version 2 and of version 4 (UTF-16) write it.
_SRGB = (b"sRGB", "sRGB".encode("utf-16-be"))


class RefusedError(Exception):
    """The picture is not accepted; the text follows the word "File" in a sentence."""


class Source(NamedTuple):
    """An upload whose header has been read; sizes as it is to be seen (turned upright)."""

    data: bytes
    mime: str
    width: int
    height: int
    frames: int
    profile: bool
    graphic: bool


def confine_libvips() -> None:
    """Allow the loaders for the accepted types only, and keep nothing from one call to the next."""
    pyvips.operation_block_set("VipsForeignLoad", True)
    for family in ("Jpeg", "Png", "Webp", "Nsgif", "Heif"):
        pyvips.operation_block_set(f"VipsForeignLoad{family}", False)
    pyvips.cache_set_max(0)


def examine(data: bytes, mime: str, max_pixels: int) -> Source:
    """Read the header and hold it against the limits.

    Raises:
        RefusedError: too many pixels or frames, or not the type it seemed to be.
        pyvips.Error: it can't be read.
    """
    header = pyvips.Image.new_from_buffer(data, "", access="sequential")
    if header.get("vips-loader") != _LOADERS[mime]:
        raise RefusedError("is not what it seems to be")
    frames = _frames(header) if mime in _CAN_MOVE else 1
    if frames > MOST_FRAMES:
        raise RefusedError(f"has too many frames (at most {MOST_FRAMES})")
    pixels = header.width * header.height
    if pixels * frames > max_pixels:
        raise RefusedError(f"has too many pixels (at most {max_pixels / 1e6:.0f} million)")
    sideways = _orientation(header) >= _FIRST_SIDEWAYS
    width, height = header.width, header.height
    return Source(
        data=data,
        mime=mime,
        width=height if sideways else width,
        height=width if sideways else height,
        frames=frames,
        profile=_needs_conversion(header),
        graphic=_is_graphic(data, mime, pixels),
    )


def fitted(source: Source, area: int, longest: int = LONGEST_SIDE) -> pyvips.Image:
    """The first frame, made smaller where it is larger than :func:`box` allows; never larger."""
    width, height = box(source.width, source.height, area, longest)
    return plain(_shrunk(source, width, height, size="down"))


def covering(source: Source, width: int, height: int) -> pyvips.Image:
    """The middle of the first frame, cut to exactly `width` x `height`."""
    return plain(_shrunk(source, width, height, size="both", crop="centre"))


def moving(source: Source, area: int, longest: int = LONGEST_SIDE) -> pyvips.Image:
    """All frames, one below the other, made smaller as :func:`fitted` does."""
    width, height = box(source.width, source.height, area, longest)
    frames = _shrunk(source, width, height, size="down", option_string=_ALL_FRAMES)
    return _eight_bit(frames)


def moving_cover(source: Source, width: int, height: int) -> pyvips.Image:
    """All frames, each cut to exactly `width` x `height`."""
    scale = max(width / source.width, height / source.height)
    wide = max(width, round(source.width * scale))
    high = max(height, round(source.height * scale))
    frames = _shrunk(source, wide, high, size="force", option_string=_ALL_FRAMES)
    left, top = (wide - width) // 2, (high - height) // 2
    cut = [page.crop(left, top, width, height) for page in frames.copy_memory().pagesplit()]
    joined = _eight_bit(pyvips.Image.arrayjoin(cut, across=1)).copy()
    for name in ("delay", "loop", "n-pages"):
        if frames.get_typeof(name):
            joined.set_type(frames.get_typeof(name), name, frames.get(name))
    joined.set_type(pyvips.GValue.gint_type, "page-height", height)
    return joined


def box(width: int, height: int, area: int, longest: int = LONGEST_SIDE) -> tuple[int, int]:
    """The largest size of this shape within `area` pixels and the longest side; never larger."""
    scale = min(1.0, math.sqrt(area / (width * height)), longest / max(width, height))
    return max(1, math.floor(width * scale)), max(1, math.floor(height * scale))


def plain(image: pyvips.Image) -> pyvips.Image:
    """Decode into memory: 8-bit sRGB, with an alpha band only where something is transparent."""
    pixels = _eight_bit(image).copy_memory()
    if pixels.hasalpha() and not shows_through(pixels):
        return pixels.extract_band(0, n=pixels.bands - 1)
    return pixels


def shows_through(image: pyvips.Image) -> bool:
    """Whether anything in it is transparent."""
    return bool(image.hasalpha()) and image[image.bands - 1].min() < _OPAQUE


def _shrunk(source: Source, width: int, height: int, **options: str) -> pyvips.Image:
    """Decode with shrink-on-load, upright; colours are converted while they are few."""
    if source.profile:
        options["output_profile"] = "srgb"
    return pyvips.Image.thumbnail_buffer(
        source.data, width, height=height, **{"option_string": _FIRST_FRAME, **options}
    )


def _eight_bit(image: pyvips.Image) -> pyvips.Image:
    if image.interpretation != "srgb":
        image = image.colourspace("srgb")
    return image.cast("uchar") if image.format != "uchar" else image


def _frames(header: pyvips.Image) -> int:
    return int(header.get("n-pages")) if header.get_typeof("n-pages") else 1


def _orientation(header: pyvips.Image) -> int:
    return int(header.get("orientation")) if header.get_typeof("orientation") else 1


def _needs_conversion(header: pyvips.Image) -> bool:
    """Whether its colours are not sRGB already; naming a wrong profile only harms one's own."""
    if header.interpretation == "cmyk":
        return True
    if not header.get_typeof("icc-profile-data"):
        return False
    profile = bytes(header.get("icc-profile-data"))
    return not any(name in profile for name in _SRGB)


def _is_graphic(data: bytes, mime: str, pixels: int) -> bool:
    """Whether it is drawn rather than photographed, so that it is kept lossless.

    Decided by how well a lossless file was packed: photographs need more than 6 bits a pixel,
    screenshots and drawings fewer. Tiny ones are kept lossless anyway.
    """
    lossless = mime in {"image/png", "image/gif"} or (
        mime == "image/webp" and data[12:16] == b"VP8L"
    )
    return lossless and (pixels <= 256 * 256 or len(data) <= 0.75 * pixels)
