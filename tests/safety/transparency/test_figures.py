"""The figures of a period, and the tables of the templates."""

import csv
import io
from datetime import date

import pytest

from rostra.safety.categories.model import Category, Sender
from rostra.safety.transparency import figures, templates, words
from rostra.safety.transparency.figures import (
    HOUR,
    About,
    ComplaintRow,
    DecisionRow,
    NoticeRow,
    OrderRow,
    Outcome,
    Period,
)

H1 = Period(date(2026, 1, 1), date(2026, 6, 30))
IN = H1.start + 5 * HOUR
REMOVED = (words.Visibility.REMOVED,)


def tables(rows: templates.Rows) -> dict[str, list[list[str]]]:
    files = templates.parts(rows, "rostra.example", H1, date(2026, 8, 1), date(2026, 2, 1))
    return {name: list(csv.reader(io.StringIO(text))) for name, text in files.items()}


def row_of(table: list[list[str]], code: str) -> dict[str, str]:
    column = 3
    found = next(line for line in table[1:] if line[column] == code)
    return dict(zip(table[0], found, strict=True))


def test_half_years() -> None:
    assert Period.half_year(date(2026, 6, 30)) == H1
    assert Period.half_year(date(2026, 7, 1)).label == "2026-07-01/2026-12-31"
    assert H1.holds(H1.start)
    assert H1.holds(H1.end - 1)
    assert not H1.holds(H1.end)
    assert not H1.holds(H1.start - 1)


def test_measures_of_ones_own() -> None:
    rows = templates.Rows(
        decisions=[
            DecisionRow(at=IN, category=Category.HATE, visibility=REMOVED, subjects=3),
            DecisionRow(
                at=IN,
                category=Category.HATE,
                account=words.Account.SUSPENDED,
                machine_found=True,
                machine_decided=True,
            ),
            DecisionRow(at=IN, category=Category.SPAM, visibility=REMOVED, source=Sender.MEMBER),
            # These are none: not in the period, nothing restricted, asked for by a notice.
            DecisionRow(at=H1.end, category=Category.HATE, visibility=REMOVED),
            DecisionRow(at=IN, category=Category.HATE),
            DecisionRow(
                at=IN, category=Category.HATE, visibility=REMOVED, source=Sender.TRUSTED_FLAGGER
            ),
            DecisionRow(
                at=IN,
                category=Category.TERRORISM,
                visibility=(words.Visibility.DISABLED,),
                by_law=True,
            ),
        ]
    )
    got = tables(rows)
    terms, law = got["6_own_initiative_TC.csv"], got["5_own_initiative_illegal.csv"]
    hate = row_of(terms, "KEYWORD_HATE_SPEECH")
    assert hate["Number of measures taken at the provider's own initiative "] == "4"
    assert hate["Number of measures taken after detection with solely automated means "] == "1"
    assert hate["Visibility restriction Removal"] == "3"
    assert hate["Account restriction Suspension"] == "1"
    assert row_of(terms, "TOTAL")["Visibility restriction Removal"] == "4"
    assert row_of(law, "TOTAL")["Visibility restriction Disable"] == "1"
    assert row_of(law, "KEYWORD_TERRORIST_CONTENT")["Visibility restriction Disable"] == "1"
    machines = got["8_automated_means.csv"]
    assert [line[6] for line in machines[1:3]] == ["1", "6"]
    assert [line[6] for line in machines[6:8]] == ["1", "5"]


def test_notices_are_what_somebody_calls_illegal() -> None:
    rows = templates.Rows(
        notices=[
            NoticeRow(
                at=IN,
                category=Category.COPYRIGHT,
                items=2,
                decided_at=IN + 3 * HOUR,
                acted=True,
                by_law=True,
            ),
            NoticeRow(at=IN, category=Category.SPAM),  # against the rules of the house
            NoticeRow(at=IN, category=Category.SPAM, source=Sender.OUTSIDER, decided_at=IN + HOUR),
            NoticeRow(
                at=IN,
                category=Category.HATE,
                source=Sender.TRUSTED_FLAGGER,
                decided_at=IN + HOUR // 2,
                acted=True,
                machine_decided=True,
            ),
        ]
    )
    got = tables(rows)
    total = row_of(got["4_notices.csv"], "TOTAL")
    assert total["Number of notices received "] == "3"
    assert total["Number of notices received from Trusted flaggers"] == "1"
    assert total["Median time to take action"] == "1.0"
    assert total["Median time to take action (Trusted Flagger notices)"] == "0.5"
    assert total["Number of actions taken on the basis of the law"] == "1"
    vague = row_of(got["4_notices.csv"], "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE")
    assert vague["Number of notices received "] == "1"
    copyrights = row_of(got["4_notices.csv"], "KEYWORD_COPYRIGHT_INFRINGEMENT")
    items = "Number of specific items of information included in the total number of notices"
    assert copyrights[items] == "2"
    machines = got["8_automated_means.csv"]
    assert [line[6] for line in machines[11:13]] == ["1", "2"]
    assert [line[6] for line in machines[16:18]] == ["1", "0"]


