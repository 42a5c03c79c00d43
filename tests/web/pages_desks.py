"""The desks of the console with sample data: clusters, letters, appeals."""

from typing import Any

from msgspec.structs import replace
from tests.web import samples as s
from tests.web.pages_console import (
    CASES,
    DECISIONS,
    DESK,
    HOLDS,
    LASTING,
    PICTURES,
    WRONG,
    team_shell,
)
from tests.web.samples import Sample

from rostra.web.views import console as c
from rostra.web.views import console_clusters as cc
from rostra.web.views import console_desks as d
from rostra.web.views.forms import Form, Option

_TABS = s.tabs("Clusters", "Letters", "Appeals")


def _clusters() -> list[Sample]:
    shell = team_shell()
    line = cc.ClusterLine(
        id="1", url="/console/clusters/1", lead=CASES[2], members=5_000, open_members=4_999,
        outliers=2, authors=1_204, first_at=s.NOW - s.DAY, last_at=s.NOW,
    )  # fmt: skip
    placed = tuple(
        cc.PlacedLine(case=case, alike=97, sentences=("It quotes the words", s.LONG_WORD), by="@x")
        for case in CASES
    )
    page = cc.ClusterPage(
        tabs=_TABS, cluster=line, outliers=placed[:2], members=placed[2:], standing=LASTING,
        content=c.ContentView(kind="Post", content=s.LINKED, pictures=PICTURES,
                              created_at=s.NOW),
        more_outliers_url="/console/clusters/1?outliers=1",
        more_members_url="/console/clusters/1?members=1", merged_url="/console/clusters/2",
        desk=replace(DESK, cases=(), cluster="1", wide=True,
                     stands=(Option("", "Only these"), Option("7d", "Later copies too"))),
        can_work=True, can_end=True, two_above=50,
    )  # fmt: skip
    bare = replace(
        page, content=None, outliers=(), members=(), desk=None, can_work=False, can_end=False,
        standing=replace(LASTING, stands=False), cluster=replace(line, lead=None),
    )  # fmt: skip
    return [
        Sample("console-clusters", shell, cc.ClustersPage(
            tabs=_TABS, clusters=(line, replace(line, lead=None, outliers=0, open_members=1)),
            standing=(LASTING,), older_url="/console/clusters?after=20")),
        Sample("console-clusters-empty", shell, cc.ClustersPage(tabs=_TABS, clusters=())),
        Sample("console-cluster", shell, page),
        Sample("console-cluster-wrong", shell, replace(page, desk=replace(
            DESK, form=WRONG, cluster="1", cases=(), wide=True))),
        Sample("console-cluster-bare", shell, bare),
    ]  # fmt: skip


def _letter(**more: Any) -> d.LetterLine:
    return d.LetterLine(
        **{
            "id": "1", "url": "/console/letters/1", "sender": "Abuse desk", "state": "open",
            "kind": "A host or provider", "subject": "[AbuseID:4711] Your server",
            "reference": "[AbuseID:4711]", "category": "Call to violence", "due_at": s.NOW,
            "due": c.ReasonView(words="3 hours 20 minutes left", tone="warn", at=s.NOW),
            "named": True, "received_at": s.NOW - s.DAY, "addresses": 10_000, **more,
        }
    )  # fmt: skip


def _letters() -> list[Sample]:
    shell = team_shell()
    hostile = _letter(
        subject=s.HOSTILE, sender=s.LONG_WORD, reference=s.HOSTILE, times=3, category="",
        due=c.ReasonView(words="late by 2 hours", tone="bad", at=s.NOW), unlinked=2, named=False,
    )  # fmt: skip
    page = _letter_page(hostile)
    closed = replace(
        page, letter=_letter(state="closed", addresses=0), draft=None, addresses=(), body="",
        more_url="", closed_why=s.HOSTILE, flaws=(),
    )  # fmt: skip
    return [
        Sample("console-letters", shell, d.LettersPage(
            tabs=_TABS, views=s.tabs("Open", "Answered"), letters=(_letter(), hostile), short=2,
            older_url="/console/letters?after=1",
            form=Form(values={"words": s.HOSTILE, "form": "xarf"}, message="It can't be read.",
                      errors={"words": "This can't be blank.", "form": "This is none."}))),
        Sample("console-letters-empty", shell, d.LettersPage(tabs=_TABS, views=(), letters=())),
        Sample("console-letter", shell, page),
        Sample("console-letter-answered", shell, replace(page, can_send=True, open_count=0,
               letter=_letter(state="answered"), correct=Form(), close=Form(), draft=Form())),
        Sample("console-letter-closed", shell, closed),
        Sample("console-letter-send", shell, d.SendPage(
            tabs=_TABS, letter=_letter(), to=s.LONG_WORD, subject=s.HOSTILE, open_count=1,
            text=f"{s.RTL}\n{s.LONG_WORD}", fields=(("to", "a@b.example"), ("text", s.HOSTILE)))),
        Sample("console-message", shell, d.MessagePage(
            tabs=_TABS, message=page.messages[0], letter_url="/console/letters/1", cut=True,
            raw=f"From: x\n\n{s.HOSTILE}\n{s.LONG_WORD}", download_url="/console/messages/1/file")),
    ]  # fmt: skip


