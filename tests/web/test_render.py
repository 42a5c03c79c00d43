"""Every page renders, and what comes out is sound."""

from xml.etree import ElementTree as ET

import msgspec
import pytest
from markupsafe import Markup
from tests.web import samples as s
from tests.web.markup import Document
from tests.web.pages import every_page
from tests.web.samples import Sample

from rostra.web.render import Renderer
from rostra.web.views import place, reading
from rostra.web.views.feed import FeedView
from rostra.web.views.parts import RelationView
from rostra.web.views.shell import Page

RENDERER = Renderer()
SAMPLES = {sample.name: sample for sample in every_page()}


def _text(name: str) -> str:
    return RENDERER.page(SAMPLES[name].shell, SAMPLES[name].page).decode()


@pytest.mark.parametrize("name", SAMPLES)
def test_every_page_is_sound(name: str) -> None:
    assert Document(_text(name)).faults == []


def test_the_reader_of_pages_finds_faults() -> None:
    broken = (
        '<html><body><div id="a" style="x"><p><ul></ul></p><form method="post"><input name="q">'
        '<img src="/x"></form><b id="a" onclick="x" aria-labelledby="none"></div><script>1</script>'
    )
    faults = " / ".join(Document(broken).faults)
    for expected in (
        "no language", "0 <h1>", "id a 2 times", "<div style>", "<b onclick>", "leads nowhere",
        "inside <p>", "no csrf_token", "has no label", "without alt", "inline <script>", "closes",
    ):  # fmt: skip
        assert expected in faults


def test_every_page_struct_has_a_sample() -> None:
    def leaves(kind: type[Page]) -> set[type[Page]]:
        below = kind.__subclasses__()
        return {leaf for each in below for leaf in leaves(each)} if below else {kind}

    assert leaves(Page) == {type(sample.page) for sample in SAMPLES.values()}


def test_hostile_strings_come_out_as_text() -> None:
    for name in SAMPLES:
        text = _text(name)
        assert "<script>alert" not in text
        assert "'x')</script>" not in text


def test_open_graph_canonical_and_feed_of_a_profile() -> None:
    text = _text("profile-visitor")
    assert '<link rel="canonical" href="https://harbour.example/@ida">' in text
    assert 'type="application/rss+xml" href="https://harbour.example/@ida.rss"' in text
    assert '<meta property="og:title" content="Ida Lindqvist (@ida@harbour.example)">' in text
    assert '<meta name="fediverse:creator" content="ida@harbour.example">' in text


def test_a_post_that_is_not_public_is_not_indexed() -> None:
    public = reading.ThreadPage(post=s.town()[1])
    private = msgspec.structs.replace(
        public, post=msgspec.structs.replace(public.post, visibility="private")
    )
    visitor = s.shell(member=False)
    assert "og:image" in RENDERER.page(visitor, public).decode()
    answer = RENDERER.page(visitor, private).decode()
    assert "noindex" in answer
    assert "og:title" not in answer


def test_a_sensitive_picture_is_not_the_preview_and_a_warning_stands_for_the_words() -> None:
    plain = s.town()[1]
    warned = msgspec.structs.replace(plain, sensitive=True, spoiler="Loud colours")
    head = reading.ThreadPage(post=warned).head(s.SITE)
    assert head.image == plain.author.avatar_url
    assert head.description == "Loud colours"
    assert reading.ThreadPage(post=plain).head(s.SITE).image == plain.pictures[0].preview_url


def test_a_post_without_words_has_a_title() -> None:
    post = s.post(s.TOMAS, "", 0)
    assert reading.ThreadPage(post=post).head(s.SITE).title == "Post by Tomás Ferreira"


def test_a_theme_is_on_the_root() -> None:
    sample = SAMPLES["home"]
    dark = msgspec.structs.replace(sample.shell, theme="dark")
    assert 'data-theme="dark"' in RENDERER.page(dark, sample.page).decode()
    assert "data-theme=" not in _text("home")


def test_errors_that_have_no_words_of_their_own_borrow_some() -> None:
    assert place.ErrorPage(status=507).heading() == place.ERRORS[500][0]
    assert place.ErrorPage(status=418).words() == place.ERRORS[400][1]
    assert place.ErrorPage(status=404, message="No such tag").words() == "No such tag"


def test_fragments_for_htmx() -> None:
    post = s.town()[0]
    bar = RENDERER.actions(s.shell(), post).decode()
    assert bar.strip().startswith("<form")
    assert f"/posts/{post.id}/unfavourite" in bar
    subject = msgspec.structs.replace(s.profile(), relation=RelationView(following=True))
    assert "/unfollow" in RENDERER.relation(s.shell(), subject).decode()


def test_a_feed_is_well_formed_whatever_people_write() -> None:
    odd = s.post(s.HOSTILE_AUTHOR, "bell \x07 and ]]> " + s.HOSTILE, 0,
                 url="https://harbour.example/@quotes/1")  # fmt: skip
    pictured = s.town()[1]
    warned = s.post(s.IDA, "the butler", 0, spoiler="Ending", url="https://harbour.example/1",
                    content=Markup("<p>the butler</p>"))  # fmt: skip
    feed = FeedView(profile=s.hostile_profile(), posts=(odd, pictured, warned))
    body = RENDERER.feed(s.shell(member=False), feed)
    channel = ET.fromstring(body).find("channel")  # noqa: S314 (our own output)
    assert channel is not None
    assert channel.findtext("title") == s.HOSTILE
    items = [item.findtext("description") for item in channel.iter("item")]
    assert items[0] is not None
    assert items[0].startswith("<p>bell  and ]]&gt; &lt;script&gt;")
    assert items[2] == "Ending"
    assert b"butler" not in body
    empty = RENDERER.feed(s.shell(), FeedView(profile=s.stranger(), posts=()))
    assert b"<item>" not in empty


@pytest.mark.parametrize(
    ("name", "url"),
    [("home", "/home"), ("public", "/public"), ("bookmarks", "/bookmarks"), ("search", "/search"),
     ("settings-apps", "/settings/apps")],
)  # fmt: skip
def test_the_navigation_says_where_one_is(name: str, url: str) -> None:
    assert f'href="{url}" aria-current="page"' in _text(name)


def test_a_sample_is_named_once() -> None:
    names = [sample.name for sample in every_page()]
    assert len(names) == len(set(names))
    assert isinstance(SAMPLES["front"], Sample)
