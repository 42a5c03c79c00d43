"""What people without an account report."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.forms import Form, Option
from rostra.web.views.shell import Page


class OutsideReportPage(Page, frozen=True, kw_only=True):
    """The form for anybody.

    Fields: harm (radio), addresses (a line each), comment, name, email, good_faith (to tick), and
    `more`, which stays empty.
    """

    template: ClassVar[str] = "moderation/outside.html"
    title: ClassVar[str] = "Report something"
    public: ClassVar[bool] = True

    categories: Sequence[Option]
    ask_email: bool = True
    member: bool = False
    """Whether the viewer could report from the menu of the post itself."""
    form: Form = Form()


class FollowedView(msgspec.Struct, frozen=True, kw_only=True):
    """A report from outside, for whoever made it. Times are UTC ms."""

    reference: str
    created_at: int
    category: str
    addresses: Sequence[str]
    words: str
    state: str
    """`waiting`, `gone`, `open`, `upheld` or `dismissed`."""
    confirmed: bool = False
    by_mail: bool = False
    """Whether the outcome comes by mail as well, once the address is confirmed."""
    waits_until: int = 0
    decided_at: int = 0
    decided_before_at: int = 0
    object_until: int = 0
    may_object: bool = False
    objection: str = ""
    """What became of the objection."""
    answers: Sequence[str] = ()


class OutsideStatePage(Page, frozen=True, kw_only=True):
    """What became of a report from outside. Field: text."""

    template: ClassVar[str] = "moderation/outside_state.html"
    title: ClassVar[str] = "Your report"

    report: FollowedView
    token: str
    form: Form = Form()


class ConfirmReportPage(Page, frozen=True, kw_only=True):
    """A button that confirms a report; looking at the page confirms nothing."""

    template: ClassVar[str] = "moderation/outside_confirm.html"
    title: ClassVar[str] = "Confirm your report"

    report: FollowedView
    token: str
