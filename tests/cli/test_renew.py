"""`rostra renew`: what an old host knows opens nothing that is written from then on."""

import asyncio
import time
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from tests.cli.test_ark import Program
from tests.harness.app import InProcess, running
from tests.harness.crowd import Town
from tests.harness.patience import PATIENCE_S
from tests.harness.served import Served
from tests.hosting.ark.afloat import database_in, faults
from tests.hosting.ark.test_jobs import hold
from tests.hosting.journal.afloat import gone_on_with
from tests.hosting.providers import places_file

from rostra.cli.ark_journal import replay_on, settings_in
from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.jobs import CopyAll, copy_all, stores_of
from rostra.hosting.ark.read import newest, piece
from rostra.hosting.ark.restore import choose, opened_by, restore
from rostra.hosting.ark.seal import Damaged, Sealer
from rostra.hosting.fence.state import State
from rostra.hosting.journal.keep import recorder_of
from rostra.hosting.journal.replay import Opener
from rostra.network.push import keys as push_keys
from rostra.network.push import tokens as push_tokens
from rostra.safety.ledger import keys as ledger_keys
from rostra.safety.webhooks import access, manage
from rostra.safety.webhooks import secrets as webhook_secrets
from rostra.store.served import unserved

FILES = (ledger_keys.FILE, push_tokens.FILE, webhook_secrets.FILE, "ark/keys.json")


class Network:
    """One that has been lived in, with copies at three places, and the key on paper."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.url = database_in(data_dir)
        self.paper, recipient = ark_keys.new_paper_key()
        self.keys = ark_keys.make(data_dir, (recipient,))
        self.token = ""
        self.push_key = ""
        self.secret = ""

    def running(self, places: Path) -> AbstractAsyncContextManager[InProcess]:
        """The application, with these places."""
        environ = {
            "ROSTRA_HOSTING__PLACES": str(places),
            "ROSTRA_HOSTING__LEASE_S": "300",
            "ROSTRA_HOSTING__LAG_S": "0",  # nobody sends the log here
        }
        return running(self.data_dir, self.url, None, **environ)

    async def live(self, places: Path) -> None:
        """Somebody signs in by an app and a browser; an endpoint, keys, and a copy are made."""
        async with self.running(places) as place:
            await hold(place.services.settings)
            town = Town(place)
            alice = await town.member("alice")
            await town.browser(alice)
            self.token = alice.token
            self.push_key = await push_keys.public_key(place.services)
            push_tokens.sealed(place.services, 1, "token")
            ledger_keys.public_key(place.services)
            wanted = manage.Wanted(url="https://hooks.example/in")
            async with place.db.write() as tx:
                _, self.secret = await manage.add(place.services, tx, wanted)
            await copy_all(place.services, CopyAll())

    def secrets(self) -> dict[str, bytes]:
        """The files that hold keys; empty: there is none, one is made when it is needed."""
        paths = {name: self.data_dir / name for name in FILES}
        return {name: path.read_bytes() if path.exists() else b"" for name, path in paths.items()}


@pytest.fixture
def network(data_dir: Path) -> Network:
    """It, before anybody has lived there."""
    return Network(data_dir)


@pytest.fixture
def rostra(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> Program:
    """The program on it."""
    return Program(data_dir, capsys)


def _places(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder.mkdir()
    file = places_file(folder / "places.toml", folder / "places")
    monkeypatch.setenv("ROSTRA_HOSTING_PLACES", str(file))
    monkeypatch.setenv("ROSTRA_HOSTING_HOST", "one")
    monkeypatch.setenv("ROSTRA_HOSTING_LEASE_S", "300")
    return file


def test_all_is_new_at_new_places(
    network: Network, rostra: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = _places(tmp_path / "old", monkeypatch)
    asyncio.run(network.live(old))
    before = network.secrets()
    assert all(before.values())
    new = _places(tmp_path / "new", monkeypatch)
    monkeypatch.setenv("ROSTRA_MAIL__PASSWORD", "of the mail server")
    told = rostra("renew")
    assert "1 sessions, 1 tokens of apps" in told
    assert "opened by the same 1 recipients" in told
    assert "`mail.password` in the settings" in told
    assert "https://hooks.example/in its new secret: rwh_" in told
    assert "of the mail server" not in told
    assert network.secret not in told
    after = network.secrets()
    assert [name for name in FILES if after[name] == before[name]] == []
    assert "may write" in rostra("fence", "claim")
    asyncio.run(_gone_on_with(network, new, tmp_path / "restored"))


async def _gone_on_with(network: Network, places: Path, to: Path) -> None:
    async with network.running(places) as place:
        town, services = Town(place), place.services
        client = place.client(network.token)
        assert (await client.get("/api/v1/accounts/verify_credentials")).status_code == 401
        bob = await town.member("bob")
        await town.post(bob, "Here again.")
        assert await push_keys.public_key(services) != network.push_key
        async with place.db.read() as reader:
            (hook,) = await access.every(reader)
        made = webhook_secrets.secret(services, hook.id, hook.generation)
        assert made != network.secret
        await copy_all(services, CopyAll())
        stores = stores_of(services.settings)
        found = await newest(stores)
        assert found is not None
        assert found.manifest.key != network.keys.public
        assert await faults(stores) == []
        # Nothing at the new places opens with what the old host knows, and paper still does.
        with pytest.raises(Damaged):
            Sealer(network.keys.data_key).open(await piece(stores, found.manifest.listing[0]))
        opened = opened_by(await choose(stores), network.paper)
        await restore(stores, found, opened, to, lambda _count, _what: None)
        assert (to / "rostra.sqlite3").exists()


def test_the_ark_keeps_its_keys_at_places_that_others_know(
    network: Network, rostra: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = _places(tmp_path / "old", monkeypatch)
    asyncio.run(network.live(old))
    told = rostra("renew", "--keep-sign-ins")
    assert "north, south, west have copies sealed with them" in told
    assert "everybody signs in anew" not in told
    assert ark_keys.kept(network.data_dir) == network.keys
    monkeypatch.delenv("ROSTRA_HOSTING_PLACES")
    assert "no places are set" in rostra("renew", "--keep-sign-ins")
    asyncio.run(_still_signed_in(network, old))


async def _still_signed_in(network: Network, places: Path) -> None:
    async with network.running(places) as place:
        client = place.client(network.token)
        assert (await client.get("/api/v1/accounts/verify_credentials")).status_code == 200


def test_no_copy_of_before_brings_a_sign_in_back(
    network: Network, rostra: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ark keeps its keys, so a copy of before can be restored: what was ended is noted."""
    old = _places(tmp_path / "old", monkeypatch)
    asyncio.run(network.live(old))
    told = rostra("renew")
    assert "have copies sealed with them" in told
    assert "1 sessions, 1 tokens of apps" in told
    asyncio.run(_restored_from_before(network, old, tmp_path / "restored"))


