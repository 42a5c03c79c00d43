"""Who is asked: drawn by lot, so that nobody picks a panel, and so that it can be checked later."""

from collections.abc import Iterable
from hashlib import sha256


def order(seed: int, account_ids: Iterable[int]) -> list[int]:
    """These members in the order in which the seed draws them.

    Each has a place of their own, whoever else there is: the next one who is drawn for a seat that
    became free is the one who would have come next in the beginning.
    """
    return sorted(account_ids, key=lambda each: (_lot(seed, each), each))


def _lot(seed: int, account_id: int) -> bytes:
    return sha256(f"{seed}:{account_id}".encode()).digest()
