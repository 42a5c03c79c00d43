"""Panels, as those who sit on them see them. Nothing here says whose a post is."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.forms import Form, Option
from rostra.web.views.parts import PictureView
from rostra.web.views.settings import SettingsPage


class WaitingView(msgspec.Struct, frozen=True, kw_only=True):
    """A case that waits for the member's vote."""

    url: str
    category: str
    until: int


class VotedView(msgspec.Struct, frozen=True, kw_only=True):
    """What the member has voted."""

    category: str
    choice: str
    at: int
    became: str
    """What the panel came to, in words."""
    same: bool = False


class PanelPage(SettingsPage, frozen=True, kw_only=True):
    """Whether the member sits on panels, and what waits. Fields: daily_limit, languages."""

    template: ClassVar[str] = "settings/panel.html"
    title: ClassVar[str] = "Panels"
    part: ClassVar[str] = "panel"

    state: str = ""
    """`invited`, `sits` or `gone`; empty: never invited."""
    form: Form = Form()
    waiting: Sequence[WaitingView] = ()
    voted: Sequence[VotedView] = ()
    most: int = 20


class PanelCasePage(SettingsPage, frozen=True, kw_only=True):
    """A case without names. Fields: choice (radio), reason."""

    template: ClassVar[str] = "settings/panel_case.html"
    title: ClassVar[str] = "What should become of it?"
    part: ClassVar[str] = "panel"

    action: str
    """Where the forms go: this and `/vote`, `/pass`."""
    category: str
    explanation: str
    until: int
    rules: Sequence[str] = ()
    warned: str = ""
    lines: Sequence[str] = ()
    language: str = ""
    options: Sequence[str] = ()
    pictures: Sequence[PictureView] = ()
    context: Sequence[str] = ()
    """What is not shown of it, in words."""
    choices: Sequence[Option] = ()
    form: Form = Form()
