"""Wire rule 7: every answer of the API says how much of its limit is left, errors too."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from httpx2 import Response
from tests.harness.app import InProcess, running
from tests.harness.crowd import EVERYTHING, Town, good

from rostra.api.matrices import fill
from rostra.api.reference import reference_endpoints
from rostra.api.routes import all_endpoints
from rostra.http.site import Site
from rostra.kernel.clock import HOUR, MINUTE

NAMES = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


@pytest.fixture
async def limited(data_dir: Path, database_url: str) -> AsyncIterator[InProcess]:
    """A server with limits, wide enough for a few thousand requests."""
    async with running(data_dir, database_url, None, ROSTRA_LIMITS__SCALE="1000") as app:
        yield app


def told(answer: Response, now_s: int) -> tuple[int, int]:
    """Limit and what is left of it; all three headers must be there, once, and readable."""
    for name in NAMES:
        assert len(answer.headers.get_list(name)) == 1, name
    limit, left = (int(answer.headers[name]) for name in NAMES[:2])
    resets = datetime.fromisoformat(answer.headers[NAMES[2]])
    assert resets.tzinfo == UTC
    assert 0 < resets.timestamp() - now_s <= 86_400
    assert 0 <= left <= limit
    return limit, left


async def test_rule_7_every_endpoint_tells_of_its_limit(limited: InProcess) -> None:
    town = Town(limited)
    ann = await town.member("ann")
    waiting = await town.member("waiting", waiting=True)
    callers = {
        "nobody": town.anybody,
        "a wrong token": limited.client("wrong"),
        "a member": limited.client(await town.token(ann.id, EVERYTHING)),
        "a token without scopes": limited.client(await town.token(ann.id, "push")),
        "an app": limited.client(await town.token(0, EVERYTHING, app_id=1)),
        "somebody who waits": waiting.client,
    }
    now_s = limited.clock.now() // 1000
    silent, statuses = [], set()
    site = Site.of(limited.services.settings)
    endpoints = (*all_endpoints(), *reference_endpoints(all_endpoints(), site))
    for endpoint in endpoints:
        for who, client in callers.items():
            for method in endpoint.methods:
                answer = await client.request(method, fill(endpoint.path, {}))
                statuses.add(answer.status_code)
                try:
                    told(answer, now_s)
                except (AssertionError, KeyError, ValueError) as error:
                    silent.append((endpoint.name, who, answer.status_code, repr(error)[:80]))
    assert silent == []
    assert {200, 401, 403, 404, 422} <= statuses


async def test_what_is_left_goes_down_and_a_refusal_tells_too(
    data_dir: Path, database_url: str
) -> None:
    async with running(data_dir, database_url, None, ROSTRA_LIMITS__SCALE="0.01") as rostra:
        town = Town(rostra)
        ann = await town.member("ann")
        now_s = rostra.clock.now() // 1000
        seen = []
        for _ in range(4):
            answer = await ann.client.get("/api/v1/markers")
            seen.append((answer.status_code, *told(answer, now_s)))
        assert seen == [(200, 3, 2), (200, 3, 1), (200, 3, 0), (429, 3, 0)]
        assert 0 < int(answer.headers["retry-after"]) <= 300
        rostra.clock.advance(300_000)
        again = await ann.client.get("/api/v1/markers")
        assert (again.status_code, *told(again, now_s + 300)) == (200, 3, 2)


async def test_blocks_and_their_ends_are_counted_together(
    data_dir: Path, database_url: str
) -> None:
    """However few of them there are within five minutes, which the limit of everything is for."""
    async with running(data_dir, database_url, None, ROSTRA_LIMITS__SCALE="0.01") as rostra:
        town = Town(rostra)
        ann, bob = await town.members("ann", "bob")
        rostra.clock.advance(HOUR - rostra.clock.now() % HOUR)
        seen = []
        for verb in ("block", "unblock", "block", "unblock"):
            answer = await ann.client.post(f"/api/v1/accounts/{bob.id}/{verb}")
            seen.append(answer.status_code)
            rostra.clock.advance(5 * MINUTE)
        assert seen == [200, 200, 200, 429]
        rostra.clock.advance(HOUR)
        assert (
            good(await ann.client.post(f"/api/v1/accounts/{bob.id}/unblock"))["blocking"] is False
        )


async def test_without_limits_there_is_nothing_to_tell(town: Town) -> None:
    ann = await town.member("ann")
    answer = await ann.client.get("/api/v1/markers")
    assert answer.status_code == 200
    assert not any(name in answer.headers for name in NAMES)
