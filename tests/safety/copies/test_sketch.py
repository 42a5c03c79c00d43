"""Sketches of texts: copies share most of them, others next to nothing."""

import random

from hypothesis import example, given
from hypothesis import strategies as st
from tests.safety.signals.disguises import DISGUISES

from rostra.safety.copies.sketch import ALIKE, BANDS, Sketch, alike, is_whole, sketch
from rostra.safety.signals.normal import normalise

FLOOD = (
    "They stole everything from us and tomorrow we will march to the capitol and make them pay, "
    "bring whatever you have and tell everybody you know to be there at noon sharp."
)
OTHER = (
    "We baked bread in the old oven this morning and half of the village came by to try it with "
    "butter and honey, so there will be a second batch on Sunday after the concert."
)


def of(text: str) -> Sketch:
    made = sketch(normalise(text))
    assert made is not None
    return made


def shared(one: Sketch, other: Sketch) -> int:
    return len(set(one.keys) & set(other.keys))


def test_a_text_is_like_itself_however_it_is_disguised() -> None:
    plain = of(FLOOD)
    assert len(plain.keys) == BANDS
    assert all(0 <= key < 2**61 for key in plain.keys)
    chance = random.Random(1)  # noqa: S311 (the same disguises each time)
    likenesses = [alike(plain.bins, of(way(FLOOD, chance)).bins) for way in DISGUISES.values()]
    assert sum(each >= ALIKE for each in likenesses) >= 0.85 * len(likenesses), likenesses


def test_small_changes_leave_it_alike_and_other_texts_are_not() -> None:
    plain = of(FLOOD)
    changed = of(FLOOD.replace("noon sharp", "ten o'clock") + " @everybody")
    assert alike(plain.bins, changed.bins) >= ALIKE
    assert shared(plain, changed) >= 2
    assert alike(plain.bins, of(OTHER).bins) < 0.2
    assert shared(plain, of(OTHER)) == 0


def test_a_text_that_is_mostly_ones_own_is_not_alike() -> None:
    quoting = of(f"My neighbour sent me this, I have told the police: {FLOOD} {OTHER}")
    assert alike(of(FLOOD).bins, quoting.bins) < ALIKE


def test_short_texts_are_the_same_only_where_they_read_the_same() -> None:
    one = of("Free money here!")
    assert len(one.keys) == 1
    assert is_whole(one.keys[0])
    assert not is_whole(of(FLOOD).keys[0])
    assert one.keys == of("FREE   money, here").keys
    assert one.keys != of("Free honey here").keys
    assert sketch(normalise("Yes!")) is None
    assert sketch(normalise("🔥 !!! ...")) is None


def test_texts_that_share_so_much_are_found() -> None:
    """Of copies with a tenth of the words changed, nearly all share two keys."""
    words = (FLOOD + " " + OTHER).split()
    chance = random.Random(1)  # noqa: S311 (the same texts each time)
    found = 0
    for _ in range(200):
        text = [chance.choice(words) for _ in range(30)]
        copy = list(text)
        for at in chance.sample(range(30), 3):
            copy[at] = chance.choice(words)
        one, other = of(" ".join(text)), of(" ".join(copy))
        found += shared(one, other) >= 2 or alike(one.bins, other.bins) < ALIKE
    assert found >= 198


@given(st.text(max_size=200))
def test_any_text_has_a_sketch_that_says_the_same_each_time(text: str) -> None:
    made = sketch(normalise(text))
    assert made == sketch(normalise(text))
    if made is not None:
        assert len(made.bins) == 128
        assert alike(made.bins, made.bins) == 1.0


NO_BAND = "grass staff presence was tank apartment"
"""Its bins are filled so that no two of a band are."""


def test_a_text_without_a_band_is_known_as_a_whole() -> None:
    [key] = of(NO_BAND).keys
    assert is_whole(key)
    assert of(NO_BAND.upper()).keys == (key,)
    assert of(f"{NO_BAND} too").keys != (key,)


@given(st.lists(st.sampled_from(f"{FLOOD} {OTHER} {NO_BAND}".split()), max_size=12))
@example(NO_BAND.split())
def test_whatever_has_a_sketch_can_be_found(words: list[str]) -> None:
    made = sketch(normalise(" ".join(words)))
    assert made is None or made.keys
