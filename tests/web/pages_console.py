"""The pages of the console, with sample data."""

from typing import Any

from msgspec.structs import replace
from tests.web import samples as s
from tests.web.samples import Sample

from rostra.web.views import console as c
from rostra.web.views import console_evidence as e
from rostra.web.views.console_notes import PanelNote
from rostra.web.views.forms import Form, Option
from rostra.web.views.parts import Pager
from rostra.web.views.shell import Shell

_REASONS = (
    c.ReasonView(words="late by 2 hours", tone="bad", at=s.NOW - 2 * s.HOUR),
    c.ReasonView(words="severity critical", tone="bad"),
    c.ReasonView(words="a letter asks for it", tone="warn"),
    c.ReasonView(words="seen by about 1,200"),
    c.ReasonView(words="14 reports"),
)


def _case(number: int, **more: Any) -> c.CaseLine:
    return c.CaseLine(
        **{
            "id": str(number), "url": f"/console/cases/{number}", "kind": "Post",
            "category": "Call to violence", "severity": "critical", "author": s.IDA,
            "excerpt": "Tonight, at the bridge. Bring what you have.", "language": "en",
            "reasons": _REASONS, **more,
        }
    )  # fmt: skip


CASES = (
    _case(1, mine=True, attachments=2),
    _case(2, holder="@noor", author=s.LONG, excerpt=s.LONG_WORD, reasons=_REASONS[:2]),
    _case(3, escalated=True, author=s.HOSTILE_AUTHOR, excerpt=s.HOSTILE, warned=s.HOSTILE),
    _case(4, excerpt="", reasons=_REASONS[3:], author=None, category="Spam", severity="low"),
    _case(5, excerpt=s.RTL, language="ar", state="decided", reasons=()),
)
DECISIONS = tuple(
    c.DecisionLine(
        id=str(at), url=f"/console/decisions/{at}", words="Remove, Freeze", state=state,
        category="Harassment", state_words=words, at=s.NOW - at * s.HOUR, by="@noor",
        subjects=subjects, done=subjects // 3, strikes=at, facts=facts,
    )
    for at, (state, words, subjects, facts) in enumerate(
        (
            ("in_force", "In force", 1, "It insults somebody by name."),
            ("proposed", "Waits for a second person", 5_000, s.HOSTILE),
            ("being_applied", "Being carried out", 300, s.LONG_WORD),
            ("undone", "Taken back", 1, s.RTL),
        )
    )
)  # fmt: skip
HOLDS = (
    c.HoldView(words="Freeze", ends_at=s.NOW + s.DAY, decision_url="/console/decisions/1"),
    c.HoldView(words=f"Label: {s.LONG_WORD}"),
)
_ACTIONS = tuple(
    c.ActionOption(
        kind=kind, label=label, hint="What it does, in a line", key=str(at), ends=kind != "none",
        chosen=kind in {"remove", "label", "fields"}, end="7d", group=group,
    )
    for at, (kind, label, group) in enumerate(
        (
            ("none", "No action", "What it is about"),
            ("remove", "Remove", "What it is about"),
            ("label", "Label", "What it is about"),
            ("hide_on", "Hide in some apps", "What it is about"),
            ("freeze", "Freeze", "Who it is by"),
            ("fields", "Blank the profile", "Who it is by"),
        ),
        start=1,
    )
)  # fmt: skip
WRONG = Form(
    values={"facts": s.HOSTILE, "words": "{which words}", "strikes": "many", "ground": "law",
            "legal_ground": s.LONG_WORD, "label": s.HOSTILE, "profile_note": "1"},
    errors={"actions": "These can't be blank.", "words": "This has places left to fill.",
            "strikes": "This must be a number.", "label": "This can't be blank.",
            "profile": "This must be some of them.", "facts": "This can't be blank."},
    message="Somebody else of the team works on this case.",
)  # fmt: skip
DESK = c.DeskView(
    form=Form(values={"facts": "Looked at by a person.", "strikes": "1", "ground": "rule"}),
    actions=_ACTIONS,
    ends=(Option("", "for good"), Option("7d", "for 7 days")),
    categories=(Option("spam", "Spam"), Option("hate", "Hatred")),
    clauses=(Option("0", "No rule in particular"), Option("1", s.LONG_WORD[:90])),
    templates=(Option("", "Words of your own"), Option("rule", "It breaks a rule")),
    languages=(Option("en", "English"), Option("de", "Deutsch")),
    profile_fields=(Option("note", "About them"), Option("avatar", "Picture")),
    cases=("1",),
    fields=(("view", "due"),),
    points="0 now, 1 after this. Next at 3: freeze for 1 day.",
)
LASTING = c.LastingView(
    id="1", decision_url="/console/decisions/1", cluster_url="/console/clusters/1", done=1_204,
    most=100_000, ends_at=s.NOW + s.DAY,
)  # fmt: skip
PICTURES = next(post.pictures for post in s.town() if post.pictures)


