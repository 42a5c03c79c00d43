"""What a member has scheduled."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.forms import Form
from rostra.web.views.parts import Pager, PictureView
from rostra.web.views.shell import Page


class ScheduledView(msgspec.Struct, frozen=True, kw_only=True):
    """A post that is published later."""

    id: str
    due_at: int
    due: str
    """The time as a field of a form has it, in UTC."""
    text: str
    spoiler: str = ""
    visibility: str = ""
    """Empty: as the member usually posts."""
    answers: str = ""
    """Address of the post that is answered."""
    options: Sequence[str] = ()
    pictures: Sequence[PictureView] = ()
    failure: str = ""

    def lines(self) -> list[str]:
        """Return the text in paragraphs."""
        return [line for line in self.text.split("\n") if line.strip()]


class ScheduledPage(Page, frozen=True, kw_only=True):
    """All scheduled posts of a member."""

    template: ClassVar[str] = "scheduled.html"
    title: ClassVar[str] = "Scheduled posts"
    section: ClassVar[str] = "scheduled"

    posts: Sequence[ScheduledView]
    pager: Pager = Pager()
    form: Form = Form()
