"""A copy holds all of a network, is opened by who may, and becomes the same network again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from obstore.store import MemoryStore
from tests.harness.app import InProcess, running
from tests.harness.crowd import Town, good
from tests.hosting.ark.afloat import Ark, always, database_in
from tests.pictures import photo

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.keys import KeysError
from rostra.hosting.ark.manifest import Found, Manifest, mark_of
from rostra.hosting.ark.prune import prune
from rostra.hosting.ark.read import ArkError, marks, roots
from rostra.hosting.ark.restore import REASON, Only, Watch, restore
from rostra.hosting.ark.seal import Sealer
from rostra.hosting.places.bucket import BucketStore
from rostra.hosting.places.model import PlaceFailed
from rostra.kernel.clock import DAY
from rostra.kernel.errors import Unavailable
from rostra.store.roots import differing, roots_of


class Away(BucketStore):
    """A place that takes nothing."""

    async def create(self, key: str, content: bytes) -> bool:
        """Fail, whatever it is."""
        del key, content
        raise PlaceFailed(self.name, "on fire")


@pytest.fixture
async def rostra(data_dir: Path) -> AsyncIterator[InProcess]:
    """An application in its data directory, as a server has it."""
    async with running(data_dir, database_in(data_dir)) as app:
        yield app


@pytest.fixture
def town(rostra: InProcess) -> Town:
    """People for it."""
    return Town(rostra)


@pytest.fixture
def ark(data_dir: Path) -> Ark:
    """Its ark."""
    return Ark(data_dir)


async def test_a_copy_becomes_the_same_network(
    rostra: InProcess, town: Town, ark: Ark, tmp_path: Path
) -> None:
    alice = await town.member("alice")
    picture = await town.picture(alice, photo().jpegsave_buffer(), description="hills")
    post = await town.post(alice, "Before the move.", media_ids=[picture["id"]])
    (ark.data_dir / "ledger.key").write_bytes(b"k" * 32)
    copied = await ark.copy(rostra)
    assert copied.places == ("north", "south")
    assert copied.sent["north"] == copied.sent["south"] > 3
    await town.post(alice, "After the copy.")
    # Everything is gone but the places and the paper key.
    to = tmp_path / "elsewhere"
    await ark.restore(to)
    assert (to / "ledger.key").read_bytes() == b"k" * 32
    assert ark_keys.kept(to) == ark.keys
    async with running(to, f"sqlite:///{to / 'rostra.sqlite3'}") as again:
        shown = good(await again.client().get(f"/api/v1/statuses/{post}"))
        assert "Before the move." in shown["content"]
        there = await again.client().get(shown["media_attachments"][0]["url"])
        here = await rostra.client().get(picture["url"])
        assert there.content == here.content
        token = alice.client.headers["authorization"].removeprefix("Bearer ")
        listed = good(await again.client(token).get("/api/v1/timelines/home"))
        assert [each["id"] for each in listed] == [post]
        # It is mute until somebody opens it.
        refused = await again.client(token).post("/api/v1/statuses", json={"status": "x"})
        assert refused.status_code == 503
        assert REASON in refused.json()["error"]
        with pytest.raises(Unavailable):
            again.services.egress.check("mail")


async def test_what_has_not_changed_is_not_sent_again(
    rostra: InProcess, town: Town, ark: Ark
) -> None:
    alice = await town.member("alice")
    await town.picture(alice, photo().jpegsave_buffer())
    first = await ark.copy(rostra)
    await town.post(alice, "One more.")
    second = await ark.copy(rostra)
    assert second.manifest.number == first.manifest.number + 1
    # One piece of the database, which is small here, the listing, the index.
    assert 0 < second.sent["north"] <= 4 < first.sent["north"]
    unchanged = await ark.copy(rostra)
    assert unchanged.sent == {"north": 0, "south": 0}
    assert await ark.faults(ark.keys.public) == []


async def test_an_older_copy_can_be_chosen(
    rostra: InProcess, town: Town, ark: Ark, tmp_path: Path
) -> None:
    alice = await town.member("alice")
    first = await ark.copy(rostra)
    post = await town.post(alice, "Later.")
    await ark.copy(rostra)
    await ark.restore(tmp_path / "old", first.manifest.mark)
    await ark.restore(tmp_path / "new")
    for name, status in (("old", 404), ("new", 200)):
        to = tmp_path / name
        async with running(to, f"sqlite:///{to / 'rostra.sqlite3'}") as again:
            answer = await again.client().get(f"/api/v1/statuses/{post}")
            assert answer.status_code == status
    with pytest.raises(ArkError, match="no place that answers has such a copy"):
        await ark.restore(tmp_path / "none", mark_of(0, 77))


async def test_nothing_at_the_places_can_be_read_without_a_key(
    rostra: InProcess, town: Town, ark: Ark, tmp_path: Path
) -> None:
    alice = await town.member("alice")
    await town.post(alice, "Nobody else shall read this.")
    (ark.data_dir / "ledger.key").write_bytes(b"secret of the ledger")
    await ark.copy(rostra)
    store = ark.stores[0]
    for key in await store.keys("ark", limit=10_000):
        stored = await store.read(key)
        assert stored is not None
        for needle in (b"Nobody else", b"secret of the ledger", b"alice", b"SQLite"):
            assert needle not in stored.content, key
    other, _ = ark_keys.new_paper_key()
    with pytest.raises(KeysError, match="does not open this ark"):
        await ark.restore(tmp_path / "x", key=other)
    with pytest.raises(KeysError, match="no secret key"):
        await ark.restore(tmp_path / "x", key="# nothing\n")
    assert not (tmp_path / "x").exists()


def test_several_people_open_it(data_dir: Path, tmp_path: Path) -> None:
    secrets = [ark_keys.new_paper_key() for _ in range(3)]
    keys = ark_keys.make(data_dir, tuple(recipient for _, recipient in secrets))
    for number, (secret, _) in enumerate(secrets):
        given = f"# operator {number}\n{secret}\n"
        opened = ark_keys.unwrap(bytes.fromhex(keys.wrapped), given)
        assert (opened.data, opened.signer) == (keys.data_key, keys.public)
    assert keys.data not in repr(keys)
    with pytest.raises(KeysError, match="there are keys already"):
        ark_keys.make(data_dir, (secrets[0][1],))
    with pytest.raises(KeysError, match="nobody but the host"):
        ark_keys.make(tmp_path, ())
    with pytest.raises(KeysError, match="is no recipient of age"):
        ark_keys.make(tmp_path, ("age1nonsense",))
    with pytest.raises(KeysError, match="there is no ark yet"):
        ark_keys.kept(tmp_path)


async def test_a_place_that_is_away_falls_behind_alone(
    rostra: InProcess, ark: Ark, tmp_path: Path
) -> None:
    away = Away("west", MemoryStore())
    ark.stores.append(away)
    copied = await ark.copy(rostra)
    assert copied.places == ("north", "south")
    assert copied.failed == {"west": "on fire"}
    await ark.restore(tmp_path / "there")
    ark.stores = [away]
    with pytest.raises(ArkError, match="west: on fire"):
        await ark.copy(rostra)


async def test_who_no_longer_holds_the_fence_makes_a_branch(
    rostra: InProcess, ark: Ark, town: Town
) -> None:
    await ark.copy(rostra, epoch=3)
    newest = await ark.copy(rostra, epoch=4)
    await town.member("late")
    late = await ark.copy(rostra, epoch=3)
    assert late.manifest.mark < newest.manifest.mark
    assert (await marks(ark.stores[0]))[-1] == newest.manifest.mark


async def test_old_copies_go_with_what_only_they_had(
    rostra: InProcess, town: Town, ark: Ark, tmp_path: Path
) -> None:
    alice = await town.member("alice")
    picture = await town.picture(alice, photo().jpegsave_buffer())
    post = await town.post(alice, "To be deleted.", media_ids=[picture["id"]])
    await ark.copy(rostra)
    good(await alice.client.delete(f"/api/v1/statuses/{post}"))
    rostra.clock.advance(8 * DAY)
    await town.settle()
    second = await ark.copy(rostra)
    store = ark.stores[0]
    before = len(await store.keys("ark/v1/piece", limit=10_000))
    pruned = await prune(store, rostra.clock.now() - 7 * DAY, ark.keys.public, always)
    assert pruned.manifests == 1
    assert pruned.pieces > 1
    assert len(await store.keys("ark/v1/piece", limit=10_000)) == before - pruned.pieces
    assert await marks(store) == [second.manifest.mark]
    ark.stores = [store]
    assert await ark.faults(ark.keys.public) == []
    await ark.restore(tmp_path / "there")
    # The newest stays, however old it is.
    assert (await prune(store, rostra.clock.now() + DAY, ark.keys.public, always)).manifests == 0
    with pytest.raises(ArkError, match="is not empty"):
        await ark.restore(tmp_path / "there")


class Looker(Watch):
    """Compares what the tables hold with what was copied."""

    def __init__(self, ark: Ark, manifest: Manifest) -> None:
        self.ark = ark
        self.manifest = manifest
        self.stages: list[str] = []
        self.wrong: list[str] = []

    def begins(self, stage: str) -> None:
        """Note it."""
        self.stages.append(stage)

    async def copied(self, database: Path, sealer: Sealer) -> None:
        """Compare."""
        wanted = await roots(self.ark.stores, self.manifest, sealer)
        assert wanted
        assert wanted["accounts"] != wanted["posts"]
        self.wrong = differing(wanted, roots_of(database))


async def test_what_the_tables_hold_is_known_and_media_may_stay(
    town: Town, rostra: InProcess, ark: Ark, tmp_path: Path
) -> None:
    alice = await town.member("alice")
    picture = await town.picture(alice, photo().jpegsave_buffer())
    await town.post(alice, "Before.", media_ids=[picture["id"]])
    copied = await ark.copy(rostra)
    found = Found(copied.manifest, "")
    looker = Looker(ark, copied.manifest)
    restored = await restore(
        ark.stores,
        found,
        ark.keys.opened,
        tmp_path / "there",
        lambda _count, _what: None,
        sieve=Only(lambda entry: entry.kind != "media"),
        watch=looker,
    )
    assert looker.stages == ["fetch", "check"]
    assert looker.wrong == []
    assert restored.content_bytes < copied.manifest.content_bytes
    assert not (tmp_path / "there" / "media").exists()
