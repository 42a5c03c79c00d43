"""One decision over a cluster, what stands for later copies, and one undo for all of it."""

from typing import Any

import pytest
from tests.harness.neighbours import Place
from tests.harness.staff import staff
from tests.safety.flooding import FLOOD, doing, spots, told
from tests.safety.moderating import REPORTS, decide, moderator, queue, report, ruling, undo

from rostra.kernel.clock import DAY, HOUR
from rostra.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from rostra.safety.cases import work
from rostra.safety.cases.model import Case
from rostra.safety.clusters import correct
from rostra.safety.clusters.compare import Place as Spot
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions.model import Action, ActionKind, Decision, DecisionState, Ruling
from rostra.safety.standing import access, stand
from rostra.safety.standing.cluster import OverCluster, decide_cluster
from rostra.safety.standing.later import EndDue, MeetLater, end_due, meet
from rostra.safety.standing.model import Standing
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.model import Actor
from rostra.store.query import const, number, query
from rostra.store.tables.safety import decisions

RULE_GONE = query(
    decisions.update().where(decisions.c.id == number("id")).values(clause_id=const(99))
)
ABOUT = f'My neighbour wrote "{FLOOD}" and I reported it'
REMOVE = ruling(ActionKind.REMOVE)


async def over(place: Place, case: Case, what: Ruling = REMOVE, **more: Any) -> OverCluster:
    """Decide the cluster of a case."""
    found: OverCluster = await doing(
        place, decide_cluster, moderator(), what, case.cluster_id, **more
    )
    return found


async def standing(place: Place, decision: Decision, **more: Any) -> Standing:
    """Let a decision stand for a day, or as said."""
    terms = {"ends_at": place.clock.now() + DAY, "most": 100, **more}
    found: Standing = await doing(place, stand.let_stand, moderator(), decision.id, **terms)
    return found


async def seen(place: Place, *cases: Case) -> list[bool]:
    """Whether anybody sees the posts of these cases."""
    answers = [
        await place.nobody.client.get(f"/api/v1/statuses/{case.subject_id}") for case in cases
    ]
    return [answer.status_code == 200 for answer in answers]


async def test_members_are_decided_and_outliers_are_not(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD, ABOUT)
    made = await over(place, cases[0])
    assert made.left == 0
    assert made.decision.cluster_id == cases[0].cluster_id
    assert await seen(place, *cases) == [False, False, True]
    assert [case.id for case in await queue(place)] == [cases[2].id]
    with pytest.raises(Conflict):
        await over(place, cases[0])


async def test_some_are_left_open(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD, FLOOD, FLOOD)
    await doing(place, correct.leave_out, moderator(), cases[0].id)
    await doing(place, work.claim, cases[1].id, 77)
    made = await over(place, cases[3], without=[cases[2].id])
    assert made.left == 1
    assert await seen(place, *cases) == [True, True, True, False]


async def test_later_copies_meet_what_stands_and_it_counts_as_automatic(
    place: Place,
) -> None:
    cases = await told(place, FLOOD, FLOOD)
    made = await over(place, cases[0])
    stands = await standing(place, made.decision)
    late, about = await told(place, FLOOD.upper(), ABOUT)
    await place.app.work()
    assert await seen(place, late, about) == [False, True]
    async with place.db.read() as reader:
        (decision_id,) = await access.decisions_of(reader, stands.id)
        decision = await decisions_access.one(reader, decision_id)
        now = await access.of_cluster(reader, cases[0].cluster_id)
    assert (decision.machine_decided, decision.rule_id) == (1, stands.id)
    assert decision.cluster_id == cases[0].cluster_id
    assert (decision.facts, decision.actor_id) == (made.decision.facts, 1)
    assert now is not None
    assert now.done_count == 1


async def test_what_joined_meanwhile_meets_it_at_once(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD, FLOOD)
    made = await over(place, cases[0], without=[cases[2].id])  # left open on purpose
    place.clock.advance(HOUR)
    (late,) = await told(place, FLOOD)
    await place.app.work()
    assert await seen(place, late) == [True]
    await standing(place, made.decision)
    await place.app.work()
    assert await seen(place, late, cases[2]) == [False, True]


