"""The pace of moderation in words, for the console, terminals and letters to the team."""

from datetime import UTC, datetime
from typing import Final

from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.safety.categories.facts import facts_of
from rostra.safety.pace.model import Alarm, AlarmState, Forecast, Target
from rostra.safety.pace.surge_model import MeasureKind, What

_DONE: Final = {Target.LOOK: "looked at", Target.DECISION: "decided"}
MEASURES: Final = {
    MeasureKind.HOLD_FIRST_POSTS: "First posts of new accounts wait for a look",
    MeasureKind.SLOW_REPLIES: "One post can be answered only so often",
    MeasureKind.CLOSE_SIGN_UP: "Nobody can sign up",
}
_WHAT: Final = {
    What.AGREED: "agreed beforehand",
    What.WITHDRAWN: "agreed no longer",
    What.ON_BY_HAND: "switched on by hand",
    What.ON_BY_FORECAST: "switched on by the forecast",
    What.OFF_BY_HAND: "switched off by hand",
    What.OFF_BY_FORECAST: "over, for the forecast is good again",
    What.OFF_AT_END: "over, for its time has come",
}
_UNITS: Final = ((2 * DAY, DAY, "day"), (2 * HOUR, HOUR, "hour"), (MINUTE, MINUTE, "minute"))


def span(ms: int) -> str:
    """How long something lasts: `90 minutes`, `36 hours`, `3 days`."""
    for least, unit, name in _UNITS:
        if ms >= least:
            number = round(ms / unit)
            return f"{number:,} {name}" if number == 1 else f"{number:,} {name}s"
    return "under a minute"


def forecast(of: Forecast | None, open_now: int) -> tuple[str, str]:
    """When what is open will be done, and how sure that is."""
    if of is None:
        return "Too little is known yet: it takes three whole hours.", ""
    rates = (
        f"{of.arriving:.1f} cases come and {of.clearing:.1f} are done an hour,"
        f" by the last {of.hours} hours."
    )
    if open_now == 0:
        return "Nothing waits.", rates
    if of.clear_in_ms is None:
        said = "At this pace what waits is never done: more comes than is done."
    else:
        said = f"At this pace what waits is done in {span(of.clear_in_ms)}."
    if of.soonest_ms is None:
        return said, rates
    if of.latest_ms is None:
        return said, f"{rates} Four times in five it takes {span(of.soonest_ms)} or longer."
    return (
        said,
        f"{rates} Four times in five it takes {span(of.soonest_ms)} to {span(of.latest_ms)}.",
    )


def alarm(of: Alarm) -> str:
    """What is late, or will be, in a line."""
    name = facts_of(of.category).name
    cases = "1 case" if of.cases == 1 else f"{of.cases:,} cases"
    be, done = ("is" if of.cases == 1 else "are"), _DONE[Target(of.target)]
    if of.state == AlarmState.MISSED:
        return f"{name}: {cases} {be} not {done} in time"
    pace = f"about {of.expected:,.0f}" if of.expected >= 1 else "none"
    within = span(of.within_ms)
    return f"{name}: {cases} must be {done} within {within}; at the present pace {pace} will be"


def switched(measure: int, what: int, until: int) -> str:
    """What was agreed or switched, in a line."""
    end = f", until {datetime.fromtimestamp(until / 1000, UTC):%Y-%m-%d %H:%M} UTC" if until else ""
    return f"{MEASURES[MeasureKind(measure)]}: {_WHAT[What(what)]}{end}"


def of(measure: str) -> str:
    """What a measure of this name does."""
    return MEASURES[MeasureKind[measure.upper()]]
