"""How moderation keeps pace: counted once, told by API and page, and the team is warned."""

from tests.harness.neighbours import Place
from tests.harness.staff import staff
from tests.safety.moderating import decide, queue, report, ruling, undo
from tests.safety.notices.desk import sent

from rostra.kernel.clock import HOUR, MINUTE
from rostra.network.accounts.sign_up import Seat, seat_member
from rostra.network.credentials.model import Role
from rostra.safety.cases import work
from rostra.safety.categories.model import Category
from rostra.safety.decisions.model import ActionKind
from rostra.safety.pace.count import LAG_MS, Count, count
from rostra.safety.pace.watch import Watch, watch
from rostra.safety.team.appoint import set_duties
from rostra.safety.team.model import Duty

PACE = "/api/rostra/v1/safety/pace"


async def counted(place: Place) -> None:
    """What has happened so far is counted; twice is once."""
    place.clock.advance(LAG_MS + 1)
    for _ in range(2):
        async with place.db.write() as tx:
            await count(place.services, tx, Count())


async def reported(place: Place, *harms: str) -> None:
    """A case for each, about posts of one member."""
    name = f"m{place.clock.now()}"
    ann, bob = await place.members(f"{name}a", f"{name}b")
    for harm in harms:
        post = await bob.post(f"about {harm} {place.clock.now()}")
        await report(ann, bob, post["id"], harm=harm)


async def test_what_came_what_was_done_and_how_long_it_took(place: Place) -> None:
    mo = await staff(place, "mo")
    place.clock.set(place.clock.now() // HOUR * HOUR)
    empty = await mo.get(PACE)
    assert (empty["forecast"], empty["worst"], len(empty["rows"])) == (None, None, 1)
    await counted(place)
    await reported(place, "spam", "spam", "spam", "hate")
    spam = [case for case in await queue(place) if case.status.category == Category.SPAM]
    place.clock.advance(2 * HOUR)
    async with place.db.write() as tx:
        await work.claim(place.services, tx, spam[0].id, 1)
    place.clock.advance(HOUR)
    await decide(place, [spam[0].id], ruling(ActionKind.REMOVE))
    place.clock.advance(30 * HOUR)  # past the deadline of the others
    late = await decide(place, [spam[1].id], ruling(ActionKind.NONE))
    await counted(place)
    await undo(place, late.id, reopen=True)
    await counted(place)

    found = await mo.get(f"{PACE}?window=week")
    together, *rows = found["rows"]
    row = {each["category"]: each for each in rows}["spam"]
    assert (row["arrived"], row["cleared"], row["open"]) == (4, 2, 2)  # one is open again
    assert (row["late"], row["unseen"], row["unseen_late"]) == (2, 1, 1)
    assert (together["arrived"], together["open"]) == (5, 3)
    look, decision = row["first_look"], row["decision"]
    assert (look["count"], look["in_time"], look["target_s"]) == (2, 0.5, 12 * 3600)
    assert abs(look["median_s"] - 7200) < 0.08 * 7200
    assert abs(decision["median_s"] - 3 * 3600) < 0.08 * 3 * 3600
    assert abs(decision["p95_s"] - 33 * 3600) < 0.08 * 33 * 3600
    assert (decision["count"], decision["in_time"]) == (2, 0.5)
    assert found["worst"]["id"] == str((await queue(place, due_first=True))[0].id)
    assert sum(each["arrived"] for each in found["hours"]) == 5
    assert found["hours"][-1]["open"] == 3
    assert found["forecast"]["hours"] == 24
    assert {(each["category"], each["state"]) for each in found["alarms"]} == {
        ("spam", "missed"),
        ("hate", "missed"),
    }
    await mo.get(f"{PACE}?window=year", 422)


async def test_who_may_read_it_and_what_it_costs(place: Place) -> None:
    mo, eve = await staff(place, "mo"), await place.member("eve")
    auditor = await staff(place, "au", Role.MEMBER)
    reviewer = await staff(place, "re", Role.MEMBER)
    async with place.db.write() as tx:
        await set_duties(tx, auditor.account_id, Duty.AUDITOR)
        await set_duties(tx, reviewer.account_id, Duty.REVIEWER, {Category.SPAM})
    await eve.get(PACE, 403)
    await reviewer.get(PACE, 403)
    await auditor.get(PACE)
    counts = []
    for harms in (("spam",), ("hate", "harassment", "privacy", "spam", "other")):
        await reported(place, *harms)
        await counted(place)
        await mo.get(PACE)
        await place.settle()
        with place.app.counted() as asked:
            await mo.get(PACE)
        counts.append(asked.statements)
    assert counts == [9, 9]


async def test_the_team_is_told_once_before_and_once_after(place: Place) -> None:
    seats = {}
    for name, role in (("mo", Role.MODERATOR), ("re", Role.MEMBER)):
        seat = Seat(username=name, email=f"{name}@example.org", password_hash="", role=role)
        async with place.db.write() as tx:
            seats[name] = await seat_member(place.services, tx, seat)
    async with place.db.write() as tx:
        await set_duties(tx, seats["re"], Duty.REVIEWER, {Category.HATE})
    await reported(place, "spam")

    async def told() -> list[tuple[str, str]]:
        before = len(sent(place))
        for _ in range(2):  # the second time there is nothing new
            async with place.db.write() as tx:
                await watch(place.services, tx, Watch())
            await place.app.work()
        return [(each.to, each.subject) for each in sent(place)[before:]]

    assert await told() == []
    place.clock.advance(9 * HOUR + 5 * MINUTE)  # a quarter of the twelve hours is left
    assert await told() == [("mo@example.org", "Moderation will soon be late")]
    assert "Spam: 1 case must be looked at within 3 hours" in sent(place)[-1].text
    (case,) = await queue(place)
    async with place.db.write() as tx:
        await work.claim(place.services, tx, case.id, seats["mo"])
    assert await told() == []
    place.clock.advance(16 * HOUR)
    assert await told() == [("mo@example.org", "Moderation is late")]
    place.clock.advance(11 * HOUR)
    assert await told() == []
    place.clock.advance(2 * HOUR)  # half a day later, where it goes on
    assert await told() == [("mo@example.org", "Moderation is late")]
    await decide(place, [case.id], ruling(ActionKind.NONE))
    place.clock.advance(24 * HOUR)
    assert await told() == []
