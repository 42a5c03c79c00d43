"""The fence step by step: who may claim, who waits how long, what ends a lease."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from obstore.store import MemoryStore
from tests.harness.patience import until

from rostra.hosting.fence.fence import Fence, FenceError, Held, Mine, Standing, Terms
from rostra.hosting.fence.keeper import Keeper
from rostra.hosting.fence.machine import Machine
from rostra.hosting.fence.records import (
    Claim,
    Release,
    claim_from,
    claim_key,
    epoch_of,
    release_from,
    release_key,
    signed,
)
from rostra.hosting.fence.state import Kept, State
from rostra.hosting.fence.survey import MOST_KEYS
from rostra.hosting.fence.votes import Shown, holder, live, wait_ms, won
from rostra.hosting.places.bucket import BucketStore
from rostra.hosting.places.port import Store
from rostra.kernel import ed25519
from rostra.store.lease import MemoryLease

NAMES = ("north", "south", "west")
TERMS = Terms(ttl_ms=20_000, guard_ms=5_000)


class Time:
    """A clock that stands still until somebody sleeps."""

    def __init__(self) -> None:
        self.ns = 1_000_000_000
        self.slept = 0.0

    def boot(self) -> int:
        """Nanoseconds since the start."""
        return self.ns

    def wall(self) -> int:
        """UTC nanoseconds."""
        return 1_750_000_000_000_000_000 + self.ns

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept += seconds
        self.ns += int(seconds * 1e9)
        await asyncio.sleep(0)


class Gone(BucketStore):
    """A place that nothing reaches."""

    async def _do(self, ask: object, seconds: float = 0.0) -> object:  # type: ignore[override] # whatever it is asked
        del ask, seconds
        raise TimeoutError


@pytest.fixture
def places() -> list[MemoryStore]:
    """Three places."""
    return [MemoryStore() for _ in NAMES]


def fence(places: list[MemoryStore], host: str, *, gone: int = 0) -> Fence:
    """An installation before them; the last ``gone`` can't be reached."""
    reached = len(places) - gone
    stores: list[Store] = [
        (BucketStore if number < reached else Gone)(name, place)
        for number, (name, place) in enumerate(zip(NAMES, places, strict=True))
    ]
    time = Time()
    return Fence(stores, host=host, lease=MemoryLease(time), clock=time, terms=TERMS)


async def test_the_first_claim_waits_for_nobody(places: list[MemoryStore]) -> None:
    one = fence(places, "one")
    won = await one.claim(over=False)
    assert (won.mine.claim.epoch, won.wait_ms) == (1, 0)
    assert not one.lease.holds()
    assert await one.open(won) is Standing.HOLDS
    assert one.lease.holds()
    await one.clock.sleep(19.9)
    assert one.lease.holds()
    await one.clock.sleep(0.2)
    assert not one.lease.holds()
    assert await one.confirm(won.mine) is Standing.HOLDS
    assert one.lease.holds()


async def test_who_does_not_say_over_is_told_who_holds_it(places: list[MemoryStore]) -> None:
    await fence(places, "one").claim(over=False)
    with pytest.raises(Held, match="one holds the fence, by epoch 1"):
        await fence(places, "two").claim(over=False)


async def test_who_takes_over_waits_for_the_lease_before(places: list[MemoryStore]) -> None:
    one, two = fence(places, "one"), fence(places, "two")
    first = await one.claim(over=False)
    await one.open(first)
    second = await two.claim(over=True)
    assert (second.mine.claim.epoch, second.wait_ms) == (2, 25_000)
    assert await one.confirm(first.mine) is Standing.LOST
    assert not one.lease.holds()
    assert await two.open(second) is Standing.HOLDS
    assert isinstance(two.clock, Time)
    assert two.clock.slept == 25.0


async def test_a_release_lets_the_next_one_go_on_at_once(places: list[MemoryStore]) -> None:
    one, two = fence(places, "one"), fence(places, "two")
    first = await one.claim(over=False)
    await one.open(first)
    assert await one.release(first.mine)
    assert not one.lease.holds()
    assert (await two.claim(over=True)).wait_ms == 0


