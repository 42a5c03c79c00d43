import hashlib

import blurhash as reference
import pytest
import pyvips
from PIL import Image
from tests.pictures import (
    SECRETS,
    animated,
    exif,
    find_metadata,
    gps_corpus,
    jpeg_with,
    photo,
    png_with,
)

from rostra.kernel.errors import TooLarge
from rostra.outside.images import blurhash as ours
from rostra.outside.images.model import Processed, Variant
from rostra.outside.images.workers import ImageWorkers

ORIGINAL_AREA = 3840 * 2160
SMALL_AREA = 640 * 360


def decoded(variant: Variant) -> pyvips.Image:
    """The picture in a variant, after checking that the record beside it is right."""
    image = pyvips.Image.new_from_buffer(variant.data, "")
    loader = image.get("vips-loader").removesuffix("load_buffer")
    assert variant.mime == f"image/{loader}"
    assert variant.extension == {"jpeg": ".jpg"}.get(loader, f".{loader}")
    assert (image.width, image.height) == (variant.width, variant.height)
    assert variant.sha256 == hashlib.sha256(variant.data).hexdigest()
    assert variant.aspect == variant.width / variant.height
    return image


def delays(variant: Variant) -> list[int]:
    image = pyvips.Image.new_from_buffer(variant.data, "n=-1")
    assert image.get_page_height() == variant.height
    return list(image.get("delay"))


def pixel(image: pyvips.Image, x: int, y: int) -> list[int]:
    return [round(value) for value in image(x, y)]


def close(one: list[int], other: list[int], by: int = 12) -> bool:
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


def flat(width: int, height: int, *colour: int) -> pyvips.Image:
    black = pyvips.Image.black(width, height, bands=3).copy(interpretation="srgb")
    return black.linear(1, list(colour)).cast("uchar")


def jpeg(image: pyvips.Image, **options: object) -> bytes:
    return bytes(image.jpegsave_buffer(**options))


async def test_photo_becomes_original_and_small(images: ImageWorkers) -> None:
    made = await images.attachment(jpeg(photo(1600, 1200)), "image/jpeg")
    assert isinstance(made, Processed)
    assert (made.kind, made.source, made.animated) == ("image", "image/jpeg", False)
    assert set(made.variants) == {"original", "small"}
    original, small = made.variants["original"], made.variants["small"]
    assert (original.width, original.height, original.mime) == (1600, 1200, "image/jpeg")
    assert (small.width, small.height, small.mime) == (553, 415, "image/jpeg")
    for variant in made.variants.values():
        image = decoded(variant)
        x, y = variant.width // 4, variant.height // 2
        assert close(pixel(image, x, y)[:2], [64, 127])
    assert made.still is small