_HELD = c.HoldLine(
    url="/console/evidence/1", kind="Post", category="Hate", taken_at=s.NOW - s.HOUR,
    until=s.NOW + s.DAY, ordered_until=s.NOW + s.DAY, since="Deleted since",
)  # fmt: skip


def _page() -> c.CasePage:
    return c.CasePage(
        tabs=s.tabs("Queue", "Decisions"), case=CASES[0], desk=DESK, reports_count=14,
        held_until=s.NOW + s.HOUR, can_work=True, holds=HOLDS,
        content=c.ContentView(
            kind="Post", url="/@ida/1", created_at=s.NOW - s.HOUR, content=s.LINKED,
            warned=s.HOSTILE, language="en", pictures=PICTURES, visibility="public", replies=3,
            reblogs=1, favourites=1_204, followers=12, answers_url="/posts/2",
        ),
        standing=c.StandingView(
            author=s.LONG, since=s.NOW - 400 * s.DAY, posts=1_204, followers=1, points=2,
            next_words="At 3: freeze for 1 day", holds=HOLDS, decisions=DECISIONS,
            cases=CASES[1:3],
        ),
        reports=(
            c.SaidView(id="1", by="@noor", category="Harassment", comment=s.HOSTILE,
                       weight="weighs 1.4", at=s.NOW, rules=("Be kind.",)),
            c.SaidView(id="2", by="A provider", category="Spam", comment="", weight="no weight",
                       at=s.NOW),
        ),
        events=(
            c.EventView(at=s.NOW, words="Note", by="@noor", note=s.LONG_WORD),
            c.EventView(at=s.NOW - s.HOUR, words="Opened"),
        ),
        team=(Option("1", "@noor"),), categories=DESK.categories, mergeable=CASES[1:3],
        fields=(("view", "due"),), ahead=("/static/img/avatar.svg",),
        kept=(_HELD, _HELD), cluster_url="/console/clusters/1", outlier=("It quotes the words.",),
    )  # fmt: skip


def team_shell() -> Shell:
    """What stands around the page for somebody of the team."""
    shell = s.shell()
    assert shell.viewer is not None
    return replace(shell, viewer=replace(shell.viewer, moderates=True))


def _cases() -> list[Sample]:
    shell, page = team_shell(), _page()
    gone = replace(page, content=c.ContentView(kind="Account", gone=True), desk=None, reports=(),
                   case=replace(CASES[1], state="decided"), decision_url="/console/decisions/1",
                   merged_url="/console/cases/2", look=c.Look(blur=False, keys=False))  # fmt: skip
    account = replace(page, content=c.ContentView(
        kind="Account", url="/@ida", created_at=s.NOW, content=s.LINKED, followers=3,
        fields=s.profile().fields, avatar=PICTURES[0], header=PICTURES[0]))  # fmt: skip
    asked = replace(page, panel=PanelNote(id="1", ends_at=s.NOW + s.HOUR, answered=3, seats=5))
    found = replace(page, panel=PanelNote(
        advice="A panel of members found that it should be removed. Votes: 4 for remove.",
        reasons=(s.HOSTILE, s.LONG_WORD), fields=(("cases[]", "1"), ("actions[]", "remove"))),
        case=replace(CASES[0], panelled=True))  # fmt: skip
    wrong = replace(
        page,
        desk=replace(DESK, form=WRONG),
        case=CASES[2],
        note=Form(errors={"words": "This can't be blank.", "to": "This is nobody."}),
    )
    return [
        Sample("console-case", shell, page),
        Sample("console-case-wrong", shell, wrong),
        Sample("console-case-account", shell, account),
        Sample("console-case-gone", shell, gone),
        Sample("console-case-asked", shell, asked),
        Sample("console-case-found", shell, found),
        Sample("console-case-to-ask", shell, replace(page, panel=PanelNote(can_ask=True))),
    ]


def _queue() -> list[Sample]:
    shell, tabs = team_shell(), s.tabs("Queue", "Decisions")
    return [
        Sample("console", shell, c.QueuePage(
            tabs=tabs, views=s.tabs("All", "Due first", "Mine", "Escalated"), cases=CASES,
            counts=(c.CountView(name="Call to violence", url="/console?category=x", cases=1_204,
                                due_at=s.NOW, late=True, current=True),
                    c.CountView(name="Spam", url="/console?category=y", cases=1, due_at=s.NOW)),
            categories=DESK.categories, languages=DESK.languages, sources=DESK.languages,
            filters=Form(values={"view": "due", "category": "hate"}), older_url="/console?after=1",
            fields=(("view", "due"),), total=26_000, can_work=True, can_decide_many=True)),
        Sample("console-empty", shell, c.QueuePage(tabs=tabs, views=(), cases=())),
        Sample("console-filtered-empty", shell, c.QueuePage(tabs=tabs, views=(), cases=(),
               filtered=True)),
    ]  # fmt: skip


