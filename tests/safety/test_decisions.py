"""Decisions: what they do, that it is taken back exactly, and who may make them."""

import asyncio
from typing import Any

import pytest
from tests.harness.neighbours import Place
from tests.safety.moderating import decide, moderator, queue, report, ruling, undo

from rostra.kernel.clock import DAY, HOUR
from rostra.kernel.errors import Conflict, Forbidden, Invalid
from rostra.kernel.paging import Page
from rostra.network.credentials.model import Role
from rostra.safety.cases import work
from rostra.safety.cases.model import Case
from rostra.safety.decisions import access, apply, strikes
from rostra.safety.decisions import decide as deciding
from rostra.safety.decisions import undo as undoing
from rostra.safety.decisions.ends import EndDue, end_due, end_of
from rostra.safety.decisions.events import Decided, DecisionUndone, MembersTold
from rostra.safety.decisions.lift import lift
from rostra.safety.decisions.model import (
    OWN_INITIATIVE,
    Action,
    ActionKind,
    DecisionState,
    Ground,
    Ruling,
)
from rostra.safety.reports import access as reports_access
from rostra.safety.reports.model import ReportState
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.model import Actor, Duty


async def flood(place: Place, count: int, **more: Any) -> list[Case]:
    """So many posts of one member, each reported by another one."""
    ann, bob = await place.members("ann", "bob")
    for at in range(count):
        post = await bob.post(f"post {at}")
        await report(ann, bob, post["id"], **more)
    return await queue(place)


async def seen(place: Place, case: Case) -> bool:
    """Whether anybody sees the post of a case."""
    answer = await place.nobody.client.get(f"/api/v1/statuses/{case.subject_id}")
    return answer.status_code == 200


async def work_off(place: Place) -> None:
    """Let the jobs do what was left to them."""
    await place.app.work()


async def test_a_removed_post_is_gone_until_it_is_taken_back(place: Place) -> None:
    (case,) = await flood(place, 1)
    told = place.told(MembersTold)
    made = await decide(place, [case.id], ruling(ActionKind.REMOVE))
    assert made.state == DecisionState.IN_FORCE
    assert made.source == 0
    assert not await seen(place, case)
    assert [event.account_ids for event in told] == [(case.account_id,)]
    assert await queue(place) == []
    undone = await undo(place, made.id, facts="We were wrong.")
    assert undone.undoes_id == made.id
    assert await seen(place, case)
    assert await queue(place) == []
    async with place.db.read() as reader:
        assert (await access.one(reader, made.id)).state == DecisionState.UNDONE
        assert await access.in_force(reader, case.subject) == []
    with pytest.raises(Conflict):
        await undo(place, made.id)


async def test_reporters_were_right_or_not(place: Place) -> None:
    cases = await flood(place, 2)
    await decide(place, [cases[0].id], ruling(ActionKind.WARN))
    await decide(place, [cases[1].id], ruling(ActionKind.NONE, ground=Ground.NONE, facts=""))
    async with place.db.read() as reader:
        states = {
            report.post_ids[0]: report.row.state
            for report in await reports_access.listed(reader, Page(40))
        }
    assert states == {
        cases[0].subject_id: ReportState.UPHELD,
        cases[1].subject_id: ReportState.DISMISSED,
    }


async def test_what_two_decisions_do_ends_with_the_second(place: Place) -> None:
    (case,) = await flood(place, 1)
    first = await decide(place, [case.id], ruling(ActionKind.REMOVE))
    async with place.db.write() as tx:
        second = await deciding.decide_subjects(
            place.services, tx, moderator(), ruling(ActionKind.REMOVE), [case.subject]
        )
    assert second.source == OWN_INITIATIVE
    await undo(place, first.id)
    assert not await seen(place, case)
    await undo(place, second.id)
    assert await seen(place, case)


