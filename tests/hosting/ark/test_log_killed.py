"""The log of a server that is killed again and again has no hole, whichever process sends it."""

import asyncio
import os
import random
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from tests.harness.patience import PATIENCE_S, wait_for
from tests.harness.served import Served
from tests.hosting.ark.afloat import faults
from tests.hosting.providers import folder_place
from tests.law.test_kill9 import WRITERS, Book, Writer, await_posts, crowd

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.jobs import last
from rostra.hosting.ark.log.state import LogState
from rostra.hosting.ark.restore import Restored, choose, opened_by, restore

ROUNDS = int(os.environ.get("ROSTRA_TEST_ROUNDS", "4"))

A_ROUND = 6

pytestmark = pytest.mark.slow


class Network:
    """A data directory, two places that are folders, and the key to what lies there."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.data.mkdir()
        self.paper, recipient = ark_keys.new_paper_key()
        self.keys = ark_keys.make(self.data, (recipient,))
        self.folders = [folder / "north", folder / "south"]
        self.stores = [folder_place(each.name, each) for each in self.folders]
        self.places = folder / "places.toml"
        self.places.write_text(
            "".join(
                f'[[place]]\nname = "{each.name}"\nparty = "{each.name}"\nstore = "{each}"\n'
                "fence = false\n"
                for each in self.folders
            )
        )
        asyncio.run(crowd(self.data))

    def served(self) -> Served:
        """The server, in two processes."""
        return Served(self.data, "--workers", "2", ROSTRA_HOSTING__PLACES=str(self.places))

    def all_there(self) -> None:
        """Wait until both places have everything."""

        def there() -> bool:
            now = LogState(self.data).standing()
            if now is None or now.looked_at < asked or now.waiting_bytes or not now.mark:
                return False
            number = int(now.mark.rpartition("-")[2])
            places = all(each.number == number for each in now.places.values())
            return places and last(self.data).run == now.run

        asked = time.time() * 1_000 + 1
        wait_for(there)

    def copied(self) -> None:
        """Make a copy, where no server runs."""
        command = [sys.executable, "-m", "rostra.cli.main", "ark", "copy", "--data", str(self.data)]
        environ = {**os.environ, "ROSTRA_HOSTING_PLACES": str(self.places)}
        subprocess.run(command, env=environ, check=True)  # noqa: S603 (our own program)

    def restored(self, to: Path) -> Restored:
        """What comes back."""

        async def work() -> Restored:
            found = await choose(self.stores, signer=self.keys.public)
            keys = opened_by(found, self.paper)
            return await restore(self.stores, found, keys, to, lambda _count, _what: None)

        return asyncio.run(work())


def test_a_server_that_is_killed_comes_back_whole(tmp_path: Path) -> None:
    network, book = Network(tmp_path), Book()
    chance = random.Random(11)  # noqa: S311 (when to kill)
    with network.served() as served:
        served.ready()
        wait_for(lambda: last(network.data).run)
        served.kill()
    for number in range(ROUNDS):
        away = network.folders[number % 2] if chance.random() < 0.5 else None
        if away is not None:
            away.rename(tmp_path / "away")
            away.touch()
        with network.served() as served:
            _write_and_kill(served, book, chance.uniform(0.3, 4.0))
        if away is not None:
            away.unlink()
            (tmp_path / "away").rename(away)
        # Whole in any case. It is told if a new run has begun whose copy the kill has met.
        hole = network.restored(tmp_path / f"back{number}").replayed.hole
        assert not hole or "goes on from another copy" in hole
    with network.served() as served:
        served.ready()
        network.all_there()
        served.kill()
    made = network.restored(tmp_path / "back")
    assert made.replayed.hole == ""
    assert _content(tmp_path / "back") == _content(network.data)
    assert len(book.posted) >= A_ROUND * ROUNDS
    # A place that was away when a copy was made, or whose turn the kill has met, gets the next one.
    network.copied()
    assert asyncio.run(faults(network.stores)) == []


def _write_and_kill(served: Served, book: Book, seconds: float) -> None:
    served.ready()
    writers = [Writer(number, served, book) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    await_posts(book, len(book.posted) + A_ROUND)  # however slow the machine is
    time.sleep(seconds)
    served.kill()
    for writer in writers:
        writer.join(PATIENCE_S)
        assert not writer.is_alive()


def _content(data: Path) -> dict[str, object]:
    """All rows of all tables."""
    with closing(apsw.Connection(str(data / "rostra.sqlite3"))) as database:
        query = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
        names = [str(name) for (name,) in database.execute(query)]
        return {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in names}  # noqa: S608 (its own tables)
