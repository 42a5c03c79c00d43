"""The evidence pack: what it counts, and that nobody's words become markup."""

from datetime import date
from xml.etree import ElementTree as ET

from rostra.kernel.clock import DAY, HOUR
from rostra.safety.categories.model import Category
from rostra.safety.transparency import pack, templates, words
from rostra.safety.transparency.figures import DecisionRow, NoticeRow, Period, pace
from rostra.safety.transparency.readiness import Line
from rostra.safety.transparency.report import Report

H1 = Period(date(2026, 1, 1), date(2026, 6, 30))
NOW = H1.start + 40 * DAY


def report() -> Report:
    decisions = [
        DecisionRow(
            at=H1.start + 2 * HOUR,
            category=Category.HATE,
            told_at=H1.start,
            looked_at=H1.start + HOUR,
            visibility=(words.Visibility.REMOVED,),
        )
    ]
    notices = [NoticeRow(at=NOW - DAY, category=Category.SPAM) for _ in range(3)]
    return Report(
        period=H1,
        counted_at=NOW,
        rows=templates.Rows(decisions=decisions, notices=notices),
        pace=pace(decisions, H1),
        open={int(Category.SPAM): (26_000, NOW - 3 * DAY)},
        reports=3,
        decisions=1,
    )


def test_days_are_counted_from_the_last_one() -> None:
    counts = pack.per_day([NOW, NOW - DAY, NOW - DAY, NOW - 90 * DAY, NOW + DAY], NOW)
    assert len(counts) == pack.DAYS
    assert counts[-2:] == [2, 1]
    assert sum(counts) == 3


def test_the_time_line_is_sound() -> None:
    drawn = pack.timeline(pack.Series('<"reports">', [0, 4, 2]), NOW)
    root = ET.fromstring(drawn)  # noqa: S314 (we have just made it)
    bars = root.findall(".//rect")
    assert [float(bar.get("height", "")) for bar in bars] == [0.0, 160.0, 80.0]
    assert ET.fromstring(pack.timeline(pack.Series("none", [0, 0]), NOW)) is not None  # noqa: S314 (we have just made it)


def test_what_it_says() -> None:
    lines = [Line("DSA 17", "Reasons", evidence="seen"), Line("X", "Y", missing="<b>all</b>")]
    text = pack.page('<script>alert("x")</script>', NOW, report(), lines)
    assert "<script" not in text
    assert "<b>" not in text
    for told in (
        "3 reports, 1 decisions",
        "<td>26000</td><td>72.0</td>",
        "<td>1.0 / 1.0</td><td>2.0 / 2.0</td><td>1 of 1</td>",
        "Missing: &lt;b&gt;all&lt;/b&gt;",
    ):
        assert told in text, told
    assert "certified" not in text
