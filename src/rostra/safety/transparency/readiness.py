"""What stores, hosts and laws ask for, each line with its evidence or with what is missing.

It is a list to work through, not an opinion of a lawyer, and nobody has examined the place.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from rostra.kernel.clock import DAY
from rostra.network.instance import access as instance
from rostra.network.instance.model import PlaceSettings
from rostra.safety.categories.model import Category
from rostra.safety.edge import Reader, Services
from rostra.safety.team import access as team_access
from rostra.safety.team.model import Permission
from rostra.safety.transparency import report as reports
from rostra.safety.transparency.figures import hours, median
from rostra.safety.transparency.letters import Letters, counted
from rostra.safety.transparency.report import Report

_SIX_MONTHS: Final = 183


class Line(msgspec.Struct, frozen=True):
    """One requirement; `missing` empty: `evidence` says where it can be seen."""

    source: str
    asks: str
    evidence: str = ""
    missing: str = ""


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the lines are made from."""

    place: PlaceSettings
    terms: bool
    rules: int
    report: Report
    letters: Letters
    judges: int  # how many of the team may answer appeals
    appeal_days: int

    @property
    def contact(self) -> str:
        """Where people reach the operators."""
        return self.place.contact_email or self.place.contact_username


async def lines(services: Services, reader: Reader, report: Report) -> list[Line]:
    """Every requirement, as things stand now."""
    place = await instance.place(services, reader)
    people = await team_access.team(reader)
    letters = counted(report.letters, report.period, report.counted_at)
    known = _Known(
        place=place.settings,
        terms=place.terms_at(services.clock.now()) is not None,
        rules=len(place.rules),
        report=report,
        letters=letters.get(-1, Letters()),
        judges=sum(each.may(Permission.APPEALS) for each in people),
        appeal_days=services.settings.moderation.appeal_days,
    )
    parts = (_apple, _google, _hosts, _contacts, _laws, _intimate)
    return [line for part in parts for line in part(known)]


async def now(services: Services) -> list[Line]:
    """The same for the half-year that runs, whose figures are an hour old at most."""
    report = await reports.report(services, reports.periods(services.clock.now())[0])
    async with services.db.read() as reader:
        return await lines(services, reader, report)


def _apple(known: _Known) -> Iterable[Line]:
    apple = "Apple App Review 1.2"
    looked = known.report.pace[0].to_look if 0 in known.report.pace else []
    yield Line(
        apple,
        "A filter for objectionable material",
        missing="people decide, and their decisions can stand for later copies; in a flood first "
        "posts can wait; no rule looks at what a new post says",
    )
    yield Line(
        apple,
        "Reports, and timely responses to them",
        evidence=f"{known.report.reports} reports in this half-year; half of the cases were first "
        f"seen within {hours(median(looked))} hours"
        if looked
        else "every post and profile has a report form; none was used in this half-year",
    )
    yield Line(apple, "Blocking abusive people", evidence="members block and mute, at once")
    yield _if(
        apple,
        "Published contact",
        known.contact,
        f"on /about/contact: {known.contact}",
        "no contact is set: contact_email",
    )


def _google(known: _Known) -> Iterable[Line]:
    google, place = "Google Play, user generated content", known.place
    yield _if(
        google,
        "Terms are accepted before anything is published",
        known.terms,
        "whoever joins accepts the terms of /about/terms; new ones are accepted by all",
        "no terms are written down",
    )
    yield _if(
        google,
        "Rules say what is not allowed",
        known.rules,
        f"{known.rules} rules on /about/rules, each version at its address",
        "no rules are written down",
    )
    yield Line(google, "Report and block posts and people", evidence="in the API and on pages")
    wanted = {
        "child_safety_contact_name": place.child_safety_contact_name,
        "child_safety_contact_email": place.child_safety_contact_email,
    }
    unset = [name for name, value in wanted.items() if not value]
    yield _if(
        google,
        "Child safety standards with a named contact",
        not unset,
        f"/about/child-safety names {place.child_safety_contact_name}",
        f"not set: {', '.join(unset)}",
    )


def _hosts(known: _Known) -> Iterable[Line]:
    hosts, got = "AWS and other hosts", known.letters
    answered = f"{got.in_time} of {got.received} letters of this half-year were answered in time"
    yield _if(
        hosts,
        "Letters are answered in time, within 24 hours if they name none",
        not got.late and not got.overdue,
        answered if got.received else "no letter came in this half-year; the desk counts down",
        f"{answered}, {got.late} late, and {got.overdue} are overdue",
    )
    yield _if(
        hosts,
        "Somebody reads what the host writes",
        known.contact,
        f"{known.contact} is published; see that it is also the host's security contact",
        "no contact is set: contact_email",
    )


def _contacts(known: _Known) -> Iterable[Line]:
    place = known.place
    authority = place.authority_contact_email or place.contact_email
    yield _if(
        "DSA 11",
        "A point of contact for authorities, and its languages",
        authority,
        f"on /about/contact: {authority}",
        "not set: authority_contact_email",
    )
    yield _if(
        "DSA 12",
        "A point of contact for people, who choose how to write",
        place.contact_email,
        f"on /about/contact: {place.contact_email}",
        "not set: contact_email",
    )


def _laws(known: _Known) -> Iterable[Line]:
    report = known.report
    restricted = sum(row.restricts for row in report.rows.decisions)
    answered = [row.answered_at - row.at for row in report.rows.complaints if row.answered_at]
    yield Line(
        "DSA 14",
        "How the place moderates, in words that people understand",
        evidence="/about/moderation, made from the settings that hold",
    )
    yield Line(
        "DSA 16",
        "Anybody can report something illegal",
        evidence="/report, without an account; members from every post and profile",
    )
    yield Line(
        "DSA 17",
        "Reasons to whoever is restricted",
        evidence=f"{restricted} decisions with their reasons in this half-year",
    )
    yield _if(
        "DSA 20",
        "Complaints for six months at least",
        known.appeal_days >= _SIX_MONTHS,
        f"{known.appeal_days} days; {len(answered)} answered in this half-year"
        + (f", half of them within {hours(median(answered))} hours" if answered else ""),
        f"moderation.appeal_days is {known.appeal_days}, and {_SIX_MONTHS} are needed",
    )
    yield _if(
        "DSA 20",
        "Complaints are answered by people who did not decide",
        known.judges > 1,
        f"{known.judges} of the team answer; nobody answers about a decision of their own",
        "at least two people have to be able to answer, and nobody about their own decisions",
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


def _intimate(known: _Known) -> Iterable[Line]:
    pace = known.report.pace.get(int(Category.NONCONSENSUAL_INTIMATE))
    late = sum(took > 2 * DAY for took in pace.to_decide) if pace else 0
    yield _if(
        "Take It Down",
        "Intimate pictures go within 48 hours",
        not late,
        f"{pace.decided} decided in this half-year, all within 48 hours"
        if pace
        else "their cases are due within 24 hours; there was none in this half-year",
        f"{late} decided in this half-year took longer",
    )
    yield Line(
        "Take It Down",
        "A request in writing, with a signature, from people without an account",
        missing="/report asks for no signature, and there is no form of its own; letters reach "
        "the notice desk",
    )


def _if(source: str, asks: str, held: object, evidence: str, missing: str) -> Line:
    return Line(source, asks, evidence=evidence) if held else Line(source, asks, missing=missing)
