"""How the network stands, by what the places show: here, away, moving, back."""

from pathlib import Path

import msgspec
import pytest
from tests.hosting.lifeboat.afloat import NAMES, Afloat, afloat
from tests.hosting.providers import Careless

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.fence.records import Claim, Release, claim_key, release_key
from rostra.hosting.fence.records import signed as signed_claim
from rostra.hosting.lifeboat import notices
from rostra.hosting.lifeboat.model import HEAD, Head, head_from, signed
from rostra.hosting.lifeboat.notices import Notice
from rostra.hosting.lifeboat.states import AWAY_AFTER_S, Signs, State, judged
from rostra.hosting.lifeboat.watch import Watch
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store, Stored
from rostra.kernel import ed25519
from rostra.kernel.clock import SECOND

KEY = ed25519.new_key()


async def _seen(boat: Afloat) -> State:
    return (await boat.watch.look()).state


async def test_a_host_is_here_until_its_signs_stop_and_back_when_they_come_again(
    data_dir: Path,
) -> None:
    async with afloat(data_dir) as boat:
        assert await _seen(boat) is State.WAITING
        await boat.told()
        assert await _seen(boat) is State.HERE
        boat.rostra.clock.advance(30 * SECOND)
        assert await _seen(boat) is State.HERE
        boat.rostra.clock.advance(6 * SECOND)
        assert await _seen(boat) is State.AWAY
        since = boat.watch.report.since
        boat.rostra.clock.advance(60 * SECOND)
        assert (await boat.watch.look()).since == since == boat.watch.report.since
        await boat.feeder.beat()
        assert await _seen(boat) is State.BACK
        boat.rostra.clock.advance(3_600 * SECOND)
        await boat.feeder.beat()
        assert await _seen(boat) is State.HERE


async def test_a_lifeboat_that_starts_while_the_host_is_dead_knows_at_once(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        await boat.told()
        boat.rostra.clock.advance(600 * SECOND)
        report = await boat.watch.look()
        assert (report.state, report.since) == (State.AWAY, 0)
        assert report.head is not None
        assert report.head_seen_at == report.head.at


async def test_an_old_head_put_back_takes_nothing_back(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        await boat.told()
        old = [await store.read(HEAD) for store in boat.stores]
        boat.rostra.clock.advance(10 * SECOND)
        await boat.feeder.beat()
        newest = (await boat.watch.look()).head
        for store, stored in zip(boat.stores, old, strict=True):
            assert stored is not None
            await store.put(HEAD, stored.content)
        assert (await boat.watch.look()).head == newest


async def test_a_head_of_another_key_is_not_believed(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        head = await boat.told()
        await boat.watch.look()
        forged = msgspec.structs.replace(head, number=head.number + 10**9, title="Forged")
        for store in boat.stores:
            await store.put(HEAD, signed(forged, KEY))
        assert head_from(signed(forged, KEY), boat.berth.signer) is None
        report = await boat.watch.look()
        assert report.head is not None
        assert report.head.title != "Forged"


class _Silent(Careless):
    """A place that is away."""

    def __init__(self, inner: Store, error: Exception) -> None:
        super().__init__(inner)
        self._error = error

    async def read(self, key: str) -> Stored | None:  # noqa: ARG002 (the port's)
        """Nothing comes back."""
        raise self._error


ERRORS = (PlaceFailed("north", "it is away"), RecursionError("nobody has thought of this"))


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize(
    ("silent", "state"), list(enumerate([State.AWAY, State.UNKNOWN, State.UNKNOWN], 1))
)
async def test_away_is_said_only_if_most_places_answer(
    data_dir: Path, silent: int, state: State, error: Exception
) -> None:
    async with afloat(data_dir) as boat:
        await boat.told()
        for at in range(silent):
            boat.stores[at] = _Silent(boat.stores[at], error)
        watch = Watch(boat.berth, boat.stores, NAMES, boat.rostra.clock)
        assert (await watch.look()).state is (State.HERE if silent < 3 else State.UNKNOWN)
        boat.rostra.clock.advance(60 * SECOND)
        assert (await watch.look()).state is state


async def test_a_look_out_that_is_stuck_knows_nothing_any_more(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        await boat.told()
        assert await _seen(boat) is State.HERE
        boat.rostra.clock.advance(61 * SECOND)
        assert boat.watch.report.state is State.UNKNOWN
        await boat.feeder.beat()
        assert await _seen(boat) is State.HERE


async def test_what_is_too_large_for_a_head_is_none(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        head = await boat.told()
        own = ark_keys.kept(data_dir).signing_key
        large = msgspec.structs.replace(head, number=head.number + 10**9, title="x" * (64 << 10))
        await boat.stores[0].put(HEAD, signed(large, own))
        report = await boat.watch.look()
        assert report.head == head


async def test_a_fence_that_was_released_is_a_move(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        head = await boat.told()
        keys = ark_keys.kept(data_dir)
        names = tuple(store.name for store in boat.stores)
        claim = Claim(
            epoch=3,
            nonce="n",
            host="a",
            places=names,
            ttl_ms=20_000,
            guard_ms=5_000,
            key=ed25519.public_of(KEY).hex(),
            claimed_at=0,
        )
        fenced = msgspec.structs.replace(head, epoch=3, number=head.number + 1)
        for store in boat.stores:
            await store.create(claim_key(3), signed_claim(claim, KEY))
            await store.put(HEAD, signed(fenced, keys.signing_key))
        assert await _seen(boat) is State.HERE
        release = Release(epoch=3, nonce="n", released_at=1)
        for store in boat.stores:
            await store.create(release_key(3), signed_claim(release, KEY))
        boat.rostra.clock.advance(14 * SECOND)
        assert await _seen(boat) is State.MOVING
        boat.rostra.clock.advance(3_600 * SECOND)
        assert await _seen(boat) is State.AWAY  # a move that takes so long is none


async def test_notices_are_shown_if_the_operator_has_signed_them(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        await boat.told()
        own, other = ark_keys.kept(data_dir).signing_key, ed25519.new_key()
        for at, private in ((1, own), (2, other)):
            told = Notice(at=at, text=f"Notice {at}", key=ed25519.public_of(private).hex())
            assert await notices.store(boat.stores, told, private) == {}
        report = await boat.watch.look()
        assert [each.text for each in report.notices] == ["Notice 1"]
        old = await boat.stores[0].read(notices.notice_key(1))
        assert old is not None
        down = Notice(at=3, text="", key=ed25519.public_of(own).hex())
        assert await notices.store(boat.stores, down, own) == {}
        assert await boat.stores[1].keys(notices.NOTICES) == [notices.notice_key(3)]
        await boat.stores[0].put(notices.notice_key(1), old.content)  # at a place that was away
        boat.rostra.clock.advance(61 * SECOND)
        assert (await boat.watch.look()).notices == ()


def _signs(age: float, head: Head | None) -> Signs:
    return Signs(head=head, age=age, answering=3, places=3)


def test_a_head_is_old_after_a_while_and_not_before() -> None:
    head = Head(
        epoch=0,
        number=1,
        at=0,
        every_s=10,
        domain="",
        base_url="",
        title="",
        wrapped="",
        key="",
    )
    assert judged(_signs(AWAY_AFTER_S - 1, head)) is State.HERE
    assert judged(_signs(AWAY_AFTER_S, head)) is State.AWAY
    assert judged(_signs(0, None)) is State.WAITING
