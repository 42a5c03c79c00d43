"""How much a report counts, by how often the reporter's earlier ones were upheld.

As in Discourse, nothing is made of the first few, what is known counts the more the more is known,
and nobody counts less than nothing.
"""

from math import log

from rostra.safety.categories.model import Sender
from rostra.safety.reports.model import ORDINARY, Record

LEAST_DECIDED = 6
"""So many reports must have been decided before their outcome counts."""

_ALL_IS_KNOWN = 64  # decided reports from which on the outcome counts in full
_TRUSTED = 5 * ORDINARY


def weight_of(source: Sender, record: Record) -> int:
    """The weight of a report, in thousandths of one by somebody of whom nothing is known.

    From 0 (64 or more dismissed, none upheld) to 2,000 (64 or more upheld, none dismissed); five
    times an ordinary one for a trusted flagger and for a letter.
    """
    if source is Sender.TRUSTED_FLAGGER or source.writes_letters:
        return _TRUSTED
    if record.decided < LEAST_DECIDED:
        return ORDINARY
    known = min(1.0, log(record.decided) / log(_ALL_IS_KNOWN))
    lean = 2 * record.upheld / record.decided - 1
    return max(0, round(ORDINARY * (1 + lean * known)))
