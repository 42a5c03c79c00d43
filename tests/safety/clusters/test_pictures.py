import random

from rostra.safety.clusters import pictures


def turned(look: bytes, count: int, chance: random.Random) -> bytes:
    bits = sum(1 << at for at in chance.sample(range(256), count))
    return (int.from_bytes(look, "big") ^ bits).to_bytes(32, "big")


def test_all_within_the_distance_share_a_key() -> None:
    chance = random.Random(3)  # noqa: S311 (bits for a test)
    for _ in range(300):
        look = chance.randbytes(32)
        near = turned(look, pictures.FARTHEST, chance)
        assert pictures.distance(look, near) == 31
        assert pictures.same(look, near)
        assert set(pictures.kept(look)) & set(pictures.asked(near))
        assert not pictures.same(look, turned(look, 32, chance))


def test_the_worst_case_shares_a_key_too() -> None:
    # One bit in one part, two in each of the other fifteen: 31 in all, and no part is the same.
    look = bytes(32)
    worst = (int("0001" + "0003" * 15, 16)).to_bytes(32, "big")
    assert pictures.distance(look, worst) == 31
    assert not set(pictures.kept(look)) & set(pictures.kept(worst))
    assert set(pictures.kept(look)) & set(pictures.asked(worst))


def test_keys_are_few_and_fit_a_signed_column() -> None:
    look = bytes(range(32))
    assert len(set(pictures.kept(look))) == 16
    assert len(set(pictures.asked(look))) == 272
    assert set(pictures.kept(look)) <= set(pictures.asked(look))
    assert all(0 < key < 1 << 63 for key in pictures.asked(look))


def test_what_shows_too_little_is_not_compared() -> None:
    assert pictures.usable(bytes(32), 50)
    assert not pictures.usable(bytes(32), 49)
    assert not pictures.usable(b"", 100)
