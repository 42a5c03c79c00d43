"""Serves stored pictures, videos and recordings: fixed types, never what a browser would run.

Akkoma's 2024 lesson: an upload that is served with a type of the uploader's choosing is an attack.
Types come from the key, which the server made, and every answer forbids scripts.
"""

from typing import Final

from rostra.http import ranges
from rostra.http.dispatcher import Mountable, Surface, made
from rostra.http.request import Request
from rostra.http.response import Header, Response
from rostra.http.stored import stored
from rostra.kernel.errors import NotFound
from rostra.network.media.serving import file_type
from rostra.network.services import Services

_FIXED: Final[tuple[Header, ...]] = (
    (b"cache-control", b"public, max-age=31536000, immutable"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"content-disposition", b"inline"),
    ranges.ACCEPTED,
)
_PICTURE: Final[Header] = (b"content-security-policy", b"default-src 'none'; sandbox")
# A browser that shows the file alone puts it into a page of its own, which must be let play it.
_PLAYED: Final[Header] = (
    b"content-security-policy",
    b"default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox",
)


def media_files(services: Services, surface: Surface) -> Mountable:
    """The route of stored files."""

    async def serve(request: Request) -> Response:
        key = request.params["key"]
        kind = file_type(key)
        picture = kind.startswith("image/")
        # A key never gets another content, so it is its own tag.
        tag: Header = (b"etag", f'"{key.rpartition("/")[2]}"'.encode())
        fixed = (tag, _PICTURE if picture else _PLAYED, *_FIXED)
        if _same(request.headers.get(b"if-none-match", b""), tag[1]):
            # Asked for all the same: what was deleted is not confirmed from a cache.
            if not await services.blobs.exists(key):
                raise NotFound(f"no blob {key}")
            return Response(b"", 304, fixed)
        typed = ((b"content-type", kind.encode()), *fixed)
        asked = request.headers.get(b"range", b"")
        if picture and not asked:
            return Response(await services.blobs.get(key), 200, typed)
        return await stored(services, request, key, typed)

    return Mountable(("GET",), "/media/{key:path}", "GET /media/{key}", made(serve), surface)


def _same(given: bytes, tag: bytes) -> bool:
    """Whether an `If-None-Match` names the tag, weakly or not, or any (RFC 9110, 13.1.2)."""
    tags = {each.strip().removeprefix(b"W/") for each in given.split(b",")}
    return tag in tags or b"*" in tags
