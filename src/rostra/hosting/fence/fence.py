"""Claiming the fence, having it confirmed, giving it up. Every step asks all places at once."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final, Protocol

import msgspec

from rostra.hosting.fence.records import Claim, Release, claim_key, release_key, signed
from rostra.hosting.fence.survey import survey, survey_from
from rostra.hosting.fence.votes import (
    Shown,
    confirming,
    holder,
    is_majority,
    live,
    released,
    taken_over,
    top_of,
    wait_ms,
    won,
)
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store
from rostra.kernel import ed25519
from rostra.store.lease import Lease, LeaseTime, Term

LEAST_PLACES: Final = 3
_TRIES: Final = 6
_LOOK_S: Final = 10.0
_MS: Final = 1_000_000


def new_token() -> str:
    """A name for a claim that nobody can guess."""
    return secrets.token_hex(16)


class Terms(msgspec.Struct, frozen=True):
    """How long things hold; ms.

    Attributes:
        ttl_ms: a lease, since it was confirmed.
        guard_ms: how much longer whoever comes next waits; it is for clocks of unequal speed.
    """

    ttl_ms: int = 20_000
    guard_ms: int = 5_000

    @property
    def deadline_s(self) -> float:
        """How long a place may take to answer; less than half of the time between two looks."""
        return self.ttl_ms / 6_000

    @property
    def every_s(self) -> float:
        """How often a lease is confirmed."""
        return self.ttl_ms / 3_000


class FenceTime(LeaseTime, Protocol):
    """The clocks of a lease, and waiting by the first of them."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class FenceError(Exception):
    """The fence was not claimed; the text says why and what can be done."""


