"""What signals found in words, as the console shows it."""

from collections.abc import Sequence

import msgspec


class FindingView(msgspec.Struct, frozen=True, kw_only=True):
    """What a signal said of the words of a subject."""

    signal: str
    version: str
    scores: Sequence[tuple[str, str]] = ()
    """Harms, and how sure it is: `92 %`."""
    reason: str = ""
    targets: str = ""
    failed: bool = False
    passages: Sequence[tuple[str, bool]] = ()
    """The words, and which of them counted."""


class JudgementView(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in words when they were published."""

    what: str
    at: int
    took: str
    current: bool
    findings: Sequence[FindingView] = ()
    rules: Sequence[str] = ()
    """Those that caught it, with what they ask for."""
