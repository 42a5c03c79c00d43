"""What is asked of the place, for the team."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.safety.transparency.readiness import Line
from rostra.web.views.console import ConsolePage


class AskedView(msgspec.Struct, frozen=True):
    """What one of those who ask wants, each with its evidence or what is missing."""

    source: str
    lines: Sequence[Line]


class PartyView(msgspec.Struct, frozen=True):
    """A party that the place depends on.

    Attributes:
        what: it does.
        party: who it is; empty: nobody is named.
        second: who else could do it.
        rehearsed_at: UTC ms; 0: never.
        noted_by: who noted it; empty: it is known from settings.
        noted_at: when, UTC ms.
        faults: what is missing or overdue.
    """

    what: str
    party: str
    second: str
    rehearsed_at: int
    noted_by: str
    noted_at: int
    faults: Sequence[str]


class ReadinessPage(ConsolePage, frozen=True, kw_only=True):
    """What stores, hosts and laws ask for."""

    template: ClassVar[str] = "console/readiness.html"
    title: ClassVar[str] = "Readiness"

    asked: Sequence[AskedView]
    missing: int
    parties: Sequence[PartyView]
