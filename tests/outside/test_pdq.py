import pytest
import pyvips
from tests.pictures import waves

from rostra.outside.images import pdq
from rostra.outside.images.workers import ImageWorkers

# What the published C++ program makes of `waves(seed, width, height)`, through its Python binding.
PUBLISHED = {
    (1, 640, 360): "3e033e03fc07fc07f807f007c007000f021f001f0a5500ff15aa0f7ff5bfffff",
    (2, 300, 300): "998819993319e739ce311c713871f061c3c182431f03fa55e0ff45ab00ff7dbf",
    (3, 100, 411): "aba755f0aaae5aaab55a4a56b4b4c924b26cccd0b3850e2dd8f1e3cb1e03e01f",
    (4, 40, 30): "34044be172dc76e1fb2caf4988dc00a9dbfc2849ecf490a9917c8aa9dffc8aa9",
}


def apart(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


@pytest.mark.parametrize(("drawn", "published"), PUBLISHED.items())
def test_it_is_what_the_published_program_makes(
    drawn: tuple[int, int, int], published: str
) -> None:
    look, quality = pdq.look(waves(*drawn))
    assert look.hex() == published
    assert quality == (29 if drawn == (4, 40, 30) else 100)


def test_copies_are_near_and_others_are_far() -> None:
    picture = waves(1, 640, 360)
    look, _ = pdq.look(picture)
    for changed in (
        pyvips.Image.new_from_buffer(picture.jpegsave_buffer(Q=25), ""),
        picture.resize(0.4),
        picture.gaussblur(1.5),
        (picture * 0.8 + 20).cast("uchar"),
        picture.bandjoin(255),
    ):
        assert apart(look, pdq.look(changed)[0]) <= 31
    assert apart(look, pdq.look(waves(5, 640, 360))[0]) > 60


def test_what_has_nothing_to_see_has_no_quality() -> None:
    plain = pyvips.Image.black(200, 200, bands=3).copy(interpretation="srgb")
    assert pdq.look(plain)[1] == 0
    assert pdq.look(waves(1, 4, 60)) == (b"", 0)


async def test_attachments_are_looked_at_in_the_child(images: ImageWorkers) -> None:
    picture = waves(2, 300, 300)
    made = await images.attachment(bytes(picture.pngsave_buffer()))
    assert apart(made.look, pdq.look(picture)[0]) <= 10
    assert made.quality == 100
    again = await images.attachment(bytes(picture.jpegsave_buffer(Q=60)))
    assert apart(made.look, again.look) <= 31
    avatar = await images.avatar(bytes(picture.pngsave_buffer()))
    assert (avatar.look, avatar.quality) == (b"", 0)
