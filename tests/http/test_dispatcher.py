import asyncio
from collections.abc import AsyncIterator, MutableMapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from prometheus_client import CollectorRegistry, generate_latest
from starlette.staticfiles import StaticFiles
from structlog.testing import capture_logs
from tests.http.driver import Answer, ask

from rostra.http.body import Upload, read_bytes, read_tree
from rostra.http.dispatcher import Dispatcher, Mountable, Surface
from rostra.http.request import Request
from rostra.http.response import (
    HTML,
    PLAIN,
    Delegated,
    Response,
    Stream,
    cookie,
    own_target,
    redirect,
    security_headers,
)
from rostra.http.site import Site
from rostra.kernel.errors import RostraError, Unavailable
from rostra.settings import Settings

SITE = Site(base_url="https://rostra.example", max_body_bytes=10_000, body_deadline_s=0.2)


def page_error(_request: Request, error: RostraError) -> Response:
    return Response(f"<h1>{error.safe}</h1>".encode(), error.status, (HTML,))


def api_error(_request: Request, error: RostraError) -> Response:
    return Response(msgspec.json.encode({"error": error.safe}), error.status, (PLAIN,))


PAGES = Surface("pages", (), page_error, security_headers(SITE, page=True))
API = Surface("api", ("/api/",), api_error, ((b"access-control-allow-origin", b"*"),))


async def hello(request: Request) -> Response:
    said = {
        "address": request.address,
        "base": request.base_url,
        "cookies": request.cookies,
        "query": request.query,
        "params": dict(request.params),
        "agent": request.header("User-Agent"),
    }
    return Response(msgspec.json.encode(said), 200, (PLAIN,))


async def echo(request: Request) -> Response:
    tree = await read_tree(request, 10_000)
    shown = {
        name: {"file": value.read().decode("latin-1"), "name": value.filename, "size": value.size,
               "type": value.content_type} if isinstance(value, Upload) else value
        for name, value in tree.items()
    }  # fmt: skip
    return Response(msgspec.json.encode(shown), 200, (PLAIN,))


async def size(request: Request) -> Response:
    return Response(str(len(await read_bytes(request, 5_000_000))).encode())


async def burst(_request: Request) -> Response:
    raise RuntimeError("what a member wrote")


async def closed(_request: Request) -> Response:
    raise Unavailable(9, inside="the write gate is closed")


async def streamed(_request: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b"one ", b"two"):
            yield piece

    return Stream(pieces(), 200, (PLAIN,))


async def moved(_request: Request) -> Response:
    response = redirect(SITE, "/there")
    response.headers.append(cookie(SITE, "s", "token", max_age_s=60))
    return response


async def empty(_request: Request) -> Response:
    return Response(b"", 204)


def make(tmp_path: Path, site: Site = SITE, **hooks: Any) -> Dispatcher:
    (tmp_path / "a.css").write_text("body {}")
    files = StaticFiles(directory=tmp_path)

    async def static(request: Request) -> Response:
        return Delegated(files, "/" + request.params["name"])

    routes = [
        Mountable(("GET",), "/hello/{name}", "hello", hello, PAGES),
        Mountable(("POST",), "/api/echo", "echo", echo, API, preflight=((b"x-pre", b"1"),)),
        Mountable(("GET",), "/api/echo", "hello again", hello, API),
        Mountable(("POST",), "/api/size", "size", size, API),
        Mountable(("GET",), "/api/burst", "burst", burst, API, headers=((b"x-fixed", b"1"),)),
        Mountable(("GET",), "/closed", "closed", closed, PAGES),
        Mountable(("GET",), "/stream", "stream", streamed, PAGES),
        Mountable(("GET",), "/moved", "moved", moved, PAGES),
        Mountable(("GET",), "/empty", "empty", empty, PAGES),
        Mountable(("GET",), "/static/{name:path}", "static", static, PAGES),
    ]
    return Dispatcher(routes, site, fallback=PAGES, **hooks)


@pytest.fixture
def app(tmp_path: Path) -> Dispatcher:
    return make(tmp_path)


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


JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTI = "multipart/form-data; boundary=B"


def part(name: str, value: str, extra: str = "") -> bytes:
    head = f'--B\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'
    return (head + value + "\r\n").encode()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (JSON, b'{"poll": {"options": ["a", "b"]}, "x": "1"}'),
        ("application/ld+json", b'{"poll": {"options": ["a", "b"]}, "x": "1"}'),
        (FORM, b"poll[options][]=a&poll%5Boptions%5D[]=b&x=1"),
        (f"{FORM}; charset=utf-8", b"poll[options][]=a&poll[options][]=b&x=1"),
        (MULTI, part("poll[options][]", "a") + part("poll[options][]", "b") + part("x", "1")
         + b"--B--\r\n"),
    ],
)  # fmt: skip
async def test_three_kinds_of_body_mean_the_same(app: Dispatcher, kind: str, body: bytes) -> None:
    answer = await ask(app, "POST", "/api/echo", body=body, kind=kind)
    assert answer.json == {"poll": {"options": ["a", "b"]}, "x": "1"}


