"""Work is spread over processes of this machine; what comes of it is told as it comes."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from typing import Final, Protocol, TypeVar

Item = TypeVar("Item")
Out = TypeVar("Out")
Stopped = Callable[[], bool]
AHEAD: Final = 2  # items that wait for each process
_GIVES_WAY: Final = 10  # of 19: requests of members come first
LOOK_EVERY_S: Final = 0.5  # whether to give up


class Cancelled(Exception):
    """Somebody wanted no more of it; nothing is left running."""


class Spread(Protocol):
    """Does the same work with many items, several at a time."""

    def __call__(
        self,
        work: Callable[[Item], Out],
        items: Sequence[Item],
        *,
        processes: int,
        stopped: Stopped,
    ) -> Iterator[tuple[Item, Out]]:
        """Each item with what came of it, in the order in which they are done.

        Args:
            work: a function of a module, or a partial of one: it is called elsewhere.
            items: what it is called with.
            processes: how many work at a time.
            stopped: asked now and then whether to give up.

        Raises:
            Cancelled: `stopped` said so.
        """
        ...


def never() -> bool:
    """Nobody wants to give up."""
    return False


def in_processes(
    work: Callable[[Item], Out],
    items: Sequence[Item],
    *,
    processes: int,
    stopped: Stopped = never,
) -> Iterator[tuple[Item, Out]]:
    """See `Spread`: processes that are started for it, and gone when it ends."""
    processes = max(1, min(processes, len(items)))
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_begin)
    waiting: dict[Future[Out], Item] = {}
    rest = iter(items)
    try:
        with _deaf():  # so are the processes that begin here: Ctrl-C is for this one to answer
            for item, _ in zip(rest, range(processes * AHEAD), strict=False):
                waiting[pool.submit(work, item)] = item
        while waiting:
            if stopped():
                raise Cancelled
            done, _ = wait(waiting, timeout=LOOK_EVERY_S, return_when=FIRST_COMPLETED)
            for future in done:
                item = waiting.pop(future)
                for following in rest:
                    waiting[pool.submit(work, following)] = following
                    break
                yield item, future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """What a process does first: it gives way to others, and ends with the one that wants it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_GIVES_WAY)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A parent that is killed can't say that nothing more is wanted."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _deaf() -> Iterator[None]:
    """What begins in it hears nothing of Ctrl-C; this thread hears of it when it is over.

    Held back and not ignored: one that came meanwhile would be lost, and nobody stopped.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
