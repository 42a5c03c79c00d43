import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.safety.clusters.normal import normal
from rostra.safety.clusters.signature import (
    BANDS,
    MOST_MARKS,
    MOST_MARKS_ASKED,
    PIECE,
    Signature,
    overlap,
    pieces_of,
    sign,
)

FLOOD = "They sold our town. Saturday at noon we meet at the old market square and bring rope."
LONG = " ".join(f"{word} {at}x" for at, word in enumerate(FLOOD.split() * 12))


def signed(text: str) -> Signature:
    made = sign(normal(text))
    assert made is not None
    return made


def test_the_share_of_equal_values_is_near_the_share_of_equal_pieces() -> None:
    one, other = FLOOD, FLOOD.replace("bring rope", "bring flowers and your children")
    ours = overlap(signed(one).values, signed(one).size, signed(other).values, signed(other).size)
    first, second = (pieces_of(normal(text).joined, PIECE) for text in (one, other))
    assert ours.alike == pytest.approx(len(first & second) / len(first | second), abs=0.15)
    assert ours.common == pytest.approx(len(first & second), abs=12)
    assert ours.own == pytest.approx(len(first - second), abs=12)
    assert ours.missing == pytest.approx(len(second - first), abs=12)


def test_the_same_text_has_the_same_signature_in_every_process() -> None:
    made = signed(FLOOD)
    assert made == signed(FLOOD.upper())
    assert made.values.hex()[:32] == "200349005705a30019031c069a002b01"


def test_keys_fit_a_signed_column_and_are_few() -> None:
    made = signed(LONG)
    assert len(made.bands) == BANDS
    assert all(0 < key < 1 << 63 for key in made.asked)
    assert len(made.kept) <= BANDS + MOST_MARKS
    assert len(made.asked) <= BANDS + MOST_MARKS_ASKED
    assert not {key >> 61 for key in made.bands} & {key >> 61 for key in made.marks}


def test_a_long_text_with_the_flood_in_it_has_its_marks() -> None:
    around = " ".join(f"w{at}ord{at * 7}" for at in range(60))
    kept = set(signed(FLOOD).marks[:MOST_MARKS])
    assert kept <= set(signed(f"{around} {FLOOD} {around}").marks)
    assert not kept & set(signed(around).marks)


def test_short_texts_are_found_by_the_whole_alone() -> None:
    assert signed("Hang them all").bands == signed("HANG them aaall!!").bands
    assert len(signed("Hang them all").bands) == 1
    assert signed("Hang them all").bands != signed("Hang them up").bands
    assert sign(normal("so true")) is None
    assert sign(normal("")) is None


@given(st.text(max_size=400))
def test_any_text_is_like_itself(text: str) -> None:
    made = sign(normal(text))
    if made is not None:
        assert overlap(made.values, made.size, made.values, made.size).alike == 1