def _letter_page(letter: d.LetterLine) -> d.LetterPage:
    address = d.AddressLine(
        url=f"https://here.example/{s.LONG_WORD}", kind="Post", words="ours",
        case_url="/console/cases/1", case_words="Open case",
    )  # fmt: skip
    gone = replace(address, kind="", case_url="", words="nothing is there", tone="warn",
                   url=s.HOSTILE, look_alike=True, enclosed=True)  # fmt: skip
    message = d.MessageLine(url="/console/messages/1", words=f"Came from {s.LONG_WORD}",
                            at=s.NOW, by="@noor", subject=s.HOSTILE)  # fmt: skip
    refused = replace(message, words="Refused by the mail server to x", failure=s.HOSTILE)
    return d.LetterPage(
        tabs=_TABS, letter=letter, body=f"{s.HOSTILE}\n{s.LONG_WORD}", sender_email="a@b.example",
        deadline_words="within 12 hours", flaws=("An attachment was not read",),
        addresses=(address, gone), more_url="/console/letters/1?after=200#addresses",
        messages=(message, refused),
        draft=Form(values={"to": "a@b.example", "subject": s.HOSTILE, "text": s.RTL},
                   errors={"text": "This can't be blank.", "subject": "This must hold it."},
                   message="Mail is not configured here."),
        open_count=2,
        correct=Form(values={"deadline_at": "2027-01-15T12:00"}, message="The letter is closed.",
                     errors={"reference": "This is too long.", "deadline_at": "This is no time."}),
        close=Form(errors={"why": "This can't be blank."}),
        kinds=(Option("host", "A host"),), languages=(Option("en", "English"),), can_send=False,
    )  # fmt: skip


def _appeals() -> list[Sample]:
    shell = team_shell()
    line = d.AppealLine(
        id="1", url="/console/appeals/1", author=s.LONG, text=s.HOSTILE, decided="Remove, Freeze",
        category="Harassment", by_reporter=False, created_at=s.NOW,
        due=c.ReasonView(words="due 1 January 2027", at=s.NOW),
    )  # fmt: skip
    theirs = replace(line, author=None, by_reporter=True, barred=True, text=s.LONG_WORD)
    page = d.AppealPage(
        tabs=_TABS, appeal=line, decision=DECISIONS[1], acts=HOLDS, ground="The law: § 185",
        words=s.HOSTILE, cases=CASES[:2], many=True,
        form=Form(values={"outcome": "upheld", "reasons": s.HOSTILE}, message="It is answered.",
                  errors={"outcome": "Say whether they are right.", "reasons": "These are long."}),
    )  # fmt: skip
    return [
        Sample("console-appeals", shell, d.AppealsPage(
            tabs=_TABS, appeals=(line, theirs), older_url="/console/appeals?after=40")),
        Sample("console-appeals-empty", shell, d.AppealsPage(tabs=_TABS, appeals=())),
        Sample("console-appeal", shell, page),
        Sample("console-appeal-barred", shell, replace(page, appeal=theirs, form=None, cases=())),
        Sample("console-appeal-answered", shell, replace(
            page, form=None, state="upheld", answer=s.HOSTILE, answered_at=s.NOW,
            answered_by="@noor", undo_url="/console/decisions/2")),
        Sample("console-appeal-answer", shell, d.AnswerPage(
            tabs=_TABS, appeal=line, upheld=False, reasons=s.HOSTILE, effect="It stays.",
            fields=(("outcome", "rejected"), ("reasons", s.HOSTILE)))),
    ]  # fmt: skip


def desk_pages() -> list[Sample]:
    """Every page of the desks."""
    return [*_clusters(), *_letters(), *_appeals()]
