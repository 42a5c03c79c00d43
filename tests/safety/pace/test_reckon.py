"""What follows from the counts: percentiles, backlog, forecast, alarms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.safety.categories.model import Category
from rostra.safety.pace import words
from rostra.safety.pace.model import (
    SPANS,
    AlarmState,
    Flow,
    Target,
    Waiting,
)
from rostra.safety.pace.reckon import alarms, flows, forecast


@given(st.integers(1000, 300 * DAY))
def test_a_bucket_stands_for_its_spans(span: int) -> None:
    assert abs(SPANS.middle(SPANS.of(span)) - span) <= 0.08 * span + 1


def test_percentiles_are_of_whole_counts() -> None:
    buckets = {SPANS.of(MINUTE): 94, SPANS.of(HOUR): 5, SPANS.of(DAY): 1}
    assert SPANS.percentile({}, 0.5) is None
    assert SPANS.percentile(buckets, 0.5) == SPANS.middle(SPANS.of(MINUTE))
    assert SPANS.percentile(buckets, 0.95) == SPANS.middle(SPANS.of(HOUR))
    assert SPANS.percentile(buckets, 1) == SPANS.middle(SPANS.of(DAY))


def test_what_was_open_is_reckoned_backwards() -> None:
    counts = {0: (5, 0), HOUR: (1, 4), 3 * HOUR: (0, 2)}
    assert flows(counts, 0, 4 * HOUR, 7) == [
        Flow(0, 5, 0, 12),
        Flow(HOUR, 1, 4, 9),
        Flow(2 * HOUR, 0, 0, 9),
        Flow(3 * HOUR, 0, 2, 7),
    ]


def _hours(*counts: tuple[int, int]) -> list[Flow]:
    return [Flow(at * HOUR, arrived, cleared) for at, (arrived, cleared) in enumerate(counts)]


def test_a_steady_pace_clears_in_its_time_and_says_how_sure_that_is() -> None:
    found = forecast(300, _hours(*[(10, 40)] * 24))
    assert found is not None
    assert (found.hours, found.arriving, found.clearing) == (24, 10, 40)
    assert found.clear_in_ms == 10 * HOUR
    assert found.soonest_ms is not None
    assert found.latest_ms is not None
    # By chance alone: 30 an hour, give or take 1.28 * sqrt(50 / 24).
    assert found.soonest_ms == pytest.approx(300 / (30 + 1.85) * HOUR, rel=0.001)
    assert found.latest_ms == pytest.approx(300 / (30 - 1.85) * HOUR, rel=0.001)
    assert words.forecast(found, 300)[0] == "At this pace what waits is done in 10 hours."
    # Work that is done by fits and starts is less sure.
    rough = forecast(300, _hours(*[(10, 0), (10, 80)] * 12))
    assert rough is not None
    assert (rough.clear_in_ms, rough.latest_ms) > (found.clear_in_ms, found.latest_ms)


def test_a_flood_is_believed_within_three_hours_and_calm_within_a_day() -> None:
    usual = [(5, 10)] * 21
    flood = forecast(100, _hours(*usual, *[(200, 10)] * 3))
    assert flood is not None
    assert (flood.arriving, flood.clear_in_ms, flood.soonest_ms) == (200, None, None)
    assert "never" in words.forecast(flood, 100)[0]
    over = forecast(100, _hours(*[(200, 10)] * 3, *usual))
    assert over is not None
    assert over.arriving > 29


def test_too_little_is_no_forecast_and_nothing_open_is_done() -> None:
    assert forecast(5, _hours((1, 1), (1, 1))) is None
    found = forecast(0, _hours(*[(9, 1)] * 3))
    assert found is not None
    assert (found.clear_in_ms, found.latest_ms) == (0, 0)
    assert words.forecast(found, 0)[0] == "Nothing waits."
    assert "three whole hours" in words.forecast(None, 5)[0]


def test_alarms_come_before_a_target_is_missed() -> None:
    spam = Waiting(category=Category.SPAM, cases=9, due_soon=4)
    hour = {(int(Category.SPAM), Target.DECISION): 1.0}
    assert alarms([spam], hour) == []  # six will be done in the six hours
    (soon,) = alarms([spam], {})
    assert (soon.target, soon.state, soon.cases) == (Target.DECISION, AlarmState.SOON, 4)
    assert words.alarm(soon) == (
        "Spam: 4 cases must be decided within 6 hours; at the present pace none will be"
    )
    late = Waiting(category=Category.SPAM, cases=9, due_soon=4, late=3, unseen=1, unseen_late=1)
    found = alarms([late], hour)  # those that are late are done first
    assert [(each.target, each.state) for each in found] == [
        (Target.LOOK, AlarmState.MISSED),
        (Target.DECISION, AlarmState.MISSED),
        (Target.DECISION, AlarmState.SOON),
    ]
    assert words.alarm(found[0]) == "Spam: 1 case is not looked at in time"


@pytest.mark.parametrize(
    ("ms", "said"),
    [(500, "under a minute"), (MINUTE, "1 minute"), (90 * MINUTE, "90 minutes"),
     (36 * HOUR, "36 hours"), (3 * DAY, "3 days")],
)  # fmt: skip
def test_spans_are_said_so_that_they_can_be_compared(ms: int, said: str) -> None:
    assert words.span(ms) == said
