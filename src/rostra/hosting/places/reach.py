"""Which places are worth asking first: one that has just failed is asked last for a while.

Most reads want one answer from any place. Without this, a place that hangs would cost its whole
deadline each time, for each of thousands of pieces.
"""

import time
from collections.abc import Sequence
from typing import Final
from weakref import WeakKeyDictionary

from rostra.hosting.places.port import Store

WHILE_S: Final = 60.0
_failed_at: WeakKeyDictionary[Store, float] = WeakKeyDictionary()


def failed(store: Store) -> None:
    """A place did not do what it was asked just now."""
    _failed_at[store] = time.monotonic()


def likely_first(stores: Sequence[Store]) -> list[Store]:
    """The places in their order, those that have just failed behind the others."""
    now = time.monotonic()
    return sorted(stores, key=lambda store: now - _failed_at.get(store, -WHILE_S) < WHILE_S)
