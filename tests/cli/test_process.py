"""One web process from start to stop, its metrics and its logs, inside this one."""

import asyncio
import io
import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import structlog
from tests.harness.served import free_port

from rostra.cli import logs, process, serve
from rostra.cli.bench_routes import MOST
from rostra.cli.common import Where
from rostra.cli.metrics import JobCounts, registry_of, response, serve_metrics
from rostra.cli.progress import Progress
from rostra.http.metrics import HttpCollector, Tally
from rostra.settings import Log, Settings, load


@pytest.fixture
def settings(data_dir: Path, database_url: str) -> Settings:
    environ = {
        "ROSTRA_SERVER__METRICS_PORT": str(free_port()),
        "ROSTRA_LIMITS__SCALE": "0",
    }
    if database_url.startswith("postgresql"):
        environ["ROSTRA_DATABASE__URL"] = database_url
    return load(data=data_dir, environ=environ)


@pytest.fixture
def logging_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


class Granian:
    """Speaks to a process as granian does."""

    def __init__(self, application: process.Process) -> None:
        self.application = application
        self.to: asyncio.Queue[dict[str, object]] = asyncio.Queue()
        self.said: asyncio.Queue[dict[str, object]] = asyncio.Queue()
        self.life: asyncio.Future[None] | None = None

    async def tell(self, kind: str) -> str:
        """Send a message of the lifespan; the kind of the answer."""
        if self.life is None:
            live = self.application({"type": "lifespan"}, self.to.get, self.said.put)  # type: ignore[arg-type] # plain dicts
            self.life = asyncio.ensure_future(live)
        await self.to.put({"type": kind})
        return str((await self.said.get())["type"])

    async def get(self, path: str) -> tuple[int, bytes]:
        """One answer."""
        sent: list[dict[str, object]] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        scope = {
            "type": "http", "method": "GET", "path": path, "query_string": b"", "headers": [],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "scheme": "http",
            "http_version": "1.1",
        }  # fmt: skip
        await self.application(scope, receive, send)  # type: ignore[arg-type] # plain dicts
        body = b"".join(message.get("body", b"") for message in sent)  # type: ignore[misc] # bytes
        return int(str(sent[0]["status"])), body


async def test_a_process_lives_and_ends(settings: Settings) -> None:
    granian = Granian(process.Process(settings, bench=True))
    assert await granian.tell("lifespan.startup") == "lifespan.startup.complete"
    assert await granian.get("/api/v1/timelines/public") == (200, b"[]")
    assert await granian.get("/bench/constant/50") == (200, b'"' + b"x" * 48 + b'"')
    assert (await granian.get("/bench/constant/many"))[0] == 404
    assert (await granian.get(f"/bench/constant/{MOST + 1}"))[0] == 404
    reader, writer = await asyncio.open_connection("127.0.0.1", settings.server.metrics_port)
    writer.write(b"GET /metrics HTTP/1.1\r\n\r\n")
    assert b'endpoint="bench: constant"' in await reader.read()
    writer.close()
    assert await granian.tell("lifespan.shutdown") == "lifespan.shutdown.complete"


async def test_without_the_switch_there_is_no_bench_route(settings: Settings) -> None:
    granian = Granian(process.Process(settings))
    assert await granian.tell("lifespan.startup") == "lifespan.startup.complete"
    assert (await granian.get("/bench/constant/50"))[0] == 404
    assert await granian.tell("lifespan.shutdown") == "lifespan.shutdown.complete"


async def test_a_start_that_fails_is_told(tmp_path: Path) -> None:
    (tmp_path / "bus").touch()  # where the bus wants a folder
    broken = process.Process(load(data=tmp_path, environ={}))
    assert await Granian(broken).tell("lifespan.startup") == "lifespan.startup.failed"


def test_the_metrics_of_jobs_and_requests() -> None:
    jobs, tally = JobCounts(), Tally("home", "GET")
    tally.add(200, 0.002)
    jobs.started("posts.purge", 1500)
    jobs.finished("posts.purge", "done", 0.25)
    registry = registry_of(HttpCollector([tally]), jobs)
    head, _, body = response(registry, b"GET /metrics HTTP/1.1\r\n\r\n").partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert b'rostra_jobs_total{kind="posts.purge",outcome="done"} 1.0' in body
    assert b'rostra_job_seconds_total{kind="posts.purge"} 0.25' in body
    assert b"rostra_job_waited_seconds 1.5" in body
    assert b'rostra_http_requests_total{endpoint="home",method="GET",status="2xx"} 1.0' in body
    assert response(registry, b"HEAD /metrics HTTP/1.1\r\n\r\n").endswith(b"\r\n\r\n")
    assert response(registry, b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 404")
    assert response(registry, b"POST /metrics HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 404")


async def test_metrics_without_a_free_port() -> None:
    registry = registry_of(HttpCollector([]), JobCounts())
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        assert await serve_metrics(registry, "127.0.0.1", port, 1) is None


@pytest.mark.usefixtures("logging_restored")
@pytest.mark.parametrize("form", ["auto", "json", "console"])
def test_logs(form: str) -> None:
    stream = io.StringIO()
    logs.configure(msgspec.convert({"format": form, "level": "info"}, Log), stream)
    log = structlog.get_logger("rostra.test")
    log.debug("not_this")
    log.info("something", count=3)
    logging.getLogger("a.library").warning("it says %s", "this")
    logging.getLogger("a.library").info("nor this")
    first, second = stream.getvalue().splitlines()
    if form == "console":
        assert "something" in first
        assert "it says this" in second
    else:
        assert json.loads(first)["count"] == 3
        assert json.loads(second)["event"] == "it says this"
        assert json.loads(second)["level"] == "warning"


def test_progress_in_a_log_is_rare(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(10)
    for _ in range(10):
        progress.add(1, "a step")
    progress.end("all of it")
    told = capsys.readouterr().err
    assert "a step" not in told
    assert told.startswith("all of it (")


def test_prepare_makes_what_is_missing_once(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    where = Where(data=tmp_path / "new")
    settings = serve.with_listening(load(data=where.data, environ={}), None, free_port(), 1)
    serve.prepare(settings, where)
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    assert "bringing the schema" in capfd.readouterr().out
    serve.prepare(settings, where)
    assert capfd.readouterr().out == ""
    with pytest.raises(SystemExit):
        serve.check_port("127.0.0.1", 70_000, "--port")


def test_streams_take_the_next_free_port_where_none_is_set(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = serve.with_listening(load(data=tmp_path, environ={}), None, port - 2, None)
        assert port < settings.streaming.port < port + 50
        assert settings.streaming_url == f"ws://127.0.0.1:{settings.streaming.port}"
        environ = {"ROSTRA_STREAMING__PORT": str(port)}
        fixed = serve.with_listening(load(data=tmp_path, environ=environ), None, None, None)
        assert fixed.streaming.port == port
        with pytest.raises(SystemExit):
            serve.check_port("127.0.0.1", port, "`streaming.port`")
