from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.text.strategies import texts
from tests.kernel.text.work import HOSTILE, grows_linearly

from rostra.kernel.text import graphemes
from rostra.kernel.text.clean import normalise
from rostra.kernel.text.render import Links, escape, excerpt, field_html, post_html

LINKS = Links(
    {"bob": "https://here.example/@bob", "bob@example.org": "https://example.org/@bob?a&b"},
    lambda tag: f"https://here.example/tags/{tag}",
)
ALLOWED = {"p", "br", "a", "span"}


class Reader(HTMLParser):
    """Reads our HTML strictly: tags must nest, and only ours may appear."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        known = dict(attrs)
        assert set(known) <= {"href", "class", "rel", "target", "translate"}
        if tag == "a":
            self.hrefs.append(known["href"] or "")
        if tag == "br":
            self.text += "\n"
        else:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "br":
            assert self.open.pop() == tag
        if tag == "p":
            self.text += "\n\n"

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


@given(texts)
def test_posts_are_well_formed_and_say_what_was_written(text: str) -> None:
    text = normalise(text).replace("\uff03", "#")  # either sign is shown as "#"
    reader = read(post_html(text, LINKS))

    shown = reader.text.replace("@bob@example.org", "@bob").split()
    assert shown == text.replace("@bob@example.org", "@bob").split()
    assert all(href.lower().startswith(("https://", "http://")) for href in reader.hrefs)


@given(texts)
def test_fields_are_well_formed(text: str) -> None:
    html = field_html(text, LINKS)

    assert "<p>" not in html
    assert "\n" not in html
    read(html)


@given(st.text(alphabet="<>&\"'a"))
def test_nothing_passes_unescaped(text: str) -> None:
    assert not set(escape(text)) & set("<>\"'")
    assert read(post_html(text, LINKS)).hrefs == []


@pytest.mark.parametrize("piece", HOSTILE)
def test_work_grows_with_the_text_and_no_faster(piece: str) -> None:
    assert grows_linearly(lambda text: post_html(normalise(text), LINKS), piece)


def test_paragraphs_and_lines() -> None:
    assert post_html("a\nb\n\n\nc\n", LINKS) == "<p>a<br />b</p><p>c</p>"
    assert post_html(" \n ", LINKS) == ""
    assert post_html("1 < 2 & '\"", LINKS) == "<p>1 &lt; 2 &amp; &#39;&quot;</p>"


def test_short_address() -> None:
    assert post_html("https://www.example.org/a?b&c", LINKS) == (
        '<p><a href="https://www.example.org/a?b&amp;c" target="_blank" rel="nofollow noopener"'
        ' translate="no"><span class="invisible">https://www.</span>'
        '<span class="">example.org/a?b&amp;c</span><span class="invisible"></span></a></p>'
    )


def test_long_address_hides_its_tail() -> None:
    html = post_html("http://example.org/" + "a" * 40, LINKS)

    assert '<span class="invisible">http://</span>' in html
    assert f'<span class="ellipsis">example.org/{"a" * 18}</span>' in html
    assert f'<span class="invisible">{"a" * 22}</span>' in html


def test_a_host_is_never_cut_short() -> None:
    host = "accounts.bank.example.login.evil.example"

    assert f">{host}</span>" in field_html(f"https://{host}/verify", LINKS)
    assert f">{host}</span>" in post_html(f"https://{host}?x", LINKS)


def test_fields_claim_their_links() -> None:
    assert 'rel="nofollow noopener me"' in field_html("https://example.org", LINKS)


def test_mention() -> None:
    assert post_html("@Bob", LINKS) == (
        '<p><span class="h-card" translate="no"><a href="https://here.example/@bob"'
        ' class="u-url mention">@<span>Bob</span></a></span></p>'
    )
    assert post_html("@eve@x.example", LINKS) == "<p>@eve@x.example</p>"


def test_namesakes_show_their_domain() -> None:
    html = post_html("@bob@example.org", LINKS)
    assert "@<span>bob</span>" in html
    assert "a&amp;b" in html

    both = post_html("@bob @bob@example.org", LINKS)
    assert "@<span>bob</span>" in both
    assert "@<span>bob@example.org</span>" in both


def test_hashtag() -> None:
    assert post_html("#Tag", LINKS) == (
        '<p><a href="https://here.example/tags/Tag" class="mention hashtag" rel="tag">'
        "#<span>Tag</span></a></p>"
    )


def test_emoji_stay_text_for_the_client() -> None:
    assert post_html(":blob:", LINKS) == "<p>:blob:</p>"


@pytest.mark.parametrize(
    ("text", "limit", "wanted"),
    [
        ("short\ntext", 20, "short text"),
        ("some words that go on", 12, "some words\u2026"),
        ("a verylongwordwithoutend", 10, "a verylon\u2026"),
        ("\U0001f468\u200d\U0001f469" * 3, 2, "\U0001f468\u200d\U0001f469\u2026"),
        ("abc", 0, "\u2026"),
    ],
)
def test_excerpts(text: str, limit: int, wanted: str) -> None:
    assert excerpt(text, limit) == wanted


@given(texts, st.integers(1, 30))
def test_excerpts_fit(text: str, limit: int) -> None:
    short = excerpt(text, limit)

    assert graphemes.count(short) <= limit
    assert "\n" not in short
