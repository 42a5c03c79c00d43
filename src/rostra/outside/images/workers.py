"""The pool of picture children, seen from the server: bytes in, variants out.

Threads carry the bytes, so the pool belongs to no event loop; one thread and one child for each
picture at work. Children start when they are first needed.
"""

import asyncio
import contextlib
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec

from rostra.kernel.errors import Invalid, TooLarge, Unavailable
from rostra.outside.images import wire
from rostra.outside.images.model import Answer, Kind, Order, Processed
from rostra.outside.images.sniff import ACCEPTED, agrees, sniff
from rostra.settings import Settings

CHILD = (sys.executable, "-I", "-m", "rostra.outside.images.child")
"""The command of a child; the megabytes it may take are added to it."""

_START_S = 30.0
_GRACE_S = 2.0
_MEGABYTE = 1_000_000
_WAITING_PER_CHILD = 32
_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "2",  # each arena reserves 64 MB of the address space we limit
    "VIPS_CONCURRENCY": "1",  # the pool is the parallelism
    "VIPS_WARNING": "0",
}
_TYPES = "JPEG, PNG, GIF, WebP or AVIF"


class ImageWorkers:
    """Makes stored variants from uploads, in child processes with limits and a deadline."""

    def __init__(
        self,
        settings: Settings,
        *,
        command: Sequence[str] = CHILD,
        pictures_per_child: int = 100,
    ) -> None:
        """Prepare the pool; nothing is started yet.

        Args:
            settings: `images.*` (children, deadline, memory) and the limits in `media.*`.
            command: what to start as a child; tests put a faulty one here.
            pictures_per_child: a child is replaced after so many, which bounds what leaks.
        """
        self._settings = settings
        free = () if settings.images.sandbox else ("free",)
        self._command = (*command, str(settings.images.memory_mb), *free)
        self._per_child = pictures_per_child
        self._threads = ThreadPoolExecutor(settings.images.children, "images")
        self._most_waiting = settings.images.children * _WAITING_PER_CHILD
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
        self._asked = 0
        self.barred: bool | None = None
        """Whether the kernel bars the children from files and the network; None: not known yet."""
        self._closed = threading.Event()

    async def attachment(self, data: bytes, declared: str = "") -> Processed:
        """Make `original` (at most 8.3 megapixels) and `small` (a still preview) of an upload.

        Args:
            data: the whole file.
            declared: the Content-Type that came with it; empty where none did.

        Raises:
            TooLarge: more bytes than `media.max_picture_bytes`.
            Invalid: on `file`: empty, of no accepted type, not of the declared type, damaged, with
                too many pixels or frames, or too slow to read.
            Unavailable: too many pictures wait already, the pool is closed, or no child starts.
        """
        return await self._make("attachment", data, declared)

    async def avatar(self, data: bytes, declared: str = "") -> Processed:
        """Cut to 400 x 400; `static` too where it moves. Raises as `attachment` does."""
        return await self._make("avatar", data, declared)

    async def header(self, data: bytes, declared: str = "") -> Processed:
        """Cut to 1500 x 500; `static` too where it moves. Raises as `attachment` does."""
        return await self._make("header", data, declared)

    async def emoji(self, data: bytes, declared: str = "") -> Processed:
        """Fit into 256 x 256, whatever the shape; `static` too where it moves.

        Raises as `attachment` does; the limit in bytes is `media.max_emoji_bytes`.
        """
        return await self._make("emoji", data, declared)

    async def close(self) -> None:
        """End all children and threads; pictures at work fail with Unavailable."""
        with self._lock:
            self._closed.set()
            children = [*self._idle, *self._busy]
            self._idle.clear()
        for child in children:
            child.kill()
        await asyncio.to_thread(self._threads.shutdown)
        for child in children:
            await asyncio.to_thread(child.end)

    async def _make(self, kind: Kind, data: bytes, declared: str) -> Processed:
        order = self._order(kind, data, declared)
        with self._lock:
            if self._closed.is_set() or self._asked >= self._most_waiting:
                raise Unavailable(inside="the image workers are closed or have too much to do")
            self._asked += 1
        loop = asyncio.get_running_loop()
        # Counted down in the thread: a caller that gives up does not stop the work.
        answer = await loop.run_in_executor(self._threads, self._counted, order, data)
        if isinstance(answer, Processed):
            return answer
        raise _invalid(answer.message, answer.inside)

    def _order(self, kind: Kind, data: bytes, declared: str) -> Order:
        """Hold what can be known without decoding against the limits."""
        media = self._settings.media
        most = {
            "attachment": media.max_picture_bytes,
            "emoji": media.max_emoji_bytes,
        }.get(kind, media.max_avatar_bytes)
        if not data:
            raise _invalid("is empty")
        if len(data) > most:
            raise TooLarge(safe=f"The picture is too large (at most {_size(most)})")
        mime = sniff(data)
        if mime not in ACCEPTED:
            raise _invalid(f"is not a picture that is accepted here ({_TYPES})")
        if not agrees(declared, mime):
            raise _invalid("is not of the type it is declared to be", f"{declared!r}, is {mime}")
        cpu_s = math.ceil(self._settings.images.deadline_s)
        return Order(kind, mime, media.max_picture_pixels, cpu_s)

    def _counted(self, order: Order, data: bytes) -> Answer:
        try:
            return self._ask(order, data)
        finally:
            with self._lock:
                self._asked -= 1

    def _ask(self, order: Order, data: bytes) -> Answer:
        """Let a child answer; runs in a thread of ours. A child that fails is not used again."""
        child = self._take()
        healthy = False
        try:
            answer = child.ask(order, data, self._settings.images.deadline_s)
            healthy = child.asked < self._per_child
        except TimeoutError as error:
            raise _invalid("takes too long to process", str(error)) from error
        except (EOFError, OSError, ValueError, msgspec.MsgspecError) as error:
            if self._closed.is_set():
                raise Unavailable(inside="the image workers were closed") from error
            raise _invalid("could not be processed", f"the child failed: {error!r}") from error
        finally:
            self._give_back(child, healthy=healthy)
        return answer

    def _take(self) -> "_Child":
        """An idle child that is still alive, or a new one.

        Raises:
            Unavailable: it does not start, or the pool is closed.
        """
        with self._lock:
            if self._closed.is_set():
                raise Unavailable(inside="the image workers are closed")
            idle, self._idle = self._idle, []
            alive = [child for child in idle if child.alive()]
            self._idle = alive[1:]
            gone = [child for child in idle if child not in alive]
            if alive:
                self._busy.add(alive[0])
        for child in gone:
            child.end()
        if alive:
            return alive[0]
        try:
            child = _Child(self._command)
        except OSError as error:
            raise _no_child(error) from error
        with self._lock:
            self._busy.add(child)
            if (
                self._closed.is_set()
            ):  # close() may have looked before this child was among the busy
                child.kill()
        try:
            self.barred = child.await_ready(_START_S)
        except (EOFError, OSError, TimeoutError, ValueError) as error:
            self._give_back(child, healthy=False)
            raise _no_child(error) from error
        return child

    def _give_back(self, child: "_Child", *, healthy: bool) -> None:
        with self._lock:
            self._busy.discard(child)
            kept = healthy and not self._closed.is_set()
            if kept:
                self._idle.append(child)
        if not kept:
            child.end()


