"""The language of the search box: what it says, and that any text can be read."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.kernel import ids
from rostra.network.search import grammar, words
from rostra.network.search.grammar import Asked, Span, parse
from rostra.network.search.match import Condition


def _at(year: int, month: int = 1, day: int = 1) -> int:
    return ids.floor_at(int(datetime(year, month, day, tzinfo=UTC).timestamp() * 1000))


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("Green tea", Asked(wanted=(("green",), ("tea",)))),
        ('"Green tea"', Asked(wanted=(("green", "tea"),))),
        ("“Green tea”", Asked(wanted=(("green", "tea"),))),
        ('"green tea', Asked(wanted=(("green", "tea"),))),
        ("+tea -coffee", Asked(wanted=(("tea",),), unwanted=((("coffee",),),))),
        ('-"black coffee"', Asked(unwanted=((("black", "coffee"),),))),
        ("from:me from:@Ann", Asked(authors=("me", "ann"))),
        ("-from:ann tea", Asked(wanted=(("tea",),), unwanted_authors=("ann",))),
        ("HAS:image -is:reply", Asked(facets=("image",), unwanted_facets=("reply",))),
        ("language:pt-BR", Asked(facets=("language-pt",))),
        ("language:zh_tw", Asked(facets=("language-zh-TW",))),
        ("in:library", Asked(scope="library")),
        ("before:2025-03-02", Asked(within=Span(0, _at(2025, 3, 2)))),
        ("after:2025-12", Asked(within=Span(_at(2026), ids.MAX_ID))),
        ("during:2025", Asked(within=Span(_at(2025), _at(2026)))),
        ("during:2024-2-29", Asked(within=Span(_at(2024, 2, 29), _at(2024, 3, 1)))),
        ("-before:2025", Asked(within=Span(_at(2025), ids.MAX_ID))),
        ("-after:2025", Asked(within=Span(0, _at(2026)))),
        ("-during:2025-01", Asked(outside=(Span(_at(2025), _at(2025, 2)),))),
        ("after:2024 before:2026", Asked(within=Span(_at(2025), _at(2026)))),
        ("re:hello", Asked(wanted=(("re", "hello"),))),
        ("from:", Asked(wanted=(("from",),))),
        ("東京 서울에서", Asked(wanted=(("東京",), ("서울", "울에", "에서")))),
        ("京", Asked(wanted=(("京",),))),
        ('"a 京 b"', Asked(wanted=(("a",), ("京",), ("b",)))),
        ('-"a 京"', Asked(unwanted=((("a",), ("京",)),))),
        ("", Asked()),
    ],
)
def test_what_a_query_says(query: str, asked: Asked) -> None:
    assert parse(query) == asked


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("has:wings", "has: takes media, image, video, audio, poll, link or embed"),
        ("is:nice", "is: takes reply, sensitive or quote"),
        ("in:hell", "in: takes all, public or library, and no minus"),
        ("-in:library", "in: takes all, public or library, and no minus"),
        ("language:klingon", "language: takes a code such as en or pt-BR"),
        ("after:tomorrow", "after: takes a date such as 2025-03-31, 2025-03 or 2025"),
        ("during:2023-02-29", "during: takes a date such as 2025-03-31, 2025-03 or 2025"),
        ("before:2025-13", "before: takes a date such as 2025-03-31, 2025-03 or 2025"),
    ],
)
def test_what_it_can_not_mean_is_told_once_and_holds_nothing_up(query: str, told: str) -> None:
    asked = parse(f"tea {query} {query}")
    assert asked.problems == (told,)
    assert asked.wanted == (("tea",),)


_OPERATORS = ("from:", "has:", "is:", "in:", "language:", "before:", "after:", "during:", "-", '"')
_PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(_OPERATORS),
    st.sampled_from(("me", "image", "reply", "library", "2025-02", "9999", "0000-00", " ", "東京")),
)


@given(st.lists(_PIECES, max_size=60).map("".join))
def test_any_text_is_read_within_its_bounds(query: str) -> None:
    asked = parse(query)
    rows = [*asked.wanted, *(row for group in asked.unwanted for row in group)]
    tokens = [token for row in rows for token in row]
    assert len(tokens) <= grammar.MOST_TOKENS
    assert all(rows)
    assert 0 <= asked.within.first <= ids.MAX_ID
    for token in tokens:  # nothing that one of the databases' query languages could read
        assert not set(token) & set(" \"'\\()&|!*:^{}+-<>\x00\ue000")
    assert parse(query) == asked


@given(st.text(max_size=200), st.text(max_size=60))
def test_a_document_holds_what_stands_in_it(text: str, more: str) -> None:
    """What SQLite's index is asked can be told from the document as well."""
    document = " ".join(words.document(f"{more} {text}"))
    rows = tuple(words.rows(text, grammar.MOST_TOKENS))
    assert Condition(wanted=rows).holds(document)
    assert not rows or not Condition(unwanted=(rows,)).holds(document)


def test_a_condition_in_the_languages_of_both_databases() -> None:
    condition = Condition((("a",), ("b", "c")), ((("d",),), (("e", "f"), ("g",))), ("x", "y"))
    assert condition.sqlite() == ('("a" AND "b c" AND ("x" OR "y")) NOT ("d") NOT ("e f" AND "g")')
    assert condition.postgresql() == (
        "'a' & 'b' & 'c' & ('b' <-> 'c') & ('x' | 'y') & !(('d')) & !(('e' <-> 'f') & ('g'))"
    )
    assert Condition(unwanted=((("d",),),)).sqlite() == ""
    assert condition.holds("a b c y")
    assert not condition.holds("a b c z")
    assert not condition.holds("a b c x d")
    assert condition.holds("a b c x e f")
    assert not condition.holds("a b c x e f g")
