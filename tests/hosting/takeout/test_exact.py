"""From SQLite to PostgreSQL and back: every table holds the same, and members go on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs
from tests.harness.app import InProcess, running
from tests.harness.crowd import PASSWORD, Member, Town, good
from tests.harness.postgres import Cluster
from tests.hosting.takeout.exported import elsewhere, lived_in, open_gates, read_in, written

from rostra.cli.takeout import made_searchable
from rostra.kernel import ids
from rostra.network.credentials.sign_in import identify
from rostra.settings import load
from rostra.store import id_floor
from rostra.store.roots import differing, roots_of
from rostra.store.tables import metadata


@pytest.fixture
def empty_postgres(postgres: Cluster) -> Iterator[str]:
    """A PostgreSQL database without tables."""
    yield postgres.create("takeout", template="template1")
    postgres.drop("takeout")


async def _made_searchable(data_dir: Path, url: str) -> None:
    settings = load(data=data_dir, environ={})
    database = structs.replace(settings.database, url=url)
    await made_searchable(structs.replace(settings, database=database))


async def _moved(export: Path, url: str, data_dir: Path) -> None:
    loaded = await read_in(export, url, data_dir)
    assert loaded.media == 2  # the picture and its preview
    await _made_searchable(data_dir, url)


async def _goes_on(rostra: InProcess, people: list[Member]) -> None:
    """Members sign in, read, are found, and write, with ids after all others."""
    alice, bob, carol = elsewhere(people, rostra)
    assert (await identify(rostra.services, "alice", PASSWORD)).account_id == alice.id
    home = good(await bob.client.get("/api/v1/timelines/home"))
    assert {each["account"]["acct"] for each in home} >= {"alice"}
    direct = good(await carol.client.get("/api/v1/conversations"))
    assert "for you alone" in direct[0]["last_status"]["content"]
    found = good(await alice.client.get("/api/v2/search", params={"q": "zebrafish"}))
    (post,) = found["statuses"]
    (picture,) = post["media_attachments"]
    assert picture["description"] == "A \u2028 photo"
    assert (await rostra.client().get(picture["url"])).content.startswith(b"\xff\xd8")
    poll = next(each["poll"] for each in home if each["poll"])
    assert [each["votes_count"] for each in poll["options"]] == [1, 0]
    new = await Town(rostra).post(alice, "Here again.")
    assert int(new) > int(home[0]["id"])
    assert ids.time_of(int(new)) >= id_floor.read(rostra.services.settings.data_dir) > 0


async def test_there_and_back_again(
    sqlite_url: str, data_dir: Path, tmp_path: Path, empty_postgres: str
) -> None:
    async with running(data_dir, sqlite_url) as rostra:
        people = await lived_in(Town(rostra))
        there = await written(sqlite_url, data_dir, tmp_path / "one")  # while it runs
    assert there.rows > 70
    assert set(there.roots) == set(metadata.tables) - {"journal"}
    host = tmp_path / "host"
    await _moved(tmp_path / "one", empty_postgres, host)
    between = await written(empty_postgres, host, tmp_path / "two")
    assert differing(there.roots, between.roots) == []
    back = tmp_path / "back"
    url = f"sqlite:///{back / 'rostra.sqlite3'}"
    await _moved(tmp_path / "two", url, back)
    last = await written(url, back, tmp_path / "three")
    assert differing(there.roots, last.roots) == []
    # And as SQLite itself tells it, which knows nothing of exports.
    before, after = roots_of(data_dir / "rostra.sqlite3"), roots_of(back / "rostra.sqlite3")
    unlike = {name for name in differing(before, after) if "_search_" not in name}
    assert unlike <= {"journal"}
    assert (back / "rostra.sqlite3").stat().st_mode & 0o077 == 0
    for folder, address in ((host, empty_postgres), (back, url)):
        open_gates(folder)
        async with running(folder, address) as rostra:
            await _goes_on(rostra, people)
