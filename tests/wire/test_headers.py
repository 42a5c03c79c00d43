"""Rule 7: what stands in the headers."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.harness.app import InProcess, running
from tests.harness.crowd import Member, Town, good

from rostra.api.matrices import fill
from rostra.api.routes import all_endpoints

FETCHED_BY_BROWSERS = (
    ("POST", "/oauth/token"),
    ("POST", "/oauth/revoke"),
    ("GET", "/.well-known/oauth-authorization-server"),
    ("GET", "/.well-known/nodeinfo"),
    ("GET", "/nodeinfo/2.0"),
    ("GET", "/.well-known/host-meta"),
    ("GET", "/.well-known/webfinger"),
    ("GET", "/api/v2/instance"),
    ("POST", "/api/v1/statuses"),
)
NAMES = ("limit", "remaining", "reset")
EXPOSED = {
    "link", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "x-request-id",
    "mastodon-async-refresh",
}  # fmt: skip


@pytest.fixture
async def limited(data_dir: Path, database_url: str) -> AsyncIterator[InProcess]:
    """A server with the limits that every place has at first."""
    async with running(data_dir, database_url, ROSTRA_LIMITS__SCALE="1") as server:
        yield server


async def test_rule_7_a_member_and_a_visitor_have_300_requests_in_5_minutes(
    limited: InProcess,
) -> None:
    ada = await Town(limited).member("ada")
    for client in (ada.client, limited.client(address="203.0.113.9")):
        answer = await client.get("/api/v1/timelines/public")
        told = {name: answer.headers[f"x-ratelimit-{name}"] for name in NAMES}
        assert (told["limit"], told["remaining"]) == ("300", "299")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told["reset"])
        resets = datetime.fromisoformat(told["reset"])
        assert resets.tzinfo == UTC
        assert 0 < resets.timestamp() - limited.clock.now() / 1000 <= 300


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/v2/media"), ("DELETE", "/api/v1/statuses/1234567890123456789")],
)
async def test_rule_7_30_uploads_and_30_deletions_in_30_minutes(
    limited: InProcess, method: str, path: str
) -> None:
    ada = await Town(limited).member("ada")
    statuses = [(await ada.client.request(method, path)).status_code for _ in range(31)]
    assert 429 not in statuses[:30]
    assert statuses[30] == 429
    limited.clock.advance(30 * 60 * 1000)
    assert (await ada.client.request(method, path)).status_code != 429


async def test_rule_7_every_answer_has_an_id(ada: Member) -> None:
    answers = [await ada.client.get(path) for path in ("/api/v1/timelines/home", "/api/v1/nothing")]
    ids = [answer.headers["x-request-id"] for answer in answers]
    assert len(set(ids)) == 2


async def test_rule_7_deprecated_routes_say_so(ada: Member) -> None:
    deprecated = [each for each in all_endpoints() if each.deprecated and each.method == "GET"]
    assert deprecated
    for endpoint in deprecated:
        answer = await ada.client.get(fill(endpoint.path, {}))
        assert answer.headers["deprecation"].startswith("@"), endpoint.name


async def test_rule_7_an_idempotency_key_holds_for_an_hour(town: Town, ada: Member) -> None:
    headers = {"idempotency-key": "one"}

    async def post() -> str:
        answer = await ada.client.post("/api/v1/statuses", json={"status": "a"}, headers=headers)
        return str(good(answer)["id"])

    first = await post()
    town.rostra.clock.advance(59 * 60 * 1000)
    assert await post() == first
    town.rostra.clock.advance(2 * 60 * 1000)
    assert await post() != first


@pytest.mark.parametrize(("method", "path"), FETCHED_BY_BROWSERS)
async def test_rule_7_browsers_may_ask_from_anywhere(town: Town, method: str, path: str) -> None:
    origin = {"origin": "https://phanpy.example"}
    asked = await town.anybody.options(
        path,
        headers={
            **origin,
            "access-control-request-method": method,
            "access-control-request-headers": "authorization,content-type,idempotency-key",
        },
    )
    assert asked.status_code in {200, 204}
    assert asked.headers["access-control-allow-origin"] == "*"
    assert method in asked.headers["access-control-allow-methods"]
    allowed = asked.headers["access-control-allow-headers"].lower()
    assert allowed == "*" or {"authorization", "content-type"} <= set(re.split(r", *", allowed))
    answer = await town.anybody.request(method, path, headers=origin)
    assert answer.headers["access-control-allow-origin"] == "*"
    exposed = answer.headers["access-control-expose-headers"].lower()
    assert set(re.split(r", *", exposed)) >= EXPOSED
