"""Names led to another host, at real name servers: Knot, and its TSIG key."""

from pathlib import Path

import pytest
from tests.harness.knot import ZONE, Knot
from tests.hosting.naming.named import Named, environ, hung_up, named, silent

from rostra.hosting.naming.installation import names_of
from rostra.hosting.naming.model import NamingError, addresses_of
from rostra.kernel.errors import Unavailable

NEW = "192.0.2.7"
NEW6 = "2001:db8::7"
OTHER = "192.0.2.8"


async def test_names_lead_to_the_new_host_and_nowhere_else(tmp_path: Path) -> None:
    with named(tmp_path) as (knot, at):
        await at.names().lead([NEW, NEW6])
        assert knot.shows(ZONE, "A") == {NEW}
        assert knot.shows(ZONE, "AAAA") == {NEW6}
        assert at.told[-1] == "dns: whoever asked before may keep the old address for 3600 s"
        (seen,) = await at.names().look()
        assert seen.ttl_s == 60
        # Doing it again changes nothing; a host without IPv6 leaves nobody on the old one.
        await at.names().lead([NEW, NEW6])
        assert at.told[-1] == f"dns: {ZONE} lead there already"
        await at.names().lead([NEW])
        assert knot.shows(ZONE, "AAAA") == set()


async def test_the_present_address_gets_a_shorter_time_to_live(tmp_path: Path) -> None:
    with named(tmp_path) as (knot, at):
        told = await at.names().probe(60)
        assert told[0] == f"dns: {ZONE} takes changes, and all its servers show them"
        assert "for 3600 s, longer than the pause of 60 s" in told[1]
        assert knot.shows(f"_rostra-probe.{ZONE}", "TXT") == set()
        await at.names().lead(["192.0.2.1", "2001:db8::1"])
        assert (await at.names().look())[0].ttl_s == 60
        assert len(await at.names().probe(60)) == 1


async def test_what_a_trial_fails_at_is_told_and_not_what_follows_from_it(tmp_path: Path) -> None:
    with named(tmp_path) as (knot, _), Knot(tmp_path / "other") as stale:
        at = Named(environ(tmp_path, knot, stale, ROSTRA_DNS__WAIT_S="4"))

        def closed_meanwhile(text: str) -> None:
            at.told.append(text)
            at.egress.close("this copy is mute", channel="dns")

        names = names_of(at.settings, at.egress, closed_meanwhile)
        with pytest.raises(NamingError, match=f"{stale.at}: it shows nothing"):
            await names.probe(60)
        assert f"dns: _rostra-probe.{ZONE} TXT " in at.told[-1]
        assert " may be left behind: " in at.told[-1]


async def test_every_name_is_led_and_every_server_waited_for(tmp_path: Path) -> None:
    primary = Knot(tmp_path / "one", more="media A 192.0.2.1")
    second = Knot(tmp_path / "two", primary=primary)
    with primary, second:
        more = {"ROSTRA_DNS__NAMES": f"{ZONE}, media.{ZONE}."}
        at = Named(environ(tmp_path, primary, second, **more))
        await at.names().lead([NEW])
        for server in (primary, second):
            assert server.shows(ZONE, "A") == server.shows(f"media.{ZONE}", "A") == {NEW}
        assert f"dns: {second.at} shows it" in at.told


async def test_a_name_server_that_stays_behind_is_named_and_asked_again(tmp_path: Path) -> None:
    with named(tmp_path) as (knot, _), Knot(tmp_path / "other") as stale:
        at = Named(environ(tmp_path, knot, stale, ROSTRA_DNS__WAIT_S="4"))
        with pytest.raises(NamingError, match=f"{stale.at}: it shows .*192.0.2.1") as failed:
            await at.names().lead([NEW])
        assert knot.at not in str(failed.value)
        assert "dns.wait_s" in str(failed.value)
        assert knot.shows(ZONE, "A") == {NEW}
        stale.stop()
        second = Knot(tmp_path / "second", primary=knot, port=stale.port)
        with second:  # it is put right, and the same command goes on
            await at.names().lead([NEW])
        assert at.told[-1] == f"dns: {ZONE} lead there already"


async def test_a_name_server_that_is_silent_is_waited_for_within_bounds(tmp_path: Path) -> None:
    with named(tmp_path) as (knot, _), silent() as nobody:
        more = {"ROSTRA_DNS__SERVERS": f"{knot.at},{nobody}", "ROSTRA_DNS__WAIT_S": "4"}
        at = Named(environ(tmp_path, knot, **more))
        with pytest.raises(NamingError, match=f"{nobody}: it does not answer"):
            await at.names().lead([NEW])
        assert knot.shows(ZONE, "A") == {NEW}
        lost = f"{'x' * 64}.example"  # nobody can look it up
        more = {"ROSTRA_DNS__SERVERS": f"{knot.at},{lost}", "ROSTRA_DNS__WAIT_S": "4"}
        at = Named(environ(tmp_path, knot, **more))
        with pytest.raises(NamingError, match=f"{lost}: {lost} has no address"):
            await at.names().lead([OTHER])
        assert knot.shows(ZONE, "A") == {OTHER}
        at = Named(environ(tmp_path, knot, ROSTRA_DNS__SERVERS=nobody))
        with pytest.raises(NamingError, match=r"dns.servers: no name server of .* answers"):
            await at.names().lead([NEW])
        assert knot.shows(ZONE, "A") == {OTHER}


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"secret": "d3Jvbmc="}, "dns.credentials: .* does not take the key move."),
        ({"key": "stranger."}, "dns.credentials: .* does not take the key stranger."),
        ({"key": "reads."}, "dns.credentials: .* does not take the key reads."),
        ({"algorithm": "hmac-md5"}, "dns.credentials: algorithm is one of hmac-sha256"),
        ({"secret": "no base64!"}, "dns.credentials: key and secret are no TSIG key"),
        ({"sceret": "x"}, "dns.credentials: .*sceret"),
        ({"server": "127.0.0.1:x"}, "dns.credentials: server: '127.0.0.1:x' is no host"),
    ],
    ids=lambda given: "-".join(given) if isinstance(given, dict) else "",
)
async def test_a_key_that_may_not_write_is_named(
    tmp_path: Path, options: dict[str, str], why: str
) -> None:
    with named(tmp_path) as (knot, at):
        knot.credentials(tmp_path / "dns.toml", **options)
        with pytest.raises(NamingError, match=why) as failed:
            await at.names().lead([NEW])
        assert knot.secret not in str(failed.value)
        assert knot.shows(ZONE, "A") == {"192.0.2.1"}
        knot.credentials(tmp_path / "dns.toml")
        await at.names().lead([NEW])