async def test_who_is_killed_while_giving_up_tells_the_places_when_started_again(
    places: list[MemoryStore], tmp_path: Path
) -> None:
    one, state = fence(places, "one"), State(tmp_path)
    first = await one.claim(over=False)
    await one.open(first)
    state.keep(first.mine, opened=False, given=True)
    keeper = asyncio.create_task(Keeper(one, state).run())
    await until(lambda: state.kept() is None)
    keeper.cancel()
    await asyncio.gather(keeper, return_exceptions=True)
    assert not one.lease.holds()
    assert (await fence(places, "two").claim(over=False)).wait_ms == 0


async def _kept_until(one: Fence, state: State, done: Callable[[Kept | None], bool]) -> None:
    """Let a keeper run until it has kept this."""
    keeper = asyncio.create_task(Keeper(one, state).run())
    try:
        await until(lambda: done(state.kept()))
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)


def _is_opened(kept: Kept | None) -> bool:
    return kept is not None and kept.opened


async def test_who_is_killed_while_waiting_waits_again_when_started_again(
    places: list[MemoryStore], tmp_path: Path
) -> None:
    await fence(places, "before").claim(over=False)
    killed, one, state = fence(places, "one"), fence(places, "one"), State(tmp_path)
    won = await killed.claim(over=True)
    assert won.wait_ms == 25_000
    state.keep(won.mine, opened=False)
    await _kept_until(one, state, _is_opened)
    assert isinstance(one.clock, Time)
    assert one.clock.slept >= 25.0
    kept = state.kept()
    assert kept is not None
    assert kept.claim == won.mine.claim


async def test_where_the_machine_was_started_again_as_well_it_is_the_next_epoch(
    places: list[MemoryStore], tmp_path: Path
) -> None:
    boot = tmp_path / "boot_id"
    await asyncio.to_thread(boot.write_text, "first")
    state = State(tmp_path, Machine(boot_id=boot))
    one = fence(places, "one")
    state.keep((await fence(places, "one").claim(over=False)).mine, opened=False)
    await asyncio.to_thread(boot.write_text, "second")
    assert state.kept() is None
    await _kept_until(one, state, _is_opened)
    kept = state.kept()
    assert kept is not None
    assert kept.claim.epoch == 2
    assert isinstance(one.clock, Time)
    assert one.clock.slept >= 25.0


async def test_who_was_overtaken_while_it_was_away_keeps_nothing(
    places: list[MemoryStore], tmp_path: Path
) -> None:
    one, state = fence(places, "one"), State(tmp_path)
    state.keep((await one.claim(over=False)).mine, opened=False)
    await fence(places, "two").claim(over=True)
    await _kept_until(one, state, lambda kept: kept is None)
    assert not one.lease.holds()


async def test_where_a_place_is_silent_even_a_release_is_not_enough(
    places: list[MemoryStore],
) -> None:
    one, two = fence(places, "one"), fence(places, "two", gone=1)
    first = await one.claim(over=False)
    await one.open(first)
    await one.release(first.mine)
    assert (await two.claim(over=True)).wait_ms == 25_000


async def test_one_place_of_three_may_be_away_but_not_two(places: list[MemoryStore]) -> None:
    one = fence(places, "one", gone=1)
    won = await one.claim(over=False)
    assert await one.open(won) is Standing.HOLDS
    cut_off = fence(places, "one", gone=2)
    assert await cut_off.confirm(won.mine) is Standing.UNSURE
    assert not cut_off.lease.holds()
    with pytest.raises(FenceError, match="too few places answer: nothing from south, west"):
        await cut_off.claim(over=True)
    with pytest.raises(FenceError, match="needs 3 places with a vote, and there are 2"):
        Fence(one.stores[:2], host="x", lease=one.lease, clock=one.clock)


