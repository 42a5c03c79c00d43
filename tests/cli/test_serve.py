"""The server as its users start it: first answer, metrics, clean stop, clear errors."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.harness.patience import PATIENCE_S, wait_for
from tests.harness.served import Served, free_port

from rostra.cli import serve
from rostra.settings import Settings


def _rostra(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rostra.cli.main", *arguments]
    return subprocess.run(  # noqa: S603 (our own program)
        command,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )


def _metrics(port: int) -> str:
    """What a process tells; the second one may come up a moment after the first answer."""

    def told() -> str:
        with (
            contextlib.suppress(OSError),
            urlopen(f"http://127.0.0.1:{port}/metrics") as answer,
        ):
            return str(answer.read(), "utf-8")
        return ""

    return str(wait_for(told))


def test_it_starts_on_nothing_answers_and_stops(tmp_path: Path) -> None:
    with Served(tmp_path / "data", "--workers", "2") as served:
        served.ready()
        assert len(served.processes()) == 3
        status, body = served.ask("GET", "/api/v1/timelines/public")
        assert (status, body) == (200, b"[]")
        metrics = _metrics(served.metrics_port) + _metrics(served.metrics_port + 1)
        assert "rostra_http_requests_total{" in metrics
        assert "process_cpu_seconds_total" in metrics
        assert served.stop() == 0
    said = served.output.read_text()
    assert f"http://127.0.0.1:{served.port}" in said
    assert "Traceback" not in said
    assert '"event": "stopped"' in said


def test_a_second_start_finds_what_the_first_left(tmp_path: Path) -> None:
    for _ in range(2):
        with Served(tmp_path / "data", "--workers", "1") as served:
            served.ready()
            assert served.stop() == 0
    assert served.output.read_text().count("bringing the schema") == 1


def test_a_request_under_way_is_answered_at_the_stop(tmp_path: Path) -> None:
    with Served(tmp_path / "data", "--workers", "1") as served:
        served.ready()
        with socket.create_connection(("127.0.0.1", served.port)) as connection:
            body = b"client_name=slow&redirect_uris=urn:ietf:wg:oauth:2.0:oob"
            connection.sendall(
                b"POST /api/v1/apps HTTP/1.1\r\nhost: localhost\r\ncontent-type: "
                b"application/x-www-form-urlencoded\r\nconnection: close\r\n"
                b"expect: 100-continue\r\ncontent-length: %d\r\n\r\n" % len(body)
            )
            begun = b"HTTP/1.1 100 Continue\r\n\r\n"  # it has begun to read the body
            assert connection.recv(len(begun), socket.MSG_WAITALL) == begun
            connection.sendall(body[:10])
            served.process.terminate()
            time.sleep(0.3)
            connection.sendall(body[10:])
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        assert answer.startswith(b"HTTP/1.1 200")
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["name"] == "slow"
        assert served.process.wait(PATIENCE_S) == 0


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        done = _rostra("serve", "--data", str(tmp_path / "data"), "--port", port)
    assert done.returncode == 1
    assert f"can't listen on 127.0.0.1:{port}: another program listens there" in done.stderr


def test_an_address_of_another_machine_is_told(tmp_path: Path) -> None:
    port = str(free_port())
    done = _rostra("serve", "--data", str(tmp_path), "--bind", "192.0.2.1", "--port", port)
    assert done.returncode == 1
    assert "this machine has no such address" in done.stderr


def test_a_data_directory_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = _rostra("serve", "--data", str(tmp_path / "file"), "--port", str(free_port()))
    assert done.returncode == 1
    assert "can't be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_down_is_told(tmp_path: Path) -> None:
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/rostra"
    data = ["--data", str(tmp_path / "data"), "--port", str(free_port())]
    done = _rostra("serve", *data, ROSTRA_DATABASE__URL=url)
    assert done.returncode == 1
    assert "the database can't be reached" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bad_setting_is_told(tmp_path: Path) -> None:
    done = _rostra("serve", "--data", str(tmp_path), ROSTRA_SERVER__PORT="many")
    assert done.returncode == 1
    assert "server.port" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_is_quick_and_names_every_command() -> None:
    done = _rostra("--help")
    assert done.returncode == 0
    for name in ("serve", "demo", "admin", "migrate", "doctor"):
        assert name in done.stdout
    heavy = {"sqlalchemy", "alembic", "granian", "pyvips", "rostra.app"}
    assert not heavy & _loaded_by("rostra.cli.main")


def test_a_server_loads_nothing_large_that_it_may_never_need() -> None:
    heavy = {"alembic", "asyncpg.protocol", "pyvips", "webauthn.helpers"}
    assert not heavy & _loaded_by("rostra.cli.serving")


def _loaded_by(module: str) -> set[str]:
    code = f"import {module}, sys; print(*sys.modules)"
    done = subprocess.run(  # noqa: S603 (code of this file)
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("bind", "port", "expected"),
    [
        (None, None, "http://127.0.0.1:8420"),
        (None, 9000, "http://127.0.0.1:9000"),
        ("0.0.0.0", 9000, "http://127.0.0.1:9000"),  # noqa: S104 (nothing listens)
        ("::1", None, "http://[::1]:8420"),
    ],
)
def test_the_address_follows_where_it_listens(
    bind: str | None, port: int | None, expected: str
) -> None:
    settings = serve.with_listening(Settings(), bind, port, None)
    assert settings.site.base_url == expected


def test_an_address_that_was_set_stays() -> None:
    site = type(Settings().site)(base_url="https://social.example")
    settings = serve.with_listening(Settings(site=site), None, 9000, 3)
    assert settings.site.base_url == "https://social.example"
    assert settings.workers == 3
