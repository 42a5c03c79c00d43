"""Routes that exist only under `ROSTRA_TEST_BENCH=1`: the floor that the benches compare with."""

from functools import lru_cache

from rostra.http.dispatcher import Mountable, Surface, made
from rostra.http.request import Request
from rostra.http.response import JSON, Response
from rostra.kernel.errors import NotFound, RostraError

MOST = 10_000_000


def bench_routes() -> tuple[Mountable, ...]:
    """`/bench/constant/{size}`: a constant body of so many bytes, nothing looked up."""
    surface = Surface("bench", ("/bench/",), _failed)
    return (
        Mountable(("GET",), "/bench/constant/{size}", "bench: constant", made(_constant), surface),
    )


def _failed(_request: Request, error: RostraError) -> Response:
    return Response(b"", error.status)


@lru_cache
def _body(size: int) -> bytes:
    return b'"' + b"x" * (size - 2) + b'"'


async def _constant(request: Request) -> Response:
    size = request.params["size"]
    if not size.isdecimal() or not 1 < int(size) <= MOST:
        raise NotFound("a size between 2 bytes and 10 MB")
    return Response(_body(int(size)), 200, (JSON,))
