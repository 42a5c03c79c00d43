"""Addresses that the guarded client does not call, however it is led to them."""

import ssl

import pytest
from tests.outside.conftest import Gate
from tests.outside.elsewhere import Names, Write, client, echo, redirecting, serving

from rostra.kernel.errors import Unavailable
from rostra.outside.http import FetchRefused, HttpClient, Policy


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
        "http://１２７.1/",  # noqa: RUF001 (full-width digits)
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
        "http://１０.0.0.1/",  # noqa: RUF001 (full-width digits)
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
        "0.0.0.0",  # noqa: S104 (nothing is bound)
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


async def test_nothing_leaves_through_a_closed_gate(gate: Gate) -> None:
    gate.shut = True
    names = Names(a_test=["127.0.0.1"])
    async with serving(echo) as port:
        with pytest.raises(Unavailable):
            await client(gate, port, names).get(f"http://a.test:{port}/")
    assert names.asked == []


async def test_https_does_not_become_http(
    gate: Gate, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    names = Names(example_test=["127.0.0.1"])
    async with serving(redirecting("http://example.test/"), server_tls) as port:
        policy = Policy(ports=frozenset({80, port}), allowed=("127.0.0.1/32",))
        fetch = HttpClient(gate, policy, resolver=names, tls=client_tls)
        with pytest.raises(FetchRefused):
            await fetch.get(f"https://example.test:{port}/start")


def test_a_policy_with_a_bad_network_is_refused_at_once(gate: Gate) -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/99"):
        HttpClient(gate, Policy(allowed=("10.0.0.0/99",)))
