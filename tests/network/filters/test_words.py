"""Keywords stand in a text, or they do not; and that is known soon, whatever the text is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.network.filters.words import MAX_TEXT, Haystack, Needle, folded


def stands(keyword: str, text: str, *, whole_word: bool = True) -> bool:
    return Haystack(folded(text)).holds(Needle.of(keyword, whole_word=whole_word))


@pytest.mark.parametrize(
    ("keyword", "text", "whole", "part"),
    [
        ("cat", "a cat.", True, True),
        ("CAT", "a cat", True, True),
        ("cat", "A CAT", True, True),
        ("cat", "category", False, True),
        ("cat", "bobcat", False, True),
        ("cat", "bobcat cat", True, True),
        ("cat", "cats cat_ cat1 1cat", False, True),
        ("cat", "#cat @cat cat's", True, True),
        ("#cat", "a#cat", True, True),
        ("#cat", "#category", False, True),
        ("...", "well...yes", True, True),
        ("c++", "c++11", True, True),
        ("straße", "in der STRASSE", True, True),
        ("ÉTÉ", "un été", True, True),
        ("été", "étés", False, True),
        ("猫", "黒猫", False, True),
        ("猫", "黒 猫 白", True, True),
        ("क", "कि", False, True),
        ("(a+)+$", "aaaaaaaaaaaa!", False, False),
        ("(a+)+$", "x (a+)+$ y", True, True),
        ("a a", "xa a a", True, True),
        ("aa", "aaa aa", True, True),
    ],
)
def test_whole_words_and_parts(keyword: str, text: str, whole: bool, part: bool) -> None:  # noqa: FBT001 (a table)
    assert stands(keyword, text) is whole
    assert stands(keyword, text, whole_word=False) is part


@given(st.text(min_size=1, max_size=8), st.text(max_size=60))
def test_a_whole_word_is_found_where_a_part_is(keyword: str, text: str) -> None:
    if stands(keyword, text):
        assert stands(keyword, text, whole_word=False)
    assert stands(keyword, f"{text} {keyword} {text}")
    assert stands(keyword, f"{text}{keyword}{text}", whole_word=False)


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("a" * 512, "a" * 100_000),
        ("a" * 511 + "b", "a" * 100_000),
        ("a " * 200, "a " * 50_000),
        ("-a", "-aa" * 30_000),
        ("\u0301" * 200, "\u0301" * 100_000),
    ],
)
def test_time_grows_with_the_text_alone(keyword: str, text: str) -> None:
    start = time.process_time()
    haystack = Haystack(folded(text))
    for _ in range(20):
        haystack.holds(Needle.of(keyword, whole_word=True))
    assert time.process_time() - start < 1.0
    assert len(haystack.text) <= MAX_TEXT
