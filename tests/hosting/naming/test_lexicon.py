"""Providers by dns-lexicon: its `ddns` at a real name server, others at ports that misbehave."""

import os
import socket
from pathlib import Path

import pytest
from tests.harness.knot import ZONE, Knot
from tests.harness.patience import Watch
from tests.hosting.naming.named import Named, environ, silent

from rostra.hosting.naming.credentials import Credentials
from rostra.hosting.naming.lexicon import Lexicon
from rostra.hosting.naming.lexicon_child import Work, do, remove
from rostra.hosting.naming.model import Change, NamingError, Record

NEW = "192.0.2.7"
ONE = Change(add=(Record(ZONE, "A", NEW),), ttl_s=60)


def dns_address() -> str:
    """An address of this machine of which nobody else takes port 53.

    dns-lexicon knows no other port. Where it can't be listened on, the test says why it did not
    run: all else of this folder needs no such right.
    """
    address = f"127.53.{os.getpid() // 250 % 250}.{os.getpid() % 250 + 1}"
    with socket.socket() as probe:
        try:
            probe.bind((address, 53))
        except PermissionError:
            pytest.skip("port 53 is for root here: sysctl net.ipv4.ip_unprivileged_port_start=53")
    return address


async def test_names_are_led_by_a_provider_of_dns_lexicon(tmp_path: Path) -> None:
    address = dns_address()
    with Knot(tmp_path / "knot", also=address) as knot:
        at = Named(environ(tmp_path, knot, ROSTRA_DNS__PROVIDER="ddns"))
        file = tmp_path / "dns.toml"
        token = f"hmac-sha256:move.:{knot.secret}"
        file.write_text(f'auth_token = "{token}"\nddns_server = "{address}"\n')
        told = await at.names().probe(60)
        assert told[0] == f"dns: {ZONE} takes changes, and all its servers show them"
        await at.names().lead([NEW])
        assert knot.shows(ZONE, "A") == {NEW}
        assert knot.shows(ZONE, "AAAA") == set()
        (seen,) = await at.names().look()
        assert seen.ttl_s == 60
        # An address that stands there for longer than it should stays: it would be away else.
        at = Named(environ(tmp_path, knot, ROSTRA_DNS__PROVIDER="ddns", ROSTRA_DNS__TTL_S="30"))
        file.write_text(f'auth_token = "{token}"\nddns_server = "{address}"\n')
        await at.names().lead([NEW])
        assert knot.shows(ZONE, "A") == {NEW}
        assert "is kept for 60 s, longer than dns.ttl_s: change the time" in at.told[0]
        file.write_text(f'auth_token = "{token[:-8]}AAAAAAA="\nddns_server = "{address}"\n')
        with pytest.raises(NamingError, match=r"dns.credentials: ddns: Peer") as failed:
            await at.names().lead(["192.0.2.8"])
        assert token[:-8] not in str(failed.value)
        assert knot.shows(ZONE, "A") == {NEW}


async def test_a_provider_that_hangs_is_ended() -> None:
    with silent() as nobody:
        options = Credentials(pdns_server=f"http://{nobody}", auth_token="a-long-secret")
        with (
            Watch() as watch,
            pytest.raises(NamingError, match=r"dns.provider: powerdns has not answered for 3 s"),
        ):
            await Lexicon("powerdns", ZONE, options, deadline_s=3).write(ONE)
        assert watch.seconds < 20
    options["pdns_server"] = "http://127.0.0.1:1/a-long-secret"
    with pytest.raises(NamingError, match=r"dns.credentials: powerdns: Connection") as failed:
        await Lexicon("powerdns", ZONE, options).write(ONE)
    assert "a-long-secret" not in str(failed.value)
    assert "a-long-secret" not in repr(options)


def test_no_credential_is_told_in_any_form() -> None:
    options = Credentials(auth_username="alice1", auth_token="alice1X9/sec et+x", pin="Qx7")
    text = "401 for alice1:alice1X9/sec et+x at /?token=alice1X9%2Fsec+et%2Bx&alice1X9%2Fsec%20et"
    told = options.hidden_in(f"{text}%2Bx /alice1X9/sec%20et%2Bx")
    assert told == "401 for ***:*** at /?token=***&*** /***"
    # One that could stand there by chance can't be cut out: what is cut shows it.
    assert options.hidden_in("the pin Qx7 is wrong") == ""


async def test_words_that_hold_a_short_credential_are_not_told() -> None:
    options = Credentials(pdns_server="http://127.0.0.1:1/Qx7", auth_token="Qx7")
    with pytest.raises(NamingError, match=r"powerdns: Connection\w+, in words that") as failed:
        await Lexicon("powerdns", ZONE, options).write(ONE)
    assert "Qx7" not in str(failed.value)


class Strict:
    """A provider that refuses to remove what it does not have, as several of dns-lexicon do."""

    def __init__(self, *there: str, may: bool = True, lists: bool = True) -> None:
        self.there, self._may, self._lists = set(there), may, lists

    def delete_record(self, *, rtype: str, name: str, content: str) -> bool:
        """Remove one."""
        if not self._may:
            raise ValueError("403")
        if (rtype, name) != ("A", ZONE) or content not in self.there:
            raise LookupError("Record identifier could not be found.")
        self.there.discard(content)
        return True

    def list_records(self, *, rtype: str, name: str, content: str) -> list[str]:
        """Those that are there."""
        if not self._lists:
            raise OSError("away")
        return [content] if (rtype, name) == ("A", ZONE) and content in self.there else []


def test_what_is_gone_already_is_gone() -> None:
    record = ONE.add[0]
    has, refuses, away = Strict(NEW), Strict(NEW, may=False), Strict(lists=False)
    remove(has, record)
    assert has.there == set()
    remove(has, record)
    with pytest.raises(ValueError, match="403"):
        remove(refuses, record)
    with pytest.raises(LookupError, match="could not be found"):  # nobody knows
        remove(away, record)


def test_a_provider_that_is_none_is_told_with_those_that_are() -> None:
    work = Work(provider="gandy", zone=ZONE, options={}, change=ONE)
    said = do(work)
    assert said.setting == "dns.provider"
    assert "there is no such provider; there are " in said.why
    assert " gandi," in said.why
    work = Work(provider="ddns", zone=ZONE, options={}, change=ONE)
    assert do(work).setting == "dns.credentials"
