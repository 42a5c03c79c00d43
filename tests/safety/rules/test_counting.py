"""What rules are counted to have answered, and how a live one that catches too much goes back."""

import pytest
from sqlalchemy import select
from tests.harness.neighbours import Place
from tests.harness.staff import staff
from tests.safety.notices.desk import sent
from tests.safety.rules.keeping import MORE_LINKS, add, ask, ask_in, change, in_force, live, to

from rostra.kernel.clock import DAY, HOUR
from rostra.network.accounts.sign_up import Seat, seat_member
from rostra.network.credentials.model import Role
from rostra.safety.rules import access
from rostra.safety.rules.count import EVERY_MS, FLOOR, MEMBERS, counted, expected, of_one
from rostra.safety.rules.events import RuleSwitched
from rostra.safety.rules.jobs import KEPT_MS, Drop, drop
from rostra.safety.rules.model import Bounds, State, StoredRule, Tally, What
from rostra.store.query import number, query
from rostra.store.tables.screening_rules import screening_rule_catches, screening_rule_hours

NONE = ()
TWO = ("https://a.example", "https://b.example")
_OF_VERSION = query(
    select(screening_rule_hours.c.asked, screening_rule_hours.c.caught).where(
        screening_rule_hours.c.version == number("version")
    )
)
_CATCHES = query(screening_rule_catches.select())


class _Undone(Exception):
    pass


async def tallies(place: Place, rule: StoredRule, span: int = DAY) -> list[Tally]:
    async with place.db.read() as reader:
        return await access.days(reader, rule.id, 0, span=span)


def totals(found: list[Tally]) -> tuple[int, int, int, int]:
    return (
        sum(each.asked for each in found),
        sum(each.caught for each in found),
        sum(each.skipped for each in found),
        sum(each.spent_ns for each in found),
    )


async def ask_often(place: Place, many: int, caught: int, every_ms: int) -> None:
    """Ask about so many posts, one each so many ms; the first ones of them are caught."""
    for place_in_row in range(many):
        await ask(place, post_links=TWO if place_in_row < caught else NONE)
        place.clock.advance(every_ms)


async def test_what_rules_answer_is_counted_by_version_and_day(place: Place) -> None:
    rule = await to(place, await add(place), State.SHADOW)
    assert await tallies(place, rule) == []
    for links in (TWO, NONE, None):
        assert await ask(place, post_links=links) == frozenset()
        place.clock.advance(EVERY_MS)
    assert totals(await tallies(place, rule)) == (3, 1, 1, 6_000)
    place.clock.advance(DAY)
    changed = await change(place, rule, MORE_LINKS)
    await ask(place, post_links=("https://a.example",))
    by_day = await tallies(place, rule)
    assert [each.asked for each in by_day] == [3, 1]
    assert all(each.at % DAY == 0 for each in by_day)
    async with place.db.read() as reader:
        both = await access.days_of(reader, [rule.id, 5], 0)
        rows = await reader.all(_OF_VERSION, version=changed.version)
    assert both == {rule.id: by_day, 5: []}
    assert rows == [(1, 1)]


async def test_a_process_writes_what_it_counted_a_few_times_a_minute(place: Place) -> None:
    rule = await to(place, await add(place), State.SHADOW)
    await ask(place, post_links=TWO)
    before = place.db.statements
    await ask(place, post_links=TWO)
    assert place.db.statements - before <= 3  # of which none is for counting
    for _ in range(3):
        await ask(place, post_links=NONE)
    assert totals(await tallies(place, rule))[:2] == (1, 1)
    place.clock.advance(EVERY_MS)
    await ask(place, post_links=NONE)
    assert totals(await tallies(place, rule))[:2] == (6, 2)
    place.clock.advance(EVERY_MS)
    await ask(place, post_links=NONE)
    assert totals(await tallies(place, rule))[:2] == (7, 2)


async def test_what_came_to_nothing_is_not_counted(place: Place) -> None:
    rule = await to(place, await add(place), State.SHADOW)
    await ask(place, post_links=NONE)
    await ask(place, post_links=TWO)
    place.clock.advance(EVERY_MS)

    async def undone() -> None:
        async with place.db.write() as tx:
            assert await counted(place.services, tx, 1, []) == frozenset()
            await ask_in(place, tx, post_links=TWO)
            assert totals(await access.days(tx, rule.id, 0))[0] == 3
            raise _Undone

    with pytest.raises(_Undone):
        await undone()
    assert totals(await tallies(place, rule))[:2] == (1, 0)
    place.clock.advance(EVERY_MS)
    await ask(place, post_links=NONE)
    assert totals(await tallies(place, rule))[:2] == (3, 1)


