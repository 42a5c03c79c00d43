"""The pages of rules for screening, with sample data."""

from markupsafe import Markup
from msgspec.structs import replace
from tests.web import samples as s
from tests.web.pages_console import team_shell
from tests.web.samples import Sample

from rostra.kernel.plot import Frame, Line, counted, linear, plot, sparkline
from rostra.safety.rules.glossary import glossary
from rostra.safety.rules.vocabulary import Vocabulary
from rostra.web.views import console_screening as v
from rostra.web.views.forms import Form, Option

_SOURCE = (
    '"""Newcomers who post the same kind of link again and again."""',
    "new = author.age_days < 7",
    'flood = posts_by(author, "10m") >= 5',
    "when(new, flood, length(post.links) > 0)",
    f'hold(category="spam", within="12h", message="{s.LONG_WORD}")',
    'catches("buy at https://shop.example/x", author.age_days == 1, posts_by(author, "10m") == 6)',
    f'spares("{s.HOSTILE}", author.age_days == 100, posts_by(author, "10m") == 6)',
)


def _lines(*wrong: int) -> list[v.SourceLine]:
    fault = ((7, "there is no feature author.age_day; author.age_days may be meant"),)
    return [
        v.SourceLine(number=at, text=text, faults=fault if at in wrong else ())
        for at, text in enumerate(_SOURCE, 1)
    ]


def _drawing(days: list[int]) -> Markup:
    marks = [(at, str(29 - at)) for at in range(1, 30, 7)]
    line = Line("caught", "var(--red)", list(enumerate(days)))
    up = counted("", max(days))
    return Markup(plot("Posts a day", linear("days ago", 29, marks), up, (line,), Frame(640, 300)))  # noqa: S704 (made here)


_URL = "/console/screening/rules/1"
_TABS = s.tabs("Queue", "Screening")
_DAYS = [(at * 7) % 23 for at in range(30)]
_BACK = v.RuleEvent(
    words="Version 12 put itself back to shadow",
    reason="It caught more than 100 posts within an hour",
    by="",
    at=s.NOW,
    bad=True,
)
_EVENT = v.RuleEvent(words="Version 12 switched live", reason=s.HOSTILE, by="@ada", at=s.NOW)


def _listed() -> v.ScreeningRulesPage:
    spark = Markup(sparkline("Caught by links on each of the last 30 days, 22 at most", _DAYS))  # noqa: S704 (made here)
    row = v.ScreeningRuleRow(
        name="links", url=_URL, state="live", state_words="Live",
        version=12, since=s.NOW, asked=120_431, caught=1_204, skipped=12, each="12.4 µs",
        spark=spark,
    )  # fmt: skip
    return v.ScreeningRulesPage(
        tabs=_TABS, may=True, log=(_BACK, _EVENT),
        rules=(row, replace(row, name="a" * 40, state="shadow", state_words="In shadow",
                            faulty=f"2:13: there is no list {s.LONG_WORD}"),
               replace(row, name="none", state="off", state_words="Off", asked=0, each="-")),
    )  # fmt: skip


def _editor() -> v.ScreeningEditPage:
    return v.ScreeningEditPage(
        tabs=_TABS, name="links", url=f"{_URL}/edit", back=_URL, live=True,
        form=Form(values={"source": "\n".join(_SOURCE), "version": "12"},
                  errors={"source": "This is no rule yet: see below.", "reason": s.HOSTILE}),
        groups=[v.WordGroup(kind=kind, words=[(each.name, each.form, each.words) for each in found])
                for kind, found in glossary(Vocabulary(lists=frozenset({s.LONG_WORD})))],
        lines=_lines(2),
    )  # fmt: skip


def screening_pages() -> list[Sample]:
    """The list, a rule, a version of it, the editor; with much, with nothing, with faults."""
    version = v.RuleVersionRow(number=12, url="/console/screening/rules/1/versions/12", by="@ada",
                               reason=s.HOSTILE, at=s.NOW, tried=True, current=True)  # fmt: skip
    older = replace(version, number=11, reason=s.LONG_WORD, tried=False, current=False)
    one = v.ScreeningRulePage(
        tabs=_TABS, name="links", url=_URL, state="shadow",
        state_words="In shadow", since=s.NOW, by="@ada", version=12, description=s.HOSTILE,
        facts=(("Does", "hold (spam, 12h)"), ("Needs", f"author.age_days, {s.LONG_WORD}")),
        lines=_lines(), drawings=(_drawing(_DAYS),), versions=(version, older), log=(_BACK, _EVENT),
        days=(v.RuleDayRow(at=s.NOW, asked=1_204, caught=22, skipped=1, each="12.4 µs"),),
        within="It goes back to shadow when it catches more than 100 posts an hour.", may=True,
        states=(Option("off", "Off", "it is asked nothing"), Option("live", "Live", "it is done")),
        bounds=Form(values={"most_an_hour": "100", "jump": "5"}),
        lacks="never tried on the past and never in shadow", may_untried=True,
        tryouts=(v.RuleTryoutRow(url="/console/screening/tryouts/9", of="Version 12",
                                 words=s.HOSTILE, since=s.NOW, at=s.NOW),),
    )  # fmt: skip
    wrong = replace(
        one, lines=_lines(2), days=(), drawings=(), bounds_open=True,
        switching=Form(errors={"state": "Choose one."}, message=s.HOSTILE),
        bounds=Form(errors={"most_an_hour": "This must be a number.", "why": s.HOSTILE}),
    )  # fmt: skip
    compared = v.ScreeningVersionPage(
        tabs=_TABS, name="links", url=one.url, shown=version, against=11, others=(older,),
        lines=(*_lines()[:3], v.SourceLine(number=0, text="when(new, flood)", sign="-"),
               v.SourceLine(number=4, text=_SOURCE[3], sign="+"), *_lines()[4:]),
    )  # fmt: skip
    listed, editor = _listed(), _editor()
    shell = team_shell()
    return [
        Sample("screening-rules", shell, listed),
        Sample("screening-rules-none", shell, replace(listed, rules=(), log=(), may=False)),
        Sample("screening-rule", shell, one),
        Sample("screening-rule-wrong", shell, wrong),
        Sample("screening-version", shell, compared),
        Sample("screening-edit", shell, editor),
        Sample("screening-edit-new", shell, replace(editor, name="", lines=(), form=Form())),
    ]