async def test_a_claim_that_a_minority_has_ends_nothing(places: list[MemoryStore]) -> None:
    one = fence(places, "one")
    first = await one.claim(over=False)
    burned = claim_of(2, "two")
    await one.stores[0].create(claim_key(2), signed(burned.claim, burned.private))
    assert await one.confirm(first.mine) is Standing.HOLDS
    now = holder(await one.look(), NAMES)
    assert now == first.mine.claim
    # Whoever comes next leaves that number out, and waits: nobody has released it.
    third = await fence(places, "three").claim(over=True)
    assert (third.mine.claim.epoch, third.wait_ms) == (3, 25_000)


async def test_who_waits_longest_sets_the_wait(places: list[MemoryStore]) -> None:
    one = fence(places, "one")
    slow = Fence(
        one.stores, host="slow", lease=one.lease, clock=one.clock, terms=Terms(60_000, 1_000)
    )
    await slow.claim(over=False)
    won, again = await one.claim(over=True), fence(places, "one")  # which has other terms
    assert (won.wait_ms, await again.wait_again_ms(won.mine)) == (65_000, 65_000)


async def test_what_is_no_claim_stands_in_the_way_and_is_none(places: list[MemoryStore]) -> None:
    one = fence(places, "one")
    for store in one.stores:
        await store.put(claim_key(4), b"rubbish")
        await store.put("fence/readme", b"")
    assert holder(await one.look(), NAMES) is None
    won = await one.claim(over=False)
    assert won.mine.claim.epoch == 5
    assert won.wait_ms == 25_000


async def test_one_place_that_can_not_be_read_takes_no_vote_away(places: list[MemoryStore]) -> None:
    one = fence(places, "one")
    first = await one.claim(over=False)
    await one.open(first)
    # Deep enough that no reader follows.
    deep = b'{"x": %b%b}' % (b"[" * 50_000, b"]" * 50_000)
    for epoch in (1, 2):
        await one.stores[0].put(claim_key(epoch), deep)
    assert await one.confirm(first.mine) is Standing.HOLDS


async def test_a_place_with_endless_epochs_is_silent(places: list[MemoryStore]) -> None:
    one = fence(places, "one")
    for number in range(MOST_KEYS + 1):
        await one.stores[0].put(claim_key(number + 1), b"")
    assert [each.place for each in await one.look()] == ["south", "west"]


def test_two_majorities_are_needed_where_a_place_was_exchanged() -> None:
    before = claim_of(1, "one", ("north", "south", "west")).claim
    mine = claim_of(2, "two", ("north", "south", "east")).claim
    seen = [Shown(name, {1: before, 2: mine}, {}) for name in ("south", "east")]
    assert won(mine, seen)
    assert not won(mine, seen, [before])  # north and west might have another one
    assert won(mine, [*seen, Shown("north", {1: before, 2: mine}, {})], [before])


async def test_an_exchanged_place_and_a_silent_one_hide_no_holder(
    places: list[MemoryStore],
) -> None:
    one = fence(places, "one")
    first = await one.claim(over=False)
    await one.open(first)
    # `west` was exchanged for `east`, and `north` does not answer here; there it does.
    stores: list[Store] = [
        Gone("north", places[0]),
        BucketStore("south", places[1]),
        BucketStore("east", MemoryStore()),
    ]
    two = Fence(stores, host="two", lease=MemoryLease(Time()), clock=Time(), terms=TERMS)
    with pytest.raises(Held, match="one holds the fence, by epoch 1"):
        await two.claim(over=False)
    with pytest.raises(FenceError, match="too few places take a claim"):
        await two.claim(over=True)
    assert await one.confirm(first.mine) is Standing.HOLDS


async def test_what_was_released_never_holds_again(places: list[MemoryStore]) -> None:
    one = fence(places, "one")
    first = await one.claim(over=False)
    await one.open(first)
    await one.release(first.mine)
    assert await one.confirm(first.mine) is Standing.LOST
    assert not one.lease.holds()
    assert live(await one.look()) == []


