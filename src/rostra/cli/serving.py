"""The web processes, each with its share of the background work.

The parent imports everything and puts the application together before it forks, so that the
processes share that memory. It opens no connection, socket or thread: each process starts its own
copy of the application, see `App.start`.
"""

import gc
import os
import resource

import structlog
from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels

from rostra.cli import logs
from rostra.cli.common import say
from rostra.cli.process import Process
from rostra.settings import Settings
from rostra.store.served import serving

# As Python has it, where `main` was more patient: what a request leaves is used again while it is
# in the processor's cache.
_COLLECTED_AFTER = (700, 10, 10)
STOP_S = 20  # seconds that requests and jobs get to end
_log = structlog.get_logger("rostra.serve")


def allow_connections() -> None:
    """Let the processes hold as many connections as the system allows: each stream is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def run(settings: Settings) -> None:
    """Listen until told to stop."""
    allow_connections()
    # Before the application is put together, which reads keys: while they are made new, it waits.
    with serving(settings.data_dir):
        _listen(settings)


def _listen(settings: Settings) -> None:
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
    gc.collect(1)  # of the old there is no garbage: nothing was done with them yet
    gc.freeze()
    gc.set_threshold(*_COLLECTED_AFTER)
    granian.serve(target_loader=lambda: process, wrap_loader=False)
    _log.info("stopped")
