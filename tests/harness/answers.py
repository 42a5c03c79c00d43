"""Answers held against the type that their endpoint declares."""

import re
from typing import Any

import msgspec

from rostra.api.endpoint import Endpoint
from rostra.api.routes import all_endpoints


def _pattern(endpoint: Endpoint[Any]) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]*\}", endpoint.path)
    return re.compile("[^/]+".join(map(re.escape, parts)))


# Fixed paths come before those with parameters, as in the router.
_TABLE = sorted(
    ((endpoint, _pattern(endpoint)) for endpoint in all_endpoints()),
    key=lambda row: row[0].path.count("{"),
)


def endpoint_of(method: str, path: str) -> Endpoint[Any] | None:
    """The endpoint that answers this; None: it is not of the API."""
    for endpoint, pattern in _TABLE:
        if method in endpoint.methods and pattern.fullmatch(path):
            return endpoint
    return None


def _decode(endpoint: Endpoint[Any], body: bytes) -> None:
    try:
        msgspec.json.decode(body, type=endpoint.answer, strict=True)
    except msgspec.ValidationError:
        if endpoint.instead is None:
            raise
        msgspec.json.decode(body, type=endpoint.instead, strict=True)


def check(method: str, path: str, status: int, body: bytes) -> None:
    """Hold a good JSON answer against the type that its endpoint declares.

    Raises:
        AssertionError: it is not of that type; the text says where.
    """
    endpoint = endpoint_of(method, path)
    if endpoint is None or status != endpoint.status or "json" not in endpoint.content_type:
        return
    try:
        _decode(endpoint, body)
    except msgspec.ValidationError as error:
        raise AssertionError(f"{method} {path}: {error}: {body[:2000]!r}") from error
