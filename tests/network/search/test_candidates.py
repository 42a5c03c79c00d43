"""What PostgreSQL's index is asked for: chosen by what it costs."""

from hypothesis import given
from hypothesis import strategies as st

from rostra.network.search.candidates import Plan, cheapest
from rostra.network.search.match import Condition, all_of

MILLION = 1_000_000


def parts(*counts: int) -> list[tuple[int, tuple[str, ...]]]:
    return [(count, (f"t{count}",)) for count in counts]


def test_a_rare_word_is_asked_for_alone() -> None:
    """Looking a frequent one up for each of few posts costs more than reading these posts."""
    assert cheapest(MILLION, parts(300_000, 400, 900_000)).parts == (("t400",),)
    assert cheapest(MILLION, parts(0, 300_000)).parts == (("t0",),)


def test_words_of_middling_frequency_are_asked_for_together() -> None:
    assert cheapest(MILLION, parts(9_000, 8_000)).parts == (("t8000",), ("t9000",))


def test_what_is_frequent_together_is_not_asked_for() -> None:
    assert cheapest(MILLION, parts(300_000)) == Plan()
    assert cheapest(MILLION, parts(300_000, 300_000)) == Plan()
    assert cheapest(MILLION, parts(*range(200_000, 200_010))) == Plan()


@given(st.integers(1, 10**8), st.lists(st.floats(0, 1), min_size=1, max_size=12).map(sorted))
def test_its_cost_is_bounded(posts: int, shares: list[float]) -> None:
    """In microseconds: 20 ms in the lists, and 20,000 posts of 3 each."""
    plan = cheapest(posts, parts(*(int(posts * share) for share in shares)))
    assert plan.cost <= 20_000 + 20_000 * 3
    rarest = int(posts * shares[0])
    assert not plan.parts or plan.parts[0] == (f"t{rarest}",)


def test_parts_of_a_condition() -> None:
    condition = Condition((("a", "b"), ("b",)), ((("d",),),), ("x", "y"))
    assert condition.parts() == [("a",), ("b",), ("x", "y")]
    assert all_of(condition.parts()) == "('a') & ('b') & ('x' | 'y')"
    assert Condition().parts() == []
