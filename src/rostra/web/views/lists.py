"""Pages of lists: all of them, one's timeline, what it is and who stands in it."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.forms import Form, Option
from rostra.web.views.parts import AuthorView, Pager, PersonView, PostView, Tab, TagView
from rostra.web.views.shell import Page

POLICIES: Sequence[Option] = (
    Option("list", "Answers to people in the list"),
    Option("followed", "Answers to anybody I follow"),
    Option("none", "No answers to others"),
)


class ListView(msgspec.Struct, frozen=True, kw_only=True):
    """A list of the member."""

    id: str
    title: str
    exclusive: bool = False
    chosen: bool = False
    """The account that the page is about stands in it."""


class ListsPage(Page, frozen=True, kw_only=True):
    """The member's lists, and a form for another one."""

    template: ClassVar[str] = "lists/index.html"
    title: ClassVar[str] = "Lists"
    section: ClassVar[str] = "lists"

    lists: Sequence[ListView]
    tabs: Sequence[Tab] = ()
    form: Form = Form()
    policies: Sequence[Option] = POLICIES


class FollowedTagsPage(Page, frozen=True, kw_only=True):
    """The hashtags that the member follows."""

    template: ClassVar[str] = "lists/tags.html"
    title: ClassVar[str] = "Hashtags"
    section: ClassVar[str] = "lists"

    tags: Sequence[TagView]
    pager: Pager
    tabs: Sequence[Tab] = ()
    form: Form = Form()


class ListTimelinePage(Page, frozen=True, kw_only=True):
    """What the members of a list have posted."""

    template: ClassVar[str] = "lists/timeline.html"
    section: ClassVar[str] = "lists"

    list: ListView
    posts: Sequence[PostView]
    pager: Pager

    def called(self) -> str:
        """Name the list."""
        return self.list.title


class EditListPage(Page, frozen=True, kw_only=True):
    """What a list is, and who stands in it."""

    template: ClassVar[str] = "lists/edit.html"
    section: ClassVar[str] = "lists"

    list: ListView
    people: Sequence[PersonView]
    pager: Pager
    form: Form = Form()
    adding: Form = Form()
    policies: Sequence[Option] = POLICIES

    def called(self) -> str:
        """Name the list."""
        return f"Edit {self.list.title}"


class AccountListsPage(Page, frozen=True, kw_only=True):
    """In which lists an account stands."""

    template: ClassVar[str] = "lists/account.html"
    section: ClassVar[str] = "lists"

    author: AuthorView
    lists: Sequence[ListView]

    def called(self) -> str:
        """Name whom it is about."""
        return f"Lists with {self.author.display_name}"
