"""How signals do, counted by the day: once, whatever happens meanwhile, and told by the API."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.harness.neighbours import Place
from tests.harness.staff import staff
from tests.safety.moderating import decide, queue, ruling, undo
from tests.safety.screening.listener import Broken, Listener, judged_by

from rostra.kernel.clock import DAY, HOUR
from rostra.safety.decisions.model import ActionKind
from rostra.safety.tallies import access
from rostra.safety.tallies.count import KEPT_MS, LAG_MS, Count, Drop, count, drop
from rostra.safety.tallies.model import MONDAY, WEEK, Doing, week_of

HISTORY = "/api/rostra/v1/safety/signals/history"
HARM = {
    "kill": {"violence": 0.97, "hate": 0.2},
    "stupid": {"harassment": 0.64},
    "fool": {"harassment": 1.0},
}


@pytest.fixture
async def place(database_url: str, data_dir: Path) -> AsyncIterator[Place]:
    """A place with a signal that judges and one that breaks, at noon of a Thursday."""
    async with judged_by(data_dir, database_url, Listener(HARM), Broken(name="broken")) as made:
        made.clock.set(made.clock.now() // WEEK * WEEK + WEEK + 12 * HOUR)
        yield made


async def counted(place: Place) -> None:
    """What has happened so far is counted; twice is once."""
    place.clock.advance(LAG_MS + 2)
    for _ in range(2):
        async with place.db.write() as tx:
            await count(place.services, tx, Count())


async def today(place: Place) -> dict[str, Doing]:
    """How each signal does today; all together have no name."""
    async with place.db.read() as reader:
        [span] = (await access.days(place.services, reader, 1)).spans
    return {each.signal: each for each in (span.together, *span.signals)}


async def test_scores_time_and_faults_are_counted_once(place: Place) -> None:
    ann = await place.member("ann")
    for text in ("kill one", "kill two", "you are stupid", "a fool", "a fine day"):
        await ann.post(text)
    await counted(place)
    found = await today(place)
    listener, broken, together = found["listener"], found["broken"], found[""]
    assert (listener.version, listener.asked, listener.found) == ("1", 5, 4)
    assert (listener.above, listener.failed, listener.rate) == (3, 0, 0.6)
    assert (broken.version, broken.asked, broken.found, broken.failed) == ("1", 5, 0, 5)
    assert (together.asked, together.found, together.above, together.failed) == (5, 4, 3, 5)
    assert listener.harms["violence"].tenths == (0, 0, 0, 0, 0, 0, 0, 0, 0, 2)
    assert (listener.harms["violence"].above, listener.harms["hate"].above) == (2, 0)
    assert listener.harms["harassment"].tenths == (0, 0, 0, 0, 0, 0, 1, 0, 0, 1)
    assert together.harms == listener.harms
    assert listener.median_us is not None
    assert listener.p95_us is not None
    assert 0 < listener.median_us <= listener.p95_us < 1_000_000


async def test_what_is_deleted_stays_counted(place: Place) -> None:
    ann = await place.member("ann")
    post = await ann.post("kill one")
    await counted(place)
    await ann.delete(post["id"])
    await counted(place)
    assert (await today(place))["listener"].above == 1


async def test_people_agree_or_not_on_the_day_of_their_decision(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    await ann.post("kill one")
    await ann.post("kill two")
    below = [await ann.post("you are stupid"), await ann.post("stupid, stupid")]
    unscored = await ann.post("a fine day")
    for post in (*below, unscored):
        await bob.do("/api/v1/reports", account_id=str(ann.account_id), status_ids=[post["id"]])
    place.clock.advance(DAY)
    cases = {case.subject.id: case.id for case in await queue(place)}
    caught, overdone = (case.id for case in await queue(place) if case.status.score > 900)
    await decide(place, [caught], ruling(ActionKind.WARN))
    await decide(place, [overdone], ruling(ActionKind.NONE))
    await decide(place, [cases[int(below[0]["id"])]], ruling(ActionKind.REMOVE))
    await decide(place, [cases[int(below[1]["id"])]], ruling(ActionKind.NONE))
    await decide(place, [cases[int(unscored["id"])]], ruling(ActionKind.REMOVE))
    await counted(place)
    found = await today(place)
    listener = found["listener"]
    assert listener.asked == 0, "nothing was said today"
    assert (listener.caught, listener.overdone) == (1, 1)
    assert (listener.missed, listener.passed) == (1, 1)
    assert (listener.decided, listener.agreed, listener.agreement) == (4, 2, 0.5)
    assert found[""].decided == 4
    assert "broken" not in found


async def test_what_is_taken_back_before_it_is_counted_is_no_agreement(place: Place) -> None:
    ann = await place.member("ann")
    await ann.post("kill one")
    [case] = await queue(place)
    wrong = await decide(place, [case.id], ruling(ActionKind.REMOVE))
    await undo(place, wrong.id, reopen=True)
    await counted(place)
    assert (await today(place))["listener"].decided == 0
    await decide(place, [case.id], ruling(ActionKind.NONE))
    await counted(place)
    assert (await today(place))["listener"].overdone == 1


async def test_an_edit_after_the_decision_does_not_count_for_it(place: Place) -> None:
    ann = await place.member("ann")
    post = await ann.post("kill one")
    [case] = await queue(place)
    place.clock.advance(1)
    await decide(place, [case.id], ruling(ActionKind.NONE))
    await ann.edit(post["id"], "you are stupid")
    await counted(place)
    assert (await today(place))["listener"].overdone == 1


async def test_much_is_counted_by_several_jobs(place: Place) -> None:
    ann = await place.member("ann")
    for number in range(5):
        await ann.post(f"kill {number}")
    place.clock.advance(LAG_MS + 1)
    async with place.db.write() as tx:
        await count(place.services, tx, Count(most=2))
    assert (await today(place))["listener"].asked == 2
    await place.app.work()
    assert (await today(place))["listener"].asked == 5


async def test_what_is_too_young_waits_and_what_is_too_old_goes(place: Place) -> None:
    ann = await place.member("ann")
    await ann.post("kill one")
    async with place.db.write() as tx:
        await count(place.services, tx, Count())
    assert (await today(place))[""].asked == 0
    await counted(place)
    assert (await today(place))[""].asked == 1
    place.clock.advance(KEPT_MS + DAY)
    async with place.db.write() as tx:
        await drop(place.services, tx, Drop())
    async with place.db.read() as reader:
        found = await access.weeks(place.services, reader, 40)
    assert all(span.together.asked == 0 for span in found.spans)


async def test_the_api_tells_by_week_and_by_day(place: Place) -> None:
    ann, mod = await place.member("ann"), await staff(place, "mod")
    empty = await mod.get(f"{HISTORY}?last=1")
    assert empty["counted_until"] is None
    assert empty["spans"][0]["together"]["rate"] is None
    await ann.post("kill one")
    place.clock.advance(7 * DAY)
    [case] = await queue(place)
    await decide(place, [case.id], ruling(ActionKind.REMOVE))
    await ann.post("a fine day")
    await counted(place)
    found = await mod.get(HISTORY)
    assert (found["by"], len(found["spans"])) == ("week", 13)
    assert found["spans"][-1]["begins_at"] == "2027-01-25T00:00:00.000Z"
    before, now = found["spans"][-2:]
    first, second = before["signals"][1], now["signals"][1]
    assert (first["name"], first["asked"], first["above"], first["decided"]) == (
        "listener",
        1,
        1,
        0,
    )
    assert (second["asked"], second["above"], second["caught"]) == (1, 0, 1)
    assert second["agreement"] == 1.0
    assert now["together"]["name"] is None
    by_day = await mod.get(f"{HISTORY}?by=day&last=8")
    told: list[Any] = [span["together"]["asked"] for span in by_day["spans"]]
    assert told == [1, 0, 0, 0, 0, 0, 0, 1]
    harm = {each["harm"]: each for each in by_day["spans"][0]["together"]["harms"]}
    assert harm["violence"] == {
        "harm": "violence",
        "scored": 1,
        "above": 1,
        "tenths": [0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    }
    assert len((await mod.get(f"{HISTORY}?last=31"))["spans"]) == access.MOST_WEEKS
    await mod.get(f"{HISTORY}?by=year", 422)
    await mod.get(f"{HISTORY}?last=0", 422)
    await ann.get(HISTORY, 403)


@pytest.mark.parametrize("day", range(7))
def test_weeks_begin_on_monday(day: int) -> None:
    assert week_of(MONDAY + 52 * WEEK + day * DAY) == MONDAY + 52 * WEEK
