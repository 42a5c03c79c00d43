"""Reports from outside, as those who make them and the team see them."""

from enum import IntEnum
from typing import Final

import msgspec

from rostra.kernel.clock import DAY
from rostra.safety.appeals.model import Appeal
from rostra.safety.categories.facts import facts_of
from rostra.safety.categories.model import Category, Severity
from rostra.safety.reports.model import ReportRow, ReportState

WAITS_DAYS: Final = 7
WAITS_MS: Final = WAITS_DAYS * DAY
"""How long a report waits for its confirmation; then it is deleted."""


LONGEST_MS: Final = 730 * DAY
"""How long a report is kept that nobody has decided about, as long as nothing of it is open."""


class OutsideState(IntEnum):
    """How far a report from outside is."""

    WAITING = 0  # for its confirmation
    FILED = 1
    GONE = 2  # what it named was not there any more when it was confirmed

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class Purpose(IntEnum):
    """What a link is for."""

    SEE = 0
    CONFIRM = 1


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody fills in.

    Attributes:
        addresses: of posts, profiles or files of this place, one each.
        category: None: nothing was chosen.
        good_faith: that they believe what they say (DSA Art. 16(2)(d)).
        locale: the language of letters to them.
    """

    addresses: tuple[str, ...] = ()
    category: Category | None = None
    comment: str = ""
    name: str = ""
    email: str = ""
    good_faith: bool = False
    locale: str = "en"


class Outside(msgspec.Struct, frozen=True, kw_only=True):
    """A report from outside as it is stored. Times are UTC ms, 0: not yet."""

    id: int
    state: int
    category: int
    comment: str
    addresses: str  # JSON
    name: str
    email: str
    locale: str
    decided_before_at: int
    confirmed_at: int
    told_at: int
    forget_at: int  # when all of it is deleted
    created_at: int

    @property
    def named(self) -> tuple[str, ...]:
        """The addresses as they were typed."""
        return msgspec.json.decode(self.addresses, type=tuple[str, ...])


class Followed(msgspec.Struct, frozen=True):
    """A report from outside with what became of it."""

    outside: Outside
    reports: tuple[ReportRow, ...]
    appeals: tuple[Appeal, ...]

    @property
    def state(self) -> ReportState:
        """Decided once nothing of it is open; upheld if any of it was."""
        states = {report.state for report in self.reports}
        if ReportState.OPEN in states or not states:
            return ReportState.OPEN
        return ReportState.UPHELD if ReportState.UPHELD in states else ReportState.DISMISSED

    @property
    def decided_at(self) -> int:
        """When the last of it was decided (UTC ms)."""
        return max((report.decided_at for report in self.reports), default=0)

    @property
    def dismissed(self) -> tuple[ReportRow, ...]:
        """What the team saw no reason to act on."""
        return tuple(each for each in self.reports if each.state == ReportState.DISMISSED)


def waits_for_nobody(category: int) -> bool:
    """Whether a report of this category is looked at before anybody has confirmed it."""
    return facts_of(category).severity is Severity.CRITICAL


def may_be_nameless(category: int) -> bool:
    """Whether name and address may be left out (DSA Art. 16(2)(c): abuse of children)."""
    return category == Category.CHILD_ABUSE
