"""The pages of decisions and reports, with sample data."""

from typing import Any

import msgspec
from tests.web import samples as s
from tests.web.samples import Sample

from rostra.web.pages.reporting import categories
from rostra.web.views import moderation, outside, reports
from rostra.web.views.forms import Option

_STATEMENT = moderation.StatementView(
    id="1",
    created_at=s.NOW,
    heading="Removed",
    done=("It is removed.", "This holds until we take it back."),
    about=("It is about posts of yours: 23.",),
    pieces=(
        moderation.AboutView(what="post", at=s.NOW - s.DAY, words=s.HOSTILE, url="/posts/1"),
        moderation.AboutView(what="post", at=s.NOW - s.DAY, words=s.LONG_WORD),
        moderation.AboutView(what="media", at=s.NOW - s.DAY),
    ),
    more=20,
    ground="It is against a rule of this place: Nobody is insulted here.",
    facts=(s.HOSTILE, s.RTL),
    found=("It was reported to us.", "No machine was used to find it.", "People decided it."),
    words=("Please be kinder.", s.LONG_WORD),
    strikes="It counts 2 against your account until 2027-04-15 08:00 UTC.",
    appeal="If you think that this is wrong, you can appeal until 2027-07-17 08:00 UTC.",
    unread=True,
)
_APPEALED = msgspec.structs.replace(
    _STATEMENT,
    appeal="",
    appealed=("It was a quote.", s.LONG_WORD),
    appealed_at=s.NOW,
    became="The decision stands. You can turn to an out-of-court body, or to a court.",
    answer=("Nobody is quoted there.", s.HOSTILE),
)
_OPEN = msgspec.structs.replace(_STATEMENT, may_appeal=True)
_BACK = msgspec.structs.replace(
    _STATEMENT,
    id="2",
    heading="Your account is frozen",
    taken_back="We have taken this decision back. It does not hold any more.",
    appeal="",
    unread=False,
    pieces=(),
    more=0,
)


_MORE = (
    reports.MoreView(id="5", created_at=s.NOW - s.DAY, words=s.HOSTILE, chosen=True),
    reports.MoreView(id="6", created_at=s.NOW - s.DAY, words=s.LONG_WORD),
    reports.MoreView(id="7", created_at=s.NOW - s.DAY, words=""),
)
_RULES = (Option("1", "Nobody is insulted here.", "Not even once."), Option("2", s.LONG_WORD))
_REPORTS = tuple(
    reports.ReportView(id=str(number), created_at=s.NOW, about=author, category="Harassment",
                       posts=number, words=s.HOSTILE, state=state, decided_at=s.NOW * (number > 0),
                       may_object=number == 2, objection="You were right." * (number == 1))
    for number, (state, author) in enumerate(
        (("open", s.HOSTILE_AUTHOR), ("upheld", None), ("dismissed", s.LONG)))
)  # fmt: skip


def _followed(state: str, **more: Any) -> outside.FollowedView:
    """A report from outside."""
    return outside.FollowedView(
        reference="1887436800001099533", created_at=s.NOW, category="Harassment",
        addresses=("https://rostra.example/@bob/1887436800001099533", s.LONG_WORD),
        words=s.HOSTILE, state=state, by_mail=True, waits_until=s.NOW + s.DAY,
        decided_at=s.NOW, decided_before_at=s.NOW - s.DAY, object_until=s.NOW + s.DAY,
        may_object=state == "dismissed", **more,
    )  # fmt: skip


def moderation_pages() -> list[Sample]:
    """Every page on which members meet moderation."""
    member, visitor = s.shell(), s.shell(member=False)
    return [
        Sample("settings-moderation", member, moderation.StatementsPage(
               statements=(_STATEMENT, _BACK), pager=s.PAGER)),
        Sample("settings-moderation-empty", member, moderation.StatementsPage(statements=())),
        Sample("settings-decision", member, moderation.StatementPage(statement=_STATEMENT)),
        Sample("settings-decision-back", member, moderation.StatementPage(statement=_BACK)),
        Sample("settings-decision-appealed", member, moderation.StatementPage(
               statement=_APPEALED)),
        Sample("settings-decision-wrong", member, moderation.StatementPage(
               statement=_OPEN, form=s.WRONG)),
        Sample("settings-objection", member, reports.ObjectionPage(report=_REPORTS[2])),
        Sample("report-post", member, reports.ReportPage(author=s.TOMAS, post=s.town()[1],
               action="/posts/1/report", categories=categories(), rules=_RULES,
               rules_chosen=("2",), more=_MORE)),
        Sample("report-account", member, reports.ReportPage(author=s.HOSTILE_AUTHOR, form=s.WRONG,
               decided_at=s.NOW - s.DAY,
               action="/accounts/1/report", categories=categories())),
        Sample("settings-reports", member, reports.ReportsPage(reports=_REPORTS, pager=s.PAGER)),
        Sample("settings-reports-empty", member, reports.ReportsPage(reports=())),
        Sample("report-outside", visitor, outside.OutsideReportPage(categories=categories(),
               form=s.WRONG)),
        Sample("report-outside-member", member, outside.OutsideReportPage(
               categories=categories(), member=True, ask_email=False)),
        Sample("report-outside-waiting", visitor, outside.OutsideStatePage(token="t",
               report=_followed("waiting"))),
        Sample("report-outside-dismissed", visitor, outside.OutsideStatePage(token="t",
               report=_followed("dismissed"), form=s.WRONG)),
        Sample("report-outside-objected", visitor, outside.OutsideStatePage(token="t",
               report=_followed("open", objection="You were right.", answers=(s.HOSTILE,)))),
        Sample("report-outside-confirm", visitor, outside.ConfirmReportPage(token="t",
               report=_followed("waiting"))),
        Sample("decision", visitor, moderation.DecisionPage(statement=_OPEN, token="t")),
    ]  # fmt: skip
