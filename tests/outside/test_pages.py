"""Foreign pages, read by the child alone: what is found, and what is survived."""

import asyncio
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.harness.patience import PATIENCE_S

from rostra.outside.pages import Page, PageReader
from rostra.outside.pages.child import read
from rostra.outside.pages.model import LONGEST
from rostra.outside.pages.reader import charset_of


def test_the_first_of_each_is_taken() -> None:
    page = read(
        "<html lang=de><head><title> A </title><title>B</title>"
        "<meta PROPERTY='OG:Title' content=one><meta property=og:title content=two>"
        "<meta name=empty content=''><meta content=nameless>"
        "<link rel=alternate type=application/json+oembed href=/o?a=1&amp;b=2>"
    )
    assert (page.title.strip(), page.language, page.oembed) == ("A", "de", "/o?a=1&b=2")
    assert page.metas == {"og:title": "one"}


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"@type": "Article", "headline": "H"}, {"headline": "H"}),
        ([{"@type": "X"}, {"@type": "BlogPosting", "name": "N"}], {"headline": "N"}),
        ({"@type": "Article", "author": "A"}, {"author": "A"}),
        ({"@type": "Article", "image": [{"url": "/i"}]}, {"image": "/i"}),
        ({"@type": "Person", "name": "N"}, {}),
        ({"@graph": "x"}, {}),
        ([[]], {}),
        ("text", {}),
        ({"@type": ["Article"], "headline": 5, "author": [None]}, {}),
    ],
)
def test_articles_in_json(told: object, found: dict[str, str]) -> None:
    script = f"<script type='application/ld+json'>{json.dumps(told)}</script>"
    broken = "<script type='application/ld+json'>{</script>"
    assert read(broken + script).article == found


@given(st.text(max_size=300))
def test_any_text_is_a_page(text: str) -> None:
    page = read(f"<title>{text}<meta name=a content='{text}'>{text}")
    assert all(len(value) <= LONGEST for value in (page.title, *page.metas.values()))


@pytest.mark.parametrize(
    ("body", "kind", "name"),
    [
        (b"x", "", "utf-8"),
        (b"x", "text/html; charset=ISO-8859-1", "iso8859-1"),
        (b"<meta charset='shift_jis'>", "text/html", "shift_jis"),
        (b"\xff\xfex\0", "text/html; charset=utf-8", "utf-16-le"),
        (b"<meta charset=nonsense>", "", "utf-8"),
        (b"x", "text/html; charset=zip", "utf-8"),
        (b"x", "text/html; charset=rot13", "utf-8"),
    ],
)
def test_encodings(body: bytes, kind: str, name: str) -> None:
    assert charset_of(body, kind) == name


async def test_a_page_that_nests_without_end_is_given_up() -> None:
    async with asyncio.timeout(PATIENCE_S):
        assert await PageReader().read(b"<title>T</title>" + b"<div>" * 100_000) == Page()


@pytest.mark.parametrize("words", ["import sys; sys.exit(3)", "print('{')", "raise MemoryError"])
async def test_a_child_that_fails_costs_one_page(words: str) -> None:
    reader = PageReader(command=(sys.executable, "-c", words))
    assert await reader.read(b"<title>T</title>") == Page()
    assert (await PageReader().read(b"<title>T</title>")).title == "T"


async def test_no_such_child() -> None:
    assert await PageReader(command=("/nonexistent",)).read(b"x") == Page()