class Held(FenceError):
    """Somebody else holds it."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(f"{claim.host} holds the fence, by epoch {claim.epoch}")
        self.claim = claim


class Standing(StrEnum):
    """How a claim stands."""

    HOLDS = "holds"
    UNSURE = "unsure"  # too few places answer, or too few show it alone
    LOST = "lost"  # somebody else holds a later epoch


class Mine(msgspec.Struct, frozen=True, kw_only=True):
    """A claim of this installation, and the key that can release it."""

    claim: Claim
    private: bytes


class Won(msgspec.Struct, frozen=True):
    """A claim that was won, and how long it waits before it may write; ms."""

    mine: Mine
    wait_ms: int


class Fence:
    """One installation before its places."""

    def __init__(
        self,
        stores: Sequence[Store],
        *,
        host: str,
        lease: Lease,
        clock: FenceTime,
        terms: Terms = Terms(),  # noqa: B008 (frozen)
        token: Callable[[], str] = new_token,
    ) -> None:
        """Put it together; nothing is asked yet.

        Args:
            stores: the places that have a vote.
            host: what this installation is called.
            lease: what is moved on while the fence is held.
            clock: by which it is measured.
            terms: how long things hold.
            token: makes the name of a claim, which nobody can guess.

        Raises:
            FenceError: there are fewer than three places.
        """
        if len(stores) < LEAST_PLACES:
            raise FenceError(
                f"a fence needs {LEAST_PLACES} places with a vote, and there are {len(stores)}"
            )
        self.stores = tuple(stores)
        self.names = tuple(store.name for store in stores)
        self.host = host
        self.lease = lease
        self.clock = clock
        self.terms = terms
        self._token = token

    async def look(self) -> list[Shown]:
        """What the places show of all epochs; takes longer than a look at one."""
        return await survey(self.stores, max(_LOOK_S, self.terms.deadline_s))

    async def claim(self, *, over: bool) -> Won:
        """Claim the epoch behind the last one.

        Args:
            over: also where another installation holds the fence.

        Raises:
            Held: another one does.
            FenceError: too few places answer, or others claim at the same time again and again.
        """
        for attempt in range(_TRIES):
            shown = await self._majority()
            before = live(shown)
            if before and not over:
                raise Held(max(before, key=lambda claim: claim.epoch))
            mine = self._mine(top_of(shown) + 1)
            await self._create(claim_key(mine.claim.epoch), signed(mine.claim, mine.private))
            # What counts is what they show, not what they have answered: an answer can be lost.
            shown = await self.look()
            if won(mine.claim, shown, before):
                return Won(mine, wait_ms(mine.claim, shown))
            pause = secrets.randbelow(1_000) / 1_000
            await self.clock.sleep(self.terms.deadline_s * (attempt + pause) / _TRIES)
        raise FenceError("others claim the fence at the same time, or too few places take a claim")

    async def again(self, former: Claim) -> Won | None:
        """Claim the next epoch, if this claim of before is the one in force and no other lives.

        For an installation whose machine was started anew: a copy of its disk may have been as
        well, and only one of the two gets the epoch.

        Raises:
            FenceError: too few places answer, or others claim at the same time.
        """
        shown = await self._majority()
        if holder(shown, self.names) != former or live(shown) != [former]:
            return None
        return await self.claim(over=True)

    async def open(self, given: Won) -> Standing:
        """Wait as long as a claim has to, and begin its lease."""
        await self.clock.sleep(given.wait_ms / 1_000)
        return await self.confirm(given.mine)

    async def reopen(self, mine: Mine) -> Standing:
        """Open a claim whose wait was cut short.

        Raises:
            FenceError: too few places answer.
        """
        return await self.open(Won(mine, await self.wait_again_ms(mine)))

    async def wait_again_ms(self, mine: Mine) -> int:
        """How long a claim waits whose wait was cut short: all of it, nobody knows what was left.

        By the lease that others were given, which is not that of the terms here.

        Raises:
            FenceError: too few places answer.
        """
        claim = mine.claim
        return max(wait_ms(claim, await self._majority()), claim.ttl_ms + claim.guard_ms)

    async def confirm(self, mine: Mine) -> Standing:
        """Ask the places; move the lease on if a majority shows the claim and nothing above it."""
        claim, boot, wall = mine.claim, self.clock.boot(), self.clock.wall()
        shown = await survey_from(self.stores, claim.epoch, self.terms.deadline_s)
        if released(claim, shown):  # given up, and started again before that was kept
            self.lease.end()
            return Standing.LOST
        if is_majority(confirming(claim, shown), claim.places):
            span = claim.ttl_ms * _MS
            self.lease.extend(Term(claim.epoch, boot + span, wall + span))
            return Standing.HOLDS
        if taken_over(claim, shown) is not None:
            self.lease.end()
            return Standing.LOST
        return Standing.UNSURE

    async def release(self, mine: Mine) -> bool:
        """Stop writing, and say so at the places; whether a majority has it.

        Only for a claim that was opened: who has waited for another's lease in vain must not tell
        the next one that there is nothing to wait for.
        """
        self.lease.end()
        claim = mine.claim
        now = self.clock.wall() // _MS
        release = Release(epoch=claim.epoch, nonce=claim.nonce, released_at=now)
        told = await self._create(release_key(claim.epoch), signed(release, mine.private))
        return is_majority(told, claim.places)

    async def _majority(self) -> list[Shown]:
        shown = await self.look()
        answered = [each.place for each in shown]
        if not is_majority(answered, self.names):
            silent = ", ".join(name for name in self.names if name not in answered)
            raise FenceError(f"too few places answer: nothing from {silent}")
        return shown

    def _mine(self, epoch: int) -> Mine:
        private = ed25519.new_key()
        claim = Claim(
            epoch=epoch,
            nonce=self._token(),
            host=self.host,
            places=self.names,
            ttl_ms=self.terms.ttl_ms,
            guard_ms=self.terms.guard_ms,
            key=ed25519.public_of(private).hex(),
            claimed_at=self.clock.wall() // _MS,
        )
        return Mine(claim=claim, private=private)

    async def _create(self, key: str, content: bytes) -> list[str]:
        """Create an object at every place; those that have said that it was."""

        async def one(store: Store) -> bool:
            try:
                async with asyncio.timeout(self.terms.deadline_s):
                    return await store.create(key, content)
            except (PlaceFailed, TimeoutError):
                return False

        done = await asyncio.gather(*(one(store) for store in self.stores))
        return [store.name for store, made in zip(self.stores, done, strict=True) if made]
