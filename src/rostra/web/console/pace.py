"""How moderation keeps pace: figures, drawings, alarms."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from markupsafe import Markup

from rostra.http.response import Response
from rostra.kernel.clock import DAY, HOUR
from rostra.kernel.errors import NotFound
from rostra.kernel.plot import Axis, Frame, Line, counted, linear, plot
from rostra.network.edge import Reader
from rostra.safety.categories.facts import facts_of
from rostra.safety.pace import access, words
from rostra.safety.pace.model import ALL, Alarm, AlarmState, Pace, Row, Times
from rostra.safety.pace.words import span
from rostra.safety.team.model import Permission
from rostra.web.call import PageCall
from rostra.web.console import surge
from rostra.web.console.common import HERE, look_of, tabs, who
from rostra.web.route import GET, MEMBER, Route
from rostra.web.views.console_pace import HourRow, PacePage, PaceRow
from rostra.web.views.parts import Tab

_HERE: Final = f"{HERE}/pace"
_FRAME: Final = Frame(width=640, height=320)
_AHEAD_MS: Final = DAY  # how far the forecast is drawn


class PaceParams(msgspec.Struct, frozen=True, kw_only=True):
    """How far to look back."""

    window: str = "day"


async def show(call: PageCall[PaceParams]) -> Response:
    """The page."""
    params = call.params
    if params.window not in access.WINDOWS:
        raise NotFound("no such window")
    async with call.read() as reader:
        actor = await who(call, reader)
        actor.require(Permission.RECORD)
        measures = await surge.section(call, reader, actor)

    async def work(reader: Reader) -> Pace:
        return await access.pace(call.services, reader, access.WINDOWS[params.window])

    found = await call.services.db.slowly(work)
    worst = found.worst
    said, unsure = words.forecast(found.forecast, found.rows[0].waiting.cases)
    page = PacePage(
        tabs=tabs("pace", actor),
        look=look_of(call.request),
        windows=tuple(
            Tab(
                label=f"The last {name}",
                url=f"{_HERE}?window={name}",
                current=name == params.window,
            )
            for name in access.WINDOWS
        ),
        rows=[_row(row) for row in found.rows],
        hours=[
            HourRow(at=each.at, arrived=each.arrived, cleared=each.cleared, open=each.open)
            for each in reversed(found.flows)
        ],
        drawings=drawings(found, call.now),
        alarms=[_alarm(each) for each in found.alarms],
        forecast=said,
        unsure=unsure,
        worst=_worst(worst.status.deadline_at - call.now) if worst else "",
        worst_url=f"{HERE}/cases/{worst.id}" if worst else "",
        counted_at=found.counted_until,
        surge=measures,
    )
    return await call.page(page)


def _row(row: Row) -> PaceRow:
    facts = None if row.category == ALL else facts_of(row.category)
    return PaceRow(
        name=facts.name if facts else "All",
        url=f"{HERE}?{urlencode({'view': 'due', 'category': facts.slug})}" if facts else "",
        arrived=row.arrived,
        cleared=row.cleared,
        open=row.waiting.cases,
        late=row.waiting.late,
        looked=_times(row.look),
        look_met=_met(row.look, facts.first_look if facts else 0),
        decided=_times(row.decision),
        decision_met=_met(row.decision, facts.decision if facts else 0),
    )


def _times(times: Times) -> str:
    if times.median_ms is None or times.p95_ms is None:
        return "-"
    return f"{span(times.median_ms)}, {span(times.p95_ms)}"


def _met(times: Times, target: int) -> str:
    """The share in time, and the target."""
    if times.met is None:
        return "-"
    # Only what is wholly met is called so.
    share = f"{int(times.met * 100)} %"
    return f"{share} within {span(target)}" if target else share


def _alarm(alarm: Alarm) -> tuple[str, bool, str]:
    view = urlencode({"view": "due", "category": facts_of(alarm.category).slug})
    return words.alarm(alarm), alarm.state == AlarmState.MISSED, f"{HERE}?{view}"


def _worst(left: int) -> str:
    return f"due in {span(left)}" if left > 0 else f"late by {span(-left)}"


def drawings(pace: Pace, now: int) -> Sequence[Markup]:
    """What waits and will, what comes and what is done."""
    flows = pace.flows
    if len(flows) < 2:  # noqa: PLR2004 (a line has two ends)
        return ()
    start = flows[0].at
    came = Line("came", "var(--red)", [(each.at + HOUR - start, each.arrived) for each in flows])
    done = Line("done", "var(--sea)", [(each.at + HOUR - start, each.cleared) for each in flows])
    end = flows[-1].at + HOUR - start
    most = max(max(each.arrived, each.cleared) for each in flows)
    hourly = plot("Cases an hour", _hours(start, end), counted("", most), (came, done), _FRAME)
    return (Markup(_waiting(pace, start, now)), Markup(hourly))  # noqa: S704 (of numbers and fixed words)


def _waiting(pace: Pace, start: int, now: int) -> str:
    past = [(each.at + HOUR - start, each.open) for each in pace.flows[:-1]]
    open_now = pace.flows[-1].open
    lines = [Line("wait", "var(--sea)", [*past, (now - start, open_now)])]
    end, most = now - start, max(each.open for each in pace.flows)
    if pace.forecast is not None:
        net = pace.forecast.clearing - pace.forecast.arriving
        later = max(0.0, open_now - net * _AHEAD_MS / HOUR)
        lasts = min(_AHEAD_MS, pace.forecast.clear_in_ms or _AHEAD_MS)
        points = [(now - start, open_now), (now - start + lasts, later)]
        lines.append(Line("forecast", "var(--red)", points, dashed=True))
        end, most = now - start + _AHEAD_MS, max(most, round(later))
    return plot("Cases that wait", _hours(start, end), counted("", most), lines, _FRAME)


def _hours(start: int, span_ms: int) -> Axis:
    """From an hour on; its days or, where it is short, quarters of days are marked."""
    step = DAY if span_ms > 2 * DAY else 6 * HOUR if span_ms > 8 * HOUR else HOUR
    first = -start % step
    marks = [(at, _mark(start + at)) for at in range(first, span_ms + 1, step)]
    return linear("UTC", span_ms, marks)


def _mark(at: int) -> str:
    moment = datetime.fromtimestamp(at / 1000, UTC)
    return f"{moment:%H:%M}" if at % DAY else f"{moment.day}.{moment.month}."


ROUTES: tuple[Route[Any], ...] = (Route(GET, _HERE, show, MEMBER, params=PaceParams),)
