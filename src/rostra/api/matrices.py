"""The endpoint table as rows for generated tests: who may call what, and whose things are named.

Source of the idea: GHSA-58x8-3qxw-6hm7 and CVE-2026-22246, where single endpoints were forgotten.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from rostra.api.endpoint import Auth, Endpoint, Endpoints
from rostra.network.credentials.scopes import KNOWN, covers


class Case(NamedTuple):
    """One request to make and the status that must come of it.

    Attributes:
        endpoint: what is called.
        method: with which method.
        path: filled in.
        scopes: of the token; None: no token.
        status: expected; 0: anything but 401 and 403.
    """

    endpoint: Endpoint[Any]
    method: str
    path: str
    scopes: frozenset[str] | None
    status: int


def fill(pattern: str, values: Mapping[str, str], default: str = "112345678901234567") -> str:
    """A path made of a pattern; parameters that `values` lacks get `default`."""
    segments = []
    for segment in pattern.split("/"):
        before, brace, rest = segment.partition("{")
        if brace:
            name, _, after = rest.partition("}")
            segment = before + values.get(name.removesuffix(":path"), default) + after  # noqa: PLW2901 (the filled segment stands for the pattern's)
        segments.append(segment)
    return "/".join(segments)


def scope_matrix(endpoints: Endpoints, values: Mapping[str, str] | None = None) -> Iterator[Case]:
    """Each endpoint with no token, with each single scope, and with one that has none."""
    for endpoint in endpoints:
        path = fill(endpoint.path, values or {})
        for method in endpoint.methods:
            open_to_all = endpoint.auth in {Auth.NONE, Auth.OPTIONAL}
            yield Case(endpoint, method, path, None, 0 if open_to_all else 401)
            if endpoint.auth is Auth.NONE:
                continue
            for scopes in (frozenset[str](), *(frozenset({scope}) for scope in sorted(KNOWN))):
                allowed = covers(scopes, endpoint.scopes)
                yield Case(endpoint, method, path, scopes, 0 if allowed else 403)


def owned_endpoints(endpoints: Endpoints) -> Iterator[Endpoint[Any]]:
    """Endpoints whose path names something of the member's own: for anybody else it is 404."""
    return (endpoint for endpoint in endpoints if endpoint.owned)


def id_endpoints(endpoints: Endpoints) -> Iterator[Endpoint[Any]]:
    """Endpoints with a parameter in their path: a made-up or malformed one must be 404."""
    return (endpoint for endpoint in endpoints if endpoint.path_params)
