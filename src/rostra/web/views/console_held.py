"""What rules hold, and how programs elsewhere do, as their pages in the console show them."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.console import CaseLine, ConsolePage


class HeldLine(msgspec.Struct, frozen=True, kw_only=True):
    """A post that waits. Times are UTC ms.

    Attributes:
        case: what is to be decided; None: that is not theirs, or is decided already.
        rule_url: empty: rules are not theirs to read.
        due_at: until when somebody should have looked.
    """

    case: CaseLine | None
    rule: str
    version: int
    rule_url: str = ""
    held_at: int
    due_at: int
    overdue: bool = False
    decision_url: str


class HeldPage(ConsolePage, frozen=True, kw_only=True):
    """What waits because of rules, the first that is due first.

    Attributes:
        waiting: how many do, those that are not shown too.
        settled: what became of others lately, with how many.
        usual: how long half of those waited that somebody looked at; empty: none was.
        then: what becomes of those that nobody looks at.
    """

    template: ClassVar[str] = "console/held.html"
    title: ClassVar[str] = "Held"

    held: Sequence[HeldLine] = ()
    waiting: int = 0
    overdue: int = 0
    settled: Sequence[tuple[str, int]] = ()
    usual: str = ""
    then: str = ""
    can_decide_many: bool = False


class AdapterView(msgspec.Struct, frozen=True, kw_only=True):
    """A program elsewhere that is asked about posts. Times are UTC ms, 0: never.

    Attributes:
        tone: of its state: `bad`, `warn` or nothing.
        asked: which posts it is asked about, in words.
        mean: how long an answer takes; `-`: there was none.
    """

    name: str
    host: str
    model: str = ""
    state: str
    tone: str = ""
    asked: str
    waiting: int = 0
    most_waiting: int = 0
    answered: int = 0
    late: int = 0
    failed: int = 0
    given_up: int = 0
    skipped: int = 0
    mean: str = "-"
    slowest: str = "-"
    failure: str = ""
    failed_at: int = 0
    answered_at: int = 0
    retry_at: int = 0


class AdaptersPage(ConsolePage, frozen=True, kw_only=True):
    """How programs elsewhere do that are asked about posts."""

    template: ClassVar[str] = "console/adapters.html"
    title: ClassVar[str] = "Adapters"

    adapters: Sequence[AdapterView] = ()
    days: int = 0
