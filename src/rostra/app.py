"""The composition root: settings in, a running Rostra out.

Serve, worker, command line and tests all start here.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from rostra import __version__
from rostra.api.edge import ApiEdge
from rostra.api.media_files import media_files
from rostra.api.reference import reference_endpoints
from rostra.api.routes import all_endpoints
from rostra.api.streaming.elsewhere import elsewhere
from rostra.api.streaming.streams import Streams
from rostra.hosting.ark import jobs as ark
from rostra.hosting.ark.log.installation import arrival_of, moment_of, shipper_of
from rostra.hosting.ark.media.installation import behind_of, ferry_of, noted, with_awaited
from rostra.hosting.drill import jobs as drill
from rostra.hosting.fence.installation import keeper_of, lease_of
from rostra.hosting.fence.keeper import Keeper
from rostra.hosting.journal.keep import recorder_of
from rostra.hosting.lifeboat.installation import feeder_of, is_fed
from rostra.hosting.move.here import may_give
from rostra.hosting.move.installation import giver_of
from rostra.http.dispatcher import Dispatcher, Mountable
from rostra.http.limits import TABLES, Counters, Limiter, MemoryCounters
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
from rostra.safety.adapters.ask import clients
from rostra.safety.screening.house import house_signals, warm
from rostra.safety.screening.screen import Screening
from rostra.safety.signals.model import Signal
from rostra.settings import Push, Settings, Webhooks
from rostra.store import id_floor, lifeboat
from rostra.store.arrival import Arrival
from rostra.store.blobs import Blobs, open_blobs
from rostra.store.bus import Bus, LocalBus, MemoryBus, PostgresBus, ValkeyBus
from rostra.store.database import Database, Hooks, Ties
from rostra.store.gates import EgressGate, WriteGate, file_gates, jobs_gate
from rostra.store.journal import triggers
from rostra.store.lease import Lease
from rostra.store.outbox import JobMetrics, Kinds, Outbox, Worker
from rostra.store.postgres import PostgresDatabase
from rostra.store.served import serving
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
    gates: tuple[WriteGate, EgressGate] | None = None  # in the place of those of the installation
    alone: bool = False  # one process: nothing is shared with others
    noted: bool | None = None  # in the journal; None: where there are places and no other gates
    extra_routes: tuple[Mountable, ...] = ()
    job_metrics: JobMetrics | None = None
    signals: tuple[Signal, ...] = ()  # beside those of the house


class _Logged(NamedTuple):
    """What writers know of the log that is sent."""

    moment: Lease | None = None
    arrival: Arrival | None = None


class Background(Protocol):
    """Something that a process does beside requests and jobs."""

    async def run(self) -> None:
        """Do it until cancelled."""
        ...


class App:
    """One process of a running Rostra."""

    def __init__(
        self,
        services: Services,
        dispatcher: Dispatcher,
        streams: Streams,
        worker: Worker,
        *,
        in_background: Iterable[Background] = (),
        keeper: Keeper | None = None,
    ) -> None:
        self.services = services
        self.dispatcher = dispatcher
        self.streams = streams
        self.worker = worker
        self._keeper = keeper
        self._background = (keeper, *in_background) if keeper else tuple(in_background)
        self._working: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._serving = ExitStack()

    async def start(self, *, jobs: bool = True) -> None:
        """Join the bus and, with ``jobs``, do the work in the background: outbox, fence, ark."""
        settings = self.services.settings
        # In a thread: it waits while the keys are made new.
        await asyncio.to_thread(self._serving.enter_context, serving(settings.data_dir))
        await asyncio.to_thread(warm, settings.screening)
        await self.services.bus.start()
        if jobs:
            self._tasks = [asyncio.create_task(each.run()) for each in self._background]
            self._working = asyncio.create_task(self.worker.run())

    async def keep_fence(self) -> None:
        """Keep what this installation holds of the fence until it is closed, where no server does.

        For commands that write: without a server the lease is over.
        """
        if self._keeper is not None:
            await self._keeper.once()
            self._tasks.append(asyncio.create_task(self._keeper.run(goes_on=False)))

    async def close(self) -> None:
        """Finish what is under way and let go of everything."""
        await self.streams.close()
        if self._working is not None:
            await self.worker.stop()
            await self._working
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await seen.settle(self.services)
        await instance_access.settle(self.services)
        await self.services.images.close()
        await self.services.bus.close()
        await self.services.db.close()
        self._serving.close()


def build(settings: Settings, ports: Ports = Ports()) -> App:
    """Put the parts together. Nothing is opened or started before :meth:`App.start`."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    clock = ports.clock or SystemClock()
    since = id_floor.read(settings.data_dir)
    ids = IdSource(clock, ports.randbits or secrets.randbits, since=since)
    bus = _bus(settings, settings.database_url, alone=ports.alone)
    outbox = Outbox(_kinds(), bus, clock, ids)
    hooks = Hooks()
    screen = Screening((*house_signals(settings.screening), *ports.signals))
    lease = None if ports.gates else lease_of(settings)
    logged = _Logged() if ports.gates else _Logged(moment_of(settings), arrival_of(settings))
    write_gate, egress = ports.gates or file_gates(settings.data_dir, lease, *logged)
    services = Services(
        settings=settings,
        clock=clock,
        ids=ids,
        db=_database(settings, Ties(hooks, outbox, write_gate), note=_is_noted(settings, ports)),
        blobs=blobs_of(settings) if ports.gates else noted(settings, blobs_of(settings)),
        bus=bus,
        mailer=ports.mailer or mailer(settings, egress, clock),
        images=ImageWorkers(settings),
        video=VideoTools(settings),
        push=ports.push or _strict(egress, settings.push, "push"),
        webhooks=_strict(egress, settings.webhooks, "webhooks"),
        fetch=ports.fetch or HttpClient(egress, _fetch_policy(settings)),
        adapters=clients(egress, settings.adapters),
        pages=PageReader(),
        egress=egress,
        write_gate=write_gate,
        fragments=ByteCache(_FRAGMENT_BYTES),
        screen=screen,
    )
    hooks.bind(services)
    screen.bind(services)
    wiring.subscribe(hooks)
    safety.subscribe(hooks)
    wiring.announce_live(hooks, bus)
    worker = _worker(services, ports, outbox)
    dispatcher, streams = _edges(services, ports)
    if ports.gates:
        return App(services, dispatcher, streams, worker)
    keeper = keeper_of(settings, lease, lambda: may_give(settings.data_dir, _file_of(settings)))
    background = _in_background(services, lease, logged)
    return App(services, dispatcher, streams, worker, in_background=background, keeper=keeper)


