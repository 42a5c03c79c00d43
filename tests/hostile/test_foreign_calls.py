"""Requests that members make the server send: for previews of links, and to push services.

Addresses that lead inside in every spelling, names that change their mind, redirects, answers
without an end, packed ones that burst, and what is not what it says.
"""

import asyncio
import gzip
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from tests.harness.app import InProcess, running
from tests.harness.crowd import Member, Town, good
from tests.harness.patience import PATIENCE_S
from tests.harness.push_service import Device
from tests.harness.site import Hasty, Open, Site, Write, foreign_site
from tests.harness.streets import Streets

from rostra.outside.http import FetchRefused, HttpClient, Policy

PUSH = "/api/v1/push/subscription"
HOSTILE = "/x"  # the path of what answers late, or never
INSIDE = (
    *("127.0.0.2", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("0.0.0.0", "0", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1"),  # noqa: S104 (called, not listened on)
    *("017700000001", "224.0.0.1", "255.255.255.255", "127.0.0.2.", "１２７.0.0.2"),  # noqa: RUF001 (meant)
    *("[::1]", "[::]", "[::ffff:127.0.0.2]", "[::ffff:7f00:2]", "[::127.0.0.2]", "[fe80::1]"),
    *("[fd00::1]", "[64:ff9b::7f00:2]", "[2002:7f00:2::]", "[2001::1]", "[ff02::1]"),
    *("[fe80::1%25eth0]", "localhost", "inside.test", "user@127.0.0.2"),
)


@pytest.fixture
async def streets(data_dir: Path, sqlite_url: str) -> AsyncIterator[Streets]:
    async with foreign_site() as site, AsyncExitStack() as stack:
        fetch = Hasty(site.client(), site.client(deadline_s=1.0), HOSTILE)
        rostra = await stack.enter_async_context(running(data_dir, sqlite_url, fetch=fetch))
        site.names |= {"inside.test": "10.1.2.3", "localhost": "127.0.0.2"}
        yield Streets(Town(rostra), site)


async def test_no_spelling_of_an_address_inside_is_called(streets: Streets) -> None:
    site, ann = streets.site, await streets.town.member("ann")
    for number, host in enumerate(INSIDE):
        address = f"http://{host}:{site.port}/secret"
        assert await streets.card(ann, f"See {address} now") is None, host
        site.pages[f"/jump{number}"] = (302, address, b"")
        assert await streets.card(ann, site.url(f"/jump{number}")) is None, host
        head = f'<title>T</title><meta property="og:image" content="{address}">'
        card = await streets.card(ann, site.page(f"/image{number}", head))
        assert card["image"] is None, host
    assert "/secret" not in site.asked
    assert (await streets.card(ann, site.page("/good", "<title>T</title>")))["title"] == "T"


class Turncoat:
    """Answers for a name with this place once, and then with an address inside."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int, /) -> list[str]:
        self.asked.append(host)
        first = self.asked.count(host) == 1
        return await self.site.resolve(host, port) if first else ["127.0.0.2"]


async def test_a_name_that_changes_its_mind_changes_nothing(
    data_dir: Path, sqlite_url: str
) -> None:
    async with foreign_site() as site:
        names = Turncoat(site)
        policy = Policy(ports=frozenset({site.port}), allowed=("127.0.0.1/32",))
        fetch = HttpClient(Open(), policy, resolver=names)
        async with running(data_dir, sqlite_url, fetch=fetch) as rostra:
            streets = Streets(Town(rostra), site)
            ann = await streets.town.member("ann")
            head = '<title>T</title><meta property="og:image" content="/picture">'
            card = await streets.card(ann, site.page("/a", head))
            assert (card["title"], card["image"]) == ("T", None)
            assert (site.asked, names.asked) == (["/a"], ["site.test"] * 2)
            site.pages["/b"] = (302, "/a", b"")
            assert await streets.card(ann, site.url("/b", "other.test")) is None
            assert site.asked == ["/a", "/b"]


async def burst(write: Write) -> None:
    body = gzip.compress(b"<title>T</title>" + b"\0" * (64 << 20))
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-encoding: gzip\r\n"
    await write(head + b"content-length: %d\r\n\r\n" % len(body) + body)


async def endless_head(write: Write) -> None:
    await write(b"HTTP/1.1 200 OK\r\n")
    while True:
        await write(b"x-more: " + b"y" * 8000 + b"\r\n")
        await asyncio.sleep(0)


async def slow_head(write: Write) -> None:
    for letter in b"HTTP/1.1 200 OK\r\n" * 20:
        await write(bytes((letter,)))
        await asyncio.sleep(0.1)


async def silent(_write: Write) -> None:
    await asyncio.sleep(600)


async def round_and_round(write: Write) -> None:
    await write(b"HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n")


async def to_a_file(write: Write) -> None:
    await write(b"HTTP/1.1 302 Found\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n")


async def nonsense(write: Write) -> None:
    await write(bytes(range(256)) * 40)


ANSWERS = (burst, endless_head, slow_head, silent, round_and_round, to_a_file, nonsense)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda each: each.__name__)
async def test_a_hostile_site_costs_one_preview(streets: Streets, answer: Any) -> None:
    site, ann = streets.site, await streets.town.member("ann")
    site.pages[HOSTILE] = answer
    assert await streets.card(ann, site.url(HOSTILE)) is None
    head = f'<title>T</title><meta property="og:image" content="{HOSTILE}">'
    card = await streets.card(ann, site.page("/picture", head))
    assert (card["title"], card["image"]) == ("T", None)
    oembed = f'<link rel="alternate" type="application/json+oembed" href="{HOSTILE}">'
    link = f"<title>T</title>{oembed}"
    assert (await streets.card(ann, site.page("/o", link)))["html"] == ""


def subscription(endpoint: str) -> dict[str, Any]:
    keys = {"endpoint": endpoint, "keys": Device().keys()}
    return {"subscription": keys, "data": {"alerts": {"mention": True}}}


@pytest.fixture
async def pushing(data_dir: Path, sqlite_url: str) -> AsyncIterator[tuple[InProcess, Site]]:
    """Push messages go out by a client that may also call one server here."""
    async with foreign_site() as site, running(data_dir, sqlite_url) as rostra:
        gate = rostra.services.egress

        def client(deadline_s: float) -> HttpClient:
            policy = Policy(
                ports=frozenset({443, site.port}),
                allowed=("127.0.0.1/32",),
                deadline_s=deadline_s,
                max_bytes=1 << 16,
                max_redirects=0,
            )
            return HttpClient(gate, policy, resolver=site.resolve, channel="push")

        push = Hasty(client(PATIENCE_S), client(1.0), HOSTILE)
        object.__setattr__(rostra.services, "push", push)
        site.names |= {"inside.test": "10.1.2.3", "localhost": "127.0.0.2"}
        yield rostra, site


async def mentioned(town: Town, ben: Member) -> None:
    await town.post(ben, "@ann hi")
    await town.rostra.work()


async def nothing_goes_inside(rostra: InProcess, site: Site, hosts: Iterable[str]) -> None:
    """Devices that name these hosts hear nothing, and nothing is called; one that is here does."""
    town = Town(rostra)
    ann, ben = await town.members("ann", "ben")
    for host in hosts:
        body = subscription(f"http://{host}:{site.port}/secret")
        answer = await ann.client.post(PUSH, json=body)
        assert answer.status_code in {200, 422}, host
        if answer.status_code == 200:  # only the look-up tells: then nothing is sent, and it ends
            await mentioned(town, ben)
            assert (await ann.client.get(PUSH)).status_code == 404, host
        else:
            assert "subscription[endpoint]" in answer.text
    assert site.asked == []
    good(await ann.client.post(PUSH, json=subscription(site.url("/good", "127.0.0.1"))))
    await mentioned(town, ben)
    assert site.asked == ["/good"]


async def test_no_push_message_goes_inside(pushing: tuple[InProcess, Site]) -> None:
    await nothing_goes_inside(*pushing, INSIDE)


@pytest.fixture
async def named(data_dir: Path, sqlite_url: str) -> AsyncIterator[tuple[InProcess, Site]]:
    """The operator has named the address of one server, and networks that hold metadata."""
    async with foreign_site() as site:
        environ: dict[str, Any] = {
            "ROSTRA_PUSH_ALLOWED_NETWORKS": "127.0.0.1/32,169.254.0.0/16,::/1,100.100.0.0/16",
            "ROSTRA_PUSH_ALLOWED_PORTS": str(site.port),
        }
        async with running(data_dir, sqlite_url, **environ) as rostra:
            yield rostra, site


async def test_a_named_network_opens_nothing_beside_it(named: tuple[InProcess, Site]) -> None:
    hosts = [host for host in INSIDE if host not in {"localhost", "inside.test"}]
    await nothing_goes_inside(*named, [*hosts, "100.100.100.200", "8.8.8.8"])


async def test_a_network_named_for_push_is_closed_to_previews(
    named: tuple[InProcess, Site],
) -> None:
    rostra, site = named
    streets = Streets(Town(rostra), site)
    ann = await streets.town.member("ann")
    address = site.page("/page", "<title>T</title>").replace("site.test", "127.0.0.1")
    assert await streets.card(ann, f"See {address} now") is None
    for url in ("http://127.0.0.1/", "https://127.0.0.1/", "http://169.254.169.254/"):
        with pytest.raises(FetchRefused, match="not public"):
            await rostra.services.fetch.get(url)
    assert site.asked == []


async def test_no_push_endpoint_but_https_is_taken(data_dir: Path, sqlite_url: str) -> None:
    async with running(data_dir, sqlite_url) as rostra:
        ann = await Town(rostra).member("ann")
        for endpoint in (
            *("http://push.example/1", "ftp://push.example/1", "file:///etc/passwd"),
            *("https://push.example:22/1", "https://u:p@push.example/1", "javascript:alert(1)"),
            *("https://push.example/\r\nx: y", "//push.example/1", "https://", "https://a b/"),
        ):
            answer = await ann.client.post(PUSH, json=subscription(endpoint))
            assert answer.status_code == 422, endpoint
        good(await ann.client.post(PUSH, json=subscription("https://push.example/1")))


async def test_a_push_name_that_changes_its_mind(pushing: tuple[InProcess, Site]) -> None:
    rostra, site = pushing
    town = Town(rostra)
    ann, ben = await town.members("ann", "ben")
    good(await ann.client.post(PUSH, json=subscription(site.url("/p"))))
    await mentioned(town, ben)
    assert site.asked == ["/p"]
    site.names["site.test"] = "169.254.169.254"
    await mentioned(town, ben)
    assert site.asked == ["/p"]
    assert (await ann.client.get(PUSH)).status_code == 404


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda each: each.__name__)
async def test_a_hostile_push_service_gains_nothing(
    pushing: tuple[InProcess, Site], answer: Any
) -> None:
    rostra, site = pushing
    town = Town(rostra)
    ann, ben = await town.members("ann", "ben")
    site.pages[HOSTILE] = answer
    good(await ann.client.post(PUSH, json=subscription(site.url(HOSTILE))))
    await mentioned(town, ben)
    for _ in range(10):
        rostra.clock.advance(3_600_000)
        await rostra.work()
    assert set(site.asked) == {HOSTILE}  # a redirect is not followed
    assert len(site.asked) <= 6
    assert (await ann.client.get("/api/v1/notifications")).status_code == 200


@pytest.mark.parametrize(
    ("name", "declared", "data"),
    [
        ("a.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"),
        ("a.jpg", "image/jpeg", b"<!doctype html><script>alert(1)</script>"),
        ("a.png", "image/png", b'{"@context": "https://www.w3.org/ns/activitystreams"}'),
        ("a.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"\0" * 5000),
        ("a.gif", "image/gif", b"GIF89a" + b"\xff\xff" * 2 + b"\0" * 20),
        ("a.zip", "application/zip", b"PK\x03\x04" + b"\0" * 100),
        ("a.m3u8", "video/mp4", b"#EXTM3U\n#EXTINF:1,\nhttp://169.254.169.254/\n"),
        ("a.mvg", "image/png", b"push graphic-context\nurl(http://127.0.0.1/)\n"),
        ("a.pdf", "image/png", b"%PDF-1.4\n"),
        ("../../a.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + b"\0" * 100),
    ],
)
async def test_a_hostile_upload_leaves_nothing(
    streets: Streets, name: str, declared: str, data: bytes
) -> None:
    ann = await streets.town.member("ann")
    files = {"file": (name, data, declared)}
    answer = await ann.client.post("/api/v2/media", files=files)
    if answer.status_code == 202:  # what takes longer is refused after the answer
        await streets.work()
        found = await ann.client.get(f"/api/v1/media/{answer.json()['id']}")
        assert found.status_code == 422, found.text
    else:
        assert answer.status_code == 422, answer.text
    assert streets.stored() == []
    assert streets.site.asked == []
