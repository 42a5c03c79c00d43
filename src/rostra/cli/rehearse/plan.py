"""What is rehearsed: how large, how long, how much of what. Nothing here is drawn by chance."""

from enum import StrEnum
from typing import Final

import msgspec

from rostra.kernel.clock import DAY, HOUR, SECOND
from rostra.safety.categories.model import Category

START: Final = 1_609_718_400_000
"""Monday 4 January 2021, midnight UTC."""

# Of the place that it is modelled on, in January 2021.
MEMBERS: Final = 15_000_000
NEW_A_DAY: Final = 1_000_000
STANDING: Final = 26_000
EXAMPLES: Final = 98

RISES_WITHIN: Final = 3 * DAY
DECISION_MS: Final = 30 * SECOND
READ_MS: Final = 10 * SECOND
"""What each further case takes that is read on the same page."""
ANSWER_MS: Final = 120 * SECOND
LETTER_DEADLINE: Final = 24 * HOUR
TARGET: Final = HOUR
"""Within which a call to violence is to be acted on."""

VIOLENT: Final = frozenset({Category.VIOLENCE_INCITEMENT, Category.THREAT_TO_LIFE})


class Way(StrEnum):
    """How the team works."""

    LIST = "list"  # reports in the order in which they came, one after the other
    ROSTRA = "rostra"
    TAKEOVER = "takeover"  # the list for seven tenths of the time, then Rostra with what it left
    SCREENED = "screened"  # Rostra, and each post is judged when it is written


class Shifts(StrEnum):
    """When the three of the team work."""

    ROUND = "round"  # one after the other, around the clock
    OFFICE = "office"  # all three from 9 to 17 UTC


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A rehearsal.

    Attributes:
        seed: what everything that is made up follows from.
        scale: of the place that it is modelled on.
        days: how long it lasts.
        posts: that a member writes a day, on average.
        reports: among 1,000 posts, before anything rises.
        rise: how many times as many after three days.
        copies: the share of near copies in what has come on top.
        examples: that the host's letters name.
        shifts: when the team works.
    """

    seed: int = 1
    scale: float = 0.01
    days: int = 10
    posts: float = 0.4
    reports: float = 7.0
    rise: float = 10.0
    copies: float = 0.9
    examples: int = EXAMPLES
    shifts: Shifts = Shifts.ROUND

    @property
    def end(self) -> int:
        """UTC ms."""
        return START + self.days * DAY

    def begins(self, way: Way) -> int:
        """From when on a way is what it is (UTC ms): at midnight, where Rostra takes over."""
        return START + (self.days * 7 // 10 * DAY if way is Way.TAKEOVER else 0)

    @property
    def standing(self) -> int:
        """Reports that nobody has read when it begins."""
        return round(STANDING * self.scale)

    def members(self, at: int) -> int:
        """How many there are at this time (UTC ms)."""
        return round(self.scale * (MEMBERS + NEW_A_DAY * (at - START) / DAY))

    def posts_on(self, day: int) -> float:
        """How many are written on a day, the copies of floods left out."""
        return self.posts * self.members(START + day * DAY + DAY // 2)

    def ordinary_on(self, day: int) -> float:
        """Reports of a day, if nothing had risen."""
        return self.posts_on(day) * self.reports / 1000

    def factor(self, day: int) -> float:
        """How many times as many reports there are on a day."""
        along = min(1.0, day * DAY / RISES_WITHIN)
        return float(self.rise**along)


PEOPLE: Final = 3
HOURS: Final = 8


_OFFICE_OPENS = 9


def _first_hour(shifts: Shifts, person: int) -> int:
    return _OFFICE_OPENS if shifts is Shifts.OFFICE else person * HOURS


def on_duty(shifts: Shifts, person: int, at: int) -> bool:
    """Whether one of the three (0 to 2) works at this time (UTC ms)."""
    return 0 <= at % DAY // HOUR - _first_hour(shifts, person) < HOURS


def next_start(shifts: Shifts, person: int, at: int) -> int:
    """When their next shift begins, later than this (UTC ms)."""
    today = at - at % DAY + _first_hour(shifts, person) * HOUR
    return today if today > at else today + DAY