async def test_a_restriction_ends_by_itself(place: Place) -> None:
    (case,) = await flood(place, 1)
    until = place.clock.now() + HOUR
    what = ruling(ActionKind.NONE, actions=(Action(kind=ActionKind.REMOVE, ends_at=until),))
    made = await decide(place, [case.id], what)
    assert made.ends_at == until
    async with place.db.write() as tx:
        await end_due(place.services, tx, EndDue())
    assert not await seen(place, case)
    place.clock.advance(HOUR)
    async with place.db.write() as tx:
        await end_due(place.services, tx, EndDue())
    assert await seen(place, case)


async def test_of_two_who_decide_at_once_the_later_knows_of_the_earlier(place: Place) -> None:
    (case,) = await flood(place, 1)
    held = await decide(place, [case.id], ruling(ActionKind.HOLD))
    decided = asyncio.Event()

    async def remove() -> None:
        async with place.db.write() as tx:
            remove = ruling(ActionKind.REMOVE)
            await deciding.decide_subjects(place.services, tx, moderator(), remove, [case.subject])
            decided.set()
            await asyncio.sleep(0.3)  # the other one comes as far as it can meanwhile

    async def let_go() -> None:
        await decided.wait()
        async with place.db.write() as tx:
            await end_of(place.services, tx, [held.id])

    await asyncio.gather(remove(), let_go())
    assert not await seen(place, case)


async def test_taken_back_cases_may_be_decided_anew(place: Place) -> None:
    (case,) = await flood(place, 1)
    made = await decide(place, [case.id], ruling(ActionKind.REMOVE))
    await undo(place, made.id, reopen=True)
    (again,) = await queue(place)
    assert again.id == case.id
    async with place.db.read() as reader:
        (report_,) = await reports_access.listed(reader, Page(40))
    assert report_.row.state == ReportState.OPEN
    await decide(place, [case.id], ruling(ActionKind.SENSITIVE))
    assert await seen(place, case)


async def test_many_need_a_second_person(place: Place) -> None:
    cases = await flood(place, 60)
    heard = place.told(Decided)
    made = await decide(place, [case.id for case in cases], ruling(ActionKind.REMOVE))
    assert made.state == DecisionState.PROPOSED
    assert not heard
    assert await seen(place, cases[0])
    assert {case.status.proposed_id for case in await queue(place)} == {made.id}
    async with place.db.write() as tx:
        assert await work.claim_next(place.services, tx, 3) is None  # nobody works on them twice
    async with place.db.write() as tx:
        with pytest.raises(Forbidden) as refused:
            await deciding.agree(place.services, tx, moderator(), made.id)
    assert refused.value.code == "same_person"
    async with place.db.write() as tx:
        agreed = await deciding.agree(place.services, tx, moderator(2), made.id)
    assert agreed.second_id == 2
    assert [event.decision_id for event in heard] == [made.id]
    await work_off(place)
    assert not any([await seen(place, case) for case in cases])
    assert await queue(place) == []
    async with place.db.read() as reader:
        done = await access.one(reader, made.id)
    assert (done.state, done.done_count) == (DecisionState.IN_FORCE, 60)
    undone = place.told(DecisionUndone)
    await undo(place, made.id)
    await work_off(place)
    assert all([await seen(place, case) for case in cases])
    assert len(undone) == 1
    async with place.db.read() as reader:
        assert (await access.one(reader, made.id)).state == DecisionState.UNDONE


async def test_a_second_person_may_say_no(place: Place) -> None:
    cases = await flood(place, 51)
    made = await decide(place, [case.id for case in cases], ruling(ActionKind.REMOVE))
    async with place.db.write() as tx:
        await deciding.refuse(place.services, tx, moderator(2), made.id)
    async with place.db.write() as tx:
        with pytest.raises(Conflict):
            await deciding.agree(place.services, tx, moderator(2), made.id)
    assert {case.status.proposed_id for case in await queue(place)} == {0}
    assert len(await queue(place)) == 51
    assert await seen(place, cases[0])
    async with place.db.write() as tx:
        assert await work.claim_next(place.services, tx, 3) is not None