async def test_one_undo_takes_all_of_it_back(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD)
    made = await over(place, cases[0])
    stands = await standing(place, made.decision)
    late = []
    for _ in range(7):  # more than one job takes back
        late += await told(place, FLOOD)
        await place.app.work()
    assert not any(await seen(place, *cases, *late))
    await undo(place, made.decision.id, facts="We were wrong.", reopen=True)
    await place.app.work()
    assert all(await seen(place, *cases, *late))
    assert {case.id for case in await queue(place)} == {case.id for case in (*cases, *late)}
    (later,) = await told(place, FLOOD)
    await place.app.work()
    assert await seen(place, later) == [True]
    async with place.db.read() as reader:
        assert (await access.one(reader, stands.id)).ended_at
        for decision_id in await access.decisions_of(reader, stands.id):
            decision = await decisions_access.one(reader, decision_id)
            assert decision.state == DecisionState.UNDONE
    assert {spot.place for spot in await spots(place, [*cases, *late, later])} == {Spot.MEMBER}


async def test_it_ends_after_so_many(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD)
    made = await over(place, cases[0])
    stands = await standing(place, made.decision, most=2)
    late = await told(place, FLOOD, FLOOD, FLOOD)
    await place.app.work()
    assert (await seen(place, *late)).count(False) == 2
    async with place.db.read() as reader:
        now = await access.one(reader, stands.id)
        assert (now.done_count, bool(now.ended_at)) == (2, True)
        assert await access.of_cluster(reader, cases[0].cluster_id) is None
        assert await access.listed(reader) == [now]


async def test_it_ends_at_its_time(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD)
    made = await over(place, cases[0])
    stands = await standing(place, made.decision)
    place.clock.advance(DAY)
    (late,) = await told(place, FLOOD)
    await place.app.work()
    assert await seen(place, late) == [True]
    async with place.db.read() as reader:
        assert (await access.one(reader, stands.id)).ended_at
    again = await standing(place, made.decision)
    place.clock.advance(2 * DAY)
    await doing(place, end_due, EndDue())
    async with place.db.read() as reader:
        assert (await access.one(reader, again.id)).ended_at == again.ends_at


async def test_somebody_ends_it(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD)
    made = await over(place, cases[0])
    stands = await standing(place, made.decision)
    with pytest.raises(Conflict):
        await standing(place, made.decision)
    with pytest.raises(Forbidden):
        await doing(place, stand.end, Actor(5), stands.id)
    await doing(place, stand.end, moderator(9), stands.id)
    (late,) = await told(place, FLOOD)
    await place.app.work()
    assert await seen(place, late) == [True]
    async with place.db.read() as reader:
        assert (await access.one(reader, stands.id)).ended_by == 9
    with pytest.raises(NotFound):
        await doing(place, stand.end, moderator(), 12345)
    async with place.db.read() as reader:
        with pytest.raises(NotFound):
            await access.one(reader, 12345)


async def test_what_has_an_end_lasts_as_long_for_later_copies(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD)
    hold = Action(ActionKind.HOLD, ends_at=place.clock.now() + 2 * DAY)
    made = await over(place, cases[0], Ruling(**{**_fields(REMOVE), "actions": (hold,)}))
    stands = await standing(place, made.decision, ends_at=place.clock.now() + 5 * DAY)
    place.clock.advance(3 * DAY)
    (late,) = await told(place, FLOOD)
    await place.app.work()
    assert await seen(place, late) == [False]
    async with place.db.read() as reader:
        (decision_id,) = await access.decisions_of(reader, stands.id)
        decision = await decisions_access.one(reader, decision_id)
    assert decision.ends_at - decision.created_at == hold.ends_at - made.decision.created_at


async def test_what_cannot_stand(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD, "Lovely day at the lake with all of the dogs")
    alone = await decide(place, [cases[2].id], REMOVE)
    now = place.clock.now()
    with pytest.raises(Invalid, match="decision over a cluster"):
        await standing(place, alone)
    gone = await over(place, cases[0], ruling(ActionKind.DELETE_ACCOUNT))
    with pytest.raises(Invalid, match="deletes accounts"):
        await standing(place, gone.decision)
    await undo(place, gone.decision.id, reopen=True)
    made = await over(place, cases[0])
    for wrong in ({"ends_at": now}, {"ends_at": now + 99 * DAY}, {"most": 0}, {"most": 10**6}):
        with pytest.raises(Invalid, match="must lie"):
            await standing(place, made.decision, **wrong)
    with pytest.raises(Forbidden):
        await doing(place, stand.let_stand, Actor(5), made.decision.id, ends_at=now + 1, most=1)
    await undo(place, made.decision.id)
    with pytest.raises(Conflict):
        await standing(place, made.decision)
    with pytest.raises(Forbidden):
        await doing(place, decide_cluster, Actor(5), REMOVE, cases[0].cluster_id)


