"""What goes wrong while the lifeboat is told: what is deleted is gone there all the same."""

import shutil
from pathlib import Path

import pytest
from tests.harness.crowd import good
from tests.hosting.lifeboat.afloat import NAMES, Afloat, afloat
from tests.hosting.providers import Careless
from tests.pictures import photo

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.keys import KeysError
from rostra.hosting.lifeboat import keys
from rostra.hosting.lifeboat.book import Book
from rostra.hosting.lifeboat.feed import Feeder
from rostra.hosting.lifeboat.model import HEAD, piece_key
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store, Stored
from rostra.kernel.clock import MINUTE
from rostra.store.lifeboat import mark

HELD = Path("ark") / "lifeboat"


class Moody(Careless):
    """A place that can be away."""

    def __init__(self, inner: Store) -> None:
        super().__init__(inner)
        self.error: Exception | None = None

    def _there(self) -> None:
        if self.error is not None:
            raise self.error

    def leave(self) -> None:
        self.error = PlaceFailed(self.name, "it is away")

    def come_back(self) -> None:
        self.error = None

    async def put(self, key: str, content: bytes) -> None:
        """Store it, if the place is there."""
        self._there()
        await self._inner.put(key, content)

    async def create(self, key: str, content: bytes) -> bool:
        """Store it, if the place is there and nothing else is."""
        self._there()
        return await self._inner.create(key, content)

    async def read(self, key: str) -> Stored | None:
        """What is there, if the place is."""
        self._there()
        return await self._inner.read(key)

    async def keys(self, prefix: str, *, after: str = "", limit: int = 1_000) -> list[str]:
        """The keys, if the place is there."""
        self._there()
        return await self._inner.keys(prefix, after=after, limit=limit)

    async def delete(self, key: str) -> None:
        """Remove it, if the place is there."""
        self._there()
        await self._inner.delete(key)


def _moody(boat: Afloat) -> list[Moody]:
    places = [Moody(store) for store in boat.stores]
    boat.feeder = boat.feeder_to(places)
    return places


def _pictures(data_dir: Path) -> list[Path]:
    return [p for p in data_dir.rglob("*") if p.suffix in {".webp", ".jpg"} and p.is_file()]


async def _words(boat: Afloat, name: str = "alice") -> list[str]:
    return [post.html for post in await boat.posts(name)]


