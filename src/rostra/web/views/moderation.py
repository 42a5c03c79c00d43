"""What members see of decisions about them, and of what they reported. Always of the team."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.forms import Form
from rostra.web.views.parts import Pager
from rostra.web.views.settings import SettingsPage
from rostra.web.views.shell import Page


class AboutView(msgspec.Struct, frozen=True, kw_only=True):
    """Something of the member's that a decision is about."""

    what: str
    """`post` or `media`."""
    at: int
    """When it was made."""
    words: str = ""
    """How its text begins, while there is one."""
    url: str = ""


class StatementView(msgspec.Struct, frozen=True, kw_only=True):
    """A decision, as its member is told of it."""

    id: str
    created_at: int
    heading: str
    done: Sequence[str]
    about: Sequence[str]
    pieces: Sequence[AboutView] = ()
    more: int = 0
    """So many pieces are not named."""
    ground: str = ""
    rules_url: str = ""
    """The rules of the house as they were then."""
    facts: Sequence[str] = ()
    found: Sequence[str] = ()
    words: Sequence[str] = ()
    strikes: str = ""
    taken_back: str = ""
    appeal: str = ""
    unread: bool = False
    may_appeal: bool = False
    appealed: Sequence[str] = ()
    """What the member has said against it."""
    appealed_at: int = 0
    became: str = ""
    """What became of that, and when it will be at the latest."""
    answer: Sequence[str] = ()


class StatementsPage(SettingsPage, frozen=True, kw_only=True):
    """What the team has decided about the member."""

    template: ClassVar[str] = "settings/moderation.html"
    title: ClassVar[str] = "Decisions about you"
    part: ClassVar[str] = "moderation"

    statements: Sequence[StatementView]
    pager: Pager = Pager()


class StatementPage(SettingsPage, frozen=True, kw_only=True):
    """One decision about the member."""

    template: ClassVar[str] = "settings/decision.html"
    title: ClassVar[str] = "A decision about you"
    part: ClassVar[str] = "moderation"

    statement: StatementView
    form: Form = Form()


class DecisionPage(Page, frozen=True, kw_only=True):
    """The same, for a member who may not sign in: the link of their letter opens it."""

    template: ClassVar[str] = "moderation/decision.html"
    title: ClassVar[str] = "A decision about you"

    statement: StatementView
    token: str
    form: Form = Form()
