"""What somebody does to a copy is found and named; one place that is whole is enough."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
from obstore.store import MemoryStore
from tests.harness.app import InProcess, running
from tests.harness.crowd import Town
from tests.hosting.ark.afloat import Ark, database_in

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.copy import Copied
from rostra.hosting.ark.manifest import Manifest, manifest_key, mark_of, piece_key, signed
from rostra.hosting.ark.read import ArkError, index
from rostra.hosting.ark.restore import choose, restore
from rostra.hosting.places.bucket import BucketStore
from rostra.hosting.places.port import Store
from rostra.kernel import ed25519


@pytest.fixture
async def rostra(data_dir: Path) -> AsyncIterator[InProcess]:
    """An application in its data directory, as a server has it."""
    async with running(data_dir, database_in(data_dir)) as app:
        yield app


@pytest.fixture
async def afloat(rostra: InProcess, data_dir: Path) -> tuple[Ark, Copied]:
    """An ark with two copies at two places; the second one."""
    ark = Ark(data_dir)
    town = Town(rostra)
    await ark.copy(rostra)
    alice = await town.member("alice")
    await town.post(alice, "Words.")
    return ark, await ark.copy(rostra)


async def _some_piece(store: Store, manifest: Manifest) -> str:
    return piece_key((await index([store], manifest))[0])


async def _content(store: Store, key: str) -> bytes:
    stored = await store.read(key)
    assert stored is not None
    return stored.content


async def flip_a_bit(store: Store, manifest: Manifest) -> None:
    key = await _some_piece(store, manifest)
    content = bytearray(await _content(store, key))
    content[len(content) // 2] ^= 1
    await store.put(key, bytes(content))


async def cut_a_piece(store: Store, manifest: Manifest) -> None:
    key = await _some_piece(store, manifest)
    await store.put(key, (await _content(store, key))[:-1])


async def empty_a_piece(store: Store, manifest: Manifest) -> None:
    await store.put(await _some_piece(store, manifest), b"")


async def lose_a_piece(store: Store, manifest: Manifest) -> None:
    await store.delete(await _some_piece(store, manifest))


async def swap_two_pieces(store: Store, manifest: Manifest) -> None:
    names = await index([store], manifest)
    one, two = piece_key(names[0]), piece_key(names[-1])
    first, second = await _content(store, one), await _content(store, two)
    await store.put(one, second)
    await store.put(two, first)


async def lose_the_listing(store: Store, manifest: Manifest) -> None:
    await store.delete(piece_key(manifest.listing[0]))


async def damage_the_listing(store: Store, manifest: Manifest) -> None:
    await store.put(piece_key(manifest.listing[0]), b"x")


async def lose_the_index(store: Store, manifest: Manifest) -> None:
    await store.delete(piece_key(manifest.index[0]))


async def lose_the_newest_manifest(store: Store, manifest: Manifest) -> None:
    await store.delete(manifest_key(manifest.mark))


async def damage_the_newest_manifest(store: Store, manifest: Manifest) -> None:
    key = manifest_key(manifest.mark)
    await store.put(
        key, (await _content(store, key)).replace(b"rostra.example", b"hostile.example")
    )


async def empty_the_newest_manifest(store: Store, manifest: Manifest) -> None:
    await store.put(manifest_key(manifest.mark), b"")


async def put_an_old_manifest_in_its_place(store: Store, manifest: Manifest) -> None:
    old = await _content(store, manifest_key(mark_of(0, 1)))
    await store.put(manifest_key(manifest.mark), old)


async def sign_with_another_key(store: Store, manifest: Manifest) -> None:
    private = ed25519.new_key()
    forged = msgspec.structs.replace(manifest, key=ed25519.public_of(private).hex())
    await store.put(manifest_key(manifest.mark), signed(forged, private))


async def forge_a_newer_copy(store: Store, manifest: Manifest) -> None:
    private = ed25519.new_key()
    forged = msgspec.structs.replace(
        manifest, number=9, key=ed25519.public_of(private).hex(), previous="0" * 64
    )
    await store.put(manifest_key(forged.mark), signed(forged, private))


async def damage_the_older_manifest(store: Store, manifest: Manifest) -> None:
    del manifest
    await store.put(manifest_key(mark_of(0, 1)), b"{}")


async def lose_everything(store: Store, manifest: Manifest) -> None:
    del manifest
    for key in await store.keys("ark", limit=10_000):
        await store.delete(key)


Sabotage = Callable[[Store, Manifest], Awaitable[None]]
KINDS: dict[Sabotage, str] = {
    flip_a_bit: "is damaged",
    cut_a_piece: "is damaged",
    empty_a_piece: "is damaged",
    lose_a_piece: "is missing",
    swap_two_pieces: "is damaged",
    lose_the_listing: "is missing",
    damage_the_listing: "is damaged",
    lose_the_index: "is missing",
    lose_the_newest_manifest: "the newest copy is 0-2, here it is 0-1",
    damage_the_newest_manifest: "manifest 0-2 is damaged, or not signed",
    empty_the_newest_manifest: "manifest 0-2 is damaged, or not signed",
    put_an_old_manifest_in_its_place: "manifest 0-2 is damaged, or not signed",
    sign_with_another_key: "manifest 0-2 is signed by another key",
    forge_a_newer_copy: "manifest 0-9 is signed by another key",
    damage_the_older_manifest: "manifest 0-1 is damaged, or not signed",
    lose_everything: "the newest copy is 0-2, here is none",
}


@pytest.mark.parametrize("sabotage", KINDS, ids=lambda each: each.__name__)
async def test_it_is_found_and_the_other_place_is_enough(
    afloat: tuple[Ark, Copied], sabotage: Sabotage, tmp_path: Path
) -> None:
    ark, copied = afloat
    await sabotage(ark.stores[0], copied.manifest)
    found = await ark.faults(ark.keys.public)
    assert any(place == "north" and KINDS[sabotage] in what for place, what in found), found
    assert all(place == "north" for place, _ in found), found
    await ark.restore(tmp_path / "there")


async def test_what_no_place_has_is_named(afloat: tuple[Ark, Copied], tmp_path: Path) -> None:
    ark, copied = afloat
    await lose_a_piece(ark.stores[0], copied.manifest)
    await flip_a_bit(ark.stores[1], copied.manifest)
    with pytest.raises(ArkError, match=r"north: it is missing; south: it is damaged"):
        await ark.restore(tmp_path / "there")


async def test_an_index_that_can_not_be_had_is_named(afloat: tuple[Ark, Copied]) -> None:
    ark, copied = afloat
    for store in ark.stores:
        await lose_the_index(store, copied.manifest)
    ((place, what),) = await ark.faults()
    assert place == "everywhere"
    assert "can't be had" in what


async def test_places_without_a_copy_are_named(tmp_path: Path) -> None:
    ark = Ark(tmp_path)
    assert await ark.faults() == [("everywhere", "there is no copy that is signed")]
    ark.stores.append(BucketStore("west", MemoryStore()))
    with pytest.raises(ArkError, match="no place that answers"):
        await ark.restore(tmp_path / "there")


async def test_a_copy_that_another_key_has_signed_is_forged(
    afloat: tuple[Ark, Copied], tmp_path: Path
) -> None:
    ark, copied = afloat
    await forge_a_newer_copy(ark.stores[0], copied.manifest)
    found = await choose(ark.stores)
    assert found.manifest.number == 9
    with pytest.raises(ArkError, match=f"forged; name the true signer: --signer {ark.keys.public}"):
        await restore(
            ark.stores, found, ark.keys.opened, tmp_path / "there", lambda _n, _what: None
        )
    assert not (tmp_path / "there").exists()


async def test_what_was_damaged_is_sent_again(
    rostra: InProcess, afloat: tuple[Ark, Copied]
) -> None:
    ark, copied = afloat
    await flip_a_bit(ark.stores[0], copied.manifest)
    await lose_a_piece(ark.stores[1], copied.manifest)
    await ark.copy(rostra)
    assert len(await ark.faults()) == 2
    await ark.copy(rostra, again=True)
    assert await ark.faults() == []


async def test_a_place_with_another_copy_of_that_mark_gets_everything(
    rostra: InProcess, afloat: tuple[Ark, Copied]
) -> None:
    ark, copied = afloat
    other = msgspec.structs.replace(copied.manifest, made_at=1)
    await ark.stores[1].put(manifest_key(other.mark), signed(other, ark.keys.signing_key))
    await lose_a_piece(ark.stores[1], copied.manifest)
    await ark.copy(rostra)
    assert [what for place, what in await ark.faults() if "piece" in what] == []


async def test_a_key_that_was_lost_opens_nothing(
    afloat: tuple[Ark, Copied], tmp_path: Path
) -> None:
    ark, _ = afloat
    with pytest.raises(ark_keys.KeysError):
        await ark.restore(tmp_path / "there", key=ark_keys.new_paper_key()[0])