async def test_a_server_for_changes_that_is_away_or_silent_ends_it(tmp_path: Path) -> None:
    with named(tmp_path) as (knot, at), silent() as nobody, hung_up() as rude:
        knot.credentials(tmp_path / "dns.toml", server="127.0.0.1:1")
        with pytest.raises(NamingError, match=r"dns.credentials: server: 127.0.0.1:1 does not ans"):
            await at.names().lead([NEW])
        knot.credentials(tmp_path / "dns.toml", server=nobody)
        with pytest.raises(NamingError, match=f"dns.credentials: server: {nobody} does not answer"):
            await at.names().lead([NEW])
        knot.credentials(tmp_path / "dns.toml", server=rude)
        with pytest.raises(NamingError, match=f"dns.credentials: server: {rude} does not answer"):
            await at.names().lead([NEW])
        assert knot.shows(ZONE, "A") == {"192.0.2.1"}


async def test_a_wrong_zone_or_name_is_named(tmp_path: Path) -> None:
    with named(tmp_path) as (knot, _):

        def other(**more: str) -> Named:
            return Named(environ(tmp_path, knot, **more))

        with pytest.raises(NamingError, match=r"dns.zone: elsewhere.example is not what its serv"):
            await other(ROSTRA_DNS__NAMES="elsewhere.example").names().lead([NEW])
        with pytest.raises(NamingError, match=r"dns.names: community.example is not in the zone"):
            other(ROSTRA_DNS__ZONE="elsewhere.example").names()
        alias = other(ROSTRA_DNS__NAMES=f"other.{ZONE}", ROSTRA_DNS__ZONE=ZONE)
        with pytest.raises(
            NamingError, match=r"dns.names: a CNAME leads other.community.example to"
        ):
            await alias.names().lead([NEW])
        with pytest.raises(NamingError, match=r"dns.names: 'localhost' is no name"):
            other(ROSTRA_SITE__BASE_URL="http://localhost:1").names()
        part = other(ROSTRA_DNS__ZONE=f"sub.{ZONE}", ROSTRA_DNS__NAMES=f"a.sub.{ZONE}")
        with pytest.raises(
            NamingError, match=r"dns.zone: .* does not sign for sub.community.example"
        ):
            await part.names().lead([NEW])
        assert knot.shows(ZONE, "A") == {"192.0.2.1"}


async def test_the_key_lies_where_only_its_owner_reads_it(tmp_path: Path) -> None:
    with named(tmp_path) as (_, at):
        file = tmp_path / "dns.toml"
        file.chmod(0o640)
        with pytest.raises(NamingError, match=r"dns.credentials: others may read"):
            at.names()
        file.chmod(0o600)
        at.names()
        inside = tmp_path / "data" / "dns.toml"
        inside.parent.mkdir()
        inside.write_bytes(file.read_bytes())
        for path, why in (
            (str(inside), "lies in the data directory"),
            (str(tmp_path / "none"), "can't be read: No such file"),
            ("", "dns.credentials is not set"),
        ):
            given = {"ROSTRA_DNS__CREDENTIALS": path} if path else {}
            changed = Named(
                {
                    "ROSTRA_DATA_DIR": str(tmp_path / "data"),
                    "ROSTRA_SITE__BASE_URL": f"https://{ZONE}",
                    "ROSTRA_DNS__PROVIDER": "rfc2136",
                    **given,
                }
            )
            with pytest.raises(NamingError, match=why):
                changed.names()
        file.write_text("secret = [1]\n")
        with pytest.raises(NamingError, match="secret must be a text"):
            at.names()


async def test_a_mute_copy_changes_nothing(tmp_path: Path) -> None:
    with named(tmp_path) as (knot, at):
        at.egress.close("this copy is mute", channel="dns")
        with pytest.raises(Unavailable, match="egress gate is closed for dns"):
            await at.names().lead([NEW])
        assert knot.shows(ZONE, "A") == {"192.0.2.1"}
        at.egress.open(channel="dns")
        await at.names().lead([NEW])
        assert knot.shows(ZONE, "A") == {NEW}


def test_addresses_are_those_that_others_can_reach() -> None:
    assert addresses_of([" 192.0.2.7", "2001:DB8::7", "192.0.2.7"]) == (NEW, NEW6)
    for bad in ("example.org", "127.0.0.1", "::", "ff02::1", "fe80::1", ""):
        with pytest.raises(NamingError, match=r"address|host"):
            addresses_of([bad])
    with pytest.raises(NamingError, match="at least one"):
        addresses_of([])
