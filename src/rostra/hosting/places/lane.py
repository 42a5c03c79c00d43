"""Work that may hang, on threads that nobody else needs.

A mount whose server is gone answers no call, and nothing ends a call that waits for it. On the
threads that all others share, a handful of such calls would stop the process. Here they hang alone,
and are given up after a time.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, TypeVar

HANGING: Final = 4
_LOCK: Final = threading.Lock()
_LANES: Final[dict[str, "Lane"]] = {}
T = TypeVar("T")


class Hangs(Exception):
    """It was given up. Whether it will still be done is not known."""


class Lane:
    """Runs work for one thing that may hang, each on a thread of its own."""

    def __init__(self) -> None:
        self._given_up: set[Future[Any]] = set()
        self._lock = threading.Lock()
        self._since = 0.0

    async def run(self, work: Callable[[], T], seconds: float) -> T:
        """Do it; what it returns or raises.

        Args:
            work: blocks.
            seconds: that it may take.

        Raises:
            Hangs: it took longer; or `HANGING` calls before have not come back to this moment.
        """
        with self._lock:
            if len(self._given_up) >= HANGING:
                raise Hangs(f"it has not answered for {time.monotonic() - self._since:.0f} s")
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        # A daemon: the process can end while it hangs.
        threading.Thread(target=_do, args=(work, future), name="place", daemon=True).start()
        try:
            async with asyncio.timeout(seconds):
                return await waited_for(future)
        except TimeoutError as error:
            if future.done():  # the work itself has raised it
                raise
            self._give_up(future)
            raise Hangs(f"no answer in {seconds:.0f} s") from error
        except asyncio.CancelledError:
            self._give_up(future)
            raise

    def _give_up(self, future: Future[T]) -> None:
        with self._lock:
            if not self._given_up:
                self._since = time.monotonic()
            self._given_up.add(future)
        future.add_done_callback(self._came_back)  # at once, where it is back already

    def _came_back(self, future: Future[T]) -> None:
        with self._lock:
            self._given_up.discard(future)


def lane(what: str) -> Lane:
    """The lane of a thing by its name: one for the whole process."""
    with _LOCK:
        return _LANES.setdefault(what, Lane())


def waited_for(future: Future[T]) -> asyncio.Future[T]:
    """The same for the running loop, which may be closed when the thread is done.

    `asyncio.wrap_future` writes an error then, though nobody waits any more.
    """
    loop = asyncio.get_running_loop()
    waited: asyncio.Future[T] = loop.create_future()

    def pass_on() -> None:
        if waited.done():
            return
        error = future.exception()
        if error is None:
            waited.set_result(future.result())
        else:
            waited.set_exception(error)

    def done(_future: Future[T]) -> None:
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(pass_on)

    future.add_done_callback(done)
    return waited


def _do(work: Callable[[], T], future: Future[T]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 (whoever waits for it gets it)
        future.set_exception(error)