@pytest.mark.parametrize(
    ("size", "expected"),
    [((64, 64), (64, 64)), ((1024, 512), (256, 128)), ((100, 800), (32, 256)), ((20, 4), (20, 4))],
)
async def test_an_emoji_keeps_its_shape(
    images: ImageWorkers, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    source = photo(*size).bandjoin(128)
    made = await images.emoji(bytes(source.webpsave_buffer(Q=50)))
    assert set(made.variants) == {"original"}
    assert (made.original.width, made.original.height) == expected
    assert made.original.mime == "image/png"
    assert decoded(made.original).hasalpha()


@pytest.mark.parametrize("save", ["gifsave_buffer", "webpsave_buffer"])
async def test_a_moving_emoji_has_a_still(images: ImageWorkers, save: str) -> None:
    made = await images.emoji(bytes(getattr(animated(400, 200), save)()))
    assert made.animated
    assert made.original.mime == f"image/{save.removesuffix('save_buffer')}"
    assert (made.original.width, made.original.height) == (256, 128)
    assert len(delays(made.original)) > 1
    assert (made.still.width, made.still.height, made.still.mime) == (256, 128, "image/png")
    assert find_metadata(made.original.data) == find_metadata(made.still.data)


async def test_a_large_emoji_is_refused(images: ImageWorkers) -> None:
    with pytest.raises(TooLarge) as refused:
        await images.emoji(bytes(photo(64, 64).pngsave_buffer()) + bytes(262_144))
    assert "262 kB" in refused.value.safe


async def test_large_pictures_are_reduced_to_the_area(images: ImageWorkers) -> None:
    made = await images.attachment(jpeg(photo(4000, 3000)))
    assert 0.99 * ORIGINAL_AREA < made.original.width * made.original.height <= ORIGINAL_AREA
    small = made.variants["small"]
    assert 0.99 * SMALL_AREA < small.width * small.height <= SMALL_AREA
    assert abs(small.aspect - 4 / 3) < 0.01


async def test_thin_pictures_keep_a_pixel_each_way(images: ImageWorkers) -> None:
    made = await images.attachment(bytes(photo(20_000, 2).pngsave_buffer()))
    assert (made.original.width, made.original.height) == (8192, 1)
    decoded(made.variants["small"])
    one = await images.attachment(bytes(photo(1, 1).pngsave_buffer()))
    assert (one.original.width, one.original.height) == (1, 1)
    assert one.blurhash


async def test_blurhash_and_average_colour(images: ImageWorkers) -> None:
    red = flat(64, 64, 250, 20, 10)
    made = await images.attachment(bytes(red.pngsave_buffer()))
    assert made.colour == "#fa140a"
    assert reference.is_valid_blurhash(made.blurhash)


@pytest.mark.filterwarnings("ignore:.*getdata.*:DeprecationWarning")  # in the reference
def test_blurhash_agrees_with_the_reference() -> None:
    for width, height in ((32, 24), (7, 32), (32, 1), (4, 4)):
        rgb = bytes(photo(width, height).write_to_memory())
        expected = reference.encode(
            Image.frombytes("RGB", (width, height), rgb), min(4, width), min(4, height)
        )
        assert ours.encode(rgb, width, height) == expected


@pytest.mark.parametrize(
    ("alpha", "size", "mime"),
    [
        (False, (1200, 900), "image/jpeg"),
        (True, (1200, 900), "image/webp"),
        (False, (120, 90), "image/png"),
        (True, (120, 90), "image/png"),
    ],
)
async def test_png_stays_lossless_where_it_is_a_graphic(
    images: ImageWorkers, *, alpha: bool, size: tuple[int, int], mime: str
) -> None:
    source = photo(*size, alpha=alpha)
    made = await images.attachment(bytes(source.pngsave_buffer()))
    assert made.original.mime == mime
    image = decoded(made.original)
    assert image.hasalpha() == alpha
    if mime == "image/png":
        assert (image - source).abs().max() == 0


async def test_screenshots_stay_lossless(images: ImageWorkers) -> None:
    screen = flat(1920, 1080, 240, 240, 250)
    screen = screen.draw_rect([20, 60, 200], 100, 100, 700, 400, fill=True)
    made = await images.attachment(bytes(screen.pngsave_buffer()))
    assert {variant.mime for variant in made.variants.values()} == {"image/png"}
    assert (decoded(made.original) - screen).abs().max() == 0


async def test_alpha_that_hides_nothing_is_dropped(images: ImageWorkers) -> None:
    opaque = photo(600, 400).bandjoin(255).copy(interpretation="srgb")
    made = await images.attachment(bytes(opaque.webpsave_buffer()))
    assert made.original.mime == "image/jpeg"
    decoded(made.original)


@pytest.mark.parametrize(("alpha", "mime"), [(False, "image/jpeg"), (True, "image/webp")])
async def test_avif_becomes_what_every_client_shows(
    images: ImageWorkers, *, alpha: bool, mime: str
) -> None:
    data = bytes(photo(400, 300, alpha=alpha).heifsave_buffer(compression="av1", effort=0))
    made = await images.attachment(data, "image/avif")
    assert (made.source, made.original.mime) == ("image/avif", mime)
    assert close(pixel(decoded(made.original), 350, 150)[:2], [223, 127], 16)


@pytest.mark.parametrize("kind", ["rgb16", "grey16", "b-w", "palette", "cmyk", "p3", "avif10"])
async def test_unusual_pixels_become_8_bit_srgb(images: ImageWorkers, kind: str) -> None:
    source = photo(400, 300)
    data = {
        "rgb16": lambda: source.colourspace("rgb16").pngsave_buffer(),
        "grey16": lambda: source.colourspace("grey16").pngsave_buffer(),
        "b-w": lambda: source.colourspace("b-w").jpegsave_buffer(),
        "palette": lambda: source.pngsave_buffer(palette=True),
        "cmyk": lambda: source.icc_transform("cmyk", input_profile="srgb").jpegsave_buffer(),
        "p3": lambda: source.icc_transform("p3", input_profile="srgb").jpegsave_buffer(Q=95),
        "avif10": lambda: source.heifsave_buffer(compression="av1", effort=0, bitdepth=10),
    }[kind]()
    made = await images.attachment(bytes(data))
    image = decoded(made.original)
    assert (image.format, image.interpretation, image.bands) == ("uchar", "srgb", 3)
    assert not image.get_typeof("icc-profile-data")
    expected = (
        source.colourspace("b-w").colourspace("srgb") if kind in {"grey16", "b-w"} else source
    )
    # CMYK and palettes have fewer colours than sRGB.
    by = 40 if kind in {"cmyk", "palette"} else 14
    assert close(pixel(image, 200, 150), pixel(expected, 200, 150), by)


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_orientation_is_applied(images: ImageWorkers, orientation: int) -> None:
    tagged = jpeg(photo(400, 300), keep="none")
    tagged = jpeg_with(tagged, (0xE1, b"Exif\0\0" + exif(orientation=orientation)))
    upright = pyvips.Image.new_from_buffer(tagged, "").autorot()
    for made in (await images.attachment(tagged), await images.avatar(tagged)):
        image = decoded(made.original)
        assert not image.get_typeof("orientation")
        if made.original.width != made.original.height:
            assert (image.width, image.height) == (upright.width, upright.height)
            corner = pixel(upright, 20, 30)
            assert close(pixel(image, 20, 30), corner, 25)
    assert (upright.width > upright.height) == (orientation < 5)


async def test_png_orientation_is_applied(images: ImageWorkers) -> None:
    tagged = png_with(
        bytes(photo(200, 100).pngsave_buffer(keep="none")), (b"eXIf", exif(orientation=6))
    )
    made = await images.attachment(tagged)
    assert (made.original.width, made.original.height) == (100, 200)


async def test_avatar_and_header_are_cut_from_the_middle(images: ImageWorkers) -> None:
    data = jpeg(photo(1200, 600))
    avatar, header = await images.avatar(data), await images.header(data)
    assert set(avatar.variants) == set(header.variants) == {"original"}
    assert (avatar.original.width, avatar.original.height) == (400, 400)
    assert (header.original.width, header.original.height) == (1500, 500)
    # The middle half of the width remains: red runs from a quarter to three quarters.
    assert close(pixel(decoded(avatar.original), 0, 200)[:2], [64, 127])
    assert close(pixel(decoded(avatar.original), 399, 200)[:2], [191, 127])


async def test_small_avatars_are_enlarged(images: ImageWorkers) -> None:
    made = await images.avatar(bytes(photo(48, 48).pngsave_buffer()))
    assert (made.original.width, made.original.height) == (400, 400)


@pytest.mark.parametrize("save", ["gifsave_buffer", "webpsave_buffer"])
async def test_animations_keep_moving(images: ImageWorkers, save: str) -> None:
    data = bytes(getattr(animated(), save)())
    made = await images.attachment(data)
    assert made.animated
    assert made.original.mime == made.source
    assert (made.original.width, made.original.height) == (64, 48)
    assert delays(made.original) == [80] * 5
    small = decoded(made.variants["small"])
    assert small.get_n_pages() == 1
    assert made.still is made.variants["small"]


@pytest.mark.parametrize("save", ["gifsave_buffer", "webpsave_buffer"])
async def test_moving_avatars_have_a_still(images: ImageWorkers, save: str) -> None:
    made = await images.avatar(bytes(getattr(animated(), save)()))
    assert made.animated
    assert (made.original.width, made.original.height) == (400, 400)
    assert delays(made.original) == [80] * 5
    static = made.variants["static"]
    assert (static.width, static.height) == (400, 400)
    assert decoded(static).get_n_pages() == 1
    assert made.still is static


async def test_moving_headers_that_would_grow_too_large_stand_still(images: ImageWorkers) -> None:
    made = await images.header(bytes(animated(30, 10, frames=60).gifsave_buffer()))
    assert not made.animated
    assert (made.original.width, made.original.height) == (1500, 500)
    assert decoded(made.original).get_n_pages() == 1


@pytest.mark.parametrize("save", ["gifsave_buffer", "webpsave_buffer"])
async def test_a_single_frame_is_a_still_picture(images: ImageWorkers, save: str) -> None:
    made = await images.attachment(bytes(getattr(photo(100, 80), save)()))
    assert not made.animated
    assert made.original.mime != "image/gif"


CORPUS = gps_corpus()


@pytest.mark.parametrize(
    ("mime", "data"), [entry[1:] for entry in CORPUS], ids=[e[0] for e in CORPUS]
)
async def test_no_variant_says_where_or_who(images: ImageWorkers, mime: str, data: bytes) -> None:
    assert find_metadata(data)
    for kind in (images.attachment, images.avatar, images.header, images.emoji):
        made = await kind(data, mime)
        for variant in made.variants.values():
            assert find_metadata(variant.data) == []
            assert not any(secret in variant.data for secret in SECRETS)


async def test_the_corpus_reaches_every_stored_type(images: ImageWorkers) -> None:
    made = [await images.attachment(data, mime) for _, mime, data in CORPUS]
    assert {one.original.mime for one in made} == {
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
    }


async def test_the_same_upload_gives_the_same_bytes(images: ImageWorkers) -> None:
    data = jpeg(photo())
    assert await images.attachment(data) == await images.attachment(data)
