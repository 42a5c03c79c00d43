"""From what a handler returns, or an error, to a response; CORS and rate headers beside it."""

from functools import lru_cache
from time import gmtime, strftime
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

import msgspec

from rostra.api.endpoint import Answered, Endpoint, Paged, Raw
from rostra.http.limits import Allowance
from rostra.http.request import Request
from rostra.http.response import JSON, NOT_STORED, Header, Headers, Response
from rostra.kernel.errors import (
    Invalid,
    RostraError,
    TooManyRequests,
    Unauthorized,
    Unavailable,
)

_ENCODER = msgspec.json.Encoder()
_BOUNDS: Final = frozenset({"max_id", "min_id", "since_id"})
_CHALLENGE: Final[Header] = (b"www-authenticate", b'Bearer realm="Rostra", error="invalid_token"')

# Wire rule 7: what browser clients (Phanpy, Elk) must be able to read. The API never looks at
# cookies, so any origin may call it.
CORS: Final[Headers] = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        (
            b"Link, X-RateLimit-Reset, X-RateLimit-Limit, X-RateLimit-Remaining, X-Request-Id, "
            b"Mastodon-Async-Refresh, Deprecation, Retry-After"
        ),
    ),
)
PREFLIGHT: Final[Headers] = (
    (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
    # the wildcard never stands for Authorization (Fetch standard)
    (b"access-control-allow-headers", b"Authorization, Content-Type, Idempotency-Key, *"),
    (b"access-control-max-age", b"7200"),
)


def fixed_headers(endpoint: Endpoint[Any]) -> Headers:
    """The headers that every answer of an endpoint has, errors too."""
    if not endpoint.deprecated:
        return ()
    return ((b"deprecation", b"@%d" % endpoint.deprecated),)  # RFC 9745


def success_headers(endpoint: Endpoint[Any]) -> Headers:
    """The headers of an endpoint's successes."""
    kind = (b"content-type", endpoint.content_type.encode())
    return (kind, (b"cache-control", endpoint.cache.encode()) if endpoint.cache else NOT_STORED)


def response_of(given: Any, request: Request, status: int, headers: Headers) -> Response:
    """The response for whatever a handler returned."""
    if type(given) is Raw:
        return Response(given.body, status, headers)
    if isinstance(given, Response):
        return given
    if type(given) is Answered:
        inner = response_of(given.body, request, given.status, headers)
        own = {name for name, _ in given.headers}
        inner.headers = [h for h in inner.headers if h[0] not in own] + list(given.headers)
        return inner
    if type(given) is Paged:
        inner = response_of(given.body, request, status, headers)
        link = link_header(request, given.next_max_id, given.prev_min_id)
        if link:
            inner.headers.append((b"link", link))
        return inner
    return Response(_ENCODER.encode(given), status, headers)


def link_header(request: Request, next_max_id: int | None, prev_min_id: int | None) -> bytes:
    """`Link` with the pages before and after, keeping the query's other parameters."""
    start = _list_address(request.base_url, request.path, request.query_string)
    links = []
    if next_max_id is not None:
        links.append(f'<{start}max_id={next_max_id}>; rel="next"')
    if prev_min_id is not None:
        links.append(f'<{start}min_id={prev_min_id}>; rel="prev"')
    return ", ".join(links).encode()


@lru_cache(maxsize=1024)
def _list_address(base_url: str, path: str, query_string: bytes) -> str:
    """The address of a list without its bounds, ready for one more parameter."""
    query = query_string.decode("utf-8", "replace")
    kept = [pair for pair in parse_qsl(query, errors="replace") if pair[0] not in _BOUNDS]
    base = base_url + quote(path, safe="/@:!$&'()*+,;=-._~")
    return f"{base}?{urlencode(kept)}&" if kept else f"{base}?"


def render_error(request: Request, error: RostraError) -> Response:
    """An error in Mastodon's form; of an unexpected one only the request's id."""
    body: dict[str, Any] = {"error": error.safe}
    if isinstance(error, Invalid) and error.details:
        body["details"] = error.details
    if type(error) is RostraError:
        body["request_id"] = request.request_id.decode()
    response = Response(_ENCODER.encode(body), error.status, (JSON, NOT_STORED))
    if isinstance(error, Unauthorized):
        response.headers.append(_CHALLENGE)
    elif isinstance(error, TooManyRequests | Unavailable):
        response.headers.append((b"retry-after", b"%d" % error.retry_after_s))
    return response


def rate_headers(allowance: Allowance) -> Headers:
    """What a client is told of the limit it is nearest to."""
    if not allowance.limit:
        return ()
    limit, reset = _window_headers(allowance.limit, allowance.resets_at_s)
    return (limit, (b"x-ratelimit-remaining", b"%d" % allowance.remaining), reset)


@lru_cache(maxsize=256)
def _window_headers(limit: int, resets_at_s: int) -> tuple[Header, Header]:
    reset = strftime("%Y-%m-%dT%H:%M:%S.000Z", gmtime(resets_at_s))
    return (
        (b"x-ratelimit-limit", b"%d" % limit),
        (b"x-ratelimit-reset", reset.encode()),
    )
