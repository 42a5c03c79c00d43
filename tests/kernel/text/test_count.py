import pytest
from hypothesis import given
from tests.kernel.text.strategies import texts
from tests.kernel.text.work import HOSTILE, grows_linearly

from rostra.kernel.text import graphemes
from rostra.kernel.text.clean import normalise
from rostra.kernel.text.count import characters, post_length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("hello", 5),
        ("a\nb", 3),
        ("a\r\nb", 3),
        ("e\u0301", 1),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", 1),
        ("\U0001f44d\U0001f3fd", 1),
        ("\u2764\ufe0f", 1),
        ("1\ufe0f\u20e3", 1),
        ("\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7\U0001f1e6", 3),
        ("\U0001f3f4\U000e0067\U000e0062\U000e007f", 1),
        ("\u1112\u1161\u11ab\uae00", 2),
        ("\u1100\u1100\uac00\u11a8\u11a8", 1),
        ("\uac01\u11a8\uac01\u1161", 3),
        ("\u0e01\u0e33", 1),
        ("\u0915\u093e", 1),
        ("\u06001", 1),
        ("a\u200b\u0301", 3),
        ("a\u200db", 2),
        ("\U0001f468\u200d\u200d\U0001f469", 2),
    ],
)
def test_characters_are_what_a_reader_sees(text: str, length: int) -> None:
    assert characters(text) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("https://example.org/" + "a" * 500, 23),
        ("x https://a.example.", 26),
        ("@bob", 4),
        ("@bob@a.very.long.domain.example hi", 7),
        ("bob@example.org", 15),
        ("#tag :blob:", 11),
        ("https://a.example/" + "a" * 10_000, 23 + 10_018 - 2_048),
    ],
)
def test_posts_count_as_mastodon_counts(text: str, length: int) -> None:
    assert post_length(text) == length


def test_the_warning_counts_as_written() -> None:
    assert post_length("hi", "https://example.org/") == 22


@given(texts)
def test_counting_never_breaks(text: str) -> None:
    assert 0 <= characters(text) <= len(text)
    assert post_length(text, found=[]) == characters(text)
    assert post_length(text) >= 0


@given(texts)
def test_short_cut_and_long_way_agree(text: str) -> None:
    assert characters(text) == len(list(graphemes.starts(text)))


@given(texts)
def test_cutting_keeps_characters_whole(text: str) -> None:
    places = [*graphemes.starts(text), len(text)]
    for limit in range(min(4, len(places))):
        assert graphemes.cut(text, limit) == text[: places[limit]]
    assert graphemes.cut(text, len(text)) == text


@pytest.mark.parametrize("piece", HOSTILE)
def test_work_grows_with_the_text_and_no_faster(piece: str) -> None:
    assert grows_linearly(lambda text: post_length(normalise(text)), piece)
