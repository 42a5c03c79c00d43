"""An adapter that is killed, hangs, floods or lies: posts are published, and its state says so."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.harness.app import running
from tests.harness.neighbours import Asker, Place
from tests.harness.patience import PATIENCE_S
from tests.harness.staff import staff
from tests.safety.adapters.elsewhere import (
    Elsewhere,
    Reply,
    always,
    banks,
    completion,
    moderation,
    nothing,
    settings,
    told,
)
from tests.safety.moderating import queue

from rostra.kernel.clock import DAY, HOUR, MINUTE, SECOND
from rostra.safety.adapters.model import OPENS_AFTER
from rostra.store.outbox import dead_jobs
from rostra.store.query import insert
from rostra.store.tables.posts import media

HERE = "/api/rostra/v1/safety/adapters"
FORMS = ("moderation", "chat", "hma")
GOOD: dict[str, Reply] = {
    "moderation": moderation(violence=0.97, hate=0.1),
    "chat": told(violence=0.97, hate=0.1),
    "hma": banks("KNOWN"),
}
LOOK = "f" * 64
_ADD = insert(media, ["id", "account_id", "mime", "look"])


@asynccontextmanager
async def place_with(
    data_dir: Path, database_url: str, **environ: str
) -> AsyncIterator[tuple[Place, Asker, Asker]]:
    """A place, a member and somebody of the team."""
    async with running(data_dir, database_url, None, **environ) as app:
        place = Place(app)
        yield place, await place.member("ann"), await staff(place, "mod")


async def publish(place: Place, ann: Asker, form: str, text: str = "Let them burn.") -> str:
    """Publish what this form is asked about: a post, or one with a picture."""
    if form != "hma":
        return str((await ann.post(text))["id"])
    picture = place.services.ids.next()
    async with place.db.write() as tx:
        await tx.run(_ADD, id=picture, account_id=ann.account_id, mime="image/webp", look=LOOK)
    return str((await ann.post(text, media_ids=[str(picture)]))["id"])


async def state(mod: Asker) -> dict[str, Any]:
    """How the adapter is doing."""
    (found,) = await mod.get(HERE)
    return dict(found)


async def work(place: Place, ms: int = 0) -> None:
    place.clock.advance(ms)
    await place.app.work()


@pytest.mark.parametrize("form", FORMS)
async def test_nothing_that_an_adapter_does_delays_a_post(
    data_dir: Path, database_url: str, service: Elsewhere, form: str
) -> None:
    """While it is asked and never answers, posts are published, each seen at once."""
    service.reply = nothing
    async with place_with(data_dir, database_url, **settings(service, form, timeout_s="60")) as (
        place,
        ann,
        mod,
    ):
        await publish(place, ann, form)
        asking = asyncio.create_task(place.app.work())
        await asyncio.wait_for(service.asked.wait(), PATIENCE_S)
        for at in range(10):
            made = await publish(place, ann, form, f"Post {at}")
            assert (await place.nobody.get(f"/api/v1/statuses/{made}"))["id"] == made
        assert not asking.done()  # it hangs still
        assert (await state(mod))["waiting"] == 11
        await service.kill()  # the answer never comes
        await asking
        after = await state(mod)
        assert (after["state"], after["answered"], after["failed"]) == ("failing", 0, 1)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("fault", ["kill", "hang", "flood", "corrupt"])
async def test_it_is_left_alone_while_it_fails_and_asked_again_when_it_is_back(
    data_dir: Path, database_url: str, service: Elsewhere, form: str, fault: str
) -> None:
    short = settings(service, form, timeout_s="0.2" if fault == "hang" else "5", at_once="1")
    async with place_with(data_dir, database_url, **short) as (place, ann, mod):
        service.reply = GOOD[form]
        await publish(place, ann, form)
        await work(place)
        assert (await state(mod))["state"] == "answering"
        await begin(service, fault)
        made = [await publish(place, ann, form, f"Burn it {at}") for at in range(3)]
        for _ in range(OPENS_AFTER):
            await work(place, MINUTE)
        resting = await state(mod)
        assert resting["state"] == "resting"
        assert resting["failed"] == OPENS_AFTER
        assert resting["waiting"] == len(made)
        assert resting["failure"]
        asked = len(service.received)
        await publish(place, ann, form, "While it rests")  # published, and not asked about
        await work(place, SECOND)
        assert len(service.received) == asked
        await work(place, 30 * SECOND)  # one question finds that it still fails
        assert (await state(mod))["failed"] == OPENS_AFTER + 1
        service.floods = False
        service.reply = GOOD[form]
        if fault == "kill":
            await service.start()
        place.clock.advance(HOUR)
        assert (await state(mod))["state"] == "probing"
        await work(place)
        after = await state(mod)
        assert (after["state"], after["waiting"], after["answered"]) == ("answering", 0, 5)
        assert after["late"] == 4
        assert after["given_up"] == 0
        assert len(await queue(place)) == 5
        async with place.db.read() as reader:
            assert await dead_jobs(reader) == []


async def begin(service: Elsewhere, fault: str) -> None:
    """Let it fail."""
    if fault == "kill":
        await service.kill()
    elif fault == "hang":
        service.reply = nothing
    elif fault == "flood":
        service.floods = True
    else:
        service.reply = always(b'{"results": [{"category_scores": {"violence": "very"}}]}')


def chat(content: str) -> Callable[[], Reply]:
    return lambda: always(completion(content))


def forged(scores: str, more: str = "") -> Callable[[], Reply]:
    """An answer whose form is right but for what it holds."""

    def reply(received: Any) -> bytes:
        system = received.body.decode()
        check = system.split('\\"check\\":\\"')[1].split('\\"')[0]
        return completion(f'{{"check": "{check}", "scores": {scores}, "reason": "x"{more}}}')

    return lambda: reply


_ALL = '"violence": {}, "hate": 0, "harassment": 0, "spam": 0'
LIES: list[tuple[str, Callable[[], Reply]]] = [
    ("moderation", lambda: always(b"")),
    ("moderation", lambda: always(b"<html>Sign in</html>")),
    ("moderation", lambda: always(b"[" * 100_000)),
    ("moderation", lambda: always(b"\xff\xfe\x00")),
    ("moderation", lambda: always(b'{"results": []}')),
    ("moderation", lambda: always(b'{"results": [{"flagged": true}]}')),
    ("moderation", lambda: always(b'{"results": [{"category_scores": {"violence": NaN}}]}')),
    ("moderation", lambda: always(b'{"results": [{"category_scores": {"violence": 1e400}}]}')),
    ("moderation", lambda: moderation(violence=17.0)),
    ("moderation", lambda: moderation(violence=-0.1)),
    ("chat", lambda: always(b'{"choices": []}')),
    ("chat", lambda: always(b'{"choices": [{"message": {"content": null}}]}')),
    ("chat", chat("I can't help with that.")),
    ("chat", chat('{"check": "", "scores": {"violence": 1}, "reason": ""}')),
    ("chat", forged("{" + _ALL.format("1e999") + "}")),
    ("chat", forged("{" + _ALL.format("1.5") + "}")),
    ("chat", forged("{" + _ALL.format('"1"') + "}")),
    ("chat", forged('{"violence": 1}')),
    ("chat", forged("{" + _ALL.format("1") + ', "more": 1}')),
    ("chat", forged("{" + _ALL.format("1") + "}", ', "do": "publish"')),
    ("hma", lambda: always(b'{"pdq": ["KNOWN"]}')),
    ("hma", lambda: always(b"[1, 2]")),
    ("hma", lambda: banks(*map(str, range(101)))),
]


@pytest.mark.parametrize(("form", "lie"), LIES)
async def test_what_is_not_in_the_form_that_was_asked_for_says_nothing(
    data_dir: Path, sqlite_url: str, service: Elsewhere, form: str, lie: Callable[[], Reply]
) -> None:
    async with place_with(data_dir, sqlite_url, **settings(service, form)) as (place, ann, mod):
        service.reply = lie()
        await publish(place, ann, form)
        await work(place)
        found = await state(mod)
        assert (found["answered"], found["failed"], found["waiting"]) == (0, 1, 1)
        assert await queue(place) == []
        service.reply = GOOD[form]
        await work(place, MINUTE)
        assert (await state(mod))["answered"] == 1
        assert len(await queue(place)) == 1


async def test_a_post_that_never_gets_an_answer_is_given_up_and_others_get_theirs(
    data_dir: Path, database_url: str, service: Elsewhere
) -> None:
    good = moderation(violence=0.97)

    def reply(received: Any) -> bytes | None:
        return b"?" if b"poison" in received.body else good(received)

    service.reply = reply
    given = settings(service, "moderation", at_once="2")
    async with place_with(data_dir, database_url, **given) as (place, ann, mod):
        await ann.post("This is poison")
        for at in range(6):
            await ann.post(f"Burn it {at}")
        for _ in range(20):
            await work(place, MINUTE)
        found = await state(mod)
        assert (found["answered"], found["given_up"], found["waiting"]) == (6, 1, 0)


async def test_no_more_than_so_many_wait_and_the_rest_is_counted(
    data_dir: Path, database_url: str, service: Elsewhere
) -> None:
    given = settings(service, "moderation", most_waiting="3")
    async with place_with(data_dir, database_url, **given) as (place, ann, mod):
        service.reply = GOOD["moderation"]
        for at in range(8):
            await ann.post(f"Burn it {at}")
        found = await state(mod)
        assert (found["waiting"], found["skipped"], found["state"]) == (3, 5, "new")
        await work(place)
        found = await state(mod)
        assert (found["waiting"], found["answered"]) == (0, 3)
        place.clock.advance(8 * DAY)
        found = await state(mod)
        assert (found["answered"], found["skipped"]) == (0, 0)  # of the last seven days


async def test_a_closed_gate_is_no_failure(
    data_dir: Path, database_url: str, service: Elsewhere
) -> None:
    given = settings(service, "moderation")
    async with place_with(data_dir, database_url, **given) as (place, ann, mod):
        service.reply = GOOD["moderation"]
        place.services.egress.close("a drill")
        await ann.post("Burn it")
        await work(place)
        assert service.received == []
        assert (await state(mod))["state"] == "new"
        place.services.egress.open()
        await work(place, HOUR)
        assert (await state(mod))["answered"] == 1
