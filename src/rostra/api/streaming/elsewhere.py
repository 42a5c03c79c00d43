"""What the usual port says of streams, which are answered on a port of their own."""

from urllib.parse import urlsplit

from rostra.api.streaming.channels import HEALTH, SOCKET
from rostra.http.dispatcher import Mountable, Surface, made
from rostra.http.request import Request
from rostra.http.response import NOT_STORED, PLAIN, Response
from rostra.kernel.errors import NotFound, Unavailable
from rostra.network.services import Services


def elsewhere(services: Services, surface: Surface) -> tuple[Mountable, ...]:
    """The routes under `/api/v1/streaming` of the usual port."""
    settings = services.settings
    port = settings.streaming_port
    at, here = urlsplit(settings.streaming_url), urlsplit(settings.site.base_url)

    async def health(_request: Request) -> Response:
        if not port:
            raise NotFound("there are no streams")
        return Response(b"OK", 200, (PLAIN, NOT_STORED))

    async def stream(request: Request) -> Response:
        if not port:
            raise NotFound("there are no streams")
        if at.netloc == here.netloc:
            raise Unavailable(
                inside=f"the proxy does not pass {SOCKET} on to port {port}",
                safe="Streams are answered on a port of their own, which is not reached this way",
            )
        scheme = "https" if at.scheme == "wss" else "http"
        response = Response(b"", 307, (NOT_STORED,))
        query = request.query_string.decode("latin-1")
        response.add(
            "location", f"{scheme}://{at.netloc}{request.path}{'?' if query else ''}{query}"
        )
        return response

    return tuple(
        Mountable(("GET",), path, f"GET {path}", made(handle), surface)
        for path, handle in (
            (HEALTH, health),
            (SOCKET, stream),
            (f"{SOCKET}/{{rest:path}}", stream),
        )
    )