async def _restored_from_before(network: Network, places: Path, to: Path) -> None:
    async with network.running(places) as place:
        recorder = recorder_of(place.services)
        assert recorder is not None
        await recorder.now()
        stores = stores_of(place.services.settings)
    found = await choose(stores)
    opened = opened_by(found, network.paper)
    await restore(stores, found, opened, to, lambda _count, _what: None)
    opener, epoch = Opener(network.paper), found.manifest.epoch
    done = await replay_on(settings_in(to), stores, opener, network.keys.public, epoch=epoch)
    assert done.notes
    async with gone_on_with(to) as restored:
        client = restored.client(network.token)
        assert (await client.get("/api/v1/accounts/verify_credentials")).status_code == 401


def test_not_beside_a_server_without_a_fence(network: Network, rostra: Program) -> None:
    """It would go on with the keys that it knows."""

    async def beside() -> None:
        async with running(network.data_dir, network.url) as place:
            ledger_keys.public_key(place.services)
            before = network.secrets()
            told = await asyncio.to_thread(rostra, "renew", status=1)
            assert "a server runs here" in told
            assert network.secrets() == before

    asyncio.run(beside())
    before = network.secrets()
    rostra("renew")
    assert network.secrets()[ledger_keys.FILE] != before[ledger_keys.FILE]


def test_not_beside_a_server(
    network: Network, rostra: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(network.live(_places(tmp_path / "old", monkeypatch)))
    before = network.secrets()
    with State(network.data_dir).alone() as alone:
        assert alone
        assert "a server runs here" in rostra("renew", status=1)
    assert network.secrets() == before


def test_keys_of_the_ark_that_can_not_be_read_are_told_and_nothing_is_new(
    network: Network, rostra: Program
) -> None:
    """They would stay in use, and nobody would know."""

    async def lived_in() -> None:
        async with running(network.data_dir, network.url) as place:
            ledger_keys.public_key(place.services)

    asyncio.run(lived_in())
    (network.data_dir / "ark" / "keys.json").write_text("{")
    before = network.secrets()
    assert "keys.json" in rostra("renew", status=1)
    assert network.secrets() == before


def test_a_server_that_starts_meanwhile_reads_no_keys_of_before(tmp_path: Path) -> None:
    """It waits as a whole, before it is put together: what the parent reads, all go on with."""
    data_dir = tmp_path / "data"
    with unserved(data_dir) as nobody, Served(data_dir, "--workers", "1") as server:
        assert nobody
        until = time.monotonic() + PATIENCE_S
        while not (waits := _that_wait() & set(server.processes())):
            assert server.process.poll() is None, server.output.read_text()
            assert time.monotonic() < until, server.output.read_text()
            time.sleep(0.1)
        assert waits == {server.process.pid}
        assert server.processes() == [server.process.pid]


def _that_wait() -> set[int]:
    """The processes that wait for a lock of a file."""
    lines = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
    return {int(words[5]) for words in lines if words[1:3] == ["->", "FLOCK"]}


def test_a_directory_without_a_database(rostra: Program) -> None:
    assert "`rostra migrate` first" in rostra("renew", status=1)
