"""What `rostra doctor` finds."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """One line of the report: what was looked at, how it is, and what to do."""

    state: State
    what: str
    text: str
    advice: str = ""


Findings = AsyncIterator[Finding]
