"""Redirects and headers: nothing in them leads or breaks out of the house."""

import pytest
from tests.http.house import SITE

from rostra.http.response import (
    Response,
    cookie,
    own_target,
)
from rostra.http.site import Site


@pytest.mark.parametrize(
    ("target", "leads"),
    [
        ("/a?b=1#c", "https://rostra.example/a?b=1#c"),
        ("/ü", "https://rostra.example/%C3%BC"),
        ("https://rostra.example/a", "https://rostra.example/a"),
        ("https://rostra.example", "https://rostra.example"),
        *(
            (bad, "https://rostra.example/")
            for bad in (
                "//evil.example", "https://evil.example", "https://rostra.example.evil.example/",
                "/\\evil.example", "javascript:alert(1)", "evil", "", "/a\r\nset-cookie: x",
                "/\t/evil.example", "https://rostra.example@evil.example/", "///evil.example",
            )
        ),
    ],
)  # fmt: skip
def test_redirects_stay_in_the_house(target: str, leads: str) -> None:
    assert own_target(SITE, target) == leads


def test_cookies_and_headers_cannot_break_out() -> None:
    for name, value in (("a b", "x"), ("a", "x;y"), ("a", "x\r\n"), ("a", 'x"')):
        with pytest.raises(ValueError, match="cookie"):
            cookie(SITE, name, value)
    assert b"Secure" not in cookie(Site(), "a", "b")[1]
    with pytest.raises(ValueError, match="line break"):
        Response().add("x", "a\r\nb")