async def test_files(app: Dispatcher) -> None:
    body = part("f", "data", '; filename="a\0.png"\r\nContent-Type: image/png') + b"--B--\r\n"
    answer = await ask(app, "POST", "/api/echo", body=[body[:50], body[50:]], kind=MULTI)
    assert answer.json["f"]["file"] == "data"
    assert (answer.json["f"]["size"], answer.json["f"]["type"]) == (4, "image/png")


async def refused(app: Dispatcher, body: bytes, kind: str, **more: Any) -> Answer:
    answer = await ask(app, "POST", "/api/echo", body=body, kind=kind, **more)
    assert answer.json["error"]
    return answer


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (JSON, b"{", 400),
        (JSON, b"x" * 10_001, 413),
        (FORM, b"a=1&a[b]=2", 400),
        (FORM, b"&".join([b"a=1"] * 1500), 400),
        ("multipart/form-data", b"x", 400),
        (MULTI, b"rubbish", 400),
        (MULTI, b"--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--\r\n", 400),
        (MULTI, b'--B\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n'
         + b"x" * 20_000, 413),
        (MULTI, b"".join(part("f", "x", '; filename="x"') for _ in range(9)) + b"--B--\r\n", 400),
        ("text/plain", b"x", 415),
        ("", b"x", 415),
    ],
)  # fmt: skip
async def test_bad_bodies(app: Dispatcher, kind: str, body: bytes, status: int) -> None:
    assert (await refused(app, body, kind)).status == status


async def test_truncated_multipart_is_no_upload(app: Dispatcher) -> None:
    body = part("f", "data", '; filename="a.png"')[:-4]
    answer = await ask(app, "POST", "/api/echo", body=body, kind=MULTI)
    assert answer.status == 400


async def test_compressed_bodies(app: Dispatcher) -> None:
    answer = await refused(app, b"{}", JSON, headers=[("content-encoding", "gzip")])
    assert answer.status == 415


async def test_no_body_is_no_parameters(app: Dispatcher) -> None:
    assert (await ask(app, "POST", "/api/echo")).json == {}
    assert (await ask(app, "POST", "/api/echo", kind=JSON)).json == {}


async def test_chunks_count_together(app: Dispatcher) -> None:
    body = [b"x" * 3000] * 4
    assert (await ask(app, "POST", "/api/echo", body=body, kind=JSON)).status == 413
    assert (await ask(app, "POST", "/api/size", body=body)).body == b"12000"


async def test_who_hangs_up_gets_no_answer(app: Dispatcher) -> None:
    answer = await ask(app, "POST", "/api/size", body=[b"a", b"b"], gone_after=1)
    assert answer.status == 0


async def test_a_slow_body_is_given_up(tmp_path: Path) -> None:
    app = make(tmp_path, Site(body_deadline_s=0.01, slowest_bytes_s=1_000_000_000))
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        await asyncio.sleep(0.004)
        return {"type": "http.request", "body": b"a", "more_body": True}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http", "method": "POST", "path": "/api/size", "query_string": b"",
        "headers": [], "client": None,
    }  # fmt: skip
    await app(scope, receive, send)
    assert sent[0]["status"] == 408


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


@pytest.mark.parametrize(
    ("target", "leads"),
    [
        ("/a?b=1#c", "https://rostra.example/a?b=1#c"),
        ("/ü", "https://rostra.example/%C3%BC"),
        ("https://rostra.example/a", "https://rostra.example/a"),
        ("https://rostra.example", "https://rostra.example"),
        *(
            (bad, "https://rostra.example/")
            for bad in (
                "//evil.example", "https://evil.example", "https://rostra.example.evil.example/",
                "/\\evil.example", "javascript:alert(1)", "evil", "", "/a\r\nset-cookie: x",
                "/\t/evil.example", "https://rostra.example@evil.example/", "///evil.example",
            )
        ),
    ],
)  # fmt: skip
def test_redirects_stay_in_the_house(target: str, leads: str) -> None:
    assert own_target(SITE, target) == leads


def test_cookies_and_headers_cannot_break_out() -> None:
    for name, value in (("a b", "x"), ("a", "x;y"), ("a", "x\r\n"), ("a", 'x"')):
        with pytest.raises(ValueError, match="cookie"):
            cookie(SITE, name, value)
    assert b"Secure" not in cookie(Site(), "a", "b")[1]
    with pytest.raises(ValueError, match="line break"):
        Response().add("x", "a\r\nb")


def test_a_site_comes_from_the_settings() -> None:
    site = Site.of(Settings())
    assert site.base_url == "http://127.0.0.1:8420"
    assert (site.secure, site.host) == (False, "127.0.0.1:8420")
