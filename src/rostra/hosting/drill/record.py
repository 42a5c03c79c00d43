"""What is noted while a drill goes on: how long stages take, what is verified, what is wrong."""

from rostra.hosting.ark.verify import Fault
from rostra.hosting.drill.model import HERE, Check, Stage
from rostra.kernel.clock import Clock

_TOLD = 20


class Record:
    """The notes of one drill.

    Attributes:
        begun_at: UTC ms.
        checked: what was verified, and how much of it.
        notes: what somebody should know.
        rto: ms from the beginning to the first answer; 0: there was none yet.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._started = clock.monotonic()
        self._stages: dict[str, float] = {}
        self._now: tuple[str, float] | None = None
        self._faults: dict[Fault, None] = {}
        self.begun_at = clock.now()
        self.checked: dict[str, int] = {}
        self.notes: list[str] = []
        self.rto = 0

    def begins(self, stage: str) -> None:
        """A stage begins, and the one before ends."""
        self.ends()
        self._now = (stage, self._clock.monotonic())
        if stage == Stage.WALK:
            self.rto = self.took()

    def ends(self) -> None:
        """The stage under way ends."""
        if self._now is not None:
            stage, since = self._now
            took = self._clock.monotonic() - since
            self._stages[stage] = self._stages.get(stage, 0.0) + took
            self._now = None

    @property
    def stage(self) -> str:
        """What goes on."""
        return self._now[0] if self._now else ""

    def verified(self, check: Check, count: int) -> None:
        """Something is verified; `count` says how much of it there was."""
        self.checked[check] = count

    def fault(self, what: str, place: str = HERE) -> None:
        """Something is wrong; said once."""
        self._faults[Fault(place, what)] = None

    def note(self, what: str) -> None:
        """Somebody should know this; it is no fault."""
        self.notes.append(what)

    def took(self) -> int:
        """Milliseconds since the beginning; never 0."""
        return max(1, round((self._clock.monotonic() - self._started) * 1_000))

    def stages(self) -> dict[str, int]:
        """Milliseconds of each stage."""
        return {stage: round(took * 1_000) for stage, took in self._stages.items()}

    def faults(self) -> tuple[Fault, ...]:
        """All that is wrong, and what was not verified."""
        found = list(self._faults)
        shown, more = found[:_TOLD], len(found) - _TOLD
        if more > 0:
            shown.append(Fault(HERE, f"and {more:,} more things"))
        left = [check for check in Check if check not in self.checked]
        if left:
            shown.append(Fault(HERE, f"not verified: {', '.join(left)}"))
        return tuple(shown)
