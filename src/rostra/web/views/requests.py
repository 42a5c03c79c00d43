"""Of whom the member wants to hear, and requests of those who are set aside."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.forms import Form, Option
from rostra.web.views.parts import AuthorView, NotificationView, Pager, PostView
from rostra.web.views.settings import SettingsPage
from rostra.web.views.shell import Page

OUTCOMES: Sequence[Option] = (
    Option("accept", "Hear of them"),
    Option("filter", "Set aside"),
    Option("drop", "Drop"),
)
SORTS: Sequence[tuple[str, str, str]] = (
    ("for_not_following", "People you don't follow", ""),
    ("for_not_followers", "People who don't follow you", "Or do so for less than three days"),
    ("for_new_accounts", "New accounts", "Here for less than 30 days"),
    ("for_limited_accounts", "Limited accounts", "Whose reach the moderators have limited"),
    ("for_private_mentions", "Private mentions", "Of strangers, unless they answer you"),
)


class PolicyPage(SettingsPage, frozen=True, kw_only=True):
    """Fields: one for each of the sorts."""

    template: ClassVar[str] = "settings/notifications.html"
    title: ClassVar[str] = "Notifications"
    part: ClassVar[str] = "notifications"

    form: Form
    outcomes: Sequence[Option] = OUTCOMES
    sorts: Sequence[tuple[str, str, str]] = SORTS


class RequestView(msgspec.Struct, frozen=True, kw_only=True):
    """All that is set aside of one person, with the latest mention."""

    id: str
    author: AuthorView
    count: int
    post: PostView | None = None


class RequestsPage(Page, frozen=True, kw_only=True):
    """People who are set aside."""

    template: ClassVar[str] = "requests.html"
    title: ClassVar[str] = "Requests"
    section: ClassVar[str] = "notifications"

    requests: Sequence[RequestView]
    pager: Pager


class RequestPage(Page, frozen=True, kw_only=True):
    """What is set aside of one person."""

    template: ClassVar[str] = "request.html"
    section: ClassVar[str] = "notifications"

    request: RequestView
    notifications: Sequence[NotificationView]
    pager: Pager

    def called(self) -> str:
        """Name whom it is about."""
        return f"Set aside from {self.request.author.display_name}"
