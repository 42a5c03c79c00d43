"""What stores, hosts and laws ask for, each line with its evidence or with what is missing.

It is a list to work through, not an opinion of a lawyer, and nobody has examined the place.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from rostra.network.instance import access as instance
from rostra.safety.edge import Reader, Services
from rostra.safety.transparency.figures import hours, median
from rostra.safety.transparency.report import Report

_SIX_MONTHS: Final = 183


class Line(msgspec.Struct, frozen=True):
    """One requirement; `missing` empty: `evidence` says where it can be seen."""

    source: str
    asks: str
    evidence: str = ""
    missing: str = ""


async def lines(services: Services, reader: Reader, report: Report) -> list[Line]:
    """Every requirement, as things stand now."""
    place = await instance.place(services, reader)
    settings = services.settings
    contact = settings.site.contact_email or place.settings.contact_username
    terms = place.terms_at(services.clock.now())
    return [
        *_stores(report, contact=contact, terms=terms is not None, rules=len(place.rules)),
        *_hosts(contact=contact),
        *_laws(report, appeal_days=settings.moderation.appeal_days),
    ]


def _stores(report: Report, *, contact: str, terms: bool, rules: int) -> Iterable[Line]:
    apple, google = "Apple App Review 1.2", "Google Play, user generated content"
    looked = report.pace[0].to_look if 0 in report.pace else []
    yield Line(
        apple,
        "A filter for objectionable material",
        missing="posts are held or refused by hand only; automatic rules are not there",
    )
    yield Line(
        apple,
        "Reports, and timely responses to them",
        evidence=f"{report.reports} reports in this half-year; half of the cases were first seen "
        f"within {hours(median(looked))} hours"
        if looked
        else "reports can be made over the API; none was seen in this half-year",
    )
    yield Line(apple, "Blocking abusive people", evidence="members block and mute, at once")
    yield _if(apple, "Published contact", contact, f"on /about: {contact}", "no contact is set")
    yield _if(
        google,
        "Terms are accepted before anything is published",
        terms,
        "whoever joins accepts the terms of /about/terms; new ones are accepted by all",
        "no terms are written down",
    )
    yield _if(
        google,
        "Rules say what is not allowed",
        rules,
        f"{rules} rules on /about",
        "no rules are written down",
    )
    yield Line(google, "Report and block posts and people", evidence="in the API and on pages")
    yield Line(
        google,
        "Child safety standards with a named contact",
        missing="look whether such a page is there, and who is named on it",
    )


def _hosts(*, contact: str) -> Iterable[Line]:
    yield Line(
        "AWS and other hosts",
        "Letters are answered within 24 hours",
        missing="see the notice desk for each letter; this list does not count them",
    )
    yield _if(
        "AWS and other hosts",
        "Somebody reads what the host writes",
        contact,
        f"{contact} is published; see that it is also the host's security contact",
        "no contact is set",
    )


def _laws(report: Report, *, appeal_days: int) -> Iterable[Line]:
    restricted = sum(row.restricts for row in report.rows.decisions)
    answered = sum(row.answered_at > 0 for row in report.rows.complaints)
    yield Line("DSA 16", "Anybody can report something illegal", evidence="reports by members")
    yield Line(
        "DSA 17",
        "Reasons to whoever is restricted",
        evidence=f"{restricted} decisions with their reasons in this half-year",
    )
    yield _if(
        "DSA 20",
        "Complaints for six months at least",
        appeal_days >= _SIX_MONTHS,
        f"{appeal_days} days; {answered} answered in this half-year",
        f"moderation.appeal_days is {appeal_days}, and {_SIX_MONTHS} are needed",
    )
    yield Line(
        "DSA 24",
        "Reports, and statements for the Commission's database",
        evidence="/about/transparency and `rostra transparency statements`",
    )
    yield Line(
        "DSA 24",
        "Average monthly recipients in the Union, every six months",
        missing="they are not counted by country",
    )
    yield Line(
        "Take It Down",
        "Intimate pictures go within 48 hours",
        missing="their cases are due within 24 hours; requests with a signature are not there",
    )


def _if(source: str, asks: str, held: object, evidence: str, missing: str) -> Line:
    return Line(source, asks, evidence=evidence) if held else Line(source, asks, missing=missing)