async def test_a_round_that_is_cut_off_is_done_once_more(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        alice = await boat.town.member("alice")
        await boat.town.post(alice, "Kept.")
        gone = await boat.town.post(alice, "Gone.")
        await boat.told()
        (shard,) = (data_dir / HELD).glob("shard-*.json")
        good(await alice.client.delete(f"/api/v1/statuses/{gone}"))
        await boat.rostra.work()
        in_the_way = shard.with_suffix(".new")
        in_the_way.mkdir()
        with pytest.raises(IsADirectoryError):
            await boat.feeder.round()
        in_the_way.rmdir()
        await boat.told()
        assert await _words(boat) == ["<p>Kept.</p>"]
        assert len(boat.pieces()) == 4


@pytest.mark.parametrize("old", ["state.json", "s*.json"])
async def test_a_host_that_is_killed_while_it_keeps_a_round_does_it_again(
    data_dir: Path, old: str, tmp_path: Path
) -> None:
    async with afloat(data_dir) as boat:
        alice = await boat.town.member("alice")
        await boat.town.post(alice, "Kept.")
        gone = await boat.town.post(alice, "Gone.")
        await boat.told()
        heads = [await store.read(HEAD) for store in boat.stores]
        before = shutil.copytree(data_dir / HELD, tmp_path / "before")
        good(await alice.client.delete(f"/api/v1/statuses/{gone}"))
        await boat.told()
        # The pages were kept, what names them was not; nothing was told.
        for path in before.glob(old):
            shutil.copy(path, data_dir / HELD / path.name)
        for store, head in zip(boat.stores, heads, strict=True):
            assert head is not None
            await store.put(HEAD, head.content)
        async with boat.rostra.services.db.write() as tx:
            await mark(tx, "alice")
        boat.feeder = boat.feeder_to(boat.stores)
        await boat.told()
        assert await _words(boat) == ["<p>Kept.</p>"]
        for name in NAMES:
            assert len(boat.pieces(name)) == 4


async def test_a_place_that_was_away_during_a_deletion_is_put_right(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        places = _moody(boat)
        alice = await boat.town.member("alice")
        await boat.town.post(alice, "Kept.")
        gone = await boat.town.post(alice, "Gone.")
        await boat.told()
        places[1].leave()
        good(await alice.client.delete(f"/api/v1/statuses/{gone}"))
        await boat.told()
        assert await _words(boat) == ["<p>Kept.</p>"]
        assert boat.pieces(NAMES[1]) != boat.pieces()
        places[1].come_back()
        boat.rostra.clock.advance(2 * MINUTE)
        await boat.told()
        assert len(boat.pieces()) == 4
        for name in NAMES:
            assert boat.pieces(name) == boat.pieces()


async def test_what_most_places_have_not_taken_is_not_told(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        places = _moody(boat)
        alice = await boat.town.member("alice")
        gone = await boat.town.post(alice, "Gone.")
        root = (await boat.told()).root
        for place in places[:2]:
            place.leave()
        good(await alice.client.delete(f"/api/v1/statuses/{gone}"))
        await boat.town.post(alice, "New.")
        assert (await boat.told()).root == root
        assert await _words(boat) == ["<p>Gone.</p>"]
        for place in places:
            place.come_back()
        boat.rostra.clock.advance(2 * MINUTE)
        await boat.told()
        assert await _words(boat) == ["<p>New.</p>"]
        for name in NAMES:
            assert len(boat.pieces(name)) == 4


async def test_what_stands_at_no_place_is_made_anew(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        alice = await boat.town.member("alice")
        picture = await boat.town.picture(alice, photo().jpegsave_buffer())
        await boat.town.post(alice, "Look.", media_ids=[picture["id"]])
        await boat.told()
        whole = boat.pieces()
        assert len(whole) == 5
        for store in boat.stores:
            for name in whole:
                await store.delete(piece_key(name))
        boat.feeder = boat.feeder_to(boat.stores)
        await boat.told()
        assert boat.pieces() == whole


async def test_what_another_host_has_left_is_removed(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        alice = await boat.town.member("alice")
        await boat.town.post(alice, "Kept.")
        gone = await boat.town.post(alice, "Gone.")
        await boat.told()
        good(await alice.client.delete(f"/api/v1/statuses/{gone}"))
        await boat.rostra.work()
        shutil.rmtree(data_dir / HELD)  # as at a host that has never told anything
        boat.feeder = boat.feeder_to(boat.stores)
        await boat.told()
        assert await _words(boat) == ["<p>Kept.</p>"]
        for name in NAMES:
            assert len(boat.pieces(name)) == 4


@pytest.mark.parametrize("how", ["missing", "damaged"])
async def test_a_picture_that_cant_be_read_holds_nothing_up(data_dir: Path, how: str) -> None:
    async with afloat(data_dir) as boat:
        alice = await boat.town.member("alice")
        gone = await boat.town.post(alice, "Gone.")
        await boat.told()
        picture = await boat.town.picture(alice, photo().jpegsave_buffer())
        await boat.town.post(alice, "Look.", media_ids=[picture["id"]])
        good(await alice.client.delete(f"/api/v1/statuses/{gone}"))
        await boat.rostra.work()
        files = _pictures(data_dir)
        assert files
        for path in files:
            path.rename(path.with_suffix(".away"))
            if how == "damaged":
                path.mkdir()
        await boat.told()
        assert await _words(boat) == ["<p>Look.</p>"]
        assert (await boat.posts("alice"))[0].pictures[0].piece == ""
        for path in files:
            if how == "damaged":
                path.rmdir()
            path.with_suffix(".away").rename(path)
        boat.rostra.clock.advance(6 * MINUTE)
        await boat.told()
        (shown,) = (await boat.posts("alice"))[0].pictures
        assert (await boat.book.media("alice", shown.piece))[1]


async def test_a_place_of_which_anything_goes_wrong_silences_no_other(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        places = _moody(boat)
        first = await boat.told()
        places[0].error = ValueError("nobody has thought of this")
        boat.rostra.clock.advance(MINUTE)
        await boat.feeder.beat()
        boat.stores = boat.stores[1:]
        assert (await boat.told()).place_in_time > first.place_in_time


async def test_a_quote_that_is_taken_back_is_not_named_any_more(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        alice, bob = await boat.town.members("alice", "bob")
        first = await boat.town.post(bob, "First.")
        quoting = await boat.town.post(alice, "Look.", quoted_status_id=first)
        await boat.told()
        assert (await boat.posts("alice"))[0].quotes is not None
        good(await bob.client.post(f"/api/v1/statuses/{first}/quotes/{quoting}/revoke"))
        await boat.told()
        (post,) = await boat.posts("alice")
        assert (post.quotes, post.quote_state) == (None, "revoked")


async def test_new_keys_make_the_extract_anew_and_nothing_stays_of_the_old_one(
    data_dir: Path,
) -> None:
    async with afloat(data_dir) as boat:
        alice = await boat.town.member("alice")
        await boat.town.post(alice, "Kept.")
        await boat.told()
        before = boat.pieces()
        made, secret = keys.new()
        with pytest.raises(KeysError):
            keys.keep(data_dir, made)
        keys.keep(data_dir, made, again=True)
        boat.feeder = Feeder(boat.rostra.services, ark_keys.kept(data_dir), made, boat.stores)
        boat.book = Book(boat.stores, secret)
        await boat.told()
        assert await _words(boat) == ["<p>Kept.</p>"]
        assert len(boat.pieces()) == 4
        assert boat.pieces().isdisjoint(before)
