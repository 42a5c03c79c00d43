"""`rostra serve`: the web processes, each with its share of the background work.

The parent imports everything, compiles every statement and puts the application together before it
forks, so that the processes share that memory. It opens no connection, socket or thread: each
process starts its own copy of the application, see `App.start`.
"""

import asyncio
import errno
import gc
import os
import resource
import socket
import subprocess
import sys
from typing import Annotated

import apsw
import asyncpg
import msgspec
import structlog
from cyclopts import Parameter
from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels

from rostra.app import database_url
from rostra.cli import logs
from rostra.cli.common import Where, say, settings_of, stop
from rostra.cli.process import Process
from rostra.settings import Settings
from rostra.store.query import Dialect, Query
from rostra.store.schema import HEAD, current_revision

_TRIED = 50  # ports for streams, where none is set
STOP_S = 20  # seconds that requests and jobs get to end
_UNREACHABLE = (OSError, apsw.Error, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)
_log = structlog.get_logger("rostra.serve")


def serve(
    *,
    bind: Annotated[str | None, Parameter(help="Address to listen on.")] = None,
    port: Annotated[int | None, Parameter(help="TCP port to listen on.")] = None,
    workers: Annotated[int | None, Parameter(help="Web processes; 0: by the cores.")] = None,
    where: Where | None = None,
) -> None:
    """Run the server: web, background work and schedule, until it is told to stop.

    Makes the data directory and the database where they are missing, and migrates the database
    where it is older than this program. Stops cleanly on SIGTERM and on Ctrl-C.
    """
    settings = with_listening(settings_of(where), bind, port, workers)
    logs.configure(settings.log)
    prepare(settings, where)
    run(settings)


def with_listening(
    settings: Settings, bind: str | None, port: int | None, workers: int | None
) -> Settings:
    """The settings with what the command line says of listening."""
    given = {"bind": bind, "port": port, "workers": workers}
    values = {name: value for name, value in given.items() if value is not None}
    server = msgspec.structs.replace(settings.server, **values)
    site = settings.site
    if site.base_url == type(site)().base_url and (port or bind):
        # Nobody has said under which address the place is reached: it is where it listens.
        host = server.bind if server.bind not in {"0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104 - compared, not bound
        host = f"[{host}]" if ":" in host else host
        site = msgspec.structs.replace(site, base_url=f"http://{host}:{server.port}")
    settings = msgspec.structs.replace(settings, server=server, site=site)
    if settings.streaming.port >= 0:
        return settings
    # Nobody has said where streams are: two servers on one machine keep out of each other's way.
    wanted = settings.streaming_port
    found = next(
        (p for p in range(wanted, min(wanted + _TRIED, 65536)) if _free(server.bind, p)), 0
    )
    streaming = msgspec.structs.replace(settings.streaming, port=found or wanted)
    return msgspec.structs.replace(settings, streaming=streaming)


def _free(bind: str, port: int) -> bool:
    """Whether nothing listens there."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError:
            return False
    return True


def prepare(settings: Settings, where: Where | None) -> None:
    """Make the data directory, look whether the port is free, migrate the database.

    Ends the program with a message where one of them fails.
    """
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = settings.data_dir / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        stop(f"the data directory {settings.data_dir} can't be written: {error.strerror}")
    check_port(settings.server.bind, settings.server.port, "--port")
    if settings.streaming_port:
        check_port(settings.server.bind, settings.streaming_port, "`streaming.port`")
    url = database_url(settings)
    try:
        revision = asyncio.run(current_revision(url))
    except _UNREACHABLE as error:
        stop(f"the database can't be reached: {error}\n  `rostra doctor` looks for the cause.")
    if revision != HEAD:
        say(f"database: bringing the schema from {revision or '(empty)'} to {HEAD}")
        # In a process of its own: the migration tool is 30 MB that the server never needs again.
        command = [sys.executable, "-m", "rostra.cli.main", "migrate"]
        arguments = (where or Where()).arguments()
        done = subprocess.run([*command, *arguments], check=False, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
        if done.returncode:
            stop("the database could not be migrated")


def check_port(bind: str, port: int, chosen_by: str) -> None:
    """End the program with a message where nothing can listen there.

    The web processes listen with SO_REUSEPORT, which would let two servers share a port unnoticed.
    """
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            reasons = {
                errno.EADDRINUSE: f"another program listens there; choose another with {chosen_by}",
                errno.EACCES: f"ports below 1024 are for root; choose another with {chosen_by}",
                errno.EADDRNOTAVAIL: "this machine has no such address; choose one with --bind",
            }
            reason = reasons.get(error.errno or 0, str(error))
            stop(f"can't listen on {bind}:{port}: {reason}")
        except OverflowError:
            stop(f"can't listen on port {port}: ports go from 1 to 65535")


def compile_queries(dialect: Dialect) -> None:
    """Compile every statement there is, once for all processes; they are all made at import."""
    for known in gc.get_objects():
        if isinstance(known, Query) and known.speaks(dialect):
            known.compiled(dialect)


def allow_connections() -> None:
    """Let the processes hold as many connections as the system allows: each stream is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def run(settings: Settings) -> None:
    """Listen until told to stop."""
    allow_connections()
    server = settings.server
    granian = Granian(
        "rostra",
        address=server.bind,
        port=server.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        loop=Loops.uvloop,
        http=HTTPModes.auto,
        http1_settings=HTTP1Settings(header_read_timeout=int(server.request_timeout_s * 1000)),
        websockets=False,
        backlog=2048,
        log_level=LogLevels.warning,
        log_dictconfig=logs.QUIET_GRANIAN,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_S,
    )
    bench = os.environ.get("ROSTRA_TEST_BENCH") == "1"
    say(f"rostra: {settings.site.base_url} (Ctrl-C stops it)")
    _log.info(
        "started",
        workers=settings.workers,
        bind=server.bind,
        port=server.port,
        streaming_port=settings.streaming_port,
    )
    process = Process(settings, bench=bench)
    compile_queries("sqlite" if database_url(settings).startswith("sqlite") else "postgresql")
    gc.collect()
    gc.freeze()
    granian.serve(target_loader=lambda: process, wrap_loader=False)
    _log.info("stopped")
