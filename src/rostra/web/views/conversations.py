"""The inbox."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.parts import AuthorView, Pager, PostView
from rostra.web.views.shell import Page


class ConversationView(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation with its last post."""

    id: str
    people: Sequence[AuthorView]
    post: PostView
    unread: bool = False


class ConversationsPage(Page, frozen=True, kw_only=True):
    """Direct posts, gathered by thread and by who takes part."""

    template: ClassVar[str] = "conversations.html"
    title: ClassVar[str] = "Messages"
    section: ClassVar[str] = "messages"

    conversations: Sequence[ConversationView]
    pager: Pager
