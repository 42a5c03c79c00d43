"""The page of the pace of moderation, with sample data."""

from msgspec.structs import replace
from tests.web import samples as s
from tests.web.samples import Sample

from rostra.safety.pace.model import Flow, Forecast, Pace, Row, Waiting
from rostra.web.console.pace import drawings
from rostra.web.views.console_pace import (
    HourRow,
    LogLine,
    MeasureView,
    PacePage,
    PaceRow,
    SurgeView,
)
from rostra.web.views.forms import Option


def _measures() -> SurgeView:
    return SurgeView(
        measures=(
            MeasureView(
                name="slow_replies",
                words=s.LONG_WORD,
                agreed="For 9 hours at most",
                until=s.NOW,
            ),
            MeasureView(name="close_sign_up", words="Nobody can sign up", agreed="For an hour"),
            MeasureView(name="hold_first_posts", words="First posts wait"),
        ),
        log=(LogLine(s.NOW, "Nobody can sign up: switched on by hand"),),
        may=True,
        options=(Option("slow_replies", "One post"),),
    )


def pace_pages() -> list[Sample]:
    """With everything, and with nothing."""
    shell = s.shell()
    assert shell.viewer is not None
    shell = replace(shell, viewer=replace(shell.viewer, moderates=True))
    start = (s.NOW - 72 * s.HOUR) // s.HOUR * s.HOUR
    flows = [
        Flow(start + at * s.HOUR, 12 + at % 9, at % 40 if at % 24 > 8 else 0, 26_000 + 40 * at)
        for at in range(73)
    ]
    waiting = Waiting(category=0, cases=28_880, late=1_204)
    pace = Pace(
        window_ms=s.DAY, counted_until=s.NOW, since=start, rows=(Row(category=0, waiting=waiting),),
        flows=flows, worst=None, alarms=(),
        forecast=Forecast(hours=24, arriving=12, clearing=400, clear_in_ms=74 * s.HOUR,
                          soonest_ms=60 * s.HOUR, latest_ms=None),
    )  # fmt: skip
    row = PaceRow(name="All", arrived=1_204, cleared=12, open=28_880, late=1_204,
                  looked="4 hours, 36 hours", look_met="98 % within 12 hours",
                  decided="5 hours, 3 days", decision_met="41 % within 24 hours")  # fmt: skip
    page = PacePage(
        tabs=s.tabs("Queue", "Decisions", "Pace"), windows=s.tabs("The last day", "The last week"),
        rows=(row, replace(row, name=s.LONG_WORD, url="/console?category=spam", late=0,
                           looked="-", look_met="-")),
        hours=[HourRow(at=each.at, arrived=each.arrived, cleared=each.cleared, open=each.open)
               for each in flows[:3]],
        drawings=drawings(pace, s.NOW), counted_at=s.NOW, forecast="It is done in 3 days.",
        unsure="3 cases come and 400 are done an hour.", worst="late by 36 hours",
        worst_url="/console/cases/1",
        alarms=(("Spam: 3 cases are not decided in time", True, "/console?category=spam"),
                (f"{s.HOSTILE}: 1 case must be decided", False, "/console?category=hate")),
    )  # fmt: skip
    page = replace(page, surge=_measures())
    none = PacePage(
        tabs=page.tabs, windows=page.windows, rows=(replace(row, name="All"),), hours=(),
        drawings=(), alarms=(), forecast="Too little is known yet.",
    )  # fmt: skip
    flood = (("Nobody can sign up", s.NOW, s.NOW), ("One post can be answered", s.NOW, s.NOW))
    shell = replace(shell, site=replace(shell.site, surge=flood))
    return [Sample("console-pace", shell, page), Sample("console-pace-new", shell, none)]
