"""The guarded client: what it fetches, how long it waits, how much it reads."""

import asyncio
import gzip
import ssl
import zlib

import pytest
from tests.harness.patience import Watch
from tests.outside.conftest import Gate
from tests.outside.elsewhere import (
    Handler,
    Names,
    Write,
    answer,
    client,
    echo,
    redirecting,
    serving,
)

from rostra.outside.http import FetchFailed, FetchRefused, HttpClient, Policy, system_resolver


async def test_a_page_is_fetched(gate: Gate) -> None:
    names = Names(example_test=["127.0.0.1"])
    async with serving(echo) as port:
        url = f"http://example.test:{port}/page?q=1#part"
        got = await client(gate, port, names).get(url, headers={"Accept": "text/html"})
    assert got.status == 200
    assert got.url == f"http://example.test:{port}/page?q=1"
    assert got.headers["content-type"] == "text/plain"
    text = got.body.decode().lower()
    assert text.startswith("/page?q=1\n")
    assert f"host: example.test:{port}\r\n" in text
    assert "accept: text/html\r\n" in text
    assert "accept-encoding: identity\r\n" in text
    assert "user-agent: rostra\r\n" in text
    assert gate.passed == ["fetch"]
    assert names.asked == ["example.test"]


async def test_a_body_is_sent(gate: Gate) -> None:
    async with serving(echo) as port:
        fetch = client(gate, port, Names(example_test=["127.0.0.1"]))
        got = await fetch.request("post", f"http://example.test:{port}/", content=b"{}")
    assert b"POST / HTTP/1.1" in got.body
    assert b"content-length: 2" in got.body.lower()


async def test_other_statuses_are_answers(gate: Gate) -> None:
    async def gone(_path: str, _head: bytes, write: Write) -> None:
        await write(answer(b"gone", "410 Gone"))

    async with serving(gone) as port:
        fetch = client(gate, port, Names(example_test=["127.0.0.1"]))
        got = await fetch.get(f"http://example.test:{port}/")
    assert (got.status, got.body) == (410, b"gone")


async def test_unknown_names_fail(gate: Gate) -> None:
    with pytest.raises(FetchFailed):
        await client(gate, 80, Names()).get("http://nowhere.test/")
    with pytest.raises(FetchFailed):
        await client(gate, 80, Names(empty_test=[""])).get("http://empty.test/")


async def test_the_next_address_is_tried(gate: Gate) -> None:
    async with serving(echo) as port:
        names = Names(two_test=["::1 127.0.0.1"])
        fetch = client(gate, port, names, allowed=("127.0.0.1/32", "::1/128"))
        # Nobody listens on the first one.
        assert (await fetch.get(f"http://two.test:{port}/")).status == 200


async def test_no_connection(gate: Gate) -> None:
    async with serving(echo) as port:
        pass
    with pytest.raises(FetchFailed):
        await client(gate, port, Names(a_test=["127.0.0.1"])).get(f"http://a.test:{port}/")


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
async def test_redirects_are_followed(gate: Gate, status: str) -> None:
    async with serving(redirecting("/end?x=1", status)) as port:
        fetch = client(gate, port, Names(a_test=["127.0.0.1"]))
        got = await fetch.get(f"http://a.test:{port}/start", headers={"Authorization": "secret"})
    assert got.url == f"http://a.test:{port}/end?x=1"
    assert b"authorization: secret" in got.body.lower()
    assert gate.passed == ["fetch", "fetch"]


async def drip(_path: str, _head: bytes, write: Write) -> None:
    await write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    for _ in range(1000):
        await write(b".")
        await asyncio.sleep(0.02)


async def slow_head(_path: str, _head: bytes, write: Write) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nserver: very slow indeed\r\n" * 10:
        await write(bytes([byte]))
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("handler", [drip, slow_head])
async def test_one_deadline_for_all(gate: Gate, handler: Handler) -> None:
    async with serving(handler) as port:
        fetch = client(gate, port, Names(a_test=["127.0.0.1"]), deadline_s=0.3)
        with Watch() as watch, pytest.raises(FetchFailed):
            await fetch.get(f"http://a.test:{port}/")
    assert watch.seconds < 3.0


async def endless(_path: str, _head: bytes, write: Write) -> None:
    await write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        await write(b"1000\r\n" + b"x" * 4096 + b"\r\n")


def packed(body: bytes, encoding: str) -> Handler:
    async def handler(_path: str, _head: bytes, write: Write) -> None:
        await write(answer(body, content_encoding=encoding))

    return handler


@pytest.mark.parametrize(
    "handler",
    [
        endless,
        packed(b"x" * 10_001, "identity"),
        packed(gzip.compress(b"x" * 1_000_000), "gzip"),
        packed(zlib.compress(b"x" * 1_000_000), "deflate"),
        packed(b"xxx", "br"),
        packed(b"xxx", "zstd"),
        packed(gzip.compress(gzip.compress(b"x")), "gzip, gzip"),
    ],
)
async def test_answers_that_are_too_much(gate: Gate, handler: Handler) -> None:
    async with serving(handler) as port:
        fetch = client(gate, port, Names(a_test=["127.0.0.1"]), max_bytes=10_000)
        with pytest.raises(FetchRefused):
            await fetch.get(f"http://a.test:{port}/")


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(gzip.compress(b"x" * 10_000), "gzip"), (zlib.compress(b"x" * 10_000), "deflate")],
    ids=["gzip", "deflate"],
)
async def test_packed_answers_within_the_limit(gate: Gate, body: bytes, encoding: str) -> None:
    async with serving(packed(body, encoding)) as port:
        fetch = client(gate, port, Names(a_test=["127.0.0.1"]), max_bytes=10_000)
        assert (await fetch.get(f"http://a.test:{port}/")).body == b"x" * 10_000


async def cut(_path: str, _head: bytes, write: Write) -> None:
    await write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nshort")


async def nonsense(_path: str, _head: bytes, write: Write) -> None:
    await write(b"SSH-2.0-OpenSSH_9.2\r\n")


@pytest.mark.parametrize(
    "handler",
    [cut, nonsense, packed(b"not gzip", "gzip"), packed(gzip.compress(b"x" * 999)[:20], "gzip")],
)
async def test_broken_answers_fail(gate: Gate, handler: Handler) -> None:
    async with serving(handler) as port:
        fetch = client(gate, port, Names(a_test=["127.0.0.1"]))
        with pytest.raises(FetchFailed):
            await fetch.get(f"http://a.test:{port}/")


async def test_certificates_are_checked_for_the_name(
    gate: Gate, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    names = Names(example_test=["127.0.0.1"], other_test=["127.0.0.1"])
    async with serving(echo, server_tls) as port:
        policy = Policy(ports=frozenset({port}), allowed=("127.0.0.1/32",))
        fetch = HttpClient(gate, policy, resolver=names, tls=client_tls)
        assert (await fetch.get(f"https://example.test:{port}/")).status == 200
        with pytest.raises(FetchFailed):
            await fetch.get(f"https://other.test:{port}/")
        with pytest.raises(FetchFailed):
            await HttpClient(gate, policy, resolver=names).get(f"https://example.test:{port}/")


async def test_the_system_knows_localhost() -> None:
    assert set(await system_resolver("localhost", 80)) <= {"127.0.0.1", "::1"}
