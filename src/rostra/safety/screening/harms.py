"""From which score of a harm on somebody has to look."""

from typing import Final

from rostra.settings import Screening

_OWN: Final = frozenset({"violence", "hate", "harassment", "spam"})


def threshold_of(settings: Screening, harm: str) -> float:
    """The score from which on a case is opened; above 1: never."""
    found: float = getattr(settings, harm if harm in _OWN else "other")
    return found or 2.0
