import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.kernel.paging import MAX_BOUND, Page, Window


def read(stored: list[int], page: Page) -> Window[int]:
    """Do what every query does with a page."""
    within = sorted(id_ for id_ in stored if page.above < id_ < page.below)
    rows = within[: page.limit] if page.ascending else within[::-1][: page.limit]
    return Window.of(rows, page, lambda id_: id_)


stored_ids = st.lists(st.integers(1, 10_000), unique=True, max_size=60)


@pytest.mark.parametrize(
    ("asked", "given_"), [(None, 20), (0, 20), (-3, 20), (5, 5), (40, 40), (10**9, 40)]
)
def test_limit_is_kept_in_bounds(asked: int | None, given_: int) -> None:
    assert Page.of(asked, default=20, cap=40).limit == given_


def test_bounds() -> None:
    assert (Page(1).above, Page(1).below, Page(1).ascending) == (0, MAX_BOUND, False)
    both = Page(1, max_id=9, since_id=2, min_id=5)
    assert (both.above, both.below, both.ascending) == (5, 9, True)


@given(stored_ids, st.integers(1, 7))
def test_walking_back_meets_everything_once(stored: list[int], limit: int) -> None:
    seen: list[int] = []
    window = read(stored, Page(limit))
    seen += window.items
    while window.next_max_id is not None:
        window = read(stored, Page(limit, max_id=window.next_max_id))
        seen += window.items

    assert seen == sorted(stored, reverse=True)


@given(stored_ids, st.integers(1, 7))
def test_walking_forward_meets_everything_once(stored: list[int], limit: int) -> None:
    seen: list[int] = []
    window = read(stored, Page(limit, min_id=0))
    while window.prev_min_id is not None:
        assert window.items == sorted(window.items, reverse=True)
        seen = window.items + seen
        window = read(stored, Page(limit, min_id=window.prev_min_id))

    assert seen == sorted(stored, reverse=True)


def test_hidden_items_do_not_end_the_list() -> None:
    window = read([1, 2, 3, 4], Page(2)).keep(lambda id_: id_ < 3)

    assert window == Window([], 3, 4)
