"""Hands out the style sheet, scripts and pictures of the pages, and the few files at the root."""

from typing import Final

from rostra.http.dispatcher import Handler, Mountable, Surface, made
from rostra.http.request import Request
from rostra.http.response import PLAIN, Header, Response
from rostra.kernel.errors import NotFound
from rostra.web.assets import Asset, Assets

_FOREVER: Final[Header] = (b"cache-control", b"public, max-age=31536000, immutable")
_A_WHILE: Final[Header] = (b"cache-control", b"public, max-age=3600")
_ANY_ORIGIN: Final[Header] = (b"access-control-allow-origin", b"*")
# SVG may hold script: shown on its own it must not run any.
_LOCKED: Final[Header] = (
    b"content-security-policy",
    b"default-src 'none'; style-src 'unsafe-inline'; sandbox",
)
# What apps are told of under names that stay.
_NAMED: Final = {
    "avatar.png": "img/avatar.png",
    "header.png": "img/header.png",
    "preview.png": "img/og.png",
    "touch.png": "img/touch.png",
}
_ROBOTS: Final = b"""User-agent: *
Disallow: /api/
Disallow: /oauth/
Disallow: /search
Disallow: /settings/
"""


def static_files(assets: Assets, surface: Surface) -> tuple[Mountable, ...]:
    """The routes of all static files."""

    async def any_file(request: Request) -> Response:
        path = request.params["path"]
        found = assets.get(_NAMED.get(path, path))
        if found is None:
            raise NotFound("no such static file")
        asset, lasting = found
        return _file(request, asset, _FOREVER if lasting else _A_WHILE)

    async def robots(_request: Request) -> Response:
        return Response(_ROBOTS, 200, (PLAIN, _A_WHILE))

    def one(name: str) -> Handler:
        async def handle(request: Request) -> Response:
            found = assets.get(name)
            if found is None:
                raise NotFound(name)
            return _file(request, found[0], _A_WHILE)

        return handle

    routes: tuple[tuple[str, Handler], ...] = (
        ("/static/{path:path}", any_file),
        ("/favicon.ico", one("img/touch.png")),
        ("/apple-touch-icon.png", one("img/touch.png")),
        ("/robots.txt", robots),
    )
    return tuple(
        Mountable(("GET",), path, f"GET {path}", made(handle), surface) for path, handle in routes
    )


def _file(request: Request, asset: Asset, cache: Header) -> Response:
    headers = [(b"content-type", asset.media_type.encode()), cache, _ANY_ORIGIN]
    if asset.media_type == "image/svg+xml":
        headers.append(_LOCKED)
    body = asset.body
    if asset.compressed:
        headers.append((b"vary", b"accept-encoding"))
        if "gzip" in request.header("accept-encoding"):
            headers.append((b"content-encoding", b"gzip"))
            body = asset.compressed
    return Response(body, 200, headers)
