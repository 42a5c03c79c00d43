from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.kernel import ids
from rostra.kernel.clock import DAY, ManualClock, SystemClock


def test_ids_have_19_digits_and_sort_by_time() -> None:
    clock = ManualClock()
    source = ids.IdSource(clock)
    made = []
    for _ in range(200):
        made.append(source.next())
        clock.advance(1)

    assert made == sorted(made)
    assert [str(id_) for id_ in made] == sorted(str(id_) for id_ in made)
    assert {len(str(id_)) for id_ in made} == {19}


def test_ids_tell_their_time() -> None:
    clock = ManualClock(1_800_000_000_123)
    made = ids.IdSource(clock).next()

    assert ids.time_of(made) == 1_800_000_000_123
    assert ids.floor_at(1_800_000_000_123) <= made < ids.floor_at(1_800_000_000_124)
    assert ids.floor_at(-5) == 0


def test_ids_of_one_millisecond_are_unique_and_not_in_a_row() -> None:
    source = ids.IdSource(ManualClock())
    made = [source.next() for _ in range(5_000)]

    assert len(set(made)) == 5_000
    assert made != sorted(made)


def sequence(*values: int) -> Callable[[int], int]:
    rest = iter(values)
    return lambda _bits: next(rest)


def test_a_number_drawn_twice_is_drawn_again() -> None:
    source = ids.IdSource(ManualClock(1), sequence(7, 7, 7, 8))

    assert [source.next() & 0xFFFFF, source.next() & 0xFFFFF] == [7, 8]


def test_a_full_millisecond_borrows_the_next() -> None:
    counter = iter(range(1 << 20))
    source = ids.IdSource(ManualClock(1_000), lambda _bits: next(counter))
    half = 1 << 19
    last = [source.next() for _ in range(half + 1)][-1]

    assert ids.time_of(last) == 1_001


def test_a_clock_put_back_brings_no_old_ids() -> None:
    clock = ManualClock()
    source = ids.IdSource(clock)
    before = source.next()
    clock.set(clock.now() - DAY)

    assert ids.time_of(source.next()) == ids.time_of(before)


@given(st.integers(0, ids.MAX_ID))
def test_parse_reads_what_str_writes(id_: int) -> None:
    assert ids.parse(str(id_)) == id_


@given(st.text())
def test_parse_reads_nothing_else(text: str) -> None:
    parsed = ids.parse(text)

    assert parsed is None or str(parsed) == text


@pytest.mark.parametrize(
    "text",
    ["", "-1", "+1", " 1", "01", "1.0", "abc", "\u0661", "9223372036854775808", "1" * 20, "1_0"],
)
def test_garbage_is_no_id(text: str) -> None:
    assert ids.parse(text) is None


def test_system_clock_runs() -> None:
    clock = SystemClock()

    assert clock.now() > 1_700_000_000_000
    assert clock.monotonic() <= clock.monotonic()


def test_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock(5)
    clock.advance(1_500)

    assert (clock.now(), clock.monotonic()) == (1_505, 1.5)
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-1)