def test_orders_by_country() -> None:
    rows = templates.Rows(
        orders=[
            OrderRow(
                at=IN,
                category=Category.TERRORISM,
                items=4,
                country="DE",
                confirmed_at=IN + HOUR,
                effected_at=IN + 2 * HOUR,
            ),
            OrderRow(at=IN, category=Category.OTHER, country="FR", for_information=True),
        ]
    )
    table = tables(rows)["3_member_states_orders.csv"]
    scopes = [line[5] for line in table[1:]]
    assert list(dict.fromkeys(scopes)) == ["TOTAL", "DE", "FR"]
    total = row_of(table, "TOTAL")
    assert total["Number of orders to act against illegal content received"] == "1"
    assert total["Number of orders to provide information"] == "1"
    effect = "Median time to give effect to the order to act against illegal content"
    assert row_of(table, "KEYWORD_TERRORIST_CONTENT")[effect] == "2.0"
    vague = row_of(table, templates.NOT_SPECIFIED_ORDER)
    assert vague["Number of orders to provide information"] == "1"


def test_complaints() -> None:
    rows = templates.Rows(
        complaints=[
            ComplaintRow(
                at=IN, about=About.VISIBILITY, outcome=Outcome.REVERSED, answered_at=IN + 6 * HOUR
            ),
            ComplaintRow(at=IN, about=About.NOTICE, outcome=Outcome.UPHELD, answered_at=IN + HOUR),
            ComplaintRow(at=IN, about=About.ACCOUNT),
        ],
        suspended_for_notices=2,
    )
    table = tables(rows)["7_appeals_and_recidivism.csv"]
    said = {(line[4], line[5]): line[6] for line in table[1:]}
    assert said[templates.COMPLAINTS, "Total number"] == "3"
    assert said[templates.COMPLAINTS, "Decisions reversed"] == "1"
    assert said[templates.COMPLAINTS, "Median time"] == "1.0"
    assert said[templates.ABOUT[About.ACCOUNT], "Total number"] == "1"
    assert said[templates.SUSPENDED[1], "Total number"] == "2"
    assert len(table) == 1 + 47


def test_the_tables_have_the_form_of_the_templates() -> None:
    got = tables(templates.Rows(words={templates.QUALITATIVE[0]: "=SUM(A1)"}))
    columns = {name: {len(line) for line in table} for name, table in got.items()}
    assert columns == {
        "1_report_identification.csv": {4},
        "3_member_states_orders.csv": {20},
        "4_notices.csv": {25},
        "5_own_initiative_illegal.csv": {37},
        "6_own_initiative_TC.csv": {37},
        "7_appeals_and_recidivism.csv": {8},
        "8_automated_means.csv": {8},
        "11_qualitative.csv": {5},
    }
    # As many rows as the templates: a total, the categories, their keywords and "other" ones.
    lines = {name: len(table) - 1 for name, table in got.items()}
    illegal = 1 + 14 + 61 + 14
    assert lines["5_own_initiative_illegal.csv"] == illegal
    assert lines["3_member_states_orders.csv"] == illegal + 1
    assert lines["4_notices.csv"] == illegal + 1
    assert lines["6_own_initiative_TC.csv"] == illegal + 8
    assert lines["8_automated_means.csv"] == 20
    assert got["1_report_identification.csv"][2][3] == "2026-08-01"
    assert got["11_qualitative.csv"][1][4] == "'=SUM(A1)", "no table program runs what it reads"


def test_pace_by_category() -> None:
    rows = [
        DecisionRow(
            at=IN + took * HOUR,
            category=Category.THREAT_TO_LIFE,
            told_at=IN,
            looked_at=IN + took * HOUR // 2,
            visibility=REMOVED,
            undone=took == 3,
        )
        for took in (1, 2, 3)
    ]
    got = figures.pace([*rows, DecisionRow(at=IN, category=Category.SPAM)], H1)
    threats = got[Category.THREAT_TO_LIFE]
    assert (threats.decided, threats.in_time, threats.timed, threats.undone) == (3, 1, 3, 1)
    assert figures.median(threats.to_decide) == 2 * HOUR
    assert figures.percentile(threats.to_decide, 95) == 3 * HOUR
    assert figures.median(threats.to_look) == HOUR
    assert got[0].decided == 4
    assert got[Category.SPAM].timed == 0


@pytest.mark.parametrize(
    ("times", "middle", "late"),
    [([], None, None), ([7], 7, 7), ([3, 1], 1, 3), (list(range(1, 101)), 50, 95)],
)
def test_of_times(times: list[int], middle: int | None, late: int | None) -> None:
    assert figures.median(times) == middle
    assert figures.percentile(times, 95) == late


def test_hours() -> None:
    assert figures.hours(None) == ""
    assert figures.hours(90 * 60_000) == "1.5"
