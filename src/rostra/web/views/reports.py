"""What members say of others' posts and accounts."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.forms import Form, Option
from rostra.web.views.parts import AuthorView, Pager, PostView
from rostra.web.views.settings import SettingsPage
from rostra.web.views.shell import Page


class MoreView(msgspec.Struct, frozen=True, kw_only=True):
    """Another post of the account, which may be reported with it."""

    id: str
    created_at: int
    words: str
    chosen: bool = False


class ReportPage(Page, frozen=True, kw_only=True):
    """A report of a post, or of an account.

    Fields: harm (radio), rules[] and posts[] (to tick), comment.
    """

    template: ClassVar[str] = "moderation/report.html"
    title: ClassVar[str] = "Report"

    author: AuthorView
    post: PostView | None = None
    action: str
    """Where the form goes."""
    categories: Sequence[Option]
    rules: Sequence[Option] = ()
    rules_chosen: Sequence[str] = ()
    more: Sequence[MoreView] = ()
    decided_at: int = 0
    """When the team decided about it the last time; 0: never."""
    form: Form = Form()


class ReportView(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the member has reported."""

    id: str
    created_at: int
    about: AuthorView | None
    """Whose posts, or who; None: they are not there any more."""
    category: str
    posts: int = 0
    words: str = ""
    state: str = "open"
    """`open`, `upheld`, `dismissed` or `set_aside`."""
    decided_at: int = 0
    may_object: bool = False
    objection: str = ""
    """What became of the member's objection."""
    answer: str = ""


class ReportsPage(SettingsPage, frozen=True, kw_only=True):
    """What the member has reported, and what became of it."""

    template: ClassVar[str] = "settings/reports.html"
    title: ClassVar[str] = "Your reports"
    part: ClassVar[str] = "reports"

    reports: Sequence[ReportView]
    pager: Pager = Pager()


class ObjectionPage(SettingsPage, frozen=True, kw_only=True):
    """Object to that one's report was dismissed. Field: text."""

    template: ClassVar[str] = "settings/objection.html"
    title: ClassVar[str] = "Object"
    part: ClassVar[str] = "reports"

    report: ReportView
    form: Form = Form()