async def test_a_chunk_that_was_done_is_not_done_again(place: Place) -> None:
    cases = await flood(place, 30)
    made = await decide(place, [case.id for case in cases], ruling(ActionKind.REMOVE))
    assert made.state == DecisionState.BEING_APPLIED
    told = place.told(MembersTold)
    for _ in range(2):
        async with place.db.write() as tx:
            await apply.carry_on(place.services, tx, apply.CarryOn(made.id))
    await work_off(place)
    assert len(told) == 1
    async with place.db.read() as reader:
        assert (await access.one(reader, made.id)).done_count == 30
        assert len(await access.restrictions_of(reader, made.id, limit=100)) == 30


@pytest.mark.parametrize(
    ("what", "field"),
    [
        (ruling(), "actions"),
        (ruling(ActionKind.REMOVE, ActionKind.REMOVE), "actions"),
        (ruling(ActionKind.NONE, ActionKind.WARN), "actions"),
        (ruling(ActionKind.WITHHOLD), "actions"),
        (
            ruling(ActionKind.REMOVE, actions=(Action(kind=ActionKind.REMOVE, ends_at=1),)),
            "actions",
        ),
        (ruling(ActionKind.LABEL), "label"),
        (ruling(ActionKind.FIELDS), "fields"),
        (ruling(ActionKind.HIDE_ON), "surfaces"),
        (ruling(ActionKind.REMOVE, facts=" "), "facts"),
        (ruling(ActionKind.REMOVE, facts="x" * 5_001), "facts"),
        (ruling(ActionKind.REMOVE, ground=Ground.NONE), "ground"),
        (ruling(ActionKind.REMOVE, ground=Ground.LAW), "legal_ground"),
        (ruling(ActionKind.REMOVE, clause_id=1), "clause_id"),
        (ruling(ActionKind.REMOVE, strikes=101), "strikes"),
    ],
)
async def test_what_cannot_be_decided_names_the_field(
    place: Place, what: Ruling, field: str
) -> None:
    (case,) = await flood(place, 1)
    with pytest.raises(Invalid) as wrong:
        await decide(place, [case.id], what)
    assert field in wrong.value.details
    assert await seen(place, case)
    assert len(await queue(place)) == 1
    await decide(place, [case.id], ruling(ActionKind.REMOVE))
    assert not await seen(place, case)


@pytest.mark.parametrize(
    ("actor", "kind", "count"),
    [
        (Actor(9), ActionKind.NONE, 1),
        (Actor(9, duties=Duty.AUDITOR), ActionKind.NONE, 1),
        (Actor(9, duties=Duty.NOTICE_DESK), ActionKind.REMOVE, 1),
        (Actor(9, duties=Duty.REVIEWER), ActionKind.SUSPEND, 1),
        (Actor(9, duties=Duty.REVIEWER), ActionKind.REMOVE, 2),
    ],
)
async def test_what_is_not_theirs_to_decide(
    place: Place, actor: Actor, kind: ActionKind, count: int
) -> None:
    cases = await flood(place, 2)
    ids = [case.id for case in cases[:count]]
    with pytest.raises(Forbidden):
        await decide(place, ids, ruling(kind), actor)
    assert len(await queue(place)) == 2
    await decide(place, ids, ruling(ActionKind.WARN), Actor(9, Role.MODERATOR))
    assert len(await queue(place)) == 2 - len(ids)


async def test_strikes_are_counted_from_decisions(place: Place) -> None:
    cases = await flood(place, 3)
    bob = cases[0].account_id
    first = await decide(place, [cases[0].id], ruling(ActionKind.WARN, strikes=2))
    await decide(place, [cases[1].id], ruling(ActionKind.WARN, strikes=1))
    async with place.db.read() as reader:
        outlook = await strikes.outlook(reader, place.services, bob, 2)
        assert (outlook.points, outlook.after) == (3, 5)
        assert outlook.proposed is not None
        assert (outlook.proposed.action, outlook.proposed.days) == (ActionKind.FREEZE, 7)
        assert outlook.next is not None
        assert outlook.next.points == 8
    await undo(place, first.id)
    async with place.db.read() as reader:
        assert (await strikes.outlook(reader, place.services, bob, 0)).points == 1
    place.clock.advance(90 * DAY)
    async with place.db.read() as reader:
        assert (await strikes.outlook(reader, place.services, bob, 0)).points == 0


