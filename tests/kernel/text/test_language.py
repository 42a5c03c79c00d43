import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.kernel.text.language import LANGUAGES, normalise_language


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"),
        ("en-US", "en"),
        ("EN_us", "en"),
        ("pt-BR", "pt"),
        ("zh-TW", "zh-TW"),
        ("zh_hant_HK", "zh-TW"),
        ("zh-Hans", "zh-CN"),
        ("zh-SG", "zh"),
        ("yue", "zh-YUE"),
        ("iw", "he"),
        ("ast", "ast"),
        ("xx", None),
        ("und", None),
        ("", None),
        ("english", None),
        ("en-", None),
        (None, None),
    ],
)
def test_languages(tag: str | None, code: str | None) -> None:
    assert normalise_language(tag) == code


@given(st.text())
def test_only_known_codes_come_out(tag: str) -> None:
    assert normalise_language(tag) in {None, *LANGUAGES}


def test_every_code_stands_for_itself() -> None:
    assert all(normalise_language(code) == code and name for code, name in LANGUAGES.items())
    assert LANGUAGES["de"] == "German"
