"""ffprobe and ffmpeg as limited child processes, seen from the server: a file in, an MP4 out."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from rostra.kernel.errors import Invalid, Unavailable
from rostra.outside.video import commands
from rostra.outside.video.model import Converted, Facts, Kind
from rostra.outside.video.probe import facts_of, kind_of
from rostra.settings import Settings

CHILD = (sys.executable, "-I", str(Path(__file__).with_name("child.py")))
"""The command of a child; its limits and the program are added to it."""

_PROBE_S = 20.0
_PROBE_BYTES = 4 << 20
_MOST_PROBES = 4
_MOST_WAITING = 32
_STALE_S = 6 * 3600
_TOLD = 300
_ENVIRONMENT = {"LANG": "C.UTF-8", "HOME": "/", "MALLOC_ARENA_MAX": "2"}
_OUT, _POSTER = "out.mp4", "poster.png"
_WHOLE = 0.9  # of what the file says of its length: less is a file that breaks off
_SLACK_S = 1.0


class VideoTools:
    """Looks into uploads and converts them; holds nothing that needs closing."""

    def __init__(self, settings: Settings, *, path: str | None = None) -> None:
        """Find the programs.

        Args:
            settings: `video.*`, and the data directory, in which files are worked on.
            path: where to look for the programs; without it the `PATH` of this process.
        """
        self._limits = settings.video
        self._scratch = settings.data_dir / "scratch"
        self._ffmpeg = shutil.which("ffmpeg", path=path) or ""
        self._ffprobe = shutil.which("ffprobe", path=path) or ""
        self._waiting = 0
        self._probes: asyncio.Semaphore | None = None

    @property
    def available(self) -> bool:
        """Whether videos and audio can be taken at all."""
        return bool(self._ffmpeg and self._ffprobe)

    def require(self) -> None:
        """Raise Invalid on `file`, naming what is missing, where a program is not installed."""
        for name, found in (("ffmpeg", self._ffmpeg), ("ffprobe", self._ffprobe)):
            if not found:
                raise Invalid("file", f"can't be taken: {name} is not installed on this server")

    @asynccontextmanager
    async def folder(self) -> AsyncIterator[Path]:
        """A folder of its own to work in, removed at the end."""
        await asyncio.to_thread(self._scratch.mkdir, mode=0o700, exist_ok=True)
        made = await asyncio.to_thread(tempfile.mkdtemp, dir=self._scratch)
        try:
            yield Path(made)
        finally:
            await asyncio.to_thread(shutil.rmtree, made, ignore_errors=True)

    def sweep(self) -> None:
        """Remove what a killed process left behind."""
        with contextlib.suppress(FileNotFoundError):
            for path in list(self._scratch.iterdir()):
                with contextlib.suppress(FileNotFoundError):
                    if path.stat().st_mtime < time.time() - _STALE_S:
                        shutil.rmtree(path, ignore_errors=True)

    async def examine(self, file: Path, container: str) -> tuple[Kind, Facts]:
        """Look into a file and hold it against the limits, without decoding it.

        Raises:
            Invalid: on `file`: no program, unreadable, too many pixels or frames, too long.
            Unavailable: too many files wait to be looked at.
        """
        self.require()
        if self._waiting >= _MOST_WAITING:
            raise Unavailable(inside="too many recordings wait to be looked at")
        self._waiting += 1
        try:
            self._probes = self._probes or asyncio.Semaphore(_MOST_PROBES)
            async with self._probes:
                facts = await self._probe(file, container)
        finally:
            self._waiting -= 1
        kind = kind_of(facts)
        if kind is None:
            raise _invalid("holds no picture and no sound that can be read")
        self._check(facts)
        return kind, facts

    @asynccontextmanager
    async def converted(
        self, file: Path, container: str, *, silent: bool = False
    ) -> AsyncIterator[Converted]:
        """Convert a file; what comes of it is there as long as the block runs.

        Args:
            file: the upload, in a folder that may be written.
            container: what `container_of` said, or `gif`.
            silent: a short loop without sound (`gifv`).

        Raises:
            Invalid: on `file`, as `examine` does, or because it can't be decoded in time.
        """
        kind, facts = await self.examine(file, container)
        if silent and kind == "video":
            kind = "gifv"
        target = file.with_name(_OUT)
        await self._convert(kind, facts, file, container)
        made = await self._probe(target, "mov")
        self._check_made(kind, facts, made)
        poster = b"" if kind == "audio" else await self._frame(target, made)
        mime = "audio/mp4" if kind == "audio" else "video/mp4"
        try:
            yield Converted(kind=kind, path=target, mime=mime, facts=made, poster=poster)
        finally:
            target.unlink(missing_ok=True)

    async def _convert(self, kind: Kind, facts: Facts, file: Path, container: str) -> None:
        limits = self._limits
        source = commands.reading(container, file.name, limits.max_pixels)
        until = time.monotonic() + limits.deadline_s
        ways = [True, False] if commands.keeps_coding(container, facts) else [False]
        for copy in ways:
            arguments = commands.converting(
                kind, facts, source, _OUT, most_s=limits.max_seconds + 1, copy=copy
            )
            code, told = await self._run(self._ffmpeg, arguments, file.parent, until)
            if code == 0 and copy:
                arguments = commands.checking(_OUT)
                code, told = await self._run(self._ffmpeg, arguments, file.parent, until)
            if code == 0:
                return
        raise _invalid("is damaged or can't be converted", f"ffmpeg ended with {code}: {told}")

    async def _frame(self, file: Path, facts: Facts) -> bytes:
        """One frame of what we made ourselves."""
        arguments = commands.showing(
            commands.reading("mov", file.name, self._limits.max_pixels),
            _POSTER,
            min(1.0, facts.seconds / 10),
        )
        until = time.monotonic() + _PROBE_S
        code, told = await self._run(self._ffmpeg, arguments, file.parent, until)
        poster = file.with_name(_POSTER)
        if code or not poster.exists():
            raise _invalid("holds no picture that can be read", f"{code}: {told}")
        return await asyncio.to_thread(poster.read_bytes)

    async def _probe(self, file: Path, container: str) -> Facts:
        arguments = commands.probing(container, file.name)
        until = time.monotonic() + _PROBE_S
        code, told = await self._run(self._ffprobe, arguments, file.parent, until, _PROBE_BYTES)
        try:
            if code == 0:
                return facts_of(told.encode(), container)
        except ValueError as error:
            told = repr(error)
        raise _invalid("is damaged, or not what it seems to be", f"ffprobe: {code}: {told[:_TOLD]}")

    async def _run(
        self, program: str, arguments: Sequence[str], folder: Path, until: float, most: int = 0
    ) -> tuple[int, str]:
        """Run one program to its end; its status, and what it wrote (at most the beginning).

        Raises:
            Invalid: the deadline passed.
        """
        limits = self._limits
        seconds = max(0.0, until - time.monotonic())
        command = [
            *CHILD,
            str(limits.memory_mb),
            str(int(seconds * 2) + 1),
            str(most or limits.max_bytes * 4),
            program,
            *arguments,
        ]
        said = folder / "said"
        with said.open("w+b") as output:
            process = subprocess.Popen(  # noqa: S603, ASYNC220 (our own command; waited for below)
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output if not most else subprocess.DEVNULL,
                cwd=folder,
                env=_ENVIRONMENT,
                start_new_session=True,  # Ctrl-C in a terminal is for the server alone
            )
            try:
                code = await asyncio.to_thread(process.wait, seconds)
            except subprocess.TimeoutExpired:
                raise _invalid("takes too long to process") from None
            finally:
                _end(process)
            output.seek(0)
            return code, output.read(most or _TOLD).decode("utf-8", "replace")

    def _check(self, facts: Facts) -> None:
        """Hold what a file says of itself against the limits."""
        limits = self._limits
        if facts.width * facts.height > limits.max_pixels:
            raise _invalid(f"has too many pixels (at most {limits.max_pixels / 1e6:.1f} million)")
        if facts.fps > limits.max_frame_rate:
            raise _invalid(f"has too many frames a second (at most {limits.max_frame_rate})")
        if facts.seconds > limits.max_seconds:
            raise _invalid(f"is too long (at most {limits.max_seconds} seconds)")

    def _check_made(self, kind: Kind, claimed: Facts, made: Facts) -> None:
        self._check(made)  # longer than it said
        wanted = made.audio if kind == "audio" else made.video
        if not wanted or made.seconds <= 0:
            raise _invalid("holds nothing that plays")
        if made.seconds < claimed.seconds * _WHOLE - _SLACK_S:
            raise _invalid("is damaged or incomplete", f"{made.seconds} s of {claimed.seconds}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Make sure that a child and whatever it started are gone."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _invalid(message: str, inside: str = "") -> Invalid:
    error = Invalid("file", message)
    if inside:
        error.inside = f"{error.safe}: {inside}"
    return error
