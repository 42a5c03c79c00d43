"""Two hosts and three places as folders: real servers, members who write, and the command."""

import asyncio
import contextlib
import http.client
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Self

from tests.harness.patience import PATIENCE_S, wait_for
from tests.harness.served import Served, asked, free_port
from tests.hosting.move.halting import POINT
from tests.hosting.providers import places_file
from tests.law.test_kill9 import crowd

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.jobs import last
from rostra.hosting.move.state import Takes, giving_in, taking_in

PROGRAM = "rostra.cli.main"
HALTING = "tests.hosting.move.halting"
WRITERS = 8
LEASE_S = 20
USUAL_START_S = 4.0  # of a server, on a machine that does nothing else
_PICTURE_EVERY = 5  # posts of the one member who sends pictures
_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63f8cfc0f01f00050001ff56c7a1d60000000049454e44ae426082"
)


class Hosts:
    """An old host that serves, and a directory for a new one."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.old, self.new = folder / "old", folder / "new"
        self.old.mkdir()
        asyncio.run(crowd(self.old))
        secret, recipient = ark_keys.new_paper_key()
        self._output = folder / "told"
        self.keys = ark_keys.make(self.old, (recipient,))
        self.paper = folder / "paper.txt"
        self.paper.write_text(secret)
        (folder / "places").mkdir()
        self.places = places_file(folder / "places.toml", folder / "places")
        self.environ: dict[str, str] = {
            "ROSTRA_HOSTING__PLACES": str(self.places),
            "ROSTRA_HOSTING__LEASE_S": str(LEASE_S),
            "ROSTRA_HOSTING__DRILL_HOURS": "0",
            "ROSTRA_SERVER__WORKERS": "2",
            "ROSTRA_LIMITS__SCALE": "0",
            "ROSTRA_SITE__BASE_URL": "http://127.0.0.1:1",
            **environ,
        }
        self.new_port = free_port()
        self.slowness = 1.0  # how many times as long as usual a server took to start here
        self.rostra("fence", "claim", "--data", str(self.old), host="old")

    def serve(self, port: int = 0, halt: str = "") -> Served:
        """The old host serves, and has a copy that its log goes on from.

        Args:
            port: where; 0: anywhere.
            halt: it is killed there, see `halting`; empty: it is not.
        """
        kind = Halting if halt else Served
        more = {"ROSTRA_HOSTING__HOST": "old", POINT: halt}
        more |= {"ROSTRA_SERVER__PORT": str(port)} if port else {}
        begun = time.monotonic()
        served = kind(self.old, **self.environ, **more).ready()
        self.slowness = max(1.0, (time.monotonic() - begun) / USUAL_START_S)
        wait_for(lambda: last(self.old).run)
        return served

    def started(self) -> Served:
        """The new host, as the command has started it."""
        return Elsewhere(self.new, self.new_port)

    def rostra(self, *arguments: str, host: str = "new", fails: bool = False) -> str:
        """Run a command; what it prints on both."""
        process = self.begin(*arguments, host=host)
        process.wait()
        assert (process.returncode != 0) is fails, self.told()
        return self.told()

    def told(self) -> str:
        """What the last command has printed."""
        return self._output.read_text()

    def begin(
        self, *arguments: str, host: str = "new", halt: str = ""
    ) -> "subprocess.Popen[bytes]":
        """Start a command; it is killed at `halt`, see `halting`."""
        with self._output.open("wb") as output:
            return subprocess.Popen(  # noqa: S603 (our own program)
                [sys.executable, "-m", HALTING if halt else PROGRAM, *arguments],
                env={**os.environ, **self.environ, "ROSTRA_HOSTING__HOST": host, POINT: halt},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def killed(self, halt: str, *arguments: str) -> None:
        """Run a command until it is killed there."""
        process = self.begin(*arguments, halt=halt)
        assert process.wait(PATIENCE_S) == -signal.SIGKILL, f"{halt}: {self.told()}"

    def moving(self, *more: str) -> tuple[str, ...]:
        """The words of the command that moves, and has the new host serve."""
        start = (
            f"{sys.executable} -m rostra.cli.main serve --data {self.new} --port {self.new_port}"
        )
        pause = () if "--pause" in more else ("--pause", "120")  # as long as one may be
        words = ("move", str(self.new), "--key", str(self.paper), "--start", start)
        return (*words, *(() if {"--forced", "--abort"} & set(more) else pause), *more)

    def stage(self) -> Takes:
        """How far the new host is."""
        return taking_in(self.new).now.stage

    def gives(self) -> str:
        """How far the old host is."""
        return str(giving_in(self.old).now.stage)


class Halting(Served):
    """A server that is killed when it comes to a point, which may be before its first answer."""

    program = HALTING

    def ready(self) -> Self:
        """Wait for the first answer, or for the end."""
        try:
            return super().ready()
        except AssertionError:
            if self.process.poll() != -signal.SIGKILL:
                raise
            return self


class Elsewhere(Served):
    """A server that somebody else has started."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port

    def answers(self) -> bool:
        """Whether it does."""
        try:
            self.ask("GET", "/api/v1/timelines/public")
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """End it and all its processes, by the directory that it serves."""
        for task in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError, ValueError):
                words = task.read_bytes().split(b"\0")
                if b"serve" in words and str(self.data).encode() in words:
                    os.kill(int(task.parent.name), signal.SIGKILL)


