"""The pages of panels, with sample data."""

from tests.web import samples as s
from tests.web.samples import Sample

from rostra.web.views import console_panels, panels
from rostra.web.views.forms import Form, Option
from rostra.web.views.parts import PictureView

_PICTURE = PictureView(
    id="0", url="/static/img/header.png", preview_url="/static/img/header.png", alt=s.LONG_WORD,
    width=600, height=200,
)  # fmt: skip
_CASE = panels.PanelCasePage(
    action="/settings/panel/1",
    category="Harassment",
    explanation="Insults, threats or pursues somebody.",
    until=s.NOW + s.HOUR,
    rules=("Nobody is insulted here.", s.LONG_WORD, s.RTL),
    warned=s.HOSTILE,
    lines=("[author] says to [person 1]: you fool. [link: example.org]", s.HOSTILE, s.LONG_WORD),
    language="en",
    options=("Yes", s.LONG_WORD),
    pictures=(
        _PICTURE,
        PictureView(id="0", kind="video", url="/x.mp4", width=600, height=200),
        PictureView(id="0", kind="audio", url="/x.mp3", alt=s.RTL),
    ),
    context=("It answers another post, which is not shown here.",),
    choices=(
        Option("none", "Leave it as it is", "Nothing is wrong with it"),
        Option("sensitive", "Cover it", "Its media stay covered until somebody asks for them"),
        Option("remove", "Remove it", "Nobody sees it any more"),
    ),
)
_SITS = panels.PanelPage(
    state="sits",
    form=s.FILLED,
    waiting=(
        panels.WaitingView(url="/settings/panel/1", category="Harassment", until=s.NOW + s.HOUR),
        panels.WaitingView(url="/settings/panel/2", category=s.LONG_WORD, until=s.NOW + s.DAY),
    ),
    voted=(
        panels.VotedView(
            category="Spam", choice="remove it", at=s.NOW, became="The panel: remove it", same=True
        ),
        panels.VotedView(
            category="Harassment", choice="cover it", at=s.NOW, became="The panel did not agree"
        ),
    ),
)
_PANELS = tuple(
    console_panels.PanelLine(
        case_url="/console/cases/1", category="Harassment", state=state, state_words=words,
        answered=3, seats=5, at=s.NOW, ends_at=s.NOW + s.HOUR, votes=votes,
    )
    for state, words, votes in (
        ("running", "Being voted on", ""),
        ("agreed", "Agreed", "4 for remove, 1 for none"),
        ("split", "Not agreed", "2 for remove, 2 for none"),
    )
)  # fmt: skip
_SITTERS = tuple(
    console_panels.SitterView(
        id=str(number), author=author, state=state, daily_limit=number, languages="en, de",
        asked="12 voted, 2 did not answer", agreement="10 of 12 as the team decided later (83%)",
    )
    for number, (author, state) in enumerate(
        ((s.IDA, "sits"), (s.HOSTILE_AUTHOR, "invited"), (s.LONG, "sits"), (None, "sits")), start=1
    )
)  # fmt: skip


def panel_pages() -> list[Sample]:
    """Every page of panels."""
    member = s.shell()
    tabs = s.tabs("Queue", "Decisions", "Panels")
    return [
        Sample("settings-panel", member, _SITS),
        Sample("settings-panel-invited", member, panels.PanelPage(state="invited", form=s.WRONG)),
        Sample("settings-panel-left", member, panels.PanelPage(state="gone")),
        Sample("settings-panel-never", member, panels.PanelPage()),
        Sample("panel-case", member, _CASE),
        Sample("panel-case-wrong", member, panels.PanelCasePage(
               action="/settings/panel/1", category="Spam", explanation="Ads.", until=s.NOW,
               choices=_CASE.choices, form=Form(errors={"choice": "x", "reason": "Too long."}))),
        Sample("console-panels", member, console_panels.PanelsPage(
               tabs=tabs, setup="Open to panels: Harassment, Spam. 5 seats, 4 equal votes.",
               agreement="31 of 40 as the team decided later (78%), 4 near", panels=_PANELS,
               sitters=_SITTERS, more_url="/console/panels?after=4", can_invite=True)),
        Sample("console-panels-empty", member, console_panels.PanelsPage(
               tabs=tabs, setup="No category is open to panels.", can_invite=True,
               form=Form(values={"name": "x"}, errors={"name": "This is nobody here."}))),
    ]  # fmt: skip
