"""Which name servers count, and by which of their addresses."""

import pytest
from tests.harness.knot import ZONE
from tests.hosting.naming.named import hung_up

from rostra.hosting.naming.authoritative import (
    Seen,
    Server,
    addresses,
    ask,
    behind,
    named_servers,
)
from rostra.hosting.naming.model import NamingError, Record

NEW = frozenset({Record(ZONE, "A", "192.0.2.7")})
OLD = frozenset({Record(ZONE, "A", "192.0.2.1")})
NOWHERE = "255.255.255.255"  # to which nobody has a way who does not ask for all at once
TOO_LONG = f"{'x' * 64}.example"  # a name that nobody can look up
way_asked = pytest.mark.allow_hosts(["127.0.0.1", NOWHERE])  # of the system: nothing is sent


def _seen(name: str, address: str, records: frozenset[Record], fault: str = "") -> Seen:
    return Seen(server=Server(name, address), records=records, fault=fault)


def test_a_server_counts_by_any_address_at_which_it_is_reached() -> None:
    silent = _seen("ns1", "2001:db8::53", frozenset(), "it does not answer")
    new, old = _seen("ns1", "192.0.2.53", NEW), _seen("ns1", "192.0.2.54", OLD)
    other = _seen("ns2", "192.0.2.55", OLD)

    def late(*seen: Seen) -> list[Seen]:
        return behind(seen, lambda each: each.records == NEW)

    assert late(silent, new) == []
    assert late(silent, old) == [silent, old]
    assert late(silent) == [silent]
    # Whoever comes by another address of it would be led to the old host.
    assert late(new, old) == [old]
    assert late(silent, new, other) == [other]


@way_asked
async def test_an_address_without_a_way_is_none() -> None:
    with pytest.raises(NamingError, match=f"this machine has no way to {NOWHERE}"):
        await addresses(NOWHERE)
    assert await addresses("127.0.0.1") == ("127.0.0.1",)


@way_asked
async def test_a_server_that_can_not_be_asked_is_one_all_the_same() -> None:
    found = await named_servers(["127.0.0.1:5353", NOWHERE, TOO_LONG])
    assert found[0] == Server("127.0.0.1:5353", "127.0.0.1", 5353)
    for server, why in zip(found[1:], ("has no way to", "has no address"), strict=True):
        seen = await ask(server, [(ZONE, "A")])
        assert why in seen.fault
        assert str(server) in {NOWHERE, TOO_LONG}


async def test_one_that_hangs_up_does_not_answer() -> None:
    with hung_up() as at:
        (server,) = await named_servers([at])
        assert (await ask(server, [(ZONE, "A")])).fault == "it does not answer"
