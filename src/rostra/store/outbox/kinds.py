"""What a kind of job is: its payload, its handler, and how patient we are with it."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from rostra.kernel.clock import DAY
from rostra.store.chance import around

ATTEMPTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    attempts: int = ATTEMPTS
    timeout_s: float = 60.0
    every_ms: int | None = None
    daily_at_ms: int | None = None
    transactional: bool = False
    first_retry_s: float = 5.0
    slowest_retry_s: float = 3600.0


@dataclass(frozen=True, slots=True)
class JobKind(_Terms):
    """One kind of job.

    Attributes:
        name: `slice.verb`, unique and never changed: it stands in rows.
        payload: the struct that the handler gets.
        handler: `async def(services, payload)`, run outside any transaction, at least once; or,
            for a transactional kind, `async def(services, tx, payload)`, run in the transaction
            that removes the job, so what it writes there is written exactly once.
        attempts: how often it is tried before it becomes a dead letter.
        timeout_s: seconds after which one try is cancelled.
        every_ms: also run without being asked, this many milliseconds apart.
        daily_at_ms: also run once a day, this many milliseconds after midnight UTC.
        transactional: see `handler`. Such a handler awaits nothing but its transaction.
        first_retry_s: seconds before the second try; doubled before each further one.
        slowest_retry_s: seconds between tries at most.
    """

    name: str
    payload: type[msgspec.Struct]
    handler: Callable[..., Awaitable[None]]

    def __post_init__(self) -> None:
        """Refuse terms that make no sense (ValueError)."""
        if self.attempts < 1 or self.timeout_s <= 0:
            raise ValueError(f"{self.name}: one try and some time are the least")
        if self.every_ms is not None and (self.every_ms <= 0 or self.daily_at_ms is not None):
            raise ValueError(f"{self.name}: every so often, or daily, not both")
        if self.daily_at_ms is not None and not 0 <= self.daily_at_ms < DAY:
            raise ValueError(f"{self.name}: daily_at_ms is a time of the day")
        if self.scheduled:
            self.payload()  # a scheduled kind's payload can be made without arguments

    @property
    def scheduled(self) -> bool:
        """Whether it also runs without being asked."""
        return self.every_ms is not None or self.daily_at_ms is not None

    def due_after(self, now: int) -> int:
        """When a scheduled kind is due next (UTC ms)."""
        if self.every_ms is not None:
            return now + self.every_ms
        midnight = now - now % DAY
        today = midnight + (self.daily_at_ms or 0)
        return today if today > now else today + DAY

    def retry_ms(self, attempts: int) -> int:
        """How long to wait after so many tries: doubling, within a quarter of it by chance."""
        seconds = min(self.first_retry_s * 2.0 ** min(attempts - 1, 40), self.slowest_retry_s)
        return int(around(seconds * 1000, 0.25))


class Kinds:
    """All kinds of jobs that this software knows."""

    def __init__(self, kinds: Iterable[JobKind] = ()) -> None:
        self._kinds: dict[str, JobKind] = {}
        for kind in kinds:
            if kind.name in self._kinds:
                raise ValueError(f"two kinds of jobs are named {kind.name}")
            self._kinds[kind.name] = kind

    def get(self, name: str) -> JobKind | None:
        """The kind of this name, if known."""
        return self._kinds.get(name)

    def __getitem__(self, name: str) -> JobKind:
        """The kind of this name; ValueError if there is none."""
        kind = self._kinds.get(name)
        if kind is None:
            raise ValueError(f"there is no kind of job {name!r}")
        return kind

    def __iter__(self) -> Iterator[JobKind]:
        """Every kind."""
        return iter(self._kinds.values())


Services = Any  # the composition root's; this layer only hands it on
