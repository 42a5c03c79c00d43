"""The place of a case in the queue: when it is due, less the head start that harm is worth.

The rank does not change while time passes, so the queue is one index and nothing has to be counted
anew: what waits comes closer to its turn because everything that comes later is due later. Head
starts of severity are further apart than any backlog is long, so a threat to somebody's life never
waits behind a heap of spam, however old.
"""

from math import log2

from rostra.kernel.clock import DAY, HOUR
from rostra.safety.cases.model import CaseState, Reason, Status
from rostra.safety.categories.model import Sender, Severity
from rostra.safety.reports.model import ORDINARY

SEVERITY_MS = {
    Severity.LOW: 0,
    Severity.MEDIUM: 3 * DAY,
    Severity.HIGH: 30 * DAY,
    Severity.CRITICAL: 365 * DAY,
}
LETTER_MS = 14 * DAY
TRUSTED_MS = 7 * DAY

# Each doubling of those it has reached, and of what is said, is worth so much; up to so much.
_REACH_MS, _MOST_REACH_MS = 2 * HOUR, 36 * HOUR
_WEIGHT_MS, _MOST_WEIGHT_MS = 4 * HOUR, 36 * HOUR
# What a signal is quite sure of comes sooner by so much; what it is less sure of, by less.
_SURE_MS = 36 * HOUR
_WHOLE = 1_000
# Somebody waits for an answer, and nobody sees it before.
WAITS_MS = 60 * DAY
# What carries no weight (nobody who is listened to has said it) waits a little longer.
_WEIGHTLESS_MS = -12 * HOUR

_LETTERS = tuple(sender for sender in Sender if sender.writes_letters)


def rank_of(status: Status) -> tuple[int, tuple[Reason, ...]]:
    """The rank (UTC ms, the lower the sooner) and what it is made of."""
    reasons = [Reason("deadline", value=status.deadline_at)]
    severity = SEVERITY_MS[Severity(status.severity)]
    reasons.append(Reason("severity", severity, status.severity))
    if status.has_source(*_LETTERS):
        reasons.append(Reason("letter", LETTER_MS))
    elif status.has_source(Sender.TRUSTED_FLAGGER):
        reasons.append(Reason("trusted", TRUSTED_MS))
    if status.waits and status.state == CaseState.OPEN:
        reasons.append(Reason("waits", WAITS_MS))
    reasons.append(Reason("signals", _SURE_MS * status.score // _WHOLE, status.score))
    reach = min(_MOST_REACH_MS, round(_REACH_MS * log2(1 + status.reach)))
    reasons.append(Reason("reach", reach, status.reach))
    reasons.append(Reason("reports", _of_reports(status), status.reports_count))
    kept = tuple(reason for reason in reasons if reason.sooner_ms or reason.name == "deadline")
    if status.decision_id and status.state == CaseState.OPEN:
        kept += (Reason("decided_before"),)
    return status.deadline_at - sum(reason.sooner_ms for reason in kept), kept


def _of_reports(status: Status) -> int:
    if not status.reports_count:
        return 0
    if status.weight <= 0:
        return _WEIGHTLESS_MS
    return min(_MOST_WEIGHT_MS, round(_WEIGHT_MS * log2(1 + status.weight / ORDINARY)))
