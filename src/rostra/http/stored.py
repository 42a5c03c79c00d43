"""Answers with a stored file, or with the part of it that is asked for."""

from rostra.http import ranges
from rostra.http.request import Request
from rostra.http.response import Header, Response, Stream
from rostra.network.services import Services


async def stored(
    services: Services, request: Request, key: str, headers: tuple[Header, ...]
) -> Response:
    """The part that is asked for, or all, without holding it in memory.

    Args:
        services: the house's parts.
        request: with its `Range`.
        key: under which the file lies.
        headers: of the answer, its `etag` among them.

    Raises:
        NotFound: there is no such file.
    """
    size = await services.blobs.size(key)
    asked, tag = request.headers.get(b"range", b""), dict(headers)[b"etag"]
    try:
        part = ranges.wanted(asked, request.headers.get(b"if-range", b""), tag, size)
    except ranges.Unsatisfiable:
        return Response(b"", 416, (ranges.nothing_of(size), ranges.ACCEPTED))
    start, length = part or (0, size)
    sized = [*headers, (b"content-length", b"%d" % length)]
    if part:
        sized.append(ranges.content_range(start, length, size))
    pieces = services.blobs.stream_part(key, start, length)
    return Stream(pieces, 206 if part else 200, sized)
