"""The record and the team in the console, with sample data."""

from msgspec.structs import replace
from tests.web import samples as s
from tests.web.pages_console import team_shell
from tests.web.samples import Sample

from rostra.web.views import console_record as r
from rostra.web.views import console_rules as h
from rostra.web.views.forms import Form, Option


def record_pages() -> list[Sample]:
    """Every page of the record, and of the team."""
    shell, tabs = team_shell(), s.tabs("Ledger", "Team")
    line = r.LineView(seq=1_204, at=s.NOW, words="Decided", url="/console/decisions/1",
                      hash="ab" * 32)  # fmt: skip
    mate = r.MateView(
        id="1", url="/console/team/1", acct=s.LONG_WORD, name=s.HOSTILE, role="Member",
        duties=("Reviewer",), categories=("Spam", "Hatred"), may=("see cases", "work on them"),
    )  # fmt: skip
    check = r.CheckPage(tabs=tabs, first=1, last=5_000, count=12_000, points=3,
                        next_url="/console/ledger/check?after=5000")  # fmt: skip
    wrong = Form(values={"duty_reviewer": "1", "category_spam": "1"}, message="It can't be.",
                 errors={"duties": "This is none.", "categories": "Say which."})  # fmt: skip
    export = r.ExportPage(
        tabs=tabs, since="2027-01-01", until="2027-01-31", count=100,
        file_url="/console/export/statements.json?since=2027-01-01", next_url="/console/export?x=1",
    )  # fmt: skip
    rule = Form(
        values={"text": s.HOSTILE, "hint": s.LONG_WORD, "harm": "spam", "place": "1"},
        errors={"text": "This is too long.", "harm": "This is no category."},
    )  # fmt: skip
    return [
        Sample("console-ledger", shell, r.LedgerPage(
            tabs=tabs, count=1_204, lines=(line, replace(line, url="")), key="0123456789abcdef",
            point=r.PointView(seq=1_200, at=s.NOW, key="x"), older_url="/console/ledger?until=9",
            check_url="/console/ledger/check?after=0",
            export=Form(values={"since": "x"}, errors={"since": "This must be a day."}))),
        Sample("console-ledger-empty", shell, r.LedgerPage(tabs=tabs, count=0, lines=())),
        Sample("console-ledger-check", shell, check),
        Sample("console-ledger-broken", shell, replace(check, next_url="", points=0,
               findings=("Line 3: it is not what was hashed", s.HOSTILE))),
        Sample("console-export", shell, export),
        Sample("console-export-empty", shell, replace(export, count=0, next_url="")),
        Sample("console-team", shell, r.TeamPage(
            tabs=tabs, team=(mate, replace(mate, role="Owner", duties=(), categories=())),
            can_change=True, form=Form(values={"who": s.HOSTILE}, errors={"who": "Nobody."}))),
        Sample("console-rules", shell, h.HouseRulesPage(
            tabs=tabs, harms=(Option("", "Nothing"), Option("spam", "Spam")), form=rule,
            rules=(h.RuleRow(id="1", url="/console/rules/1", form=rule, open=True,
                             languages=("de", "fr")),
                   h.RuleRow(id="2", url="/console/rules/2", form=Form())))),
        Sample("console-rules-none", shell, h.HouseRulesPage(tabs=tabs, harms=(), rules=())),
        Sample("console-mate", shell, r.MatePage(
            tabs=tabs, mate=mate, form=wrong,
            duties=(Option("reviewer", "Reviewer", "Decides"), Option("auditor", "Auditor")),
            categories=(Option("spam", "Spam"), Option("hate", "Hatred")))),
    ]  # fmt: skip