async def test_it_ends_with_its_cluster(place: Place) -> None:
    other = "Everybody knows that the lake is poisoned by those people who came here last winter"
    cases = await told(place, FLOOD, FLOOD, other, other)
    made = await over(place, cases[0])
    stands = await standing(place, made.decision)
    await doing(place, correct.merge, moderator(), cases[0].cluster_id, cases[2].cluster_id)
    async with place.db.read() as reader:
        assert (await access.one(reader, stands.id)).ended_at
    await doing(place, meet, MeetLater(cases[0].cluster_id))
    assert len(await queue(place)) == 2


async def test_it_ends_where_its_rule_is_no_more(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD)
    made = await over(place, cases[0])
    stands = await standing(place, made.decision)
    async with place.db.write() as tx:
        await tx.run(RULE_GONE, id=made.decision.id)
    (late,) = await told(place, FLOOD)
    await place.app.work()
    assert await seen(place, late) == [True]
    async with place.db.read() as reader:
        assert (await access.one(reader, stands.id)).ended_at


def _fields(what: Ruling) -> dict[str, Any]:
    return {name: getattr(what, name) for name in what.__struct_fields__}


@pytest.mark.parametrize("reopen", [False, True])
async def test_what_somebody_took_back_is_left_to_people(place: Place, *, reopen: bool) -> None:
    cases = await told(place, FLOOD, FLOOD)
    made = await over(place, cases[0])
    stands = await standing(place, made.decision)
    (late,) = await told(place, FLOOD)
    await place.app.work()
    async with place.db.read() as reader:
        (decision_id,) = await access.decisions_of(reader, stands.id)
    await undo(place, decision_id, reopen=reopen)
    eve = await place.member("eve")
    await eve.do(REPORTS, account_id=str(late.account_id), status_ids=[str(late.subject_id)])
    (later,) = await told(place, FLOOD)
    await place.app.work()
    assert await seen(place, late, later) == [True, False]
    assert [case.subject_id for case in await queue(place)] == [late.subject_id]


async def test_copies_by_the_team_are_left_to_people(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD)
    made = await over(place, cases[0], ruling(ActionKind.SUSPEND))
    stands = await standing(place, made.decision)
    ann, mod = await place.member("ann"), await staff(place, "mod")
    await report(ann, mod, (await mod.post(FLOOD))["id"], harm="hate")
    (late,) = await told(place, FLOOD)
    await place.app.work()
    assert [case.account_id for case in await queue(place)] == [mod.account_id]
    async with place.db.read() as reader:
        assert (await decisions_access.in_force(reader, late.subject)) == []
        now = await access.of_cluster(reader, cases[0].cluster_id)
    assert now is not None
    assert (now.id, now.done_count) == (stands.id, 1)


async def test_a_pace_stands_as_well(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD)
    pace = Action(ActionKind.SLOW, ends_at=place.clock.now() + DAY, posts=2, per_ms=HOUR)
    made = await over(place, cases[0], Ruling(**{**_fields(REMOVE), "actions": (pace,)}))
    await standing(place, made.decision)
    (late,) = await told(place, FLOOD)
    await place.app.work()
    async with place.db.read() as reader:
        account = Subject(SubjectKind.ACCOUNT, late.account_id)
        (held,) = await decisions_access.in_force(reader, account)
    assert (held.action, held.what.posts, held.what.per_ms) == (ActionKind.SLOW, 2, HOUR)


async def test_whoever_decided_the_first_is_who_decided_the_copies(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD)
    made = await over(place, cases[0])
    stands = await doing(
        place,
        stand.let_stand,
        moderator(2),
        made.decision.id,
        ends_at=place.clock.now() + DAY,
        most=9,
    )
    await told(place, FLOOD)
    await place.app.work()
    async with place.db.read() as reader:
        (decision_id,) = await access.decisions_of(reader, stands.id)
        decision = await decisions_access.one(reader, decision_id)
        found = await access.deciders(reader, [made.decision, decision])
    assert found == {made.decision.id: {0, 1}, decision_id: {0, 1, 2}}
