"""What counts as one emoji."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.kernel.text.emoji import is_emoji


@pytest.mark.parametrize(
    "text",
    ["👍", "👍🏽", "❤", "❤️", "🎉", "🇩🇪", "1️⃣", "#⃣", "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏳️‍🌈", "👩🏽‍🚀", "©️", "☺"],
)
def test_one_emoji(text: str) -> None:
    assert is_emoji(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "a", "1", ":)", "👍👍", "👍 ", " 👍", "a👍", "👍a", "🇩", "🇩🇪🇫🇷", "\u200d", "\ufe0f",
     "🏽", "👍\u0301", "é", "漢", "👍" + "🏽" * 20, "1️⃣1️⃣", "x⃣", "👍\n"],
)  # fmt: skip
def test_what_is_none(text: str) -> None:
    assert not is_emoji(text)


@given(st.text(max_size=40))
def test_never_fails(text: str) -> None:
    assert is_emoji(text) in {True, False}
