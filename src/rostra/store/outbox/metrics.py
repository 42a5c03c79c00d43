"""What a worker tells about its work, for whoever counts it."""

from typing import Literal, Protocol

# done; failed and tried again later; failed for good; a gate was closed; given back at the stop;
# another worker has it meanwhile
Outcome = Literal["done", "retried", "dead", "postponed", "released", "lost"]


class JobMetrics(Protocol):
    """Hooks that the metrics registry fills; they must be quick and never raise."""

    def started(self, kind: str, waited_ms: int) -> None:
        """A job starts, so many milliseconds after it was due."""
        ...

    def finished(self, kind: str, outcome: Outcome, seconds: float) -> None:
        """A job ended, after so many seconds of work."""
        ...


class NoMetrics:
    """Nobody counts."""

    def started(self, kind: str, waited_ms: int) -> None:
        """Say nothing."""

    def finished(self, kind: str, outcome: Outcome, seconds: float) -> None:
        """Say nothing."""
