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


class ReadinessPage(ConsolePage, frozen=True, kw_only=True):
    """What stores, hosts and laws ask for."""

    template: ClassVar[str] = "console/readiness.html"
    title: ClassVar[str] = "Readiness"

    asked: Sequence[AskedView]
    missing: int
