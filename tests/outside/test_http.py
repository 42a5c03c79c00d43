import asyncio
import gzip
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import msgspec
import pytest
from tests.outside.conftest import Gate

from rostra.kernel.errors import Unavailable
from rostra.outside.http import FetchFailed, FetchRefused, HttpClient, Policy, system_resolver

Write = Callable[[bytes], Awaitable[None]]
Handler = Callable[[str, bytes, Write], Awaitable[None]]


class Names:
    """A resolver that answers from a table and remembers what it was asked; lists take turns."""

    def __init__(self, **table: list[str]) -> None:
        self._table = {name.replace("_", "."): answers for name, answers in table.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, _port: int) -> list[str]:
        self.asked.append(host)
        if host not in self._table:
            raise OSError("no such host")
        answer = self._table[host]
        return answer.pop(0).split() if len(answer) > 1 else answer[0].split()


@asynccontextmanager
async def serving(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server on loopback that gives each request's path and head to the handler."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def write(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        try:
            head = await reader.readuntil(b"\r\n\r\n")
            await handler(head.split()[1].decode(), head, write)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1]


def answer(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def client(gate: Gate, port: int, names: Names, **policy: object) -> HttpClient:
    """A client that may call loopback on one port beside the usual ones."""
    settings = Policy(ports=frozenset({80, 443, port}), allowed=("127.0.0.1/32",))
    return HttpClient(gate, msgspec.structs.replace(settings, **policy), resolver=names)


async def echo(path: str, head: bytes, write: Write) -> None:
    await write(answer(path.encode() + b"\n" + head, content_type="text/plain"))


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


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.test/",
        "file:///etc/passwd",
        "gopher://example.test/",
        "javascript:alert(1)",
        "//example.test/",
        "/path",
        "",
        "http://",
        "http:///path",
        "http://user@example.test/",
        "http://user:password@example.test/",
        "http://@example.test/",
        "http://example.test:22/",
        "http://example.test:0/",
        "http://example.test:99999/",
        "http://example.test\\@127.0.0.1/",
        "http://example.test /",
        "http://example.test/\r\nHost: other",
        "http://exam\tple.test/",
        "http://example%2etest/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0x7f000001/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://[fe80::1%25eth0]/",
        "http://[::1",
        "http://１２７.1/",  # noqa: RUF001 - full-width digits
        "http://a..b/",
        "http://example.test/" + "a" * 5000,
    ],
)
async def test_addresses_that_are_refused_without_a_look_up(gate: Gate, url: str) -> None:
    names = Names(example_test=["127.0.0.1"])
    with pytest.raises(FetchRefused):
        await client(gate, 80, names).get(url)
    assert names.asked == []
    assert gate.passed == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.2/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fd00::1]/",
        "http://0.0.0.0/",
        "http://１０.0.0.1/",  # noqa: RUF001 - full-width digits
    ],
)
async def test_addresses_that_are_not_public_are_refused(gate: Gate, url: str) -> None:
    with pytest.raises(FetchRefused):
        await client(gate, 80, Names()).get(url)


@pytest.mark.parametrize(
    "answers",
    [
        "10.0.0.1",
        "169.254.169.254",
        "::1",
        "::ffff:10.0.0.1",
        "fe80::1%eth0",
        "127.0.0.1 192.168.1.1",
        "127.0.0.1 ::1",
        "0.0.0.0",  # noqa: S104 - nothing is bound
    ],
)
async def test_names_of_hosts_inside_are_refused(gate: Gate, answers: str) -> None:
    async with serving(echo) as port:
        fetch = client(gate, port, Names(inside_test=[answers]))
        with pytest.raises(FetchRefused):
            await fetch.get(f"http://inside.test:{port}/")


async def test_a_name_is_looked_up_once(gate: Gate) -> None:
    """Rebinding: the second answer would be an inside address, but nobody asks twice."""
    names = Names(rebind_test=["127.0.0.1", "10.0.0.1"])
    async with serving(echo) as port:
        fetch = client(gate, port, names)
        assert (await fetch.get(f"http://rebind.test:{port}/")).status == 200
        assert names.asked == ["rebind.test"]
        with pytest.raises(FetchRefused):
            await fetch.get(f"http://rebind.test:{port}/")


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