async def test_a_decision_about_what_is_gone_is_still_one(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    post = await bob.post("one")
    await report(ann, bob, post["id"])
    (case,) = await queue(place)
    await bob.delete(post["id"])
    made = await decide(place, [case.id], ruling(ActionKind.REMOVE, strikes=1))
    assert made.state == DecisionState.IN_FORCE
    assert await queue(place) == []
    async with place.db.read() as reader:
        assert await access.in_force(reader, Subject(SubjectKind.POST, int(post["id"]))) == []
        outlook = await strikes.outlook(reader, place.services, bob.account_id, 0)
    assert outlook.points == 1


async def test_the_days_until_an_account_is_deleted_count_from_when_it_is_agreed_to(
    place: Place,
) -> None:
    cases = await flood(place, 51)
    ids = [case.id for case in cases]
    days = place.services.settings.moderation.delete_after_days
    made = await decide(place, ids, ruling(ActionKind.DELETE_ACCOUNT, strikes=1))
    place.clock.advance((days + 1) * DAY)
    async with place.db.write() as tx:
        await deciding.agree(place.services, tx, moderator(2), made.id)
    await work_off(place)
    async with place.db.read() as reader:
        kept = await access.one(reader, made.id)
        bob = Subject(SubjectKind.ACCOUNT, cases[0].account_id)
        (held,) = await access.in_force(reader, bob)
    assert held.what.at == place.clock.now() + days * DAY == kept.done[0].at
    assert kept.strikes_until == made.strikes_until + (days + 1) * DAY


async def test_what_would_have_ended_is_not_agreed_to(place: Place) -> None:
    cases = await flood(place, 51)
    until = (Action(kind=ActionKind.REMOVE, ends_at=place.clock.now() + DAY),)
    what = ruling(ActionKind.NONE, actions=until)
    made = await decide(place, [case.id for case in cases], what)
    place.clock.advance(DAY)
    async with place.db.write() as tx:
        with pytest.raises(Conflict) as refused:
            await deciding.agree(place.services, tx, moderator(2), made.id)
    assert refused.value.code == "over"
    async with place.db.write() as tx:
        await deciding.refuse(place.services, tx, moderator(2), made.id)
    assert len(await queue(place)) == 51


async def test_nobody_is_the_second_person_about_themselves(place: Place) -> None:
    cases = await flood(place, 51)
    made = await decide(place, [case.id for case in cases], ruling(ActionKind.REMOVE))
    bob = Actor(cases[0].account_id, Role.MODERATOR)
    for verb in (deciding.agree, deciding.refuse):
        async with place.db.write() as tx:
            with pytest.raises(Forbidden) as refused:
                await verb(place.services, tx, bob, made.id)
        assert refused.value.code == "same_person"


async def test_nobody_of_the_team_decides_about_themselves(place: Place) -> None:
    (case,) = await flood(place, 1)
    bob = Actor(case.account_id, Role.ADMIN)
    async with place.db.write() as tx:
        assert await work.claim_next(place.services, tx, bob.account_id, own=bob.own) is None
    with pytest.raises(Forbidden) as refused:
        await decide(place, [case.id], ruling(ActionKind.NONE), bob)
    assert refused.value.code == "same_person"
    what = ruling(ActionKind.REMOVE, ActionKind.LIMIT_ACCOUNT)
    made = await decide(place, [case.id], what)
    async with place.db.write() as tx:
        with pytest.raises(Forbidden):
            await undoing.undo(place.services, tx, bob, made.id)
        with pytest.raises(Forbidden):
            await lift(
                place.services, tx, bob, case.account_id, frozenset({ActionKind.LIMIT_ACCOUNT})
            )
        with pytest.raises(Forbidden):
            await deciding.decide_subjects(
                place.services, tx, bob, ruling(ActionKind.SENSITIVE), [case.subject]
            )
    assert not await seen(place, case)
    # An owner may be all the team there is.
    async with place.db.write() as tx:
        await undoing.undo(place.services, tx, Actor(case.account_id, Role.OWNER), made.id)
    assert await seen(place, case)