async def test_a_machine_that_was_started_anew_takes_the_next_epoch(
    places: list[MemoryStore],
) -> None:
    one, copy = fence(places, "one"), fence(places, "one")
    first = await one.claim(over=False)
    await one.open(first)
    again = await copy.again(first.mine.claim)
    assert again is not None
    assert (again.mine.claim.epoch, again.wait_ms) == (2, 25_000)
    # A copy of its disk that is started as well comes too late.
    assert await one.again(first.mine.claim) is None
    assert await one.confirm(first.mine) is Standing.LOST


async def test_one_place_can_not_end_all_epochs(places: list[MemoryStore]) -> None:
    one = fence(places, "one")
    first = await one.claim(over=False)
    await one.stores[0].put(claim_key(9_999_999_999), b"")
    assert [each.place for each in await one.look()] == ["south", "west"]
    assert await one.confirm(first.mine) is Standing.HOLDS
    assert (await one.claim(over=True)).mine.claim.epoch == 2


def test_a_rival_makes_the_wait() -> None:
    mine, rival = claim_of(1, "one").claim, claim_of(1, "two").claim
    alike = [Shown(name, {1: mine}, {}) for name in NAMES]
    assert wait_ms(mine, alike) == 0
    assert wait_ms(mine, [*alike[:2], Shown("west", {1: rival}, {})]) == 25_000


def test_one_place_can_not_end_the_wait_with_a_claim_of_its_own() -> None:
    held, taken = claim_of(1, "one").claim, claim_of(3, "two").claim
    false = claim_of(2, "nobody").claim
    release = Release(epoch=2, nonce=false.nonce, released_at=0)
    honest = [Shown(name, {1: held, 3: taken}, {}) for name in NAMES[:2]]
    lying = Shown("west", {1: held, 2: false, 3: taken}, {2: release})
    assert wait_ms(taken, [*honest, lying]) == 25_000
    # Nor by showing another one than was held there, with a release that belongs to it.
    second = claim_of(2, "one").claim
    honest = [Shown(name, {2: second, 3: taken}, {}) for name in NAMES[:2]]
    assert wait_ms(taken, [*honest, lying]) == 25_000
    given = Release(epoch=2, nonce=second.nonce, released_at=0)
    honest = [Shown(name, {2: second, 3: taken}, {2: given}) for name in NAMES[:2]]
    assert wait_ms(taken, [*honest, lying]) == 0


def test_records_are_what_their_key_has_signed() -> None:
    mine, other = claim_of(3, "one"), claim_of(3, "two")
    content = signed(mine.claim, mine.private)
    assert claim_from(content, 3) == mine.claim
    assert claim_from(content, 4) is None
    assert claim_from(signed(mine.claim, other.private), 3) is None
    assert claim_from(content.replace(b"one", b"two"), 3) is None
    assert claim_from(b"", 3) is None
    release = Release(epoch=3, nonce=mine.claim.nonce, released_at=5)
    told = signed(release, mine.private)
    assert release_from(told, mine.claim) == release
    assert release_from(told, other.claim) is None
    assert release_from(signed(release, other.private), mine.claim) is None
    assert claim_from(told, 3) is None


def test_keys_of_epochs_stand_in_order() -> None:
    keys = [claim_key(9), release_key(9), claim_key(10), release_key(10), claim_key(123)]
    assert keys == sorted(keys)
    assert [epoch_of(key) for key in keys] == [9, 9, 10, 10, 123]
    assert epoch_of("fence/readme") is None
    assert epoch_of("probe/0000000001.claim") is None


def claim_of(epoch: int, host: str, places: tuple[str, ...] = NAMES) -> Mine:
    private = ed25519.new_key()
    claim = Claim(
        epoch=epoch,
        nonce=host,
        host=host,
        places=places,
        ttl_ms=20_000,
        guard_ms=5_000,
        key=ed25519.public_of(private).hex(),
        claimed_at=0,
    )
    assert msgspec.json.decode(msgspec.json.encode(claim), type=Claim) == claim
    return Mine(claim=claim, private=private)
