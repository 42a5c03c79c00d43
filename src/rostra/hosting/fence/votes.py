"""What follows from what the places show: pure functions, and the rule that makes the fence safe.

A claim holds when more than half of the places show it. A lease is worth `ttl` from the moment
before a majority was asked that showed the claim and nothing above it. Any two majorities share a
place; so whoever wins a later epoch has won it after that moment, and waits `ttl` and a guard
before it writes. Then the earlier lease is over by every clock that runs no faster than the guard
allows.
"""

from collections.abc import Collection, Sequence

import msgspec

from rostra.hosting.fence.records import Claim, Release


class Shown(msgspec.Struct, frozen=True):
    """What one place shows of the epochs that were asked for.

    Attributes:
        place: its name.
        claims: by epoch; None: something stands there that is no claim.
        releases: by epoch, of the claim that the place shows.
    """

    place: str
    claims: dict[int, Claim | None]
    releases: dict[int, Release]

    @property
    def top(self) -> int:
        """The highest epoch that anything stands for; 0: none."""
        return max(self.claims, default=0)


def is_majority(voting: Collection[str], places: Collection[str]) -> bool:
    """Whether these are more than half of the places."""
    return 2 * len(set(voting) & set(places)) > len(set(places))


def top_of(shown: Sequence[Shown]) -> int:
    """The highest epoch that anything stands for anywhere."""
    return max((each.top for each in shown), default=0)


def holder(shown: Sequence[Shown], places: Collection[str]) -> Claim | None:
    """The claim in force: the highest one that a majority of the places shows."""
    for epoch in sorted({epoch for each in shown for epoch in each.claims}, reverse=True):
        for claim in _claims(shown, epoch):
            voting = [each.place for each in shown if each.claims.get(epoch) == claim]
            if is_majority(voting, places):
                return claim
    return None


def live(shown: Sequence[Shown]) -> list[Claim]:
    """The claims by which somebody may still write, for all that is known here.

    A place that is silent, or that is none of those that were asked, may still show a claim with
    nothing above it. A claim that could have a majority of its places with these is alive, unless
    its holder has released it.
    """
    seen = {each.place: each for each in shown}
    found = []
    for claim in _every(shown):
        could = [
            place
            for place in claim.places
            if place not in seen
            or (seen[place].claims.get(claim.epoch) == claim and seen[place].top == claim.epoch)
        ]
        if is_majority(could, claim.places) and not released(claim, shown):
            found.append(claim)
    return found


def won(claim: Claim, shown: Sequence[Shown], before: Sequence[Claim] = ()) -> bool:
    """Whether a majority shows the claim: of its own places, and of those of each live one before.

    The second keeps a place that was exchanged from making two majorities that share nothing.
    """
    voting = [each.place for each in shown if each.claims.get(claim.epoch) == claim]
    rounds = [claim.places, *(each.places for each in before)]
    return all(is_majority(voting, places) for places in rounds)


def confirming(claim: Claim, shown: Sequence[Shown]) -> list[str]:
    """The places that show the claim, and nothing above it."""
    return [
        each.place
        for each in shown
        if each.claims.get(claim.epoch) == claim and each.top == claim.epoch
    ]


def released(claim: Claim, shown: Sequence[Shown]) -> bool:
    """Whether a place shows that the holder of this claim has given it up."""
    return any(
        claim.epoch in each.releases and each.claims.get(claim.epoch) == claim for each in shown
    )


def taken_over(claim: Claim, shown: Sequence[Shown]) -> Claim | None:
    """The claim above this one that a majority of its places shows, if there is one."""
    now = holder(shown, claim.places)
    return now if now is not None and now.epoch > claim.epoch else None


def wait_ms(claim: Claim, shown: Sequence[Shown]) -> int:
    """How long a claim that was won must wait before it may write; ms.

    Nothing where the holder of the epoch before has released it, as most places show, or there was
    none, and every place shows the claim: where a place is silent or shows another one, somebody
    else may believe the same.
    """
    unanimous = len(shown) == len(claim.places) and all(
        each.claims.get(claim.epoch) == claim for each in shown
    )
    earlier = [
        found
        for each in shown
        for epoch, found in each.claims.items()
        if found is not None and epoch < claim.epoch
    ]
    if unanimous and _is_free_for(claim, shown):
        return 0
    longest = max((each.ttl_ms for each in earlier), default=claim.ttl_ms)
    guard = max((each.guard_ms for each in earlier), default=claim.guard_ms)
    return max(longest, claim.ttl_ms) + max(guard, claim.guard_ms)


def _is_free_for(claim: Claim, shown: Sequence[Shown]) -> bool:
    """Whether nobody can write by the epoch before: there was none, or its holder has released it.

    A majority has to show both. One place could make up a claim of that epoch together with its
    release, and hide that the true one still holds.
    """
    if claim.epoch == 1:
        return True
    below = [
        Shown(
            each.place,
            {epoch: found for epoch, found in each.claims.items() if epoch < claim.epoch},
            each.releases,
        )
        for each in shown
    ]
    before = holder(below, claim.places)
    if before is None or before.epoch != claim.epoch - 1:
        return False
    return is_majority([each.place for each in below if released(before, [each])], claim.places)


def _every(shown: Sequence[Shown]) -> list[Claim]:
    """All claims that anybody shows, each once."""
    found: list[Claim] = []
    for epoch in sorted({epoch for each in shown for epoch in each.claims}):
        found += _claims(shown, epoch)
    return found


def _claims(shown: Sequence[Shown], epoch: int) -> list[Claim]:
    found: list[Claim] = []
    for each in shown:
        claim = each.claims.get(epoch)
        if claim is not None and claim not in found:
            found.append(claim)
    return found