def _worker(services: Services, ports: Ports, outbox: Outbox) -> Worker:
    """What does the jobs."""
    settings = services.settings
    return Worker(
        services.db,
        outbox,
        services,
        concurrency=settings.jobs.concurrency,
        poll_ms=settings.jobs.poll_ms,
        metrics=ports.job_metrics,
        gate=None if ports.gates else jobs_gate(settings.data_dir),
    )


def _file_of(settings: Settings) -> Path:
    """The database as a file."""
    return Path(settings.database_url.removeprefix("sqlite:///"))


def _in_background(
    services: Services, lease: Lease | None, logged: _Logged
) -> tuple[Background, ...]:
    """What keeps a network from being lost with its host, beside the fence."""
    made = (
        recorder_of(services),
        shipper_of(services, *logged),
        ferry_of(services),
        behind_of(services),
        feeder_of(services),
        giver_of(services) if lease is not None else None,
    )
    return tuple(each for each in made if each is not None)


def _kinds() -> Kinds:
    """All that can be done in the background."""
    return Kinds((*wiring.jobs(), *safety.jobs(), *ark.JOBS, *drill.JOBS))


def blobs_of(settings: Settings) -> Blobs:
    """Where media lie."""
    media = settings.media
    opened = open_blobs(
        settings.media_store,
        account=media.account,
        credentials=media.credentials,
        region=media.region,
        endpoint=media.endpoint,
    )
    return with_awaited(settings, opened)


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


def _is_noted(settings: Settings, ports: Ports) -> bool:
    """Whether what is written is noted in the journal."""
    if ports.noted is not None:
        return ports.noted
    # Where there are no places, nothing is ever restored from one.
    return bool(settings.hosting.places) and ports.gates is None


def _database(settings: Settings, ties: Ties, *, note: bool) -> Database:
    url = settings.database_url
    if url.startswith("sqlite:///"):
        path = _file_of(settings)
        noted = tuple(triggers()) if note else ()
        if noted and is_fed(settings):
            noted += tuple(lifeboat.triggers())
        return SQLiteDatabase(
            path, ties, slow_readers=settings.database.slow_threads, on_writer=noted
        )
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
        MemoryCounters() if ports.alone else FileCounters(settings.data_dir / "limits", TABLES)
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
