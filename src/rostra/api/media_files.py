"""Serves stored pictures: fixed types, never anything a browser would run.

Akkoma's 2024 lesson: an upload that is served with a type of the uploader's choosing is an attack.
Types come from the key, which the server made, and every answer forbids scripts.
"""

from rostra.http.dispatcher import Mountable, Surface
from rostra.http.request import Request
from rostra.http.response import Header, Response
from rostra.kernel.errors import NotFound
from rostra.network.media.serving import picture_type
from rostra.network.services import Services

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
        kind = picture_type(key)
        # A key never gets another content, so it is its own tag.
        tag: Header = (b"etag", f'"{key.rpartition("/")[2]}"'.encode())
        if _same(request.headers.get(b"if-none-match", b""), tag[1]):
            # Asked for all the same: what was deleted is not confirmed from a cache.
            if not await services.blobs.exists(key):
                raise NotFound(f"no blob {key}")
            return Response(b"", 304, (tag, *_FIXED))
        content = await services.blobs.get(key)
        return Response(content, 200, ((b"content-type", kind.encode()), tag, *_FIXED))

    return Mountable(("GET",), "/media/{key:path}", "GET /media/{key}", serve, surface)


def _same(given: bytes, tag: bytes) -> bool:
    """Whether an `If-None-Match` names the tag, weakly or not, or any (RFC 9110, 13.1.2)."""
    tags = {each.strip().removeprefix(b"W/") for each in given.split(b",")}
    return tag in tags or b"*" in tags