def redirecting(location: str, status: str = "302 Found") -> Handler:
    async def handler(path: str, head: bytes, write: Write) -> None:
        if path == "/start":
            await write(answer(b"", status, location=location))
        else:
            await echo(path, head, write)

    return handler


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
async def test_redirects_are_followed(gate: Gate, status: str) -> None:
    async with serving(redirecting("/end?x=1", status)) as port:
        fetch = client(gate, port, Names(a_test=["127.0.0.1"]))
        got = await fetch.get(f"http://a.test:{port}/start", headers={"Authorization": "secret"})
    assert got.url == f"http://a.test:{port}/end?x=1"
    assert b"authorization: secret" in got.body.lower()
    assert gate.passed == ["fetch", "fetch"]


async def test_credentials_stay_with_their_host(gate: Gate) -> None:
    async def handler(path: str, head: bytes, write: Write) -> None:
        await redirecting(f"http://b.test:{port}/end")(path, head, write)

    async with serving(handler) as port:
        fetch = client(gate, port, Names(a_test=["127.0.0.1"], b_test=["127.0.0.1"]))
        got = await fetch.get(
            f"http://a.test:{port}/start", headers={"Authorization": "secret", "Accept": "a/b"}
        )
    assert got.url == f"http://b.test:{port}/end"
    assert b"secret" not in got.body
    assert b"accept: a/b" in got.body


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "http://inside.test/",
        "http://169.254.169.254/latest",
        "http://a.test:22/",
        "http://user@a.test/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//inside.test/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://[",
    ],
)
async def test_redirects_are_checked_like_addresses(gate: Gate, location: str) -> None:
    async with serving(redirecting(location)) as port:
        fetch = client(gate, port, Names(a_test=["127.0.0.1"], inside_test=["192.168.0.1"]))
        with pytest.raises(FetchRefused):
            await fetch.get(f"http://a.test:{port}/start")


async def test_redirects_end_somewhere(gate: Gate) -> None:
    async with serving(redirecting("/start")) as port:
        fetch = client(gate, port, Names(a_test=["127.0.0.1"]))
        with pytest.raises(FetchRefused):
            await fetch.get(f"http://a.test:{port}/start")
    assert len(gate.passed) == 4


async def test_what_was_posted_is_not_sent_elsewhere(gate: Gate) -> None:
    async with serving(redirecting("/end", "307 T")) as port:
        fetch = client(gate, port, Names(a_test=["127.0.0.1"]))
        got = await fetch.request("POST", f"http://a.test:{port}/start", content=b"x")
    assert got.status == 307


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
        started = time.monotonic()
        with pytest.raises(FetchFailed):
            await fetch.get(f"http://a.test:{port}/")
    assert time.monotonic() - started < 3.0


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


async def test_nothing_leaves_through_a_closed_gate(gate: Gate) -> None:
    gate.shut = True
    names = Names(a_test=["127.0.0.1"])
    async with serving(echo) as port:
        with pytest.raises(Unavailable):
            await client(gate, port, names).get(f"http://a.test:{port}/")
    assert names.asked == []


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


async def test_https_does_not_become_http(
    gate: Gate, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    names = Names(example_test=["127.0.0.1"])
    async with serving(redirecting("http://example.test/"), server_tls) as port:
        policy = Policy(ports=frozenset({80, port}), allowed=("127.0.0.1/32",))
        fetch = HttpClient(gate, policy, resolver=names, tls=client_tls)
        with pytest.raises(FetchRefused):
            await fetch.get(f"https://example.test:{port}/start")


async def test_the_system_knows_localhost() -> None:
    assert set(await system_resolver("localhost", 80)) <= {"127.0.0.1", "::1"}


def test_a_policy_with_a_bad_network_is_refused_at_once(gate: Gate) -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/99"):
        HttpClient(gate, Policy(allowed=("10.0.0.0/99",)))
