"""Requests in, answers out: routes, methods, errors, floods, metrics, start and end."""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from structlog.testing import capture_logs
from tests.http.driver import ask
from tests.http.house import make

from rostra.http.dispatcher import Dispatcher
from rostra.http.site import Site
from rostra.settings import Settings


async def test_a_request_says_what_it_says(app: Dispatcher) -> None:
    answer = await ask(
        app, "GET", "/hello/w%20x?a[]=1&b=2",
        headers=[("cookie", "a=1; bad cookie; b=2"), ("host", "evil.example"),
                 ("user-agent", "me"), ("x-forwarded-for", "1.1.1.1")],
    )  # fmt: skip
    assert answer.json == {
        "address": "192.0.2.7", "base": "https://rostra.example", "cookies": {"a": "1", "b": "2"},
        "query": {"a": ["1"], "b": "2"}, "params": {"name": "w x"}, "agent": "me",
    }  # fmt: skip
    assert answer.header("content-length") == str(len(answer.body))
    assert answer.header("strict-transport-security")
    assert answer.header("x-content-type-options") == "nosniff"


@pytest.mark.parametrize(
    ("offered", "kept"),
    [("abc-123", True), ("", False), ("a" * 65, False), ("a b", False), ("a\tb", False)],
)
async def test_request_ids(app: Dispatcher, offered: str, *, kept: bool) -> None:
    answer = await ask(app, "GET", "/hello/x", headers=[("x-request-id", offered)])
    given = answer.header("x-request-id")
    assert (given == offered) is kept
    assert given


async def test_head_is_get_without_a_body(app: Dispatcher) -> None:
    got, head = await ask(app, "GET", "/hello/x"), await ask(app, "HEAD", "/hello/x")
    assert (head.status, head.body) == (200, b"")
    assert head.header("content-length") == got.header("content-length")
    assert (await ask(app, "HEAD", "/stream")).body == b""


async def test_errors_look_like_their_surface(app: Dispatcher) -> None:
    lost = await ask(app, "GET", "/api/nothing")
    assert (lost.status, lost.json) == (404, {"error": "Record not found"})
    assert lost.header("access-control-allow-origin") == "*"
    page = await ask(app, "GET", "/nothing")
    assert (page.status, page.body) == (404, b"<h1>Record not found</h1>")
    wrong = await ask(app, "DELETE", "/api/echo")
    assert wrong.status == 405
    assert wrong.header("allow") == "GET, HEAD, OPTIONS, POST"
    assert (await ask(app, "TRACE", "/hello/x")).status == 405


async def test_options(app: Dispatcher) -> None:
    asked = await ask(app, "OPTIONS", "/api/echo")
    assert (asked.status, asked.header("x-pre")) == (204, "1")
    assert asked.header("allow") == "GET, HEAD, OPTIONS, POST"
    assert (await ask(app, "OPTIONS", "/hello/x")).header("allow") == "GET, HEAD, OPTIONS"
    assert (await ask(app, "OPTIONS", "/api/nothing")).status == 404


async def test_a_bug_is_logged_by_place_and_never_by_content(app: Dispatcher) -> None:
    with capture_logs() as logs:
        answer = await ask(app, "GET", "/api/burst?secret=1", headers=[("x-request-id", "rid")])
    assert answer.status == 500
    assert answer.header("x-fixed") == "1"
    assert "member" not in answer.body.decode()
    assert logs[0]["request_id"] == "rid"
    assert logs[0]["error"] == "RuntimeError"
    assert "burst" in logs[0]["trace"][-1]
    assert "member wrote" not in str(logs)
    assert "secret" not in str(logs)


async def test_a_closed_gate_is_logged_and_told(app: Dispatcher) -> None:
    with capture_logs() as logs:
        answer = await ask(app, "GET", "/closed")
    assert answer.status == 503
    assert logs[0]["status"] == 503


async def test_other_answers(app: Dispatcher) -> None:
    assert (await ask(app, "GET", "/stream")).body == b"one two"
    gone = await ask(app, "GET", "/moved")
    assert gone.header("location") == "https://rostra.example/there"
    assert gone.header("set-cookie") == (
        "s=token; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure"
    )
    nothing = await ask(app, "GET", "/empty")
    assert (nothing.status, nothing.header("content-length")) == (204, "")


async def test_static_files(app: Dispatcher) -> None:
    css = await ask(app, "GET", "/static/a.css")
    assert (css.status, css.body) == (200, b"body {}")
    assert css.header("x-content-type-options") == "nosniff"
    assert css.header("x-request-id")


@pytest.mark.parametrize(
    "headers",
    [[(f"x-{at}", "1") for at in range(101)], [("x", "a" * 40_000)]],
)
async def test_header_floods(app: Dispatcher, headers: list[tuple[str, str]]) -> None:
    assert (await ask(app, "GET", "/hello/x", headers=headers)).status == 431


async def test_query_floods(app: Dispatcher) -> None:
    assert (await ask(app, "GET", "/hello/x?" + "a" * 20_000)).status == 400
    assert (await ask(app, "GET", "/hello/x?" + "a&" * 2_000)).status == 400


async def test_an_absurd_cookie_counts_as_none(app: Dispatcher) -> None:
    for value in ("a" * 9000, "=;=;\x01"):
        answer = await ask(app, "GET", "/hello/x", headers=[("cookie", value)])
        assert answer.json["cookies"] == {}


async def test_metrics(app: Dispatcher) -> None:
    for path in ("/hello/x", "/hello/y", "/api/nothing"):
        await ask(app, "GET", path)
    registry = CollectorRegistry()
    registry.register(app.collector)
    text = generate_latest(registry).decode()
    sample = 'rostra_http_requests_total{endpoint="hello",method="GET",status="2xx"} 2.0'
    assert sample in text
    assert 'endpoint="api: no route",method="ANY",status="4xx"} 1.0' in text
    assert 'rostra_http_request_seconds_count{endpoint="hello",method="GET"} 2.0' in text


async def live(app: Dispatcher) -> list[str]:
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent: list[str] = []

    async def receive() -> MutableMapping[str, Any]:
        return dict(next(messages))

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message["type"])

    await app({"type": "lifespan"}, receive, send)
    return sent


async def test_life(tmp_path: Path) -> None:
    done: list[str] = []

    async def up() -> None:
        done.append("up")

    async def down() -> None:
        done.append("down")

    async def fails() -> None:
        raise RuntimeError("no")

    app = make(tmp_path, on_startup=[up], on_shutdown=[down])
    assert await live(app) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert done == ["up", "down"]
    with capture_logs() as logs:
        assert await live(make(tmp_path, on_startup=[fails])) == ["lifespan.startup.failed"]
        ended = await live(make(tmp_path, on_shutdown=[fails, down]))
    assert ended[-1] == "lifespan.shutdown.failed"
    assert done == ["up", "down", "down"]
    assert [entry["event"] for entry in logs] == ["startup_failed", "shutdown_failed"]


async def test_sockets_are_refused_cleanly(app: Dispatcher) -> None:
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await app({"type": "websocket", "path": "/"}, receive, send)
    await app({"type": "other"}, receive, send)
    assert [message["type"] for message in sent] == ["websocket.close"]


def test_a_site_comes_from_the_settings() -> None:
    site = Site.of(Settings())
    assert site.base_url == "http://127.0.0.1:8420"
    assert (site.secure, site.host) == (False, "127.0.0.1:8420")
