"""Appeals: who may object to what, who answers, and that being right takes it back."""

from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place
from tests.safety.moderating import decide, moderator, queue, report, ruling, undo
from tests.safety.test_statements import letters_of, told, with_address

from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from rostra.network.accounts.events import AccountRemoved
from rostra.network.credentials.model import Role
from rostra.safety.appeals import access
from rostra.safety.appeals.answer import answer
from rostra.safety.appeals.events import AppealAnswered, Appealed
from rostra.safety.appeals.file import appeal, complain
from rostra.safety.appeals.model import Appeal, AppealState
from rostra.safety.cases.model import Case
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions import decide as deciding
from rostra.safety.decisions import strikes
from rostra.safety.decisions.model import (
    Action,
    ActionKind,
    Decision,
    DecisionKind,
    DecisionState,
    Ground,
)
from rostra.safety.reports import access as reports_access
from rostra.safety.statements import access as statements_access
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.model import Actor

DECIDER, OTHER = moderator(1), moderator(2)


async def seen(place: Place, post_id: int) -> bool:
    """Whether anybody sees a post."""
    answer_ = await place.nobody.client.get(f"/api/v1/statuses/{post_id}")
    return answer_.status_code == 200


async def removed(place: Place) -> tuple[Asker, Case, Decision]:
    """A post of bob that ann has reported, and that is removed."""
    ann, bob = await place.members("ann", "bob")
    post = await bob.post("You fool")
    await report(ann, bob, post["id"])
    (case,) = await queue(place)
    made = await decide(place, [case.id], ruling(ActionKind.REMOVE, strikes=2), DECIDER)
    return bob, case, made


async def object_to(place: Place, member: Asker, text: str = "It was a quote.") -> Appeal:
    """Object to the latest decision about somebody."""
    [note, *_] = await told(member)
    statement_id = int(note["moderation_warning"]["id"])
    async with place.db.write() as tx:
        statement = await statements_access.one(tx, member.account_id, statement_id)
        return await appeal(place.services, tx, statement, text)


async def answered(place: Place, appeal_id: int, actor: Actor = OTHER, **how: Any) -> Appeal:
    """Answer an appeal."""
    given: dict[str, Any] = {"uphold": True, "reasons": "It was a quote indeed."} | how
    async with place.db.write() as tx:
        return await answer(place.services, tx, actor, appeal_id, **given)


async def test_who_is_right_has_it_back(place: Place) -> None:
    bob, case, made = await removed(place)
    await with_address(place, bob.account_id)
    await place.app.work()
    said, heard = place.told(Appealed), place.told(AppealAnswered)
    filed = await object_to(place, bob)
    assert [event.by_reporter for event in said] == [False]
    [note] = await told(bob)
    assert note["moderation_warning"]["appeal"] == {"text": "It was a quote.", "state": "pending"}
    before = note["id"]
    place.clock.advance(1)
    done = await answered(place, filed.id)
    assert done.state == AppealState.UPHELD
    assert [(event.upheld, event.undo_id) for event in heard] == [(True, done.undo_id)]
    assert await seen(place, case.subject_id)
    [note] = await told(bob)
    assert note["id"] > before
    assert note["moderation_warning"]["appeal"]["state"] == "approved"
    async with place.db.read() as reader:
        undone = await decisions_access.one(reader, done.undo_id)
        assert (undone.undoes_id, undone.actor_id) == (made.id, OTHER.account_id)
        assert (await strikes.outlook(reader, place.services, bob.account_id, 0)).points == 0
    await place.app.work()
    mail = letters_of(place)[-1]
    assert "It was a quote indeed." in mail.text
    assert "zurückgenommen" in mail.text
    count = len(letters_of(place))
    await place.app.work()
    assert len(letters_of(place)) == count


async def test_what_is_rejected_stands(place: Place) -> None:
    bob, case, _ = await removed(place)
    filed = await object_to(place, bob)
    await answered(place, filed.id, uphold=False, reasons="It was none.")
    assert not await seen(place, case.subject_id)
    [note] = await told(bob)
    assert note["moderation_warning"]["appeal"]["state"] == "rejected"
    with pytest.raises(Conflict):
        await answered(place, filed.id)