async def test_a_rule_goes_back_to_shadow_at_its_bound(place: Place) -> None:
    seat = Seat(username="boss", email="boss@example.org", password_hash="", role=Role.ADMIN)
    async with place.db.write() as tx:
        await seat_member(place.services, tx, seat)
    await staff(place, "mo")
    rule = await live(place, bounds=Bounds(most_an_hour=3, jump=0))
    other = await live(place, name="other", bounds=Bounds(most_an_hour=4, jump=0))
    told = place.told(RuleSwitched)
    for _ in range(3):
        assert await ask(place, post_links=TWO) == frozenset()
        place.clock.advance(1_000)
    assert await ask(place, post_links=TWO) == {rule.id}
    assert told == [RuleSwitched(rule.id, 1, int(State.SHADOW), 0, by_itself=True)]
    states = {each.name: each.state for each in await in_force(place)}
    assert states == {"links": State.SHADOW, "other": State.LIVE}
    async with place.db.read() as reader:
        (line, *_) = await access.log(reader, rule.id)
    assert (line.what, line.actor_id, line.version) == (What.PUT_BACK, 0, 1)
    assert line.reason == "It caught more than 3 posts within an hour"
    await place.app.work()
    (letter,) = sent(place)
    assert (letter.to, letter.subject) == (
        "boss@example.org",
        "The rule links was put back to shadow",
    )
    assert "more than 3 posts within an hour." in letter.text
    place.clock.advance(HOUR)  # what lies back an hour counts no more
    assert await ask(place, post_links=TWO) == frozenset()
    assert (await to(place, rule, State.LIVE)).state is State.LIVE
    assert await ask(place, post_links=TWO) == frozenset()
    assert other.bounds.most_an_hour == 4


async def test_one_member_puts_no_rule_back(place: Place) -> None:
    rule = await live(place, bounds=Bounds(most_an_hour=FLOOR, jump=2))
    await ask_often(place, 100, 1, 4 * 60_000)
    place.clock.advance(2 * HOUR)
    for _ in range(3 * FLOOR):
        assert await ask(place, by=5, post_links=TWO) == frozenset()
    async with place.db.read() as reader:
        assert len(await reader.all(_CATCHES)) == of_one(FLOOR) + 1, (
            "no row is kept that is not counted"
        )
    others = range(6, 5 + MEMBERS)
    back = [await ask(place, by=by, post_links=TWO) for by in others for _ in range(of_one(FLOOR))]
    assert back == [frozenset()] * (len(back) - 1) + [{rule.id}]


@pytest.mark.parametrize(("bound", "counts"), [(1, 1), (4, 1), (10, 2), (100, 4), (10_000, 4)])
def test_so_many_of_one_member_count(bound: int, counts: int) -> None:
    assert of_one(bound) == counts


async def test_one_who_switches_it_on_again_begins_anew(place: Place) -> None:
    rule = await live(place, bounds=Bounds(most_an_hour=2, jump=0))
    for _ in range(2):
        assert await ask(place, post_links=TWO) == frozenset()
    assert await ask(place, post_links=TWO) == {rule.id}
    await to(place, rule, State.LIVE)
    for _ in range(2):
        assert await ask(place, post_links=TWO) == frozenset()
    assert await ask(place, post_links=TWO) == {rule.id}


async def test_a_rule_goes_back_when_it_catches_far_more_than_in_its_past(place: Place) -> None:
    rule = await live(place, bounds=Bounds(most_an_hour=1_000, jump=5))
    await ask_often(place, 200, 10, 4 * 60_000)  # 5 % of the posts of half a day
    place.clock.advance(2 * HOUR)
    for _ in range(FLOOR - 1):
        assert await ask(place, post_links=TWO) == frozenset()
        place.clock.advance(1_000)
    assert await ask(place, post_links=TWO) == frozenset({rule.id})
    async with place.db.read() as reader:
        (line, *_) = await access.log(reader, rule.id)
    assert line.reason == (
        "It caught 20 posts within an hour, more than 5 times the 1.0 that its own last"
        " seven days lead to expect"
    )


@pytest.mark.parametrize(
    ("jump", "asked"),
    [
        pytest.param(0, 0, id="nobody asked for it"),
        pytest.param(5, 100, id="more posts, and as large a share of them"),
    ],
)
async def test_a_rule_stays_live_where_it_did_not_jump(place: Place, jump: int, asked: int) -> None:
    await live(place, bounds=Bounds(most_an_hour=1_000, jump=jump))
    await ask_often(place, 200, 10, 4 * 60_000)
    place.clock.advance(2 * HOUR)
    await ask_often(place, asked, 0, 1_000)
    for _ in range(FLOOR + 2):
        assert await ask(place, post_links=TWO) == frozenset()
        place.clock.advance(1_000)


async def test_a_rule_without_a_past_is_held_by_its_bound_alone(place: Place) -> None:
    await live(place, bounds=Bounds(most_an_hour=FLOOR + 5, jump=2))
    for _ in range(FLOOR + 5):
        assert await ask(place, post_links=TWO) == frozenset()
    assert await ask(place, post_links=TWO)


def test_what_is_expected_of_a_short_past_is_little() -> None:
    assert expected(0, 0, 30) == 30
    assert expected(99, 0, 100) == 1
    assert expected(999, 9, 500) == 5


async def test_what_is_too_old_is_forgotten(place: Place) -> None:
    rule = await live(place)
    await ask(place, post_links=TWO)
    place.clock.advance(KEPT_MS - DAY)
    await ask(place, post_links=TWO)
    place.clock.advance(2 * DAY)
    async with place.db.write() as tx:
        await drop(place.services, tx, Drop())
        assert await tx.all(_CATCHES) == []
    (left,) = await tallies(place, rule)
    assert left.at >= place.clock.now() - KEPT_MS - DAY
