"""A try-out as a whole: every part of the past is scored, and the results are put together."""

import asyncio
from collections.abc import Callable, Sequence
from functools import cache, partial
from multiprocessing.util import Finalize
from typing import Final, Protocol, TypeVar

import msgspec

from rostra.safety.tryout.history import Period, Shard, authored, wanted_by
from rostra.safety.tryout.merge import merged
from rostra.safety.tryout.model import Result
from rostra.safety.tryout.parallel import Spread, Stopped, in_processes, never
from rostra.safety.tryout.score import Scorer
from rostra.safety.tryout.spec import Spec
from rostra.store.database import Database
from rostra.store.reading import reading

_AT_ONCE: Final = 64  # results that are kept before they are put together


class Part(Protocol):
    """A part of the past that one process can score alone."""

    @property
    def posts(self) -> int:
        """How many there are, as far as is known beforehand."""
        ...


SomePart = TypeVar("SomePart", bound=Part)
Told = Callable[[int], None]


class Task(msgspec.Struct, frozen=True):
    """What every process has to know: it reads the rules and opens the database once."""

    url: str
    spec: Spec
    period: Period


def untold(_posts: int) -> None:
    """Nobody asks how far it is."""


def swept(
    spec: Spec,
    work: Callable[[SomePart], Result],
    parts: Sequence[SomePart],
    *,
    processes: int,
    spread: Spread = in_processes,
    told: Told = untold,
    stopped: Stopped = never,
) -> Result:
    """Score all parts.

    Args:
        spec: the rules.
        work: scores a part, in a process of its own.
        parts: all of the past; each author stands in one of them.
        processes: how many work at a time.
        spread: where they do.
        told: hears after each part how many posts it had.
        stopped: asked now and then whether to give up.

    Raises:
        Cancelled: `stopped` said so.
    """
    found = [spec.read().scorer().result()]  # where nobody has posted: nothing, of as many rules
    for part, result in spread(work, parts, processes=processes, stopped=stopped):
        found.append(result)
        told(part.posts)
        if len(found) > _AT_ONCE:
            found = [merged(found, samples=spec.samples)]
    return merged(found, samples=spec.samples)


def try_out(
    task: Task,
    shards: Sequence[Shard],
    *,
    processes: int,
    told: Told = untold,
    stopped: Stopped = never,
) -> Result:
    """Score what is stored in the database; see `swept`."""
    work = partial(score, task)
    return swept(task.spec, work, shards, processes=processes, told=told, stopped=stopped)


def score(task: Task, shard: Shard) -> Result:
    """What the rules say of one shard; in a process of its own."""
    return _worker(task).score(shard)


@cache
def _worker(task: Task) -> "_Worker":
    return _Worker(task)


class _Worker:
    """One process: its loop, its database, its rules."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._tried = task.spec.read()
        self._wanted = wanted_by(self._tried.needs)
        self._runner = asyncio.Runner()
        self._db = reading(task.url)
        Finalize(self, _close, (self._runner, self._db), exitpriority=1)

    def score(self, shard: Shard) -> Result:
        return self._runner.run(self._score(shard, self._tried.scorer()))

    async def _score(self, shard: Shard, scorer: Scorer) -> Result:
        async with self._db.read() as reader:
            async for author, posts in authored(reader, self._task.period, shard, self._wanted):
                scorer.add(author, posts)
        return scorer.result()


def _close(runner: asyncio.Runner, db: Database) -> None:
    """Before the process ends: connections are ended, not broken off."""
    runner.run(db.close())
    runner.close()
