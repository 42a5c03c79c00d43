"""Serves stored pictures: fixed types, never anything a browser would run.

Akkoma's 2024 lesson: an upload that is served with a type of the uploader's choosing is an attack.
Types come from the key, which the server made, and every answer forbids scripts.
"""

from rostra.http.dispatcher import Mountable, Surface
from rostra.http.request import Request
from rostra.http.response import Header, Response
from rostra.kernel.errors import NotFound
from rostra.network.services import Services
from rostra.store.blobs import content_type_of, is_key

_FIXED: tuple[Header, ...] = (
    (b"cache-control", b"public, max-age=31536000, immutable"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"content-disposition", b"inline"),
)


def media_files(services: Services, surface: Surface) -> Mountable:
    """The route of stored pictures."""

    async def serve(request: Request) -> Response:
        key = request.params["key"]
        if not is_key(key):
            raise NotFound(f"not a blob key: {key[:80]!r}")
        tag = f'"{key.rpartition("/")[2]}"'.encode()
        if request.headers.get(b"if-none-match") == tag:
            return Response(b"", 304, ((b"etag", tag), *_FIXED))
        content = await services.blobs.get(key)
        kind = (b"content-type", content_type_of(key).encode())
        return Response(content, 200, (kind, (b"etag", tag), *_FIXED))

    return Mountable(("GET",), "/media/{key:path}", "GET /media/{key}", serve, surface)
