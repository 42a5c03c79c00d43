"""Answers held against the OpenAPI document, and a record of the endpoints that gave good ones.

Every client of the harness goes through here, so a test that asks an endpoint for anything also
shows that the document tells the truth of it: status, content type and body. Objects are closed for
this: a name that the document does not know is a mistake too.
"""

import os
from functools import cache
from typing import Any
from urllib.parse import unquote

import httpx2
import jsonschema_rs
import msgspec

from rostra.api.endpoint import Endpoint
from rostra.api.openapi import Json, document
from rostra.api.routes import all_endpoints
from rostra.http.router import Missed, Router
from rostra.http.site import Site

# Names of endpoints that gave a good answer to a test of this process, and with something in it.
exercised: set[str] = set()
filled: set[str] = set()

# Tests that ask every endpoint for anything, and so say nothing of what one of them is for.
SWEEPS = ("tests/law/", "tests/hostile/", "tests/api/test_schemathesis.py")
_NOTHING = frozenset({b"", b"[]", b"{}"})
_IN_STREAMS = {
    "update": "Status",
    "status.update": "Status",
    "notification": "Notification",
    "conversation": "Conversation",
}

_SHOWN = 2000
_WRONG_SHOWN = 5


class Promise(msgspec.Struct, frozen=True):
    """What the document says of one status of one operation.

    Attributes:
        kinds: its content types, each with what holds a body to its schema (None: not JSON).
    """

    kinds: dict[str, jsonschema_rs.Draft202012Validator | None]


@cache
def _router() -> Router[Endpoint[Any]]:
    router: Router[Endpoint[Any]] = Router()
    for endpoint in all_endpoints():
        router.add(endpoint.methods, endpoint.path, endpoint)
    return router


def endpoint_of(method: str, path: str) -> Endpoint[Any] | None:
    """The endpoint that answers this decoded path; None: it is not of the API."""
    found = _router().find(method, path)
    return None if isinstance(found, Missed) else found.target


def closed(schema: Any) -> Any:
    """A schema in which objects have no names but those that it lists."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    out = {name: closed(each) for name, each in schema.items()}
    if out.get("type") == "object" and "properties" in out:
        out.setdefault("additionalProperties", False)
    return out


@cache
def _document() -> tuple[Json, Json]:
    """The document's operations by name of the endpoint, and its components, closed."""
    whole = document(all_endpoints(), Site("https://rostra.example"))
    paths = whole["paths"]
    operations = {
        endpoint.name: paths[endpoint.path.replace(":path}", "}")][endpoint.methods[0].lower()]
        for endpoint in all_endpoints()
    }
    return operations, closed(whole["components"])


def _named_in(schema: Any) -> set[str]:
    """The components that a schema refers to."""
    if isinstance(schema, list):
        return {name for each in schema for name in _named_in(each)}
    if not isinstance(schema, dict):
        return set()
    named = {name for each in schema.values() for name in _named_in(each)}
    reference = schema.get("$ref")
    if isinstance(reference, str):
        named.add(reference.rpartition("/")[2])
    return named


def _whole(schema: Json) -> Json:
    """A schema with the components that it needs: all of them are ten megabytes when compiled."""
    _, components = _document()
    types, wanted, taken = components["schemas"], _named_in(schema), dict[str, Any]()
    while missing := wanted - taken.keys():
        taken |= {name: types[name] for name in missing}
        wanted |= {each for name in missing for each in _named_in(types[name])}
    return {**schema, "components": {"schemas": taken}}


@cache
def promise_of(name: str, status: int) -> Promise | None:
    """What the document says of a status of an endpoint; None: that it does not occur."""
    operations, _ = _document()
    response = operations[name]["responses"].get(str(status))
    if response is None:
        return None
    kinds = {}
    for kind, content in response.get("content", {}).items():
        schema = _whole(closed(content["schema"]))
        kinds[kind] = jsonschema_rs.Draft202012Validator(schema) if "json" in kind else None
    return Promise(kinds)


def _wrong(promise: Promise | None, status: int, kind: str, body: bytes) -> str:
    """What is wrong with an answer, in words; empty: nothing."""
    if promise is None:
        return f"the status {status} is not in the document"
    plain = kind.partition(";")[0]
    if promise.kinds and plain not in promise.kinds:
        return f"{status} is {kind or 'of no type'}, not {' or '.join(promise.kinds)}"
    validator = promise.kinds.get(plain)
    if validator is None:
        return ""
    value = msgspec.json.decode(body)
    if validator.is_valid(value):
        return ""
    faults = [
        f"/{'/'.join(map(str, fault.instance_path))}: {fault.message[:300]}"
        for fault in validator.iter_errors(value)
    ]
    return f"{status}: " + "; ".join(faults[:_WRONG_SHOWN])


def heard(name: str, *, something: bool = True) -> None:
    """Note that an endpoint gave a good answer to the test that runs now."""
    if not os.environ.get("PYTEST_CURRENT_TEST", "").startswith(SWEEPS):
        exercised.add(name)
        if something:
            filled.add(name)


def check(method: str, path: str, status: int, kind: str, body: bytes) -> None:
    """Hold an answer against the OpenAPI document, and note that its endpoint gave a good one.

    Args:
        method: that was asked with.
        path: decoded, without query.
        status: of the answer.
        kind: its content type.
        body: whole.

    Raises:
        AssertionError: the document does not say so; the text tells where.
    """
    endpoint = endpoint_of("GET" if method == "HEAD" else method, path)
    if endpoint is None or method == "OPTIONS":
        return
    wrong = (
        "" if method == "HEAD" else _wrong(promise_of(endpoint.name, status), status, kind, body)
    )
    assert not wrong, (
        f"{method} {path} is not as /api/openapi.json says of {endpoint.name}: {wrong}\n"
        f"{body[:_SHOWN]!r}"
    )
    assert not (endpoint.empty and body.startswith(b"[") and body not in _NOTHING), (
        f"{endpoint.name} is declared empty and answered {body[:_SHOWN]!r}"
    )
    if 200 <= status < 300:
        heard(endpoint.name, something=body not in _NOTHING)


def check_event(event: str, payload: str) -> None:
    """Hold what a stream says against the document's type of the same thing.

    Raises:
        AssertionError: it is not of that type.
    """
    name = _IN_STREAMS.get(event)
    if name is not None:
        value = msgspec.json.decode(payload)
        faults = [each.message for each in _type(name).iter_errors(value)]
        assert not faults, f"{event} is no {name} of /api/openapi.json: {faults[:_WRONG_SHOWN]}"


@cache
def _type(name: str) -> jsonschema_rs.Draft202012Validator:
    schema = _whole({"$ref": f"#/components/schemas/{name}"})
    return jsonschema_rs.Draft202012Validator(schema)


class Checked(httpx2.ASGITransport):
    """A way to an application in this process on which every answer is checked."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Ask, and check what comes."""
        answer = await super().handle_async_request(request)
        assert isinstance(answer.stream, httpx2.AsyncByteStream)
        # It can be read twice; the client's own reading is what ends the answer.
        body = b"".join([part async for part in answer.stream])
        kind = answer.headers.get("content-type", "")
        check(request.method, unquote(request.url.path), answer.status_code, kind, body)
        return answer
