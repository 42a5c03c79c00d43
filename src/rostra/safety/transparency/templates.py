"""The transparency report as CSV, by the templates of Implementing Regulation (EU) 2024/2835.

Annex I has eleven parts. Part 2 names categories of a provider's own, and we have none; parts 9 and
10 bind very large platforms only. Columns and rows stand as in the templates, with their spaces.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from rostra.safety.categories.dsa import KEYWORDS, OTHER_KEYWORD, DsaCategory
from rostra.safety.transparency import figures, words
from rostra.safety.transparency.figures import About, Outcome, Period, hours, median

ALL: Final = "All"
HOSTING: Final = "Only for providers of hosting services, including online platforms"
PLATFORMS: Final = "Only for providers of online platforms"
NOT_SPECIFIED_ORDER: Final = "STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER"

_BASE: Final = ("Applicability", "Service", "Reporting period")
_OTHER: Final = 'Description of the sub-category "Other"'
_BY_INDICATOR: Final = (*_BASE, "Section", "Indicator", "Scope", "Value", "Contextual Information")
_NOTICES: Final = (
    "Number of notices received ",
    "Number of notices received from Trusted flaggers",
    "Number of specific items of information included in the total number of notices",
    (
        "Number of specific items of information included in the total number of notices by"
        " Trusted Flaggers (Trusted Flagger notices)"
    ),
    "Median time to take action",
    "Median time to take action (Trusted Flagger notices)",
    "Number of actions taken on the basis of the law",
    "Number of actions taken on the basis of the law (Trusted Flagger notices)",
    "Number of actions taken on the basis of the terms and conditions of the service",
    (
        "Number of actions taken on the basis of the terms and conditions of the service"
        " (Trusted Flagger notices)"
    ),
)
_ORDERS: Final = (
    "Number of orders to act against illegal content received",
    (
        "Number of specific items of information included in the total number of orders to act"
        " against illegal content"
    ),
    (
        "Median time to inform the authority of the receipt of the order to act against illegal"
        " content"
    ),
    "Median time to give effect to the order to act against illegal content",
    "Number of orders to provide information",
    "Median time to inform the authority of the receipt of the order to provide information",
    "Median time to give effect to the order to provide information",
)
_MEASURES: Final = (
    "Number of measures taken at the provider's own initiative ",
    "Number of measures taken after detection with solely automated means ",
    "Visibility restriction Removal",
    "Visibility restriction Disable",
    "Visibility restriction Demoted",
    "Visibility restriction Age restricted",
    "Visibility restriction Interaction restricted",
    "Visibility restriction Labelled ",
    "Visibility restriction Other",
    "Monetary restriction Suspension",
    "Monetary restriction Termination",
    "Monetary restriction Other",
    "Provision of the service Suspension",
    "Provision of the service Termination",
    "Account restriction Suspension",
    "Account restriction Termination",
)
ABOUT: Final = {
    About.VISIBILITY: "Complaint regarding a decision to remove or disable access to or restrict"
    " visibility of information",
    About.SERVICE: "Complaint regarding a decision to suspend or terminate the provision of the"
    " service",
    About.ACCOUNT: "Complaint regarding a decision to suspend or terminate an account ",
    About.MONEY: "Complaint regarding a decision to restrict the ability to monetise information",
    About.NOTICE: "Complaint regarding a decision not to take action on a notice submitted in"
    " accordance with Article 16",
    About.FLAGGER: "Complaint regarding a decision not to take action on a notice submitted by a"
    " Trusted Flagger in accordance with Article 16",
}
COMPLAINTS: Final = "Number of complaints submitted to the internal-complaints mechanism"
_DISPUTES: Final = "Number of disputes submitted to out-of-court dispute settlement bodies"
SUSPENDED: Final = (
    "Number of suspensions enacted for the provision of manifestly illegal content ",
    "Number of suspensions enacted for the provision of manifestly unfounded notices",
    "Number of suspensions enacted for the provision of manifestly unfounded complaints",
)
_OUTCOMES: Final = (
    ("Decisions upheld", Outcome.UPHELD),
    ("Decisions partially reversed", Outcome.PARTLY),
    ("Decisions reversed", Outcome.REVERSED),
)
QUALITATIVE: Final = (
    "Summary of the content moderation engaged in at the providers\u2019 own initiative",
    (
        "Meaningful and comprehensible information regarding content moderation engaged in at the"
        " providers' own initiative"
    ),
    "Qualitative description of the automated means",
    (
        "Qualitative description of indicators of accuracy and possible rate of error of automated"
        " means"
    ),
    "Specification of the precise purposes to apply automated means",
    "Safeguards applied to the use of automated means",
)

Row = Sequence[str | int]


class Rows(msgspec.Struct, kw_only=True):
    """What a report is made from."""

    decisions: Sequence[figures.DecisionRow] = ()
    notices: Sequence[figures.NoticeRow] = ()
    orders: Sequence[figures.OrderRow] = ()
    complaints: Sequence[figures.ComplaintRow] = ()
    suspended_for_content: int = 0
    suspended_for_notices: int = 0
    suspended_for_complaints: int = 0
    words: Mapping[str, str] = {}  # what operators wrote for `QUALITATIVE`


def parts(
    rows: Rows, service: str, period: Period, published: date, previous: date | None = None
) -> dict[str, str]:
    """The files of a report, by name, in UTF-8."""
    base = (service, period.label)
    return {
        "1_report_identification.csv": _identification(service, period, published, previous),
        "3_member_states_orders.csv": _orders(rows, base, period),
        "4_notices.csv": _notices(rows, base, period),
        "5_own_initiative_illegal.csv": _measures(rows, base, period, by_law=True),
        "6_own_initiative_TC.csv": _measures(rows, base, period, by_law=False),
        "7_appeals_and_recidivism.csv": _complaints(rows, base, period),
        "8_automated_means.csv": _machines(rows, base, period),
        "11_qualitative.csv": _qualitative(rows, base),
    }


def codes(*leave_out: DsaCategory, end: str = "") -> list[str]:
    """The rows of parts 3 to 6: the total, then each category and its keywords, and `end`.

    The catch-all categories stand last, as in the templates.
    """
    last = (DsaCategory.TERMS, DsaCategory.NOT_SPECIFIED)
    ordered = [each for each in DsaCategory if each not in last] + list(last)
    found = [figures.TOTAL]
    for category in ordered:
        if category not in leave_out:
            keywords = (*KEYWORDS[category], OTHER_KEYWORD) if KEYWORDS[category] else ()
            found += [category, *keywords]
    return [*found, end] if end else found


def _identification(service: str, period: Period, published: date, previous: date | None) -> str:
    said = (
        ("Name of the service provider", service),
        ("Date of the publication of the report", published.isoformat()),
        (
            "Date of the publication of the latest previous report",
            previous.isoformat() if previous else "",
        ),
        ("Starting date of reporting period", period.first.isoformat()),
        ("Ending date of reporting period", period.last.isoformat()),
    )
    head = ("Applicability", "Service", "Indicator", "Value")
    return written(head, ((ALL, service, name, value) for name, value in said))


def _orders(rows: Rows, base: tuple[str, str], period: Period) -> str:
    head: tuple[str, ...] = (*_BASE, "Category of illegal content", _OTHER, "Scope", *_ORDERS)
    head += tuple(f"Contextual information on {_lower(name)}" for name in _ORDERS)
    got = [row for row in rows.orders if period.holds(row.at)]
    countries = ("TOTAL", *sorted({row.country for row in got if row.country}))

    def lines() -> Iterable[Row]:
        for scope in countries:
            there = [row for row in got if scope in {"TOTAL", row.country}]
            for code in codes(
                DsaCategory.TERMS, DsaCategory.NOT_SPECIFIED, end=NOT_SPECIFIED_ORDER
            ):
                yield (ALL, *base, code, "", scope, *_of_orders(there, code))

    return written(head, lines())


def _of_orders(rows: Sequence[figures.OrderRow], code: str) -> Row:
    here = [row for row in rows if code in _order_codes(row.category)]
    act = [row for row in here if not row.for_information]
    tell = [row for row in here if row.for_information]
    return (
        len(act),
        sum(row.items for row in act),
        hours(median([row.confirmed_at - row.at for row in act if row.confirmed_at])),
        hours(median([row.effected_at - row.at for row in act if row.effected_at])),
        len(tell),
        hours(median([row.confirmed_at - row.at for row in tell if row.confirmed_at])),
        hours(median([row.effected_at - row.at for row in tell if row.effected_at])),
    )


def _order_codes(category: int) -> tuple[str, ...]:
    found = figures.codes_of(category)
    vague = {DsaCategory.TERMS, DsaCategory.NOT_SPECIFIED} & set(found)
    return (figures.TOTAL, NOT_SPECIFIED_ORDER) if vague else found


def _notices(rows: Rows, base: tuple[str, str], period: Period) -> str:
    head: tuple[str, ...] = (*_BASE, "Category of illegal content", _OTHER, *_NOTICES)
    head += tuple(f"Contextual information on {name}" for name in _NOTICES)
    every = figures.notices(rows.notices, period, flaggers=False)
    flaggers = figures.notices(rows.notices, period, flaggers=True)
    left = figures.Notices()

    def lines() -> Iterable[Row]:
        for code in codes(DsaCategory.TERMS):
            got, trusted = every.get(code, left), flaggers.get(code, left)
            if code == DsaCategory.NOT_SPECIFIED and DsaCategory.TERMS in every:
                got = _sum(got, every[DsaCategory.TERMS])
                trusted = _sum(trusted, flaggers.get(DsaCategory.TERMS, left))
            yield (
                *(HOSTING, *base, code, ""),
                *(got.received, trusted.received, got.items, trusted.items),
                *(hours(median(got.times)), hours(median(trusted.times))),
                *(got.by_law, trusted.by_law, got.by_terms, trusted.by_terms),
            )

    return written(head, lines())


def _sum(one: figures.Notices, other: figures.Notices) -> figures.Notices:
    return figures.Notices(
        one.received + other.received,
        one.items + other.items,
        one.by_law + other.by_law,
        one.by_terms + other.by_terms,
        one.machine_decided + other.machine_decided,
        one.by_people + other.by_people,
        one.times + other.times,
    )


def _measures(rows: Rows, base: tuple[str, str], period: Period, *, by_law: bool) -> str:
    law, terms = (
        "Category of illegal content",
        "Category of incompatibility with the provider's terms and conditions",
    )
    head: tuple[str, ...] = (*_BASE, law if by_law else terms, _OTHER, *_MEASURES)
    head += tuple(f"Contextual Information on {name}" for name in _MEASURES)
    taken = figures.measures(rows.decisions, period, by_law=by_law)
    none = figures.Measures()
    left_out = (DsaCategory.NOT_SPECIFIED, *((DsaCategory.TERMS,) if by_law else ()))

    def lines() -> Iterable[Row]:
        for code in codes(*left_out):
            got = taken.get(code, none)
            yield (
                *(ALL, *base, code, "", got.taken, got.machine_found),
                *(got.visibility.get(each, 0) for each in words.Visibility),
                *(0, 0, 0, 0, 0),  # no payments, and the service as a whole is never withheld
                *(got.account.get(each, 0) for each in words.Account),
            )

    return written(head, lines())


def _complaints(rows: Rows, base: tuple[str, str], period: Period) -> str:
    by_about = figures.complaints(rows.complaints, period)
    every = figures.Complaints()
    newly = 0
    for row in rows.complaints:
        if period.holds(row.at):
            every.add(row)
            newly += row.newly_restricted

    def lines() -> Iterable[Row]:
        section = "Internal complaints mechanism"
        platforms = (PLATFORMS, *base, section)
        yield (ALL, *base, section, COMPLAINTS, "Total number", every.total)
        for scope, value in _scopes(every):
            yield (*platforms, COMPLAINTS, scope, value)
        omitted = every.outcomes.get(Outcome.OMITTED, 0)
        yield (*platforms, COMPLAINTS, "Decision omitted", omitted)
        restricted = "Number of restrictions newly imposed as a result of an internal complaint"
        yield (*platforms, restricted, "Total number", newly)
        for about, indicator in ABOUT.items():
            got = by_about.get(about, figures.Complaints())
            yield (*platforms, indicator, "Total number", got.total)
            for scope, value in _scopes(got):
                yield (*platforms, indicator, scope, value)
        for scope in _DISPUTE_SCOPES:
            yield (
                *(PLATFORMS, *base, "Out-of-court dispute settlement bodies"),
                *(_DISPUTES, scope, "", "Not recorded by the software"),
            )
        suspended = (
            rows.suspended_for_content,
            rows.suspended_for_notices,
            rows.suspended_for_complaints,
        )
        for indicator, value in zip(SUSPENDED, suspended, strict=True):
            section = "Suspensions imposed on repeated offenders"
            yield (PLATFORMS, *base, section, indicator, "Total number", value)

    return written(_BY_INDICATOR, lines())


_DISPUTE_SCOPES: Final = (
    "Total number",
    *(scope for scope, _ in _OUTCOMES),
    "Median time",
    "Decision omitted",
    "Percentage of outcomes implemented",
)


def _scopes(got: figures.Complaints) -> Iterable[tuple[str, str | int]]:
    for scope, outcome in _OUTCOMES:
        yield scope, got.outcomes.get(outcome, 0)
    yield "Median time", hours(median(got.times))


def _machines(rows: Rows, base: tuple[str, str], period: Period) -> str:
    section = "Use of automated means for content moderation"
    own = [row for row in rows.decisions if not row.by_notice]
    every = figures.notices(rows.notices, period, flaggers=False).get(figures.TOTAL)
    flaggers = figures.notices(rows.notices, period, flaggers=True).get(figures.TOTAL)
    none = figures.Notices()
    measures = (
        "Number of measures solely taken by automated means ",
        ("Number of measures not taken by automated means"),
    )
    processed = (
        "Number of notices solely processed by automated means ",
        ("Number of notices not processed by automated means"),
    )
    told, trusted = every or none, flaggers or none
    counts = (
        (ALL, "Total number", measures, figures.machine_share(rows.decisions, period)),
        (ALL, "Own-initiative ", measures, figures.machine_share(own, period)),
        (HOSTING, "NAM Total", processed, (told.machine_decided, told.by_people)),
        (PLATFORMS, "NAM Trusted Flagger", processed, (trusted.machine_decided, trusted.by_people)),
    )

    def lines() -> Iterable[Row]:
        for applies, scope, indicators, values in counts:
            for indicator, value in zip(indicators, values, strict=True):
                yield (applies, *base, section, indicator, scope, value)
            for measure in ("Accuracy", "Precision", "Recall"):
                indicator = f"Accuracy of the automated means - {measure}"
                yield (applies, *base, section, indicator, scope, "", "Not measured")

    return written(_BY_INDICATOR, lines())


def _qualitative(rows: Rows, base: tuple[str, str]) -> str:
    lines = ((ALL, *base, name, rows.words.get(name, "")) for name in QUALITATIVE)
    return written((*_BASE, "Indicator", "Value"), lines)


def written(head: Sequence[str], lines: Iterable[Row]) -> str:
    """A table as CSV (RFC 4180), lines filled up to the width of the head.

    A text that a table program would take for a formula gets a quotation mark in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    for line in lines:
        cells = [_safe(cell) for cell in line]
        writer.writerow(cells + [""] * (len(head) - len(cells)))
    return out.getvalue()


def _safe(cell: str | int) -> str:
    text = str(cell)
    formula = isinstance(cell, str) and text.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{text}" if formula else text


def _lower(name: str) -> str:
    """Only the first heading is spelt in small letters in part 3."""
    return name if name.startswith("Median") or "provide" in name else name[0].lower() + name[1:]
