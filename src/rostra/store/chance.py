"""Pauses that vary by chance, so that those who wait do not all come back at once."""

import random


def around(pause: float, part: float) -> float:
    """A pause that is longer or shorter by up to this part of it."""
    return pause * random.uniform(1 - part, 1 + part)  # noqa: S311 (nothing secret hangs on it)
