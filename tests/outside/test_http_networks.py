"""Networks that an operator named: they are called, and nothing beside them is."""

import msgspec
import pytest
from tests.harness.patience import PATIENCE_S
from tests.outside.conftest import Gate
from tests.outside.elsewhere import Names, Write, echo, redirecting, serving

from rostra.outside.http import FetchRefused, HttpClient, Policy

NAMED = ("127.0.0.1/32", "10.0.0.0/8", "169.254.0.0/16")


def strict(gate: Gate, port: int, names: Names, **policy: object) -> HttpClient:
    """A client that calls https on port 443, and one more port in the networks of an operator."""
    settings = Policy(
        ports=frozenset({443}),
        schemes=frozenset({"https"}),
        allowed=NAMED,
        allowed_ports=frozenset({port}),
        deadline_s=PATIENCE_S,
    )
    return HttpClient(gate, msgspec.structs.replace(settings, **policy), resolver=names)


async def test_ports_of_named_networks_are_called_there_alone(gate: Gate) -> None:
    async with serving(echo) as port:
        names = Names(
            own_test=["127.0.0.1"],
            public_test=["8.8.8.8"],
            both_test=["127.0.0.1 8.8.8.8"],
            beside_test=["127.0.0.2"],
            inside_test=["192.168.1.1"],
            metadata_test=["169.254.169.254"],
            mapped_test=["::ffff:10.0.0.1"],
        )
        fetch = strict(gate, port, names)
        assert (await fetch.get(f"http://own.test:{port}/")).status == 200
        assert (await fetch.request("POST", f"http://127.0.0.1:{port}/")).status == 200
        for host in ("public", "both", "beside", "inside", "metadata", "mapped"):
            with pytest.raises(FetchRefused, match=f"{host}.test is at"):
                await fetch.get(f"http://{host}.test:{port}/")
        for host in ("8.8.8.8", "127.0.0.2", "169.254.169.254", "[::1]", "[::ffff:7f00:1]"):
            with pytest.raises(FetchRefused):
                await fetch.get(f"http://{host}:{port}/")


async def test_other_ports_and_schemes_of_named_networks_are_closed(gate: Gate) -> None:
    names = Names(own_test=["127.0.0.1"])
    async with serving(echo) as port:
        fetch = strict(gate, port, names)
        for url in (
            f"http://own.test:{port + 1}/",
            "http://own.test/",
            f"ftp://own.test:{port}/",
            "https://own.test:80/",
        ):
            with pytest.raises(FetchRefused):
                fetch.check(url)
            with pytest.raises(FetchRefused):
                await fetch.get(url)
        assert names.asked == []
        fetch.check(f"http://own.test:{port}/")
        fetch.check("https://own.test/")
        with pytest.raises(FetchRefused):
            strict(gate, port, names, allowed=()).check(f"http://own.test:{port}/")


async def test_a_name_that_leaves_its_network_is_not_called(gate: Gate) -> None:
    async with serving(echo) as port:
        for away in ("127.0.0.2", "8.8.8.8", "169.254.169.254", "::1"):
            fetch = strict(gate, port, Names(own_test=["127.0.0.1", away]))
            assert (await fetch.get(f"http://own.test:{port}/")).status == 200
            with pytest.raises(FetchRefused):
                await fetch.get(f"http://own.test:{port}/")


async def test_redirects_out_of_a_named_network(gate: Gate) -> None:
    where = ["/end"]

    async def handler(path: str, head: bytes, write: Write) -> None:
        await redirecting(where[0])(path, head, write)

    async with serving(handler) as port:
        names = Names(own_test=["127.0.0.1"], beside_test=["127.0.0.2"], public_test=["8.8.8.8"])
        fetch = strict(gate, port, names)
        assert (await fetch.get(f"http://own.test:{port}/start")).url.endswith("/end")
        for host in ("beside.test", "public.test", "127.0.0.2", "169.254.169.254", "[::1]"):
            where[0] = f"http://{host}:{port}/end"
            with pytest.raises(FetchRefused):
                await fetch.get(f"http://own.test:{port}/start")
        where[0] = f"http://own.test:{port + 1}/end"
        with pytest.raises(FetchRefused):
            await fetch.get(f"http://own.test:{port}/start")