async def test_nobody_judges_what_they_decided_or_said(place: Place) -> None:
    bob, case, _ = await removed(place)
    filed = await object_to(place, bob)
    for actor in (DECIDER, Actor(bob.account_id, Role.MODERATOR)):
        with pytest.raises(Forbidden) as refused:
            await answered(place, filed.id, actor)
        assert refused.value.code == "same_person"
    with pytest.raises(NotFound):
        await answered(place, filed.id, Actor(0, Role.MODERATOR))
    with pytest.raises(Forbidden):
        await answered(place, filed.id, Actor(3))
    for reasons in (" ", "x" * 5_001):
        with pytest.raises(Invalid) as wrong:
            await answered(place, filed.id, reasons=reasons)
        assert "reasons" in wrong.value.details
    assert not await seen(place, case.subject_id)
    await answered(place, filed.id)
    assert await seen(place, case.subject_id)


async def test_the_second_person_does_not_judge_either(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    for at in range(51):
        post = await bob.post(f"post {at}")
        await report(ann, bob, post["id"])
    cases = await queue(place)
    ids = [case.id for case in cases]
    made = await decide(place, ids, ruling(ActionKind.REMOVE), DECIDER)
    async with place.db.write() as tx:
        await deciding.agree(place.services, tx, OTHER, made.id)
    await place.app.work()
    filed = await object_to(place, bob)
    for actor in (DECIDER, OTHER):
        with pytest.raises(Forbidden):
            await answered(place, filed.id, actor)
    await answered(place, filed.id, moderator(3))
    await place.app.work()
    assert await seen(place, cases[0].subject_id)


@pytest.mark.parametrize("text", ["", "  ", "x" * 2_001])
async def test_what_is_said_has_a_length(place: Place, text: str) -> None:
    bob, _, _ = await removed(place)
    with pytest.raises(Invalid) as wrong:
        await object_to(place, bob, text)
    assert "text" in wrong.value.details
    await object_to(place, bob, "x" * 2_000)


async def test_once_in_time_and_not_when_it_is_taken_back(place: Place) -> None:
    bob, case, made = await removed(place)
    await object_to(place, bob)
    with pytest.raises(Conflict) as again:
        await object_to(place, bob)
    assert again.value.code == "appealed"
    await undo(place, made.id, reopen=True)
    anew = await decide(place, [case.id], ruling(ActionKind.WARN), DECIDER)
    place.clock.advance(183 * DAY)
    with pytest.raises(Conflict) as late:
        await object_to(place, bob)
    assert late.value.code == "appeal_over"
    await undo(place, anew.id)


async def test_of_many_only_who_appeals_is_let_go(place: Place) -> None:
    ann, bob, cat = await place.members("ann", "bob", "cat")
    posts = [await who.post("the same words") for who in (bob, cat)]
    for who, post in zip((bob, cat), posts, strict=True):
        await report(ann, who, post["id"])
    cases = await queue(place)
    what = ruling(ActionKind.REMOVE, strikes=1)
    made = await decide(place, [case.id for case in cases], what, DECIDER)
    filed = await object_to(place, bob)
    done = await answered(place, filed.id)
    assert await seen(place, int(posts[0]["id"]))
    assert not await seen(place, int(posts[1]["id"]))
    async with place.db.read() as reader:
        assert (await decisions_access.one(reader, made.id)).state == DecisionState.IN_FORCE
        record = await decisions_access.one(reader, done.undo_id)
        assert (record.kind, record.undoes_id) == (DecisionKind.RELEASE, made.id)
        assert (record.facts, record.actor_id) == ("It was a quote indeed.", OTHER.account_id)
        (about,) = await decisions_access.subjects(reader, record.id)
        assert about.subject == Subject(SubjectKind.ACCOUNT, bob.account_id)
        points = [
            (await strikes.outlook(reader, place.services, who.account_id, 0)).points
            for who in (bob, cat)
        ]
        [note] = await told(bob)
        statement_id = int(note["moderation_warning"]["id"])
        assert (await statements_access.one(reader, bob.account_id, statement_id)).taken_back
    assert points == [0, 1]


async def test_a_reporter_objects_and_the_case_is_open_again(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    post = await bob.post("You fool")
    made = await report(ann, bob, post["id"])
    (case,) = await queue(place)
    nothing = ruling(ActionKind.NONE, ground=Ground.NONE, facts="")
    report_id = int(made["id"])
    async with place.db.write() as tx:
        with pytest.raises(NotFound):
            await complain(place.services, tx, ann.account_id, report_id, "Look")
    await decide(place, [case.id], nothing, DECIDER)
    async with place.db.write() as tx:
        with pytest.raises(NotFound):
            await complain(place.services, tx, bob.account_id, report_id, "Look")
    async with place.db.write() as tx:
        filed = await complain(place.services, tx, ann.account_id, report_id, "Look again.")
    assert await queue(place) == []
    await answered(place, filed.id, reasons="It is an insult.")
    assert [each.id for each in await queue(place)] == [case.id]
    async with place.db.read() as reader:
        said = await access.of_reports(reader, ann.account_id, [report_id])
        assert said[report_id].state == AppealState.UPHELD
        assert (await reports_access.one(reader, report_id)).row.state == 0
    assert await told(bob) == []


async def test_the_teams_list_by_when_it_is_due(place: Place) -> None:
    bob, _, _ = await removed(place)
    filed = await object_to(place, bob)
    async with place.db.read() as reader:
        assert [each.id for each in await access.waiting(reader, OTHER)] == [filed.id]
        with pytest.raises(Forbidden):
            await access.waiting(reader, Actor(5))
    assert filed.due_at == filed.created_at + 7 * DAY
    await answered(place, filed.id)
    async with place.db.read() as reader:
        assert await access.waiting(reader, OTHER) == []


async def test_what_was_said_goes_with_the_account(place: Place) -> None:
    bob, _, made = await removed(place)
    filed = await object_to(place, bob)
    async with place.db.write() as tx:
        await tx.emit(AccountRemoved(bob.account_id))
    async with place.db.read() as reader:
        assert await access.of_decisions(reader, bob.account_id, [made.id]) == {}
        with pytest.raises(NotFound):
            await access.one(reader, OTHER, filed.id)


async def test_an_end_of_its_own_is_no_obstacle(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    post = await bob.post("one")
    await report(ann, bob, post["id"])
    (case,) = await queue(place)
    until = place.clock.now() + DAY
    what = ruling(ActionKind.NONE, actions=(Action(kind=ActionKind.REMOVE, ends_at=until),))
    await decide(place, [case.id], what, DECIDER)
    filed = await object_to(place, bob)
    await answered(place, filed.id)
    assert await seen(place, case.subject_id)


@pytest.mark.parametrize("reopen", [False, True])
async def test_what_the_team_takes_back_of_its_own_accord_is_told(
    place: Place, *, reopen: bool
) -> None:
    ann, bob, cat = await place.members("ann", "bob", "cat")
    for who in (bob, cat):
        post = await who.post("the same words")
        await report(ann, who, post["id"])
    await with_address(place, bob.account_id)
    cases = await queue(place)
    made = await decide(place, [case.id for case in cases], ruling(ActionKind.REMOVE), DECIDER)
    filed = await object_to(place, cat)
    await answered(place, filed.id)
    await place.app.work()
    [first], [upheld] = await told(bob), await told(cat)
    before = len(letters_of(place))

    await undo(place, made.id, facts="It was a song.", reopen=reopen)
    await place.app.work()
    [letter] = letters_of(place)[before:]
    assert "zurückgenommen" in letter.subject
    assert "It was a song." in letter.text
    assert ("sieht es sich neu an" in letter.text) is reopen
    [again] = await told(bob)
    assert again["id"] != first["id"], "apps are told that there is news"
    assert again["moderation_warning"]["id"] == first["moderation_warning"]["id"]
    assert await told(cat) == [upheld], "the answer to the appeal has told it"
