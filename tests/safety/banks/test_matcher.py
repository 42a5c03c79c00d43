"""What a matcher finds is what counting the bits of every hash finds, however many there are."""

import random

import pytest

from rostra.safety.banks.matcher import FEW, MOST_FOUND, Matcher
from rostra.safety.banks.model import Hashes, HashKind
from rostra.safety.banks.pdq import FARTHEST, distance

PDQ, SHA = int(HashKind.PDQ), int(HashKind.SHA256)


def turned(look: bytes, bits: int, chance: random.Random) -> bytes:
    """The same with so many bits turned."""
    mask = sum(1 << at for at in chance.sample(range(256), bits))
    return (int.from_bytes(look, "big") ^ mask).to_bytes(32, "big")


def spread(look: bytes, chance: random.Random) -> bytes:
    """The same with 31 bits turned, so that no part is left alone but one: the worst case."""
    bits = 0
    for part in range(16):
        for at in chance.sample(range(16), 1 if part == 0 else 2):
            bits |= 1 << (part * 16 + at)
    return (int.from_bytes(look, "big") ^ bits).to_bytes(32, "big")


@pytest.mark.parametrize("many", [0, 1, 50, FEW, FEW + 1, 3 * FEW])
def test_everything_within_the_distance_is_found_and_nothing_else(many: int) -> None:
    chance = random.Random(many)  # noqa: S311 (the same in every run)
    rows = [(number, PDQ, chance.randbytes(32)) for number in range(1, many + 1)]
    matcher = Matcher(rows)
    assert len(matcher) == many
    assert matcher.find(Hashes(pdq=chance.randbytes(32))) == []
    for item_id, _, look in rows[:: max(1, many // 40)]:
        for bits in (0, 1, 16, FARTHEST):
            near = turned(look, bits, chance)
            assert matcher.find(Hashes(pdq=near)) == [(item_id, PDQ, bits)]
        assert distance(look, worst := spread(look, chance)) == FARTHEST
        assert matcher.find(Hashes(pdq=worst)) == [(item_id, PDQ, FARTHEST)]
        assert matcher.find(Hashes(pdq=turned(look, FARTHEST + 1, chance))) == []


@pytest.mark.parametrize("more", [0, FEW])
def test_the_nearest_come_first_and_they_are_bounded(more: int) -> None:
    chance = random.Random(7)  # noqa: S311 (the same in every run)
    look = chance.randbytes(32)
    rows = [(bits + 1, PDQ, turned(look, bits, chance)) for bits in range(FARTHEST + 1)]
    rows += [(1000 + number, PDQ, chance.randbytes(32)) for number in range(more)]
    chance.shuffle(rows)
    found = Matcher(rows).find(Hashes(pdq=look))
    assert found == [(bits + 1, PDQ, bits) for bits in range(MOST_FOUND)]


def test_files_are_told_byte_for_byte() -> None:
    chance = random.Random(8)  # noqa: S311 (the same in every run)
    digest = chance.randbytes(32)
    matcher = Matcher([(1, SHA, digest), (2, PDQ, chance.randbytes(32))])
    assert matcher.find(Hashes(sha256=digest)) == [(1, SHA, 0)]
    assert matcher.find(Hashes(sha256=turned(digest, 1, chance))) == []
    assert matcher.find(Hashes(pdq=digest)) == []  # the bits of one kind say nothing of the other
    assert matcher.find(Hashes()) == []
