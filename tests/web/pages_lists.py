"""Lists for screening in the console, with sample data."""

from tests.web import samples as s
from tests.web.pages_console import team_shell
from tests.web.samples import Sample

from rostra.web.views import console_lists as v
from rostra.web.views.forms import Form, Option


def list_pages() -> list[Sample]:
    """Every page of them."""
    shell, tabs = team_shell(), s.tabs("Rules", "Lists")
    harms = (Option("violence", "Violence"), Option("spam", "Spam"))
    kinds = (Option("phrases", "Phrases", "found word by word"),)
    row = v.ListRow(
        name="threats", url="/console/lists/1", kind="Phrases", harm="Violence", score=80,
        enabled=True, count=12_000, note=s.HOSTILE, changed_at=s.NOW,
    )  # fmt: skip
    off = v.ListRow(
        name=s.LONG_WORD, url="/console/lists/2", kind="Domains", harm="Spam", score=1,
        enabled=False, count=1, note="", changed_at=s.NOW,
    )  # fmt: skip
    match = v.Match(name="threats", url=row.url, entry=s.LONG_WORD, harm="violence", score=80)
    tried = v.Tried(passages=((s.HOSTILE, True), (s.RTL, False)), matches=(match,))
    entry = v.EntryRow(
        id="1", text=s.LONG_WORD, reason=s.HOSTILE, by="@ida", at=s.NOW, ends_at=s.NOW
    )
    wrong = Form(
        values={"content": "?", "reason": s.HOSTILE, "replace": "1"},
        errors={"content": "Line 1 entry has no letter or digit."},
    )
    made = Form(values={"name": "No", "score": "0"}, errors={"name": "Wrong.", "score": "Wrong."})
    about = Form(values={"harm": "spam", "score": "80", "enabled": "1", "note": s.RTL})
    return [
        Sample("console-lists", shell, v.ListsPage(
            tabs=tabs, lists=(row, off), kinds=kinds, harms=harms, form=made, text=s.HOSTILE,
            tried=tried, can_change=True)),
        Sample("console-lists-none", shell, v.ListsPage(
            tabs=tabs, lists=(), kinds=kinds, harms=harms, text="x",
            tried=v.Tried(passages=(("x", False),), matches=()))),
        Sample("console-list", shell, v.ListPage(
            tabs=tabs, row=row, entries=(entry,), harms=harms, about=about, form=wrong,
            older_url="/console/lists/1?below=1", can_change=True)),
        Sample("console-list-empty", shell, v.ListPage(
            tabs=tabs, row=off, entries=(), harms=harms, about=about)),
    ]  # fmt: skip
