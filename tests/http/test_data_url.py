"""Files that are written as text."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.http.data_url import DataUrl, encoded_size, parsed


@given(st.binary(max_size=300))
def test_any_bytes_come_back(content: bytes) -> None:
    text = f"data:image/png;base64,{b64encode(content).decode()}"
    assert parsed(text) == DataUrl("image/png", content)
    assert len(text) <= encoded_size(len(content))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("data:;base64,aGk=", ""),
        ("DATA:Image/PNG;BASE64,aGk=", "image/png"),
        ("data:image/png;name=a.png;base64,aGk=", "image/png"),
        ("data:image/png;base64,aG\r\nk=\n", "image/png"),
    ],
)
def test_spellings(text: str, kind: str) -> None:
    assert parsed(text) == DataUrl(kind, b"hi")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "data:",
        "data:,",
        "data:text/plain,hi",
        "data:image/png;base64",
        "data:image/png;base64,a",
        "data:image/png;base64,aGk",
        "data:image/png;base64,aGk=aGk=",
        "data:image/png;base64,a*k=",
        "data:image/png;base64,\u00e9\u00e9\u00e9\u00e9",
        "data:" + "x" * 300 + ";base64,aGk=",
        "image/png;base64,aGk=",
        "https://example.org/data:image/png;base64,aGk=",
    ],
)
def test_what_is_no_file(text: str) -> None:
    assert parsed(text) is None


@given(st.text(max_size=200))
def test_any_text_is_read_or_not(text: str) -> None:
    for each in (text, "data:" + text, "data:x;base64," + text):
        assert parsed(each) is None or parsed(each)
