"""Previews of links: fetched behind posts, the same for all posts of an address, gone with them."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from tests.harness.app import running
from tests.harness.crowd import Town, good
from tests.harness.site import Write, foreign_site
from tests.harness.streets import MINUTE, POSTS, Streets
from tests.pictures import OWNER, exif, find_metadata, jpeg_with, photo

from rostra.store.tables.previews import cards, post_cards

HEAD = """
<title>Window</title><meta name=description content=Plain>
<meta property="og:title" content="A  hill &amp; a sea">
<meta property="og:description" content="Wide">
<meta property="og:site_name" content="The Site"><meta property="og:image" content="/hill.jpg">
<meta property="og:image:alt" content="Grass"><meta name="author" content="Wanda">
<meta property="article:published_time" content="2026-01-02T03:04:05Z">
"""


def jpeg() -> bytes:
    plain = bytes(photo(800, 400).jpegsave_buffer())
    return jpeg_with(plain, (0xE1, b"Exif\0\0" + exif()), (0xFE, OWNER))


async def test_a_link_gets_its_preview_behind_the_post(streets: Streets) -> None:
    town, site = streets.town, streets.site
    url = site.page("/a", HEAD)
    site.pages["/hill.jpg"] = (200, "image/jpeg", jpeg())
    ann = await town.member("ann")
    post = await town.post(ann, f"Look: {url}#part and {site.url('/b')}")
    before = good(await ann.client.get(f"{POSTS}/{post}"))
    assert before["card"] is None
    assert site.asked == []
    await streets.work()
    assert site.asked == ["/a", "/hill.jpg"]
    shown = good(await ann.client.get(f"{POSTS}/{post}"))
    card = shown["card"]
    assert {name: card[name] for name in ("url", "title", "description", "type", "language")} == {
        "url": url,
        "title": "A hill & a sea",
        "description": "Wide",
        "type": "link",
        "language": "en",
    }
    assert (card["provider_name"], card["author_name"]) == ("The Site", "Wanda")
    assert card["authors"] == [{"name": "Wanda", "url": "", "account": None}]
    assert card["published_at"] == "2026-01-02T03:04:05.000Z"
    assert (card["html"], card["embed_url"]) == ("", "")
    assert (card["width"], card["height"], card["image_description"]) == (678, 339, "Grass")
    assert card["blurhash"]
    image = await town.anybody.get(card["image"])
    assert image.headers["content-type"] == "image/jpeg"
    assert find_metadata(image.content) == []
    assert OWNER not in image.content
    assert shown["edited_at"] is None
    page = await town.anybody.get(f"/@ann/{post}")
    assert "A hill &amp; a sea" in page.text
    assert card["image"] in page.text
    assert 'class="preview"' in page.text


async def test_posts_of_one_address_share_one_fetch(streets: Streets) -> None:
    town, site = streets.town, streets.site
    url = site.page("/a", "<title>One</title>")
    ann, bob = await town.members("ann", "bob")
    first = await town.post(ann, url)
    second = await town.post(bob, f"{url.replace('site.test', 'SITE.test')}#x")
    await streets.work()
    assert site.asked == ["/a"]
    third = await town.post(bob, url)
    at_once = good(await bob.client.get(f"{POSTS}/{third}"))
    assert at_once["card"]["title"] == "One"
    await streets.work()
    assert site.asked == ["/a"]
    assert await town.count(cards) == 1
    site.page("/a", "<title>Two</title>")
    town.rostra.clock.advance(15 * 24 * 60 * MINUTE)
    assert (await streets.card(ann, url))["title"] == "Two"
    for who, post in ((ann, first), (bob, second)):
        assert good(await who.client.get(f"{POSTS}/{post}"))["card"]["title"] == "Two"


async def test_editing_changes_the_preview(streets: Streets) -> None:
    town, site = streets.town, streets.site
    ann = await town.member("ann")
    one = site.page("/a", "<title>One</title>")
    two = site.page("/b", "<title>Two</title>")
    post = await town.post(ann, one)
    await streets.work()
    for text, title in ((f"again {one}", "One"), (two, "Two"), ("no link", None)):
        good(await ann.client.put(f"{POSTS}/{post}", json={"status": text}))
        await streets.work()
        card = good(await ann.client.get(f"{POSTS}/{post}"))["card"]
        assert (card and card["title"]) == title
    assert site.asked == ["/a", "/b"]
    assert await town.count(cards) == await town.count(post_cards) == 0


async def test_the_last_post_takes_the_preview_along(streets: Streets) -> None:
    town, site = streets.town, streets.site
    url = site.page("/secret-page", HEAD)
    site.pages["/hill.jpg"] = (200, "image/jpeg", jpeg())
    ann, bob = await town.members("ann", "bob")
    posts = [(ann, await town.post(ann, url)), (bob, await town.post(bob, url))]
    await streets.work()
    for left, (who, post) in zip((1, 0), posts, strict=True):
        good(await who.client.delete(f"{POSTS}/{post}"))
        await streets.work()
        assert await town.count(cards) == left
        assert len(streets.stored()) == left
    assert await town.anywhere("secret-page") == []


async def test_what_is_said_to_few_is_told_to_nobody(streets: Streets) -> None:
    town, site = streets.town, streets.site
    ann, bob = await town.members("ann", "bob")
    url = site.page("/a", "<title>One</title>")
    assert await streets.card(ann, f"@bob {url}", visibility="direct") is None
    assert site.asked == []
    assert await streets.card(bob, url, visibility="private")


async def test_own_pages_are_not_fetched(streets: Streets) -> None:
    ann = await streets.town.member("ann")
    own = streets.town.services.settings.site.base_url
    assert await streets.card(ann, f"{own}/@ann") is None
    assert await streets.town.count(cards) == 0


async def test_descriptions_from_everywhere(streets: Streets) -> None:
    town, site = streets.town, streets.site
    ann = await town.member("ann")
    told = {
        "@graph": [
            {"@type": "Person", "name": "No"},
            {
                "@type": ["NewsArticle"],
                "headline": "Head",
                "author": [{"name": "Nora"}],
                "publisher": {"name": "Press"},
                "datePublished": "2026-02-03T00:00:00+01:00",
            },
        ]
    }
    script = f'<script type="application/ld+json">{json.dumps(told)}</script>'
    card = await streets.card(ann, site.page("/ld", script))
    assert (card["title"], card["author_name"], card["provider_name"]) == ("Head", "Nora", "Press")
    assert card["published_at"] == "2026-02-02T23:00:00.000Z"
    card = await streets.card(ann, site.page("/tw", '<meta name="twitter:title" content="T">'))
    assert (card["title"], card["provider_name"]) == ("T", "site.test")
    german = "<title>Größe</title>".encode("latin-1")
    site.pages["/latin"] = (200, "text/html; charset=iso-8859-1", german)
    assert (await streets.card(ann, site.url("/latin")))["title"] == "Größe"
    site.pages["/moved"] = (302, site.url("/tw", "other.test"), b"")
    moved = await streets.card(ann, site.url("/moved"))
    assert moved["url"] == site.url("/tw", "other.test")


async def test_embeds_become_a_frame_of_our_own_or_nothing(streets: Streets) -> None:
    town, site = streets.town, streets.site
    ann = await town.member("ann")
    frame = '<iframe width="1" src="https://video.test/1?a=1&amp;b=2" onload=x></iframe>'
    cases = {
        frame: "https://video.test/1?a=1&b=2",
        "<script>alert(1)</script>": "",
        '<iframe src="javascript:alert(1)"></iframe>': "",
        '<iframe src="http://video.test/"></iframe>': "",
        '<iframe src="https://v.test/&quot;><script>"></iframe>': "",
        '<iframe srcdoc="<script>">': "",
        "": "",
    }
    for number, (html, url) in enumerate(cases.items()):
        embed = {"type": "video", "html": html, "width": 400, "height": "300", "title": "V"}
        site.pages["/o"] = (200, "application/json", json.dumps(embed).encode())
        link = '<link rel="alternate" type="application/json+oembed" href="/o">'
        card = await streets.card(ann, site.page(f"/v{number}", f"<title>V</title>{link}"))
        assert (card["embed_url"], card["type"]) == (url, "video" if url else "link"), html
        assert "script>" not in card["html"]
        assert "onload" not in card["html"]
        assert ("sandbox" in card["html"]) == bool(url)
        if url:
            assert (card["width"], card["height"]) == (400, 300)
            assert "a=1&amp;b=2" in card["html"]


HOSTILE_PAGES = {
    "svg": ("image/svg+xml", b"<svg onload=alert(1)><title>T</title></svg>"),
    "text": ("text/plain", b"<title>T</title>"),
    "json": ("application/activity+json", b'{"name": "T"}'),
    "nothing": ("text/html", b""),
    "untitled": ("text/html", b"<p>words"),
    "deep": ("text/html", b"<title>T</title>" + b"<div>" * 800_000),
    "large": ("text/html", b"<title>T</title>" + b"x" * (5 << 20)),
    "binary": ("text/html", bytes(range(256)) * 100),
}


@pytest.mark.parametrize("name", HOSTILE_PAGES)
async def test_hostile_pages_give_no_preview_and_no_harm(streets: Streets, name: str) -> None:
    ann = await streets.town.member("ann")
    kind, body = HOSTILE_PAGES[name]
    streets.site.pages["/x"] = (200, kind, body)
    assert await streets.card(ann, streets.site.url("/x")) is None
    assert streets.site.asked == ["/x"]
    good(await ann.client.get("/api/v1/timelines/public"))


async def test_scripts_in_descriptions_stay_words(streets: Streets) -> None:
    ann = await streets.town.member("ann")
    head = (
        "<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>"
        "<meta property=og:image content=javascript:alert(1)>"
        "<meta property=og:url content=https://bank.example/>"
        "<meta property=og:description content='\x00\u202e%s'>" % ("y" * 9000)
    )
    url = streets.site.page("/x", head)
    post = await streets.town.post(ann, url)
    await streets.work()
    card = good(await ann.client.get(f"{POSTS}/{post}"))["card"]
    assert card["url"] == url
    assert card["image"] is None
    assert len(card["description"]) <= 500
    page = await streets.town.anybody.get(f"/@ann/{post}")
    assert "<script>alert(1)" not in page.text
    assert "site.test" in page.text


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("image/jpeg", b"<html><script>alert(1)</script>"),
        ("image/png", b"\x89PNG\r\n\x1a\n" + b"\0" * 5000),
        ("image/jpeg", b"\xff\xd8\xff" + b"x" * (5 << 20)),
    ],
)
async def test_hostile_pictures_are_left_out(streets: Streets, kind: str, body: bytes) -> None:
    ann = await streets.town.member("ann")
    streets.site.pages["/hill.jpg"] = (200, kind, body)
    card = await streets.card(ann, streets.site.page("/a", HEAD))
    assert (card["title"], card["image"]) == ("A hill & a sea", None)
    assert streets.stored() == []


INSIDE = (
    "http://127.0.0.2/",
    "http://10.0.0.1/",
    "http://169.254.169.254/latest/meta-data",
    "http://192.168.1.1/",
    "http://[::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://inside.test/",
    "http://site.test:22/",
    "ftp://site.test/",
    "http://user:word@site.test/",
)


@pytest.mark.parametrize("address", INSIDE)
async def test_addresses_inside_are_never_called(streets: Streets, address: str) -> None:
    """The site itself may be called on its one port; nothing else that is not public may."""
    site = streets.site
    site.names["inside.test"] = "10.1.2.3"
    ann = await streets.town.member("ann")
    assert await streets.card(ann, f"See {address}") is None
    site.pages["/jump"] = (302, address, b"")
    assert await streets.card(ann, site.url("/jump")) is None
    image = f'<title>T</title><meta property="og:image" content="{address}">'
    assert (await streets.card(ann, site.page("/img", image)))["image"] is None
    link = f'<link rel="alternate" type="application/json+oembed" href="{address}">'
    assert (await streets.card(ann, site.page("/oe", f"<title>T</title>{link}")))["html"] == ""
    assert site.asked == ["/jump", "/img", "/oe"]


async def test_endless_and_slow_answers_end(data_dir: Path, sqlite_url: str) -> None:
    async def endless(write: Write) -> None:
        await write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<title>T</title>")
        while True:
            await write(b"x" * 65_536)

    async def slow(write: Write) -> None:
        await write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<title>T</title>")
        for _ in range(600):
            await write(b"x")
            await asyncio.sleep(0.1)

    async def round_and_round(write: Write) -> None:
        await write(b"HTTP/1.1 302 Found\r\nlocation: /round\r\ncontent-length: 0\r\n\r\n")

    async with (
        foreign_site() as site,
        running(data_dir, sqlite_url, fetch=site.client(deadline_s=1.0)) as rostra,
    ):
        streets = Streets(Town(rostra), site)
        ann = await streets.town.member("ann")
        for path, answer in (("/endless", endless), ("/slow", slow), ("/round", round_and_round)):
            site.pages[path] = answer
            assert await streets.card(ann, site.url(path)) is None


async def test_a_closed_gate_only_postpones(data_dir: Path, database_url: str) -> None:
    async with foreign_site() as site, running(data_dir, database_url) as rostra:
        town = Town(rostra)
        object.__setattr__(town.services, "fetch", site.client(town.services.egress))
        streets = Streets(town, site)
        ann = await town.member("ann")
        town.services.egress.close("moving")
        url = site.page("/a", "<title>One</title>")
        post = await town.post(ann, url)
        await streets.work()
        assert site.asked == []
        town.services.egress.open()
        town.rostra.clock.advance(60 * MINUTE)
        await streets.work()
        assert good(await ann.client.get(f"{POSTS}/{post}"))["card"]["title"] == "One"


async def test_fetching_can_be_switched_off(data_dir: Path, sqlite_url: str) -> None:
    off: dict[str, Any] = {"ROSTRA_PREVIEWS__FETCH": "false"}
    async with (
        foreign_site() as site,
        running(data_dir, sqlite_url, fetch=site.client(), **off) as rostra,
    ):
        streets = Streets(Town(rostra), site)
        ann = await streets.town.member("ann")
        assert await streets.card(ann, site.page("/a", "<title>T</title>")) is None
        assert site.asked == []


async def test_previews_cost_lists_nothing(streets: Streets) -> None:
    town, site = streets.town, streets.site
    ann = await town.member("ann")
    for number in range(5):
        await town.post(ann, site.page(f"/{number}", f"<title>{number}</title>"))
    await streets.work()
    good(await town.anybody.get("/api/v1/timelines/public"))
    with town.rostra.counted() as counted:
        shown = good(await town.anybody.get("/api/v1/timelines/public"))
    assert [each["card"]["title"] for each in shown] == ["4", "3", "2", "1", "0"]
    assert counted.statements <= 2
