"""What waits for the member's approval, and the choice of whose answers need it."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.forms import Option
from rostra.web.views.parts import AuthorView, Pager, PostView
from rostra.web.views.shell import Page

ANSWERERS: Sequence[Option] = (
    Option("public", "Everyone"),
    Option("followers", "People who follow you"),
    Option("following", "People you follow"),
    Option("mentioned", "Only people you mention"),
    Option("ask", "Everyone, once you approve"),
)
AS_IT_IS = Option("", "As it is now")
"""For rules that only apps can make."""


class ApprovalView(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody wants to do something with a post of the member's."""

    id: str
    kind: str
    """`favourite`, `reply` or `reblog`."""
    created_at: int
    author: AuthorView
    post: PostView
    reply: PostView | None = None


class ApprovalsPage(Page, frozen=True, kw_only=True):
    """What waits for the member's approval."""

    template: ClassVar[str] = "approvals.html"
    title: ClassVar[str] = "Approvals"
    section: ClassVar[str] = "notifications"

    approvals: Sequence[ApprovalView]
    pager: Pager