class _Child:
    """One child process and the two pipes to it; used by one thread at a time."""

    def __init__(self, command: Sequence[str]) -> None:
        self.asked = 0
        self._ended = threading.Lock()
        self._process = subprocess.Popen(  # noqa: S603 (a fixed command, nothing from outside in it)
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            cwd="/",
            env=_ENVIRONMENT,
            start_new_session=True,  # Ctrl-C in a terminal is for the server alone
        )
        assert self._process.stdin  # noqa: S101 (both are pipes, for the type checker)
        assert self._process.stdout  # noqa: S101 (as above)
        self._input, self._output = self._process.stdin, self._process.stdout
        os.set_blocking(self._input.fileno(), False)
        os.set_blocking(self._output.fileno(), False)

    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def await_ready(self, seconds: float) -> bool:
        """Wait for its first words; whether it is barred from files and the network.

        Raises:
            EOFError, TimeoutError, ValueError: it ended, is silent, or says something else.
        """
        until = time.monotonic() + seconds
        head, body = wire.unpack(wire.read_within(self._output.fileno(), until))
        if head != msgspec.msgpack.encode(wire.READY):
            raise ValueError("it says something else than that it is ready")
        return body == wire.BARRED

    def ask(self, order: Order, data: bytes, seconds: float) -> Answer:
        """Give it one picture and wait for the answer; after an error it must be ended."""
        self.asked += 1
        until = time.monotonic() + seconds
        wire.write_within(self._input.fileno(), wire.pack(order, data), until)
        head, _ = wire.unpack(wire.read_within(self._output.fileno(), until))
        answer: Answer = msgspec.msgpack.decode(head, type=Answer)
        return answer

    def kill(self) -> None:
        """Stop it at once; whoever waits for it gets EOFError."""
        self._process.kill()

    def end(self) -> None:
        """Stop it, wait until it is gone and close the pipes; more than once does nothing."""
        with self._ended:
            if self._input.closed:
                return
            self._process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE_S)
            self._input.close()
            self._output.close()


def _size(count: int) -> str:
    return f"{count / 1e6:.0f} MB" if count >= _MEGABYTE else f"{count // 1000} kB"


def _no_child(error: Exception) -> Unavailable:
    return Unavailable(30, inside=f"a child for pictures does not start: {error!r}")


def _invalid(message: str, inside: str = "") -> Invalid:
    error = Invalid("file", message)
    if inside:
        error.inside = f"{error.safe}: {inside}"
    return error
