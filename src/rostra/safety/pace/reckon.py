"""What follows from the counts: percentiles, backlog, forecast, alarms. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from typing import Final

from rostra.kernel.clock import HOUR
from rostra.safety.categories.facts import facts_of
from rostra.safety.pace.model import (
    SPANS,
    Alarm,
    AlarmState,
    Flow,
    Forecast,
    Target,
    Times,
    Waiting,
)

DAY_HOURS: Final = 24
FLOOD_HOURS: Final = 3  # how soon more arrivals than usual are believed
LEAST_HOURS: Final = 3  # that a forecast needs
_Z: Final = 1.2816  # four times in five


def times(buckets: Mapping[int, int], late: int) -> Times:
    """How long something took, by how many fell into each bucket."""
    return Times(
        count=sum(buckets.values()),
        late=late,
        median_ms=SPANS.percentile(buckets, 0.5),
        p95_ms=SPANS.percentile(buckets, 0.95),
    )


def flows(counts: Mapping[int, tuple[int, int]], start: int, end: int, open_now: int) -> list[Flow]:
    """Every hour from start to end (UTC ms), with what was open at its end, reckoned backwards.

    ``counts`` has how many came and went in the hours in which any did.
    """
    found: list[Flow] = []
    open_ = open_now
    for at in range(end - HOUR, start - 1, -HOUR):
        arrived, cleared = counts.get(at, (0, 0))
        found.append(Flow(at, arrived, cleared, max(0, open_)))
        open_ += cleared - arrived
    return found[::-1]


def forecast(open_now: int, hours: Sequence[Flow]) -> Forecast | None:
    """When what is open will be done, from the last whole hours; None: they are too few.

    The next hours are taken to be as the last ones were on average, one independent of the other:
    the last 24 for what is done, for a day has hours of work and of rest; for what arrives the
    last 24 or the last 3, whichever is worse, for a flood must be seen when it begins.
    """
    if len(hours) < LEAST_HOURS:
        return None
    day, flood = hours[-DAY_HOURS:], hours[-FLOOD_HOURS:]
    arrivals = max(
        (_rate([each.arrived for each in some]) for some in (day, flood)),
        key=lambda rate: rate[0],
    )
    clearances = _rate([each.cleared for each in day])
    net = clearances[0] - arrivals[0]
    unsure = _Z * sqrt(arrivals[1] + clearances[1])
    return Forecast(
        hours=len(day),
        arriving=arrivals[0],
        clearing=clearances[0],
        clear_in_ms=_span(open_now, net),
        soonest_ms=_span(open_now, net + unsure),
        latest_ms=_span(open_now, net - unsure),
    )


def _rate(counts: Sequence[int]) -> tuple[float, float]:
    """The mean an hour, and the variance of that mean.

    The hours' own variance, and at least that of things that happen by chance.
    """
    mean = sum(counts) / len(counts)
    spread = sum((each - mean) ** 2 for each in counts) / (len(counts) - 1)
    return mean, max(spread, mean) / len(counts)


def _span(open_now: int, net: float) -> int | None:
    if open_now == 0:
        return 0
    return round(open_now / net * HOUR) if net > 0 else None


def ahead(category: int, target: Target) -> int:
    """How long before the target is missed there is an alarm, in ms: a quarter of it."""
    facts = facts_of(category)
    return (facts.first_look if target is Target.LOOK else facts.decision) // 4


def alarms(waiting: Iterable[Waiting], rates: Mapping[tuple[int, Target], float]) -> list[Alarm]:
    """What is late, and what will be at the present pace (cases an hour, by category and target).

    Those that are late already are done first.
    """
    found: list[Alarm] = []
    for each in waiting:
        counts = {
            Target.LOOK: (each.unseen_late, each.unseen_soon),
            Target.DECISION: (each.late, each.due_soon),
        }
        for target, (late, soon) in counts.items():
            within = ahead(each.category, target)
            expected = rates.get((each.category, target), 0.0) * within / HOUR
            about = {"category": each.category, "target": int(target), "within_ms": within}
            if late:
                found.append(Alarm(state=AlarmState.MISSED, cases=late, **about))
            if soon and late + soon > expected:
                found.append(Alarm(state=AlarmState.SOON, cases=soon, expected=expected, **about))
    return found
