"""The ledger over the API: everybody reads it, and can check it alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.neighbours import Place, place_of
from tests.safety.moderating import decide, queue, report, ruling

from rostra.kernel import ed25519
from rostra.safety.decisions.model import ActionKind
from rostra.safety.ledger import checkpoints, sign
from rostra.safety.ledger.chain import Entry
from rostra.safety.ledger.verify import verify

HERE = "/api/rostra/v1/safety/ledger"


@pytest.fixture
async def place(database_url: str, data_dir: Path) -> AsyncIterator[Place]:
    async with place_of(data_dir, database_url) as made:
        yield made


async def decided(place: Place, count: int) -> None:
    """So many decisions, each of them signed."""
    ann, bob = await place.members("ann", "bob")
    for _ in range(count):
        post = await bob.post("an insult")
        await report(ann, bob, post["id"])
        (case,) = await queue(place)
        await decide(place, [case.id], ruling(ActionKind.REMOVE))
        await sign.sign_now(place.services)


async def test_an_outsider_checks_the_chain(place: Place) -> None:
    await decided(place, 3)
    key = await place.nobody.get(f"{HERE}/key")
    public = bytes.fromhex(key["public_key"])
    assert key["algorithm"] == "Ed25519"
    assert key["key_id"] == ed25519.key_id(public)
    points = await place.nobody.get(f"{HERE}/checkpoints")
    assert [point["seq"] for point in points] == [5, 3, 1]
    kept = [checkpoints.read_text(point["text"]) for point in points]
    assert None not in kept
    lines = await place.nobody.get(f"{HERE}/lines")
    entries = [
        Entry(
            line["seq"],
            line["at"],
            line["kind"],
            *(bytes.fromhex(line[name]) for name in ("commitment", "previous", "hash")),
        )
        for line in lines
    ]
    genuine = [point for point in kept if point is not None]
    assert verify(entries, key["origin"], [public], genuine, all_points=True) == []


async def test_pages(place: Place) -> None:
    await decided(place, 3)
    points = await place.nobody.get(f"{HERE}/checkpoints", params={"limit": 2, "below": 5})
    assert [point["seq"] for point in points] == [3, 1]
    lines = await place.nobody.get(f"{HERE}/lines", params={"after": 2, "limit": 3})
    assert [line["seq"] for line in lines] == [3, 4, 5]
    assert await place.nobody.get(f"{HERE}/lines", params={"after": 6}) == []


async def test_before_the_first_decision(place: Place) -> None:
    assert await place.nobody.get(f"{HERE}/checkpoints") == []
    assert await place.nobody.get(f"{HERE}/lines") == []
    assert (await place.nobody.get(f"{HERE}/key"))["origin"] == place.services.settings.domain


async def test_pages_take_one_statement(place: Place) -> None:
    await decided(place, 3)
    await place.settle()
    for path in ("lines", "checkpoints"):
        with place.app.counted() as counted:
            await place.nobody.get(f"{HERE}/{path}")
        assert counted.statements == 1


async def test_a_key_that_cannot_be_read(place: Place) -> None:
    (place.services.settings.data_dir / "ledger.key").write_text("no key")
    answer = await place.nobody.get(f"{HERE}/key", 503)
    assert "key of the ledger" in str(answer)
