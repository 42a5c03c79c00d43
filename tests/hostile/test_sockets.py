"""What can only be done to a real socket: slow, huge, endless and malformed requests."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.harness.patience import PATIENCE_S, Watch
from tests.harness.served import Served

TIMEOUT_S = 2.0


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data: Path = tmp_path_factory.mktemp("hostile") / "data"
    environ = {"ROSTRA_SERVER__REQUEST_TIMEOUT_S": str(TIMEOUT_S)}
    with Served(data, "--workers", "1", **environ) as served:
        yield served.ready()
        assert served.ask("GET", "/api/v2/instance")[0] == 200
        assert served.stop() == 0
    assert "Traceback" not in served.output.read_text()


def sent(served: Served, *pieces: bytes, pause_s: float = 0.0) -> bytes:
    """All that comes back for these bytes until the server closes or has said enough."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE_S) as connection:
        back = b""
        try:
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause_s)
            while b"\r\n\r\n" not in back:
                more = connection.recv(65536)
                if not more:
                    break
                back += more
        except (ConnectionResetError, BrokenPipeError):
            pass  # closed on us while we were still talking: an answer too
        return back


def status(answer: bytes) -> int:
    """Its status; 0: the connection was closed without a word."""
    return int(answer.split(b" ", 2)[1]) if answer else 0


def post(path: str, length: int, *, kind: str = "application/json") -> bytes:
    """The head of a request."""
    return (
        f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {kind}\r\n"
        f"content-length: {length}\r\n\r\n"
    ).encode()


def alive(served: Served) -> None:
    """It still answers, at once."""
    with Watch() as watch:
        assert served.ask("GET", "/api/v1/timelines/public")[0] == 200
    assert watch.seconds < 2


def test_slow_uploads_are_ended(served: Served) -> None:
    with Watch() as watch:
        answer = sent(served, post("/api/v1/apps", 1000), *[b"a"] * 20, pause_s=0.2)
    assert status(answer) in {0, 408}, answer
    assert watch.seconds < 10
    alive(served)


def test_bodies_that_never_come_do_not_hold_the_server(served: Served) -> None:
    waiting = []
    for _ in range(100):
        connection = socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE_S)
        connection.sendall(post("/api/v2/media", 10_000, kind="multipart/form-data; boundary=x"))
        waiting.append(connection)
    alive(served)
    for connection in waiting:
        connection.close()
    alive(served)


def test_slow_headers_are_ended(served: Served) -> None:
    lines = [b"x-slow: 1\r\n"] * 30
    with Watch() as watch:
        answer = sent(served, b"GET / HTTP/1.1\r\nhost: localhost\r\n", *lines, pause_s=0.2)
    assert status(answer) in {0, 400, 408}, answer
    assert watch.seconds < 15
    alive(served)


@pytest.mark.parametrize("length", [2_000_000, 9_000_000, 10**15])
def test_announced_sizes_are_refused_before_the_body(served: Served, length: int) -> None:
    with Watch() as watch:
        answer = sent(served, post("/api/v1/apps", length))
    assert status(answer) == 413, answer
    assert watch.seconds < TIMEOUT_S
    alive(served)


def test_floods_of_headers_are_refused(served: Served) -> None:
    head = b"GET /api/v1/timelines/public HTTP/1.1\r\nhost: localhost\r\n"
    floods = (
        b"".join(b"x-%d: a\r\n" % at for at in range(50_000)),
        b"x-long: " + b"a" * 2_000_000 + b"\r\n",
        b"cookie: " + b"a=b; " * 200_000 + b"\r\n",
        b"authorization: Bearer " + b"a" * 1_000_000 + b"\r\n",
    )
    for flood in floods:
        answer = sent(served, head + flood + b"\r\n")
        assert status(answer) < 500, answer
        alive(served)


def test_headers_that_lie_or_are_not_text(served: Served) -> None:
    for lines in (
        b"authorization: Bearer \xff\xfe\r\n",
        b"authorization: Basic !!!\r\n",
        b"cookie: \xff\xff=\xff; rostra_session=\xff\r\n",
        b"x-forwarded-for: \xff, ::::, 999.999.999.999\r\n",
        b"host: \xff\r\n",
        b"accept-language: " + b"q," * 5_000 + b"\r\n",
        b"idempotency-key: " + b"\xff" * 3_000 + b"\r\n",
        b"range: bytes=9-1,-,999999999999999999999-\r\n",
        b"if-none-match: \xff\r\nif-modified-since: yesterday\r\n",
        b"content-length: -1\r\n",
        b"content-length: 1\r\ntransfer-encoding: chunked\r\n",
        b"content-length: 99999999999999999999999999\r\n",
        b"transfer-encoding: banana\r\n",
    ):
        for path in (b"/api/v1/timelines/home", b"/", b"/media/none.jpg"):
            end = b"\r\nconnection: close\r\n\r\n0\r\n\r\n"
            head = b"GET " + path + b" HTTP/1.1\r\nhost: localhost\r\n"
            answer = sent(served, head + lines.rstrip() + end)
            assert status(answer) < 500, (lines, path, answer)
    alive(served)


def test_paths_with_tricks_lead_nowhere(served: Served) -> None:
    for path in (
        "/media/../rostra.sqlite3", "/media/%2e%2e/rostra.sqlite3", "/media/..%2frostra.sqlite3",
        "/media/%252e%252e/rostra.sqlite3", "/media//etc/passwd", "/media/%00", "/media/a%00.jpg",
        "/static/../../pyproject.toml", "/static/%2e%2e/%2e%2e/app.py", "/static/..\\x",
        "/%ff%fe", "/@%00", "/@ada%2f..", "/tags/%ed%a0%80", "/api/v1/statuses/%2e%2e",
        "/api/v1/accounts/%00", "//evil.example/", "/\\evil.example", "/" + "a/" * 5_000,
        "/api/v1/statuses/" + "1" * 10_000, "/api/v1/%61pps", "/?" + "a=b&" * 20_000,
        "/api/v1/timelines/public?" + "a[b]" * 10_000, "/api/v1/timelines/public?limit=%",
        "/.env", "/.git/config", "/api/v1/timelines/tag/%F0%9F", "*", "http://evil.example/",
    ):  # fmt: skip
        for method in ("GET", "HEAD", "POST", "DELETE", "TRACE", "BANANA"):
            head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
            answer = sent(served, f"{head}content-length: 0\r\n\r\n".encode())
            assert status(answer) < 500, (method, path[:80], answer)
            assert b"SQLite format" not in answer
            assert b"location: //" not in answer.lower()
            assert b"location: http://evil" not in answer.lower()
    alive(served)
