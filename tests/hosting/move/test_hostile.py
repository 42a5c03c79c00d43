"""A move from a host that is not trusted any more: what it knows opens nothing from then on."""

from pathlib import Path

import pytest
from tests.harness.served import Served
from tests.hosting.move.hosts import Hosts, tokens
from tests.hosting.providers import places_file

from rostra.hosting.ark import keys as ark_keys

pytestmark = pytest.mark.slow


def test_the_network_comes_with_new_keys_at_new_places(tmp_path: Path) -> None:
    hosts = Hosts(tmp_path)
    token = tokens()[0]
    with hosts.serve() as old:
        status, _ = old.ask("POST", "/api/v1/statuses", token, "status=before")
        assert status == 200
        old.kill()
    places = places_file(tmp_path / "new.toml", tmp_path / "new places")
    moving: tuple[str, ...] = ("move", str(hosts.new), "--key", str(hosts.paper), "--hostile")
    told = hosts.rostra(*moving)
    assert told.index("open: this host writes now") < told.index("new   everybody signs in anew")
    assert "the keys of the ark are the old ones" in told
    # What is left is done by the same command, where nobody serves what is to be made new.
    moving = (*moving, "--new-places", str(places))
    environ = {**hosts.environ, "ROSTRA_HOSTING__HOST": "new"}
    with Served(hosts.new, **environ).ready() as new:
        assert new.ask("GET", "/api/v1/accounts/verify_credentials", token)[0] == 401
        told = hosts.rostra(*moving, fails=True)
        assert "nothing was made new: a server runs here" in told
    told = hosts.rostra(*moving)
    assert "the network is here already\n" in told
    assert "new   the ark has new keys" in told
    assert "you   claim the fence at the new places" in told
    fresh = ark_keys.kept(hosts.new)
    assert fresh.public != hosts.keys.public
    assert fresh.recipients == hosts.keys.recipients
    hosts.environ["ROSTRA_HOSTING__PLACES"] = str(places)
    hosts.rostra("fence", "claim", "--data", str(hosts.new))
    told = hosts.rostra("ark", "copy", "--data", str(hosts.new))
    assert told.count(": whole, ") == 3
