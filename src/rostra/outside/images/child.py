"""The process that touches pictures: `python -I -m rostra.outside.images.child MEGABYTES [free]`.

It gets bytes on standard input and answers on standard output; it opens no file (see `jail`; `free`
leaves that out), has no environment worth reading, and is ended by its parent or by the kernel when
a picture asks for too much. The parent never loads libvips.
"""

import os
import resource
import sys

import msgspec
import pyvips

from rostra.outside.images import decode, encode, jail, pdq, wire
from rostra.outside.images.model import (
    CROPS,
    EMOJI_SIDE,
    ORIGINAL_AREA,
    SMALL_AREA,
    Answer,
    Order,
    Processed,
    Refusal,
    Variant,
)

_NICE = 10
_MEGABYTE = 1 << 20
FREE = "free"


def main() -> None:
    """Answer orders until the parent closes the pipe."""
    confine(int(sys.argv[1]))
    decode.confine_libvips()
    source, sink = sys.stdin.buffer, sys.stdout.buffer

    def read(size: int) -> bytes:
        data = source.read(size)
        if len(data) < size:
            raise EOFError
        return data

    barred = FREE not in sys.argv and jail.enter()
    sink.writelines(wire.pack(wire.READY, wire.BARRED if barred else b""))
    sink.flush()
    while True:
        try:
            head, body = wire.unpack(read)
        except EOFError:
            return
        answer = work(msgspec.msgpack.decode(head, type=Order), body)
        del body
        sink.writelines(wire.pack(answer))
        sink.flush()


def confine(megabytes: int) -> None:
    """Give up what a picture never needs: memory, files, core dumps, precedence."""
    os.nice(_NICE)
    _limit(resource.RLIMIT_AS, megabytes * _MEGABYTE)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, 32)


def work(order: Order, data: bytes) -> Answer:
    """Make the variants of one picture, or say why not."""
    _limit_cpu(order.cpu_s)
    try:
        source = decode.examine(data, order.mime, order.max_pixels)
        if order.kind == "attachment":
            return _attachment(source)
        if order.kind == "emoji":
            return _emoji(source)
        return _cropped(source, *CROPS[order.kind], order.max_pixels)
    except decode.RefusedError as error:
        return Refusal(str(error))
    except (MemoryError, pyvips.Error) as error:
        if isinstance(error, MemoryError) or "memory" in str(error).lower():
            return Refusal("needs too much memory to be read", inside=str(error))
        return Refusal("is damaged or incomplete", inside=str(error))


def _attachment(source: decode.Source) -> Processed:
    image = decode.fitted(source, ORIGINAL_AREA)
    width, height = decode.box(image.width, image.height, SMALL_AREA)
    small = decode.plain(image.thumbnail_image(width, height=height, size="down"))
    animated, transparent = source.frames > 1, False
    if animated:
        frames = decode.moving(source, ORIGINAL_AREA)
        if source.mime == "image/gif":  # asked because a video has no transparency
            frames = frames.copy_memory()  # decoded once for both looks at it
            transparent = decode.shows_through(frames)
        original = encode.animation(frames, source.mime)
    else:
        original = encode.still(image, graphic=source.graphic)
    variants = {"original": original, "small": encode.still(small, graphic=source.graphic)}
    made = _processed(source, small, variants, animated=animated)
    look, quality = pdq.look(small)
    return msgspec.structs.replace(made, transparent=transparent, look=look, quality=quality)


def _emoji(source: decode.Source) -> Processed:
    """Keep the shape and what is transparent; a moving one stays what it was, beside its still."""
    area = EMOJI_SIDE * EMOJI_SIDE
    image = decode.fitted(source, area, EMOJI_SIDE)
    still = encode.crisp(image)
    if source.frames == 1:
        return _processed(source, image, {"original": still}, animated=False)
    moving = encode.animation(decode.moving(source, area, EMOJI_SIDE), source.mime)
    return _processed(source, image, {"original": moving, "static": still}, animated=True)


def _cropped(source: decode.Source, width: int, height: int, max_pixels: int) -> Processed:
    image = decode.covering(source, width, height)
    still = encode.still(image, graphic=source.graphic)
    # A long animation that would outgrow the pixel limit when enlarged is shown as a still.
    animated = source.frames > 1 and width * height * source.frames <= max_pixels
    if not animated:
        return _processed(source, image, {"original": still}, animated=False)
    moving = encode.animation(decode.moving_cover(source, width, height), source.mime)
    return _processed(source, image, {"original": moving, "static": still}, animated=True)


def _processed(
    source: decode.Source, sample: pyvips.Image, variants: dict[str, Variant], *, animated: bool
) -> Processed:
    blurhash, colour = encode.placeholder(sample)
    return Processed("image", source.mime, animated, blurhash, colour, variants)


def _limit_cpu(seconds: int) -> None:
    """Allow this many more seconds of processor time; past them the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(
        resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard)
    )


def _limit(what: int, value: int) -> None:
    hard = resource.getrlimit(what)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


if __name__ == "__main__":
    main()
