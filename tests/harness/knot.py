"""Throw-away Knot name servers: a primary that takes changes with a TSIG key, and secondaries."""

import contextlib
import secrets
import shutil
import subprocess
import time
from base64 import b64encode
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import dns.exception
import dns.message
import dns.query
import dns.rcode
from tests.harness.patience import PATIENCE_S
from tests.harness.served import free_port

ZONE: Final = "community.example"
HERE: Final = "127.0.0.1"
INSTALL: Final = (
    "knotd was not found on the PATH or in /usr/sbin. On Debian, as root: "
    "apt-get install --no-install-recommends knot"
)
_KEY: Final = "move."


class KnotMissing(Exception):
    """The server program is not installed; the text says how to get it."""


class Knot:
    """A name server of one zone; a context manager.

    Its key may write below the zone `community.example`, in which that name leads to 192.0.2.1
    and 2001:db8::1 for an hour.
    """

    def __init__(
        self,
        folder: Path,
        *,
        primary: "Knot | None" = None,
        address: str = HERE,
        port: int = 0,
        more: str = "",
        also: str = "",
    ) -> None:
        """Nothing runs yet.

        Args:
            folder: of its own, made here.
            primary: whose zone it takes over; None: it is one itself.
            address: to listen on.
            port: to listen on; 0: a free one.
            more: lines of the zone's file.
            also: another address, on which it listens at port 53.
        """
        program = shutil.which("knotd") or shutil.which("knotd", path="/usr/sbin")
        if program is None:
            raise KnotMissing(INSTALL)
        self._program = program
        self._primary = primary
        self._more = more
        self._also = f", {also}@53" if also else ""
        self.folder = folder
        self.address, self.port = address, port or free_port()
        self.secret: str = (
            primary.secret if primary else b64encode(secrets.token_bytes(32)).decode()
        )
        self.secondaries: list[Knot] = []
        if primary is not None:
            primary.secondaries.append(self)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def at(self) -> str:
        """Its address and port."""
        return f"{self.address}:{self.port}"

    def credentials(self, path: Path, **other: str) -> Path:
        """A file that names it and its key, as the setting wants it."""
        options = {"server": self.at, "key": _KEY, "secret": self.secret, **other}
        path.write_text("".join(f'{name} = "{value}"\n' for name, value in options.items()))
        path.chmod(0o600)
        return path

    def start(self) -> Self:
        """Start it, and wait until it answers for the zone."""
        (self.folder / "db").mkdir(parents=True, exist_ok=True)
        if self._primary is None and not (self.folder / "zone").exists():
            (self.folder / "zone").write_text(_ZONE.format(more=self._more))
        (self.folder / "knot.conf").write_text(self._configuration())
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 (found on the PATH)
                [self._program, "-c", str(self.folder / "knot.conf")], stdout=log, stderr=log
            )
        until = time.monotonic() + PATIENCE_S
        while not self.answers():
            if time.monotonic() > until or self._process.poll() is not None:
                raise AssertionError((self.folder / "log").read_text())
            time.sleep(0.02)
        return self

    def answers(self) -> bool:
        """Whether it has the zone."""
        query = dns.message.make_query(ZONE, "SOA")
        try:
            # By TCP: a test process that waits for an answer by UDP takes any that comes.
            answer = dns.query.tcp(query, self.address, timeout=1, port=self.port)
        except (OSError, EOFError, dns.exception.DNSException):
            return False
        return answer.rcode() == dns.rcode.NOERROR and bool(answer.answer)

    def shows(self, name: str, kind: str) -> set[str]:
        """What it answers."""
        query = dns.message.make_query(name, kind)
        answer = dns.query.tcp(query, self.address, timeout=PATIENCE_S, port=self.port)
        return {each.to_text().strip('"') for found in answer.answer for each in found}

    def stop(self) -> None:
        """Stop it; it can be started again."""
        if self._process is not None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(PATIENCE_S)
            self._process.kill()
            self._process.wait()
            self._process = None

    def _configuration(self) -> str:
        zone = "    acl: [writes, reads]\n"
        remote = "".join(
            f"  - id: other{number}\n    address: {other.address}@{other.port}\n    key: {_KEY}\n"
            for number, other in enumerate(self.secondaries)
        )
        for number in range(len(self.secondaries)):
            zone += f"    notify: other{number}\n"
        if self._primary is not None:
            at = f"{self._primary.address}@{self._primary.port}"
            remote = f"  - id: primary\n    address: {at}\n    key: {_KEY}\n"
            zone += "    master: primary\n"
        return _CONFIGURATION.format(
            folder=self.folder,
            at=f"{self.address}@{self.port}{self._also}",
            key=_KEY,
            secret=self.secret,
            remote=f"remote:\n{remote}" if remote else "",
            zone=zone,
        )

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


_ZONE: Final = """\
$ORIGIN community.example.
$TTL 3600
@ SOA ns1 host 1 1 1 86400 1
@ NS ns1
@ A 192.0.2.1
@ AAAA 2001:db8::1
ns1 A 127.0.0.1
other CNAME @
{more}
"""
_CONFIGURATION: Final = """\
server:
    rundir: {folder}
    listen: [{at}]
    udp-workers: 1
    tcp-workers: 1
    background-workers: 2
log:
  - target: stderr
    any: info
database:
    storage: {folder}/db
    journal-db-max-size: 16M
    kasp-db-max-size: 5M
    timer-db-max-size: 5M
key:
  - id: {key}
    algorithm: hmac-sha256
    secret: {secret}
  - id: reads.
    algorithm: hmac-sha256
    secret: {secret}
acl:
  - id: writes
    key: {key}
    action: [update, transfer, notify]
  - id: reads
    key: reads.
    action: [transfer]
{remote}
zone:
  - domain: community.example
    storage: {folder}
    file: zone
    zonefile-sync: -1
{zone}
"""