def _decisions() -> list[Sample]:
    shell, tabs = team_shell(), s.tabs("Queue", "Decisions")
    confirm = c.ConfirmPage(
        tabs=tabs, acts=HOLDS, about=CASES[:2], about_count=60, ground="Rule of the house: x",
        category="Harassment", facts=s.HOSTILE, words=f"{s.RTL}\n{s.LONG_WORD}", note="A note",
        strikes=("@ida: 0 now, 3 after this. From 3 on the house proposes: freeze for 1 day.",),
        proposed=True, stands="Later copies too, 100 at most.", nearly=True,
        fields=(("cases[]", "1"), ("actions[]", "remove")),
    )  # fmt: skip
    decision = c.DecisionPage(
        tabs=tabs, decision=DECISIONS[1], acts=HOLDS, ground="The law: § 185", words=s.HOSTILE,
        note="A note", cases=CASES[:2], can_agree=True, can_refuse=True, own=False,
    )  # fmt: skip
    return [
        Sample("console-confirm", shell, confirm),
        Sample("console-confirm-one", shell, replace(confirm, about_count=1, proposed=False,
               about=CASES[:1], look=c.Look(grey=False))),
        Sample("console-together", shell, c.TogetherPage(tabs=tabs, cases=CASES, two_above=2,
               desk=replace(DESK, wide=True))),
        Sample("console-decisions", shell, c.DecisionsPage(tabs=tabs, decisions=DECISIONS,
               views=s.tabs("All", "Wait for a second person"), pager=s.PAGER)),
        Sample("console-decisions-empty", shell, c.DecisionsPage(tabs=tabs, decisions=(),
               views=())),
        Sample("console-decisions-none-wait", shell, c.DecisionsPage(tabs=tabs, decisions=(),
               views=(), waiting=True)),
        Sample("console-decision", shell, decision),
        Sample("console-decision-running", shell, replace(decision, decision=DECISIONS[2],
               can_agree=False, can_refuse=False, second="@noor", undone_url="/console",
               cluster_url="/console/clusters/1", lasting=LASTING, can_undo=True)),
        Sample("console-decision-undo", shell, replace(decision, decision=DECISIONS[0], cases=(),
               can_agree=False, own=True, can_undo=True, undoes_url="/console/decisions/1",
               stands=(Option("7d", "Later copies too"),), lasting=replace(LASTING, stands=False),
               form=Form(errors={"facts": "Say why, please."}))),
    ]  # fmt: skip


def _evidence() -> list[Sample]:
    shell, tabs = team_shell(), s.tabs("Queue", "Decisions")
    why = e.EvidencePage(
        tabs=tabs, at="/console/evidence/1", hold=_HELD, can_open=True, can_extend=True,
        case_urls=("/console/cases/1", "/console/cases/2"), can_release=True, which="open",
        form=Form(errors={"why": "This can't be blank."}),
    )  # fmt: skip
    entries = (
        e.EntryView(words="Kept for longer", by="@noor", why=s.HOSTILE, until=s.NOW, at=s.NOW),
        e.EntryView(words="Its time had come", at=s.NOW, url="/console/evidence/1"),
    )
    other = e.KeptOther(label="Answers", acct="noor", text=s.LONG_WORD, at=s.NOW, warned="Loud")
    files = [e.KeptFile(picture=each, sha256="a" * 64, size=1_204) for each in PICTURES]
    kept = e.KeptView(
        acct="ida", name=s.HOSTILE, text=f"{s.HOSTILE}\n{s.LONG_WORD}", warned=s.HOSTILE,
        language="en", visibility="public", created_at=s.NOW, edited_at=s.NOW, versions=2,
        options=("Yes", s.HOSTILE), lines=(("Shop", s.HOSTILE),), thread_url="/posts/1",
        others=(other, replace(other, label="Quotes")), files=files, fingerprint="b" * 64,
    )  # fmt: skip
    opened = replace(why, kept=kept, can_open=False, form=Form(), entries=entries, reads_log=True)
    gone = replace(opened, kept=None, hold=replace(_HELD, gone_at=s.NOW), entries=(),
                   can_extend=False, can_release=False)  # fmt: skip
    listed = e.EvidencesPage(
        tabs=tabs, holds=(_HELD, gone.hold), entries=entries, reads_log=True,
        pager=Pager(older_url="/console/evidence?below=1"),
    )  # fmt: skip
    return [
        Sample("console-evidence", shell, listed),
        Sample("console-evidence-empty", shell, replace(listed, holds=(), entries=(), gone=True)),
        Sample("console-evidence-why", shell, why),
        Sample("console-evidence-open", shell, opened),
        Sample("console-evidence-gone", shell, gone),
    ]


def console_pages() -> list[Sample]:
    """Every page of the console."""
    return [*_queue(), *_cases(), *_decisions(), *_evidence()]