class Load:
    """Members who write, wherever they are let."""

    def __init__(self, ports: list[int], per_second: float = 50.0) -> None:
        self.ports = ports
        self.every_s = WRITERS / per_second
        self.acks: list[tuple[float, int, str]] = []  # when, at which port, what
        self.ids: dict[str, str] = {}
        self.pictures: list[str] = []
        self.refused: set[int] = set()
        self.ended = False
        self._lock = threading.Lock()
        self._count = 0
        self._threads = [
            threading.Thread(target=self._write, args=(number,), daemon=True)
            for number in range(WRITERS)
        ]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """No more."""
        self.ended = True
        for thread in self._threads:
            thread.join(PATIENCE_S)

    def at(self, port: int) -> list[tuple[float, int, str]]:
        """What was acknowledged there."""
        with self._lock:
            return [ack for ack in self.acks if ack[1] == port]

    def pause_s(self) -> float:
        """How long nobody was told that anything is written, between the two."""
        old, new = self.at(self.ports[0]), self.at(self.ports[1])
        return min(ack[0] for ack in new) - max(ack[0] for ack in old)

    def _write(self, number: int) -> None:
        token = tokens()[number]
        which = 0
        for turn in itertools.count(1):
            if self.ended:
                return
            with self._lock:
                self._count += 1
                text = f"w{number}n{self._count}t{time.time_ns()}"
            begun = time.monotonic()
            while not self.ended:
                if self._post(self.ports[which], token, text):
                    break
                which = 1 - which  # as a member does whose name leads elsewhere by now
                time.sleep(0.1)
            if number == 0 and turn % _PICTURE_EVERY == 0:
                self._picture(self.ports[which], token)
            time.sleep(max(0.0, self.every_s - (time.monotonic() - begun)))

    def _post(self, port: int, token: str, text: str) -> bool:
        try:
            with contextlib.closing(connection(port)) as to:
                status, body = asked(
                    to, "POST", "/api/v1/statuses", token, f"status={text}", idempotency_key=text
                )
        except (OSError, http.client.HTTPException):
            return False
        if status != 200:
            self.refused.add(status)
            return False
        with self._lock:
            self.ids[text] = str(json.loads(body)["id"])
            self.acks.append((time.monotonic(), port, text))
        return True

    def _picture(self, port: int, token: str) -> None:
        bound = "b0undary"
        body = (
            (
                f'--{bound}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
                "Content-Type: image/png\r\n\r\n"
            ).encode()
            + _PNG
            + f"\r\n--{bound}--\r\n".encode()
        )
        headers = {
            "authorization": f"Bearer {token}",
            "content-type": f"multipart/form-data; boundary={bound}",
        }
        with contextlib.suppress(OSError, http.client.HTTPException):
            with contextlib.closing(connection(port)) as to:
                to.request("POST", "/api/v2/media", body, headers)
                answer = to.getresponse()
                content = answer.read()
            if answer.status in {200, 202}:
                with self._lock:
                    self.pictures.append(str(json.loads(content)["id"]))


def tokens() -> list[str]:
    """Of the members."""
    return [f"kill-nine-{number}-{'x' * 30}" for number in range(WRITERS)]


def connection(port: int) -> http.client.HTTPConnection:
    """A connection to a server here."""
    return http.client.HTTPConnection("127.0.0.1", port, timeout=10)
