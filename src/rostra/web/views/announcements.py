"""Announcements: on top of home those that are new, on a page of their own all."""

from collections.abc import Sequence
from typing import ClassVar, Final

import msgspec
from markupsafe import Markup

from rostra.web.views.forms import Form
from rostra.web.views.shell import Page

OFFERED: Final = ("👍", "❤️", "🎉", "😂", "😮", "😢")


class ReactionView(msgspec.Struct, frozen=True, kw_only=True):
    """How many reacted by an emoji."""

    name: str
    count: int
    mine: bool = False
    picture_url: str = ""
    """Of a custom emoji."""


class AnnouncementView(msgspec.Struct, frozen=True, kw_only=True):
    """What the operators tell everybody. Times are UTC ms; 0: none."""

    id: str
    content: Markup
    starts_at: int = 0
    ends_at: int = 0
    all_day: bool = False
    edited_at: int = 0
    read: bool = False
    reactions: Sequence[ReactionView] = ()

    def offered(self) -> Sequence[str]:
        """Emoji to react by that nobody has used yet."""
        used = {each.name for each in self.reactions}
        return [name for name in OFFERED if name not in used]

    def one_day(self) -> bool:
        """Whether it tells of one whole day."""
        return self.all_day and self.ends_at in {0, self.starts_at}


class AnnouncementsPage(Page, frozen=True, kw_only=True):
    """All announcements that are shown now."""

    template: ClassVar[str] = "announcements.html"
    title: ClassVar[str] = "Announcements"
    section: ClassVar[str] = "announcements"

    announcements: Sequence[AnnouncementView]
    form: Form = Form()
