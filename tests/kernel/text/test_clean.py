import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.kernel.text import clean

anything = st.text(st.characters(codec=None))


@given(anything)
def test_normalised_text_can_be_stored_and_is_stable(text: str) -> None:
    once = clean.normalise(text)

    once.encode("utf-8")
    assert "\x00" not in once
    assert "\r" not in once
    assert unicodedata.is_normalized("NFC", once)
    assert clean.normalise(once) == once


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\x00b\x07c\x7fd\x85e\tf", "abcde\tf"),
        ("e\u0301", "\u00e9"),
        ("\ud83d\ude00", "\U0001f600"),
        ("x\ud83dy", "x\ufffdy"),
        ("plain", "plain"),
    ],
)
def test_normalise(given_: str, wanted: str) -> None:
    assert clean.normalise(given_) == wanted


def test_piles_of_marks_are_cut() -> None:
    assert len(clean.normalise("x" + "\u0323\u0301" * 50_000)) <= clean.MAX_MARKS + 1
    assert len(clean.display_name("x" + "\u0323\u0301" * 50)) <= clean.MAX_NAME_MARKS + 1


def test_strip_nulls_leaves_the_rest() -> None:
    assert clean.strip_nulls("a\x00\x01\r") == "a\x01\r"


@given(anything)
def test_names_show_what_they_are(text: str) -> None:
    name = clean.display_name(text)

    assert name == name.strip()
    assert clean.display_name(name) == name
    assert not set(name) & set("\n\t\u202e\u2066\u200b\u200e\ufeff\u3164")


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ("  Anna \n Bee ", "Anna Bee"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("ad\u200bmin\u200d", "admin"),
        ("\u2066\u3164\u2800", ""),
        (
            "\U0001f468\u200d\U0001f469\u200d\U0001f467",
            "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        ),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        (
            "\U0001f3f4\U000e0067\U000e0062\U000e007f \U000e0041b",
            "\U0001f3f4\U000e0067\U000e0062\U000e007f b",
        ),
    ],
)
def test_display_name(given_: str, wanted: str) -> None:
    assert clean.display_name(given_) == wanted


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://example.org:8080/a?b=c#d",
        "https://b\u00fccher.example/\u00e9",
        "http://[::1]/x",
        "HTTPS://EXAMPLE.ORG/",
    ],
)
def test_safe_urls(url: str) -> None:
    assert clean.safe_url(f" {url}\n") == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org/",
        "/about",
        "ftp://example.org",
        "https://",
        "https://:80/",
        "https://user@example.org/",
        "https://example.org\\@evil.org/",
        "https://exa mple.org/",
        "https://example.org/\u202egnp",
        'https://example.org/"x',
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://[::1/",
        "https://..../",
        "https://example.org/\x00",
        "https://example.org/\ud800",
        "java\nscript:alert(1)",
        "https://example.org/" + "a" * 2048,
    ],
)
def test_unsafe_urls(url: str) -> None:
    assert clean.safe_url(url) is None


@given(anything)
def test_safe_url_never_breaks(text: str) -> None:
    for candidate in (text, "https://" + text):
        url = clean.safe_url(candidate)
        assert url is None or url.lower().startswith(("http://", "https://"))
