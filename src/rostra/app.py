"""The composition root: settings in, a running Rostra out.

Serve, worker, command line and tests all start here.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rostra import __version__
from rostra.api.edge import ApiEdge
from rostra.api.media_files import media_files
from rostra.api.reference import reference_endpoints
from rostra.api.routes import all_endpoints
from rostra.api.streaming.elsewhere import elsewhere
from rostra.api.streaming.streams import Streams
from rostra.http.dispatcher import Dispatcher, Mountable
from rostra.http.limits import Counters, Limiter, MemoryCounters
from rostra.http.limits_file import FileCounters
from rostra.http.site import Site
from rostra.kernel.byte_cache import ByteCache
from rostra.kernel.clock import Clock, SystemClock
from rostra.kernel.ids import IdSource
from rostra.network import wiring
from rostra.network.credentials import access as credentials
from rostra.network.credentials import seen
from rostra.network.credentials.model import Viewer
from rostra.network.instance import access as instance_access
from rostra.network.services import Services
from rostra.outside.http import HttpClient, Policy
from rostra.outside.images.workers import ImageWorkers
from rostra.outside.mail import Mailer, mailer
from rostra.outside.pages import PageReader
from rostra.outside.video import VideoTools
from rostra.safety import wiring as safety
from rostra.settings import Push, Settings, Webhooks
from rostra.store.blobs import open_blobs
from rostra.store.bus import Bus, LocalBus, MemoryBus, PostgresBus, ValkeyBus
from rostra.store.database import Database, Hooks, Ties
from rostra.store.gates import EgressGate, file_gates
from rostra.store.outbox import JobMetrics, Kinds, Outbox, Worker
from rostra.store.postgres import PostgresDatabase
from rostra.store.sqlite import SQLiteDatabase
from rostra.web.routes import Web

_FRAGMENT_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Ports:
    """What tests put in the place of the real parts; None: the real one."""

    clock: Clock | None = None
    mailer: Mailer | None = None
    push: HttpClient | None = None
    fetch: HttpClient | None = None
    counters: Counters | None = None
    randbits: Callable[[int], int] | None = None  # what ids are drawn from
    alone: bool = False  # one process: nothing is shared with others
    extra_routes: tuple[Mountable, ...] = ()
    job_metrics: JobMetrics | None = None


class App:
    """One process of a running Rostra."""

    def __init__(
        self, services: Services, dispatcher: Dispatcher, streams: Streams, worker: Worker
    ) -> None:
        self.services = services
        self.dispatcher = dispatcher
        self.streams = streams
        self.worker = worker
        self._working: asyncio.Task[None] | None = None

    async def start(self, *, jobs: bool = True) -> None:
        """Join the bus and, with ``jobs``, begin to work through the outbox."""
        await self.services.bus.start()
        if jobs:
            self._working = asyncio.create_task(self.worker.run())

    async def close(self) -> None:
        """Finish what is under way and let go of everything."""
        await self.streams.close()
        if self._working is not None:
            await self.worker.stop()
            await self._working
        await seen.settle(self.services)
        await instance_access.settle(self.services)
        await self.services.images.close()
        await self.services.bus.close()
        await self.services.db.close()


def build(settings: Settings, ports: Ports = Ports()) -> App:
    """Put the parts together. Nothing is opened or started before :meth:`App.start`."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    clock = ports.clock or SystemClock()
    ids = IdSource(clock, ports.randbits) if ports.randbits else IdSource(clock)
    url = settings.database_url
    bus = _bus(settings, url, alone=ports.alone)
    outbox = Outbox(Kinds((*wiring.jobs(), *safety.jobs())), bus, clock, ids)
    hooks = Hooks()
    write_gate, egress = file_gates(settings.data_dir)
    services = Services(
        settings=settings,
        clock=clock,
        ids=ids,
        db=_database(settings, url, Ties(hooks, outbox, write_gate)),
        blobs=open_blobs(
            settings.media_store,
            account=settings.media.account,
            credentials=settings.media.credentials,
            region=settings.media.region,
            endpoint=settings.media.endpoint,
        ),
        bus=bus,
        mailer=ports.mailer or mailer(settings, egress, clock),
        images=ImageWorkers(settings),
        video=VideoTools(settings),
        push=ports.push or _strict(egress, settings.push, "push"),
        webhooks=_strict(egress, settings.webhooks, "webhooks"),
        fetch=ports.fetch or HttpClient(egress, _fetch_policy(settings)),
        pages=PageReader(),
        egress=egress,
        write_gate=write_gate,
        fragments=ByteCache(_FRAGMENT_BYTES),
    )
    hooks.bind(services)
    wiring.subscribe(hooks)
    safety.subscribe(hooks)
    wiring.announce_live(hooks, bus)
    worker = Worker(
        services.db,
        outbox,
        services,
        concurrency=settings.jobs.concurrency,
        poll_ms=settings.jobs.poll_ms,
        metrics=ports.job_metrics,
    )
    dispatcher, streams = _edges(services, ports)
    return App(services, dispatcher, streams, worker)


def _strict(egress: EgressGate, section: Push | Webhooks, channel: str) -> HttpClient:
    """For addresses that others name, and whose answers count by their status alone."""
    policy = Policy(
        ports=frozenset({443}),
        schemes=frozenset({"https"}),
        allowed=section.allowed_networks,
        allowed_ports=frozenset(section.allowed_ports),
        max_bytes=1 << 16,
        max_redirects=0,
    )
    return HttpClient(egress, policy, channel=channel)


def _fetch_policy(settings: Settings) -> Policy:
    """How foreign pages and their pictures are fetched, and who we say we are."""
    return Policy(
        deadline_s=20.0,
        max_bytes=4 << 20,
        user_agent=f"Rostra/{__version__} (+{settings.site.base_url})",
    )


def _database(settings: Settings, url: str, ties: Ties) -> Database:
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        return SQLiteDatabase(path, ties, slow_readers=settings.database.slow_threads)
    return PostgresDatabase(url, ties, connections=settings.database.pool_size)


def _bus(settings: Settings, url: str, *, alone: bool) -> Bus:
    if alone:
        return MemoryBus()
    if settings.bus.url:
        return ValkeyBus(settings.bus.url, settings.bus.channel)
    if url.startswith("sqlite:///"):
        return LocalBus(settings.data_dir / "bus")
    return PostgresBus(url)


def _edges(services: Services, ports: Ports) -> tuple[Dispatcher, Streams]:
    """What answers on the two ports."""
    settings = services.settings
    site = Site.of(settings)
    counters: Counters = ports.counters or (
        MemoryCounters() if ports.alone else FileCounters(settings.data_dir / "limits")
    )
    limits = Limiter(counters, site.limits, services.clock)

    async def authenticate(token: str) -> Viewer | None:
        async with services.db.read() as reader:
            return await credentials.viewer_by_token(reader, services, token)

    api = ApiEdge(services, site, limits, authenticate)
    endpoints = all_endpoints()
    routes = api.mount((*endpoints, *reference_endpoints(endpoints, site)))
    files = (media_files(services, api.surface), *elsewhere(services, api.surface))
    web = Web(services, site, limits)
    dispatcher = Dispatcher(
        [*routes, *files, *web.routes, *ports.extra_routes], site, fallback=web.surface
    )
    return dispatcher, Streams(services, site, limits, authenticate, api.surface)
