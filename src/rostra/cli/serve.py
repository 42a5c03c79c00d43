"""`rostra serve`: look at the settings, the port and the database, then serve.

The server itself is `cli/serving.py`. It is loaded when it is known which database its statements
are for, and nothing is in the way of it.
"""

import asyncio
import errno
import pkgutil
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Annotated

import msgspec
from cyclopts import Parameter

from rostra.cli import logs
from rostra.cli.common import Where, say, settings_of, stop
from rostra.cli.waiting import wait_until_moved
from rostra.hosting.fence.fence import FenceError
from rostra.hosting.fence.installation import keeper_of, lease_of
from rostra.hosting.places.file import PlacesError
from rostra.hosting.places.model import PlaceFailed
from rostra.settings import Settings
from rostra.store.query import Query
from rostra.store.schema import HEAD, current_revision, failures

_TRIED = 50  # ports for streams, where none is set


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
    serving = load(settings)
    wait_until_moved(settings.data_dir)
    prepare(settings, where)
    serving(settings)


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
        host = server.bind if server.bind not in {"0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104 (compared, not bound)
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
    try:
        keeper_of(settings, lease_of(settings))
    except (PlacesError, PlaceFailed, FenceError) as error:
        stop(f"`hosting.places`: {error}")
    except OSError as error:
        stop(f"{settings.data_dir / 'gates'} can't be used: {error.strerror}")
    check_port(settings.server.bind, settings.server.port, "--port")
    if settings.streaming_port:
        check_port(settings.server.bind, settings.streaming_port, "`streaming.port`")
    url = settings.database_url
    try:
        revision = asyncio.run(current_revision(url))
    except failures() as error:
        stop(f"the database can't be reached: {error}\n  `rostra doctor` looks for the cause.")
    if revision != HEAD:
        say(f"database: bringing the schema from {revision or '(empty)'} to {HEAD}")
        # In a process of its own: the migration tool is 30 MB that the server never needs again.
        command = [sys.executable, "-m", "rostra.cli.main", "migrate"]
        arguments = (where or Where()).arguments()
        done = subprocess.run([*command, *arguments], check=False, stdout=subprocess.DEVNULL)  # noqa: S603 (our own program)
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


def run(settings: Settings) -> None:
    """Load the server for its database, and listen until told to stop."""
    load(settings)(settings)


def load(settings: Settings) -> Callable[[Settings], None]:
    """Load the server for its database; what is returned listens until told to stop."""
    Query.speak("sqlite" if settings.database_url.startswith("sqlite") else "postgresql")
    serving: Callable[[Settings], None] = pkgutil.resolve_name("rostra.cli.serving:run")
    return serving
