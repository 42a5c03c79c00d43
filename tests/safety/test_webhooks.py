"""Webhooks: who is told what, how they know that it is ours, and what is told anew."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.harness.neighbours import Asker, Place, place_of
from tests.harness.push_service import Received, Service, let_out, push_service
from tests.harness.staff import staff
from tests.safety.moderating import decide, moderator, queue, report, ruling, undo
from tests.safety.test_appeals import answered, object_to

from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.network.credentials.model import Role
from rostra.safety.decisions.model import ActionKind
from rostra.safety.webhooks import access, tell
from rostra.safety.webhooks.deliver import ATTEMPTS, KEPT, Tidy
from rostra.safety.webhooks.model import Delivery, DeliveryState
from rostra.store.outbox import dead_jobs
from rostra.store.query import insert, query
from rostra.store.tables.webhooks import webhook_deliveries

HERE = "/api/rostra/v1/safety/webhooks"
SECRET = "Quarzgeheimnis"


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    async with push_service() as running:
        running.status = "204 No Content"
        yield running


@pytest.fixture
async def place(data_dir: Path, database_url: str, service: Service) -> AsyncIterator[Place]:
    async with place_of(data_dir, database_url) as running:
        let_out(running.services, service, name="webhooks")
        yield running


@pytest.fixture
async def boss(place: Place) -> Asker:
    return await staff(place, "boss", Role.ADMIN)


def recipe(now_ms: int) -> Any:
    """The function of the documentation, at a time."""
    text = Path(__file__).parents[2].joinpath("docs/webhooks.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    scope: dict[str, Any] = {}
    exec(code.replace("time.time()", str(now_ms / 1000)), scope)  # noqa: S102 (our own words)
    return scope["is_ours"]


def event(received: Received) -> str:
    return str(json.loads(received.body)["event"])


async def story(place: Place, boss: Asker) -> None:
    """Two are restricted, one is right to object, all is taken back; a letter comes."""
    ann, bob, cora = await place.members("ann", "bob", "cora")
    for who in (bob, cora):
        await report(ann, who, (await who.post(SECRET))["id"], comment=f"{SECRET} insults me.")
    what = ruling(ActionKind.REMOVE, facts=f"{SECRET} is an insult.")
    both = await decide(place, [case.id for case in await queue(place)], what)
    filed = await object_to(place, bob, f"{SECRET} is a quote.")
    await answered(place, filed.id, moderator(2), reasons=f"{SECRET} is one.")
    await undo(place, both.id)
    base = place.services.settings.site.base_url
    letter = f"From: a@host.example\nSubject: {SECRET}\n\nLook at {base}/@bob\n"
    came = await boss.do("/api/rostra/v1/safety/notices", letter=letter)
    again = await boss.do("/api/rostra/v1/safety/notices", letter=letter)
    assert again["id"] == came["id"]
    reply: dict[str, Any] = {
        "subject": f"Re: {came['reference']}",
        "text": "Done.",
        "to": "a@host.example",
    }
    await boss.do(f"/api/rostra/v1/safety/notices/{came['id']}/answer", **reply)
    await place.app.work()


async def test_a_whole_story_is_told_once_and_signed(
    place: Place, service: Service, boss: Asker
) -> None:
    made = await boss.do(HERE, url=f"{service.url}/ids")
    with_words = await boss.do(HERE, url=f"{service.url}/words", content=True)
    few = ["appeal.created"]
    only = await boss.do(HERE, url=f"{service.url}/few", events=few)
    assert only["events"] == few
    await story(place, boss)
    by_path: dict[str, list[Received]] = {}
    for each in service.received:
        by_path.setdefault(each.path, []).append(each)
    ids = by_path["/ids"]
    assert sorted(map(event, ids)) == sorted(
        [
            *("report.created", "case.opened") * 2,
            *("cases.closed", "decision.made", "appeal.created", "decision.released"),
            *("appeal.answered", "decision.undone", "letter.received", "letter.answered"),
            *("report.created", "case.opened"),  # of the letter
        ]
    )
    assert list(map(event, by_path["/few"])) == few
    assert SECRET.encode() not in b"".join(each.body for each in ids)
    said = {event(each): json.loads(each.body)["content"] for each in by_path["/words"]}
    assert said["appeal.created"]["text"] == f"{SECRET} is a quote."
    assert said["decision.made"]["facts"] == f"{SECRET} is an insult."
    assert said["letter.received"]["subject"] == SECRET
    is_ours = recipe(place.clock.now())
    for received, secret in (
        (ids[0], made["secret"]),
        (by_path["/words"][0], with_words["secret"]),
    ):
        assert is_ours(secret, received.headers, received.body)
        assert not is_ours(only["secret"], received.headers, received.body)
        assert not is_ours(secret, received.headers, received.body + b" ")
        assert not recipe(place.clock.now() + 6 * MINUTE)(secret, received.headers, received.body)
        assert received.headers["x-rostra-event"] == event(received)
        assert received.headers["x-rostra-delivery"] == json.loads(received.body)["id"]
    listed = await boss.get(f"{HERE}/{made['id']}/deliveries?limit=3")
    assert [each["state"] for each in listed] == ["delivered"] * 3
    older = await boss.get(f"{HERE}/{made['id']}/deliveries?below={listed[-1]['id']}")
    assert len(listed) + len(older) == len(ids)
    assert "secret" not in str(await boss.get(HERE))
    await place.settle()
    with place.app.counted() as counted:
        await boss.get(f"{HERE}/{made['id']}/deliveries")
    assert counted.statements <= 5


async def test_what_is_not_taken_is_told_again_and_given_up_at_last(
    place: Place, service: Service, boss: Asker
) -> None:
    made = await boss.do(HERE, url=service.url)
    here = f"{HERE}/{made['id']}"
    service.status = "503 Busy"
    sent = await boss.do(f"{here}/test")
    assert (sent["event"], sent["state"]) == ("webhook.test", "waiting")
    await place.app.work()
    (shown,) = await boss.get(f"{here}/deliveries")
    assert (shown["state"], shown["attempts"], shown["status"]) == ("waiting", 1, 503)
    await boss.do(f"{here}/deliveries/{sent['id']}/again", 409)
    for _ in range(ATTEMPTS):
        place.clock.advance(12 * HOUR)
        await place.app.work()
    (shown,) = await boss.get(f"{here}/deliveries")
    assert (shown["state"], shown["attempts"]) == ("given_up", ATTEMPTS)
    assert shown["failure"] == "it answered 503"
    assert len(service.received) == ATTEMPTS
    stamps = {each.headers["x-rostra-timestamp"] for each in service.received}
    assert len(stamps) == ATTEMPTS  # each try is signed for its own time
    async with place.db.read() as reader:
        assert [dead.kind for dead in await dead_jobs(reader)] == ["webhooks.deliver"]
    # Told anew under a new secret: for a day the old one opens it as well.
    service.status = "200 OK"
    fresh = await boss.do(f"{here}/rotate")
    await boss.do(f"{here}/deliveries/{sent['id']}/again")
    await place.app.work()
    newest = service.received[-1]
    is_ours = recipe(place.clock.now())
    for secret in (made["secret"], fresh["secret"]):
        assert is_ours(secret, newest.headers, newest.body)
    place.clock.advance(DAY)
    await boss.do(f"{here}/test")
    await place.app.work()
    newest = service.received[-1]
    is_ours = recipe(place.clock.now())
    assert is_ours(fresh["secret"], newest.headers, newest.body)
    assert not is_ours(made["secret"], newest.headers, newest.body)
    service.status = "410 Gone"
    await boss.do(f"{here}/test")
    await place.app.work()
    ended = await boss.get(here)
    assert (ended["enabled"], ended["ended_why"]) == (False, "it answered 410: gone")
    await boss.do(f"{here}/test", 409)
    changed = await boss.ask("PUT", here, json={"enabled": True, "events": ["report.created"]})
    assert (changed["enabled"], changed["ended_why"]) == (True, "")
    assert changed["events"] == ["report.created"]
    await boss.ask("DELETE", here)
    await boss.get(here, 404)


async def test_a_flood_is_bounded(place: Place, service: Service, boss: Asker) -> None:
    made = await boss.do(HERE, url=service.url)
    waiting = Delivery(
        id=0,
        webhook_id=int(made["id"]),
        event="report.created",
        object="{}",
        state=DeliveryState.WAITING,
        attempts=0,
        status=0,
        failure="",
        created_at=place.clock.now(),
        tried_at=0,
    )
    async with place.db.write() as tx:
        row = msgspec.structs.asdict(waiting)
        rows = [row | {"id": place.services.ids.next()} for _ in range(tell.MOST_WAITING)]
        await tx.run_many(insert(webhook_deliveries), rows)
    ann, bob = await place.members("ann", "bob")
    await report(ann, bob)
    assert (await boss.get(f"{HERE}/{made['id']}"))["skipped_count"] == 2
    async with place.db.write() as tx:
        await tx.run(query(webhook_deliveries.update().values(state=1)))
        await tx.enqueue("webhooks.tidy", Tidy())
    await place.app.work()
    async with place.db.read() as reader:
        left = await access.deliveries(reader, waiting.webhook_id, limit=2000)
    assert len(left) == KEPT
    place.clock.advance(15 * DAY)
    async with place.db.write() as tx:
        await tx.enqueue("webhooks.tidy", Tidy())
    await place.app.work()
    assert await boss.get(f"{HERE}/{made['id']}/deliveries") == []


async def test_only_admins_and_only_outside(place: Place, service: Service, boss: Asker) -> None:
    mo = await staff(place, "mo")
    await mo.get(HERE, 403)
    await mo.do(HERE, 403, url="https://hooks.example.org/")
    for url in ("", "ftp://x.example/", "http://hooks.example.org:8080/", "https://a@b.example/"):
        wrong = await boss.do(HERE, 422, url=url)
        assert "url" in wrong["details"]
    wrong = await boss.do(HERE, 422, url=service.url, events=["account.created"])
    assert "events" in wrong["details"]
    # A name that leads inside is found out when it is called.
    let_out(place.services, service, name="webhooks", allowed=())
    made = await boss.do(HERE, url=service.url)
    await boss.do(f"{HERE}/{made['id']}/test")
    await place.app.work()
    (shown,) = await boss.get(f"{HERE}/{made['id']}/deliveries")
    assert shown["state"] == "given_up"
    assert "not public" in shown["failure"]
    assert service.received == []
    for _ in range(19):
        await boss.do(HERE, url=service.url)
    await boss.do(HERE, 409, url=service.url)
