"""The evidence pack: one HTML file with figures and time lines, for a host or a store.

It needs nothing from anywhere else: no script, no picture, no font. What is not known is said.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Final

import msgspec

from rostra.kernel.clock import DAY
from rostra.safety.categories.facts import facts_of
from rostra.safety.edge import Reader, Services
from rostra.safety.transparency import letters, readiness
from rostra.safety.transparency.figures import Outcome, hours, median, percentile
from rostra.safety.transparency.report import Report

DAYS: Final = 60  # that the time line shows
_WIDTH, _HEIGHT = 720, 160
_STYLE: Final = (
    "body{font:16px/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;padding:.3rem;"
    "text-align:left;vertical-align:top}svg{max-width:100%;height:auto}"
)


class Series(msgspec.Struct, frozen=True):
    """What was counted on each of the last days, the oldest first."""

    label: str
    counts: Sequence[int]


async def pack(services: Services, reader: Reader, report: Report) -> str:
    """The file."""
    lines = await readiness.lines(services, reader, report)
    return page(services.settings.site.title, services.clock.now(), report, lines)


def page(title: str, now: int, report: Report, lines: Sequence[readiness.Line]) -> str:
    """The file, from what was counted."""
    told = [row.at for row in report.rows.notices] + [row.at for row in report.rows.orders]
    made = [row.at for row in report.rows.decisions]
    last = min(now, report.period.end - 1)
    series = (
        Series("reports", per_day(told, last)),
        Series("decisions", per_day(made, last)),
        Series("letters", per_day([row.at for row in report.letters], last)),
    )
    parts = (
        f"<h1>How {escape(title)} moderates</h1>",
        (
            f"<p>{report.period.label.replace('/', ' to ')}, counted {_day(report.counted_at)} "
            f"(UTC). {report.reports} reports, {report.decisions} decisions. Nobody has "
            "examined these figures but the program that counted them.</p>"
        ),
        "<h2>Day by day</h2>",
        *(timeline(each, last) for each in series),
        "<h2>How soon, by kind of harm</h2>",
        _pace_table(report),
        "<h2>Letters, and their answers</h2>",
        _table(letters.HEADS, _words(letters.table(report.letters, report.period, now))),
        "<h2>Objections to decisions</h2>",
        _table(
            ("Objections", "Decision stayed", "Taken back", "Open", "Median hours"), _said(report)
        ),
        "<h2>Open now</h2>",
        _open_table(report, now),
        "<h2>What is asked for, and where it can be seen</h2>",
        _lines_table(lines),
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}: moderation</title><style>{_STYLE}</style></head>"
        f"<body>{''.join(parts)}</body></html>\n"
    )


def per_day(times: Iterable[int], last: int) -> list[int]:
    """How many of the times lie on each of the `DAYS` days that end with `last`."""
    counts = [0] * DAYS
    for at in times:
        back = last // DAY - at // DAY
        if 0 <= back < DAYS:
            counts[DAYS - 1 - back] += 1
    return counts


def timeline(series: Series, last: int) -> str:
    """A bar for each day, as SVG, and the same in words."""
    most = max(series.counts, default=0)
    step = _WIDTH / DAYS
    bars = []
    for place, count in enumerate(series.counts):
        tall = _HEIGHT * count / most if most else 0
        bars.append(
            f'<rect x="{place * step:.1f}" y="{_HEIGHT - tall:.1f}" width="{step - 2:.1f}" '
            f'height="{tall:.1f}"/>'
        )
    words = (
        f"{series.label}: {sum(series.counts)} in {DAYS} days up to {_day(last)}, "
        f"{most} on the busiest"
    )
    return (
        f'<figure><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(words)}" '
        f'fill="#2a5db0">{"".join(bars)}</svg><figcaption>{escape(words)}</figcaption></figure>'
    )


def _pace_table(report: Report) -> str:
    rows = [
        (
            facts_of(category).name if category else "All",
            str(pace.decided),
            f"{hours(median(pace.to_look)) or '-'} / {hours(percentile(pace.to_look, 95)) or '-'}",
            (
                f"{hours(median(pace.to_decide)) or '-'} / "
                f"{hours(percentile(pace.to_decide, 95)) or '-'}"
            ),
            f"{pace.in_time} of {pace.timed}",
            str(pace.undone),
        )
        for category, pace in sorted(report.pace.items())
    ]
    heads = (
        "Kind of harm",
        "Decided",
        "Hours to a first look (median / 95 %)",
        "Hours to the decision (median / 95 %)",
        "In time",
        "Taken back",
    )
    return _table(heads, rows)


def _words(rows: Iterable[Iterable[str | int]]) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in rows]


def _said(report: Report) -> list[list[str]]:
    complaints = [row for row in report.rows.complaints if report.period.holds(row.at)]
    outcomes = [row.outcome for row in complaints]
    times = [row.answered_at - row.at for row in complaints if row.answered_at]
    counts = (
        *(len(outcomes), outcomes.count(Outcome.UPHELD), outcomes.count(Outcome.REVERSED)),
        outcomes.count(Outcome.OPEN),
    )
    return _words([(*counts, hours(median(times)) or "-")])


def _open_table(report: Report, now: int) -> str:
    rows = [
        (facts_of(category).name, str(many), hours(max(0, now - since)))
        for category, (many, since) in sorted(report.open.items())
    ]
    return _table(("Kind of harm", "Open cases", "Hours that the oldest waits"), rows)


def _lines_table(lines: Sequence[readiness.Line]) -> str:
    rows = [(line.source, line.asks, line.evidence or f"Missing: {line.missing}") for line in lines]
    return _table(("Who asks", "For what", "Evidence"), rows)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return "<p>Nothing.</p>"
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _day(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d}"
