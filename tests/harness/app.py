"""A Rostra in this process, asked through its own ASGI application as a client would."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx2
from msgspec import structs
from tests.harness.client import Client

from rostra.app import App, Ports, build
from rostra.kernel.clock import ManualClock
from rostra.outside.http import HttpClient
from rostra.outside.mail import Mailer, MemoryMailer
from rostra.safety.signals.model import Signal
from rostra.settings import load

START_MS = 1_800_000_000_000


class InProcess:
    """A running application, its clock and its mail."""

    def __init__(self, app: App, clock: ManualClock, mailer: Mailer) -> None:
        self.app = app
        self.clock = clock
        self.mailer = mailer
        self.services = app.services
        self.db = app.services.db

    def client(self, token: str = "", address: str = "198.51.100.7") -> httpx2.AsyncClient:
        """A client, signed in with the token if there is one."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        base_url = self.services.settings.site.base_url
        return Client(self.app.dispatcher, base_url=base_url, headers=headers, address=address)

    async def work(self) -> None:
        """Run the jobs that are due."""
        await self.app.worker.drain()

    @contextmanager
    def counted(self) -> Iterator["Counted"]:
        """Count the statements that a block executes."""
        counted = Counted(self.db.statements)
        yield counted
        counted.statements = self.db.statements - counted.before


class Counted:
    """A number of statements."""

    def __init__(self, before: int) -> None:
        self.before = before
        self.statements = 0


@asynccontextmanager
async def running(
    data_dir: Path,
    database_url: str,
    mailer: Mailer | None = None,
    **environ: Any,
) -> AsyncIterator[InProcess]:
    """Start the application on a migrated database; further settings as ``ROSTRA_…`` keys.

    ``fetch``: the client for requests to the outside, where it is to reach the test's own sites;
    ``signals``: what judges beside the signals of the house.
    """
    fetch: HttpClient | None = environ.pop("fetch", None)
    signals: tuple[Signal, ...] = environ.pop("signals", ())
    quiet = {
        "ROSTRA_LIMITS__SCALE": "0",
        "ROSTRA_SCREENING__SIGNALS": "",
        "ROSTRA_IMAGES__DEADLINE_S": "300",  # what is too slow is a test of its own
        "ROSTRA_HOSTING__SOFTWARE": "false",
    }
    settings = load(data=data_dir, environ={**quiet, **environ})
    # Past the check of settings: tests keep SQLite files where they like.
    database = structs.replace(settings.database, url=database_url)
    settings = structs.replace(settings, database=database)
    clock = ManualClock(START_MS)
    mail = mailer if mailer is not None else MemoryMailer()
    app = build(settings, Ports(clock=clock, mailer=mail, fetch=fetch, signals=signals, alone=True))
    await app.start(jobs=False)
    try:
        yield InProcess(app, clock, mail)
    finally:
        await app.close()
