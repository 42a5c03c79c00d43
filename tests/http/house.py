"""A small house behind a dispatcher: pages, an API, and handlers that show what came in."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
from starlette.staticfiles import StaticFiles

from rostra.http.body import Upload, read_bytes, read_tree
from rostra.http.dispatcher import Dispatcher, Mountable, Surface, made
from rostra.http.request import Request
from rostra.http.response import (
    HTML,
    PLAIN,
    Delegated,
    Response,
    Stream,
    cookie,
    redirect,
    security_headers,
)
from rostra.http.site import Site
from rostra.kernel.errors import RostraError, Unavailable

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
        Mountable(("GET",), "/hello/{name}", "hello", made(hello), PAGES),
        Mountable(("POST",), "/api/echo", "echo", made(echo), API, preflight=((b"x-pre", b"1"),)),
        Mountable(("GET",), "/api/echo", "hello again", made(hello), API),
        Mountable(("POST",), "/api/size", "size", made(size), API),
        Mountable(("GET",), "/api/burst", "burst", made(burst), API, headers=((b"x-fixed", b"1"),)),
        Mountable(("GET",), "/closed", "closed", made(closed), PAGES),
        Mountable(("GET",), "/stream", "stream", made(streamed), PAGES),
        Mountable(("GET",), "/moved", "moved", made(moved), PAGES),
        Mountable(("GET",), "/empty", "empty", made(empty), PAGES),
        Mountable(("GET",), "/static/{name:path}", "static", made(static), PAGES),
    ]
    return Dispatcher(routes, site, fallback=PAGES, **hooks)
