"""What the OpenAPI document promises holds for whatever schemathesis thinks of.

The checks: no answer is a server's fault, and status, content type and body of each are those that
the document names. Left out: `negative_data_rejection` and `positive_data_acceptance`, as clients
rely on a reading more lenient than any schema can say (unknown and malformed parameters count as
not sent), and `unsupported_method`, which `tests/http/test_dispatcher.py` holds for every route.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import httpx2
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, CheckContext, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.harness.crowd import Town


def no_fault_of_the_server(
    context: CheckContext, response: Response, case: Case[Any]
) -> bool | None:
    """As `not_a_server_error`, but for 501 (RFC 9110, 15.6.2), which the document has to name."""
    if response.status_code == HTTPStatus.NOT_IMPLEMENTED:
        return None
    return not_a_server_error(context, response, case)


CHECKS = [
    no_fault_of_the_server,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# For each operation. What is asked is made up anew for each database, which is most of the work;
# PostgreSQL gets the first part of it.
EXAMPLES = {"sqlite": 20, "postgresql": 6}
SEED = 20_270_115
Send = Callable[[requests.PreparedRequest], httpx2.Response]


@pytest.mark.timeout(3_600)
@pytest.mark.invented
async def test_schemathesis_finds_nothing(town: Town, database: str) -> None:
    examples = EXAMPLES[database]
    ada, ben = await town.members("ada", "ben")
    await town.follow(ada, ben)
    post = await town.post(ada, "hello @ben #harbour")
    await town.post(ben, "hello @ada #harbour")
    document = (await town.anybody.get("/api/openapi.json")).json()
    place_known_ids(document, {"/statuses/": str(post), "/accounts/": str(ben.id)})
    loop = asyncio.get_running_loop()
    statuses: Counter[int] = Counter()

    def send(request: requests.PreparedRequest) -> httpx2.Response:
        body = request.body.encode() if isinstance(request.body, str) else request.body
        assert body is None or isinstance(body, bytes)
        headers = [
            (_bytes(name), _bytes(value))
            for name, value in request.headers.items()
            if name.lower() != "authorization"
        ]
        headers.append((b"authorization", f"Bearer {ada.token}".encode()))
        asked = ada.client.request(
            request.method or "", request.url or "", content=body, headers=headers
        )
        answer = asyncio.run_coroutine_threadsafe(asked, loop).result(30)
        statuses[answer.status_code] += 1
        return answer

    found = await asyncio.to_thread(explore, document, send, examples)
    assert found == []
    # It got somewhere: not everything was refused.
    assert statuses[200] > len(document["paths"]) * examples / EXAMPLES["sqlite"], statuses
    assert statuses.total() > examples * len(document["paths"]) / 2, statuses


def _bytes(value: str | bytes) -> bytes:
    return value.encode("latin-1") if isinstance(value, str) else value


def place_known_ids(document: dict[str, Any], known: dict[str, str]) -> None:
    """Let ids of things that exist stand beside made-up ones, so that more is answered."""
    for path, item in document["paths"].items():
        for operation in item.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] != "path" or parameter["name"] != "id":
                    continue
                for part, one in known.items():
                    if part in path:
                        parameter["schema"] = {"anyOf": [{"const": one}, parameter["schema"]]}


def explore(document: dict[str, Any], send: Send, examples: int) -> list[str]:
    """Ask every operation for a number of things; what was wrong, in words."""
    schema = schemathesis.openapi.from_dict(document)
    found = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()

        @seed(SEED)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Case[Any]) -> None:
            arguments = case.as_transport_kwargs(base_url="http://127.0.0.1:8420")
            arguments = {name: value for name, value in arguments.items() if name in KNOWN}
            request = requests.Request(**arguments).prepare()
            case.validate_response(send(request), checks=CHECKS)

        try:
            ask()
        except FailureGroup as failures:
            found += [f"{operation.label}: {each}" for each in failures.exceptions]
    return found


KNOWN = {"method", "url", "headers", "files", "data", "params", "auth", "cookies", "json"}
