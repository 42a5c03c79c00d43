"""What operators do on pages: who waits to be let in, invitations, announcements."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.announcements import AnnouncementView
from rostra.web.views.forms import LANGUAGES, Form
from rostra.web.views.parts import AuthorView, Pager, Tab
from rostra.web.views.settings import InviteView
from rostra.web.views.shell import Page


class OperatePage(Page, frozen=True, kw_only=True):
    """One page of the operators."""

    section: ClassVar[str] = "operate"

    tabs: Sequence[Tab]


class ApplicationView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who waits. Times are UTC ms."""

    id: str
    username: str
    email: str
    confirmed: bool
    reason: str
    locale: str
    created_at: int

    def language(self) -> str:
        """Name their language, where pages know its name."""
        return next((each.label for each in LANGUAGES if each.value == self.locale), self.locale)


class ApplicationsPage(OperatePage, frozen=True, kw_only=True):
    """Those who wait, the first one first. Field: note."""

    template: ClassVar[str] = "operate/applications.html"
    title: ClassVar[str] = "Applications"

    applications: Sequence[ApplicationView]
    older_url: str = ""
    mail: bool = True
    """Whether those who are turned away can be written to."""
    form: Form = Form()


class OwnedInviteView(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation of anybody."""

    invite: InviteView
    owner: AuthorView | None = None
    """Who invites; none: the place."""
    state: str = "open"
    """`open`, `ended` or `revoked`."""


class OwnedInvitesPage(OperatePage, frozen=True, kw_only=True):
    """The newest invitations of everybody."""

    template: ClassVar[str] = "operate/invites.html"
    title: ClassVar[str] = "Invitations"

    invites: Sequence[OwnedInviteView]


class WrittenView(msgspec.Struct, frozen=True, kw_only=True):
    """An announcement as operators have it."""

    item: AnnouncementView
    state: str
    """`draft`, `later`, `shown` or `over`."""
    form: Form
    publish_at: int = 0
    over_at: int = 0
    reacted: int = 0


class WritingPage(OperatePage, frozen=True, kw_only=True):
    """Announcements, and a form for another. Fields: text, starts, ends, all_day, at."""

    template: ClassVar[str] = "operate/announcements.html"
    title: ClassVar[str] = "Announcements"

    announcements: Sequence[WrittenView]
    form: Form = Form()
    pager: Pager = Pager()
