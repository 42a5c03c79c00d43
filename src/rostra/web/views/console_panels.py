"""Panels in the console: on the page of a case, and on one of their own."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.console import ConsolePage
from rostra.web.views.forms import Form
from rostra.web.views.parts import AuthorView


class PanelLine(msgspec.Struct, frozen=True, kw_only=True):
    """A panel in a list."""

    case_url: str
    category: str
    state: str
    state_words: str
    answered: int
    seats: int
    at: int
    ends_at: int
    votes: str = ""
    """How was voted, once it is over."""


class SitterView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is invited, or sits."""

    id: str
    author: AuthorView | None
    state: str
    daily_limit: int
    languages: str = ""
    asked: str = ""
    """How often, and what became of it."""
    agreement: str = ""
    """With later decisions; for admins."""


class PanelsPage(ConsolePage, frozen=True, kw_only=True):
    """Who sits on panels, what they look at, and how they agree with the team. Field: name."""

    template: ClassVar[str] = "console/panels.html"
    title: ClassVar[str] = "Panels"

    setup: str
    agreement: str = ""
    panels: Sequence[PanelLine] = ()
    sitters: Sequence[SitterView] = ()
    more_url: str = ""
    can_invite: bool = False
    form: Form = Form()
