"""The member's filters, and under which of them a post is filed."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.forms import Form, Option
from rostra.web.views.parts import PostView
from rostra.web.views.settings import SettingsPage
from rostra.web.views.shell import Page

CONTEXTS: Sequence[Option] = (
    Option("home", "Home and lists"),
    Option("notifications", "Notifications"),
    Option("public", "Public timelines, hashtags and search"),
    Option("thread", "Threads"),
    Option("account", "Profiles"),
)
ACTIONS: Sequence[Option] = (
    Option("warn", "Warn", "The post is shown after a click"),
    Option("blur", "Cover pictures", "Its words are shown, its pictures after a click"),
    Option("hide", "Hide", "The post is not shown at all"),
)
ENDS: Sequence[Option] = (
    Option("", "Never"),
    Option("1800", "In 30 minutes"),
    Option("3600", "In 1 hour"),
    Option("21600", "In 6 hours"),
    Option("43200", "In 12 hours"),
    Option("86400", "In 1 day"),
    Option("604800", "In 1 week"),
)


class FilterView(msgspec.Struct, frozen=True, kw_only=True):
    """A filter in the list. Times are UTC ms; 0: never."""

    id: str
    title: str
    action: str
    contexts: Sequence[str]
    keywords: Sequence[str] = ()
    posts: int = 0
    expires_at: int = 0
    over: bool = False
    chosen: bool = False
    """The post that the page is about is filed under it."""

    def where(self) -> str:
        """Name the places where it holds."""
        labels = {option.value: option.label for option in CONTEXTS}
        return "; ".join(labels[name] for name in self.contexts)

    def does(self) -> str:
        """Name what becomes of what it matches."""
        return next(option.label for option in ACTIONS if option.value == self.action)


class KeywordField(msgspec.Struct, frozen=True):
    """A line of the form for words to look for."""

    name: str
    """Of its text; the box for whole words is `whole_` and this."""
    label: str


class FiltersPage(SettingsPage, frozen=True, kw_only=True):
    """All filters of the member."""

    template: ClassVar[str] = "settings/filters.html"
    title: ClassVar[str] = "Filters"
    part: ClassVar[str] = "filters"

    filters: Sequence[FilterView]


class FilterPage(SettingsPage, frozen=True, kw_only=True):
    """One filter, a new one where `id` is empty.

    Fields: title, context_… for each place, action, expires_in, and those of `keywords`.
    """

    template: ClassVar[str] = "settings/filter.html"
    title: ClassVar[str] = "Filter"
    part: ClassVar[str] = "filters"

    id: str = ""
    form: Form
    keywords: Sequence[KeywordField]
    ends: Sequence[Option] = ENDS
    contexts: Sequence[Option] = CONTEXTS
    actions: Sequence[Option] = ACTIONS
    posts: Sequence[tuple[str, PostView]] = ()
    """The newest single posts that are filed under it, by the ids of their entries."""

    def called(self) -> str:
        """Say whether it is made or changed."""
        return "Edit filter" if self.id else "New filter"


class FilterPostPage(Page, frozen=True, kw_only=True):
    """A post, and the filters under which it can be filed."""

    template: ClassVar[str] = "filter_post.html"
    title: ClassVar[str] = "Filter a post"
    section: ClassVar[str] = "home"

    post: PostView
    filters: Sequence[FilterView]
