"""What others see of announcements. Times are UTC ms; 0 is none."""

import msgspec

from rostra.kernel.clock import DAY


class Announcement(msgspec.Struct, frozen=True):
    """What the operators tell everybody.

    `starts_at` and `ends_at` are of what it tells of, whole days with `all_day`. It is shown from
    `publish_at` (0: not decided yet) until `over_at` (0: it stays).
    """

    id: int
    text: str
    starts_at: int
    ends_at: int
    all_day: int
    publish_at: int
    over_at: int
    edited_at: int

    def shown_at(self, now: int) -> bool:
        """Whether everybody sees it at this time."""
        return 0 < self.publish_at <= now and not 0 < self.over_at <= now

    def state_at(self, now: int) -> str:
        """What operators call it at this time: `draft`, `later`, `shown` or `over`."""
        if not self.publish_at:
            return "draft"
        if self.shown_at(now):
            return "shown"
        return "later" if self.publish_at > now else "over"


class Shown(msgspec.Struct, frozen=True):
    """An announcement as a member has it."""

    announcement: Announcement
    read: bool
    reactions: tuple["Reaction", ...] = ()


class Reaction(msgspec.Struct, frozen=True):
    """How many reacted by an emoji (of Unicode, or a shortcode), the viewer among them or not."""

    name: str
    count: int
    mine: bool = False


class Words(msgspec.Struct, frozen=True):
    """What an announcement is to say, and when."""

    text: str
    starts_at: int = 0
    ends_at: int = 0
    all_day: bool = False

    def over_at(self) -> int:
        """When it is over: whole days last until their end."""
        return self.ends_at + DAY if self.ends_at and self.all_day else self.ends_at
