"""The queue: its order, who works on what, merging and splitting."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.harness.neighbours import Asker, Place
from tests.safety.moderating import decide, queue, report, ruling

from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.kernel.errors import Conflict, Invalid
from rostra.safety.cases import access, work
from rostra.safety.cases.fold import after, folded
from rostra.safety.cases.model import Case, CaseState, Event, EventKind, Status
from rostra.safety.cases.rank import rank_of
from rostra.safety.categories.model import Category, Sender, Severity
from rostra.safety.decisions.model import ActionKind

ANN, BEN = 1, 2


async def reported(place: Place, *harms: str) -> list[Case]:
    """A case for each of these harms, about posts of different members, in the order of reports."""
    ann = await place.member("ann")
    ids: list[int] = []
    for at, harm in enumerate(harms):
        who = await place.member(f"member{at}")
        post = await who.post(f"post {at}")
        await report(ann, who, post["id"], harm=harm)
        ids.append(int(post["id"]))
    by_subject = {case.subject_id: case for case in await queue(place)}
    return [by_subject[post_id] for post_id in ids]


async def working(
    place: Place, verb: Callable[..., Awaitable[Any]], *args: Any, **more: Any
) -> Any:
    """One of the verbs of `work`, in a transaction of its own."""
    async with place.db.write() as tx:
        return await verb(place.services, tx, *args, **more)


async def test_the_worst_comes_first_however_late_it_came(place: Place) -> None:
    cases = await reported(place, "spam", "harassment", "spam", "threat_to_life", "hate")
    order = [case.id for case in await queue(place)]
    assert order[0] == cases[3].id
    assert order[-2:] == [cases[0].id, cases[2].id]
    place.clock.advance(300 * DAY)  # a heap of old spam does not outweigh a new threat
    ann = await place.member("ann2")
    who = await place.member("late")
    post = await who.post("late")
    await report(ann, who, post["id"], harm="threat_to_life")
    newest = next(c for c in await queue(place) if c.subject_id == int(post["id"]))
    assert [case.id for case in await queue(place)][:2] == [cases[3].id, newest.id]


async def test_each_case_says_why_it_stands_where_it_stands(place: Place) -> None:
    (case,) = await reported(place, "hate")
    names = {reason.name: reason for reason in case.why}
    assert set(names) == {"deadline", "severity", "reports"}
    assert names["deadline"].value == case.status.deadline_at
    assert case.rank == case.status.deadline_at - sum(each.sooner_ms for each in case.why)


async def test_views_show_a_part_of_the_queue(place: Place) -> None:
    cases = await reported(place, "spam", "hate", "spam")
    spam = [cases[0].id, cases[2].id]
    assert [c.id for c in await queue(place, category=Category.SPAM)] == spam
    assert [c.id for c in await queue(place, categories=(Category.SPAM,))] == spam
    assert await queue(place, categories=(Category.SPAM,), category=Category.HATE) == []
    assert await queue(place, categories=()) == []
    assert len(await queue(place, sources=1 << Sender.MEMBER)) == 3
    assert await queue(place, sources=1 << Sender.AUTHORITY) == []
    assert await queue(place, language="xx") == []
    await working(place, work.escalate, cases[0].id, ANN, "unsure")
    assert [c.id for c in await queue(place, escalated=True)] == [cases[0].id]
    assert len(await queue(place, escalated=False)) == 2
    assert len(await queue(place, due_first=True)) == 3


async def test_pages_of_the_queue_follow_each_other(place: Place) -> None:
    await reported(place, "spam", "hate", "spam", "harassment", "spam")
    whole = [case.id for case in await queue(place)]
    walked: list[int] = []
    last: Case | None = None
    async with place.db.read() as reader:
        while page := await access.queue(reader, limit=2, after=last):
            walked += [case.id for case in page]
            last = page[-1]
    assert walked == whole


async def test_two_people_never_hold_the_same_case(place: Place) -> None:
    (case,) = await reported(place, "spam")
    held = await working(place, work.claim, case.id, ANN)
    assert held.status.holder_id == ANN
    with pytest.raises(Conflict) as refused:
        await working(place, work.claim, case.id, BEN)
    assert refused.value.code == "case_held"
    await working(place, work.claim, case.id, ANN)
    place.clock.advance(16 * MINUTE)
    taken = await working(place, work.claim, case.id, BEN)
    assert taken.status.holder_id == BEN
    await working(place, work.release, case.id, BEN)
    assert (await working(place, work.claim, case.id, ANN)).status.holder_id == ANN


async def test_whoever_asks_for_the_next_case_gets_another_one(place: Place) -> None:
    cases = await reported(place, *["spam"] * 6)
    taken = await asyncio.gather(*(working(place, work.claim_next, actor) for actor in range(1, 7)))
    assert sorted(case.id for case in taken) == sorted(case.id for case in cases)
    assert await working(place, work.claim_next, 7) is None


async def test_what_is_put_aside_comes_back_later(place: Place) -> None:
    first, second = await reported(place, "hate", "spam")
    assert (await working(place, work.claim_next, ANN)).id == first.id
    await working(place, work.skip, first.id, ANN)
    assert (await working(place, work.claim_next, ANN)).id == second.id
    await working(place, work.release, second.id, ANN)
    assert (await working(place, work.claim_next, BEN)).id == first.id
    await working(place, work.release, first.id, BEN)
    place.clock.advance(3 * HOUR)
    assert (await working(place, work.claim_next, ANN)).id == first.id


async def test_a_case_is_handed_on_noted_and_called_something_else(place: Place) -> None:
    first, _ = await reported(place, "spam", "hate")
    await working(place, work.hand_over, first.id, ANN, BEN, words="you know them")
    with pytest.raises(Conflict):
        await working(place, work.claim, first.id, ANN)
    await working(place, work.note, first.id, ANN, "seen before")
    with pytest.raises(Invalid):
        await working(place, work.note, first.id, ANN, "  ")
    changed = await working(place, work.recategorise, first.id, BEN, Category.TERRORISM)
    assert changed.status.severity == Severity.CRITICAL
    assert (await queue(place))[0].id == first.id
    async with place.db.read() as reader:
        told = await access.events(reader, first.id)
        worked = await access.events(reader, first.id, limit=2, reports=False)
    assert [event.kind for event in told] == [
        EventKind.OPENED,
        EventKind.REPORTED,
        EventKind.HANDED,
        EventKind.NOTED,
        EventKind.RECATEGORISED,
    ]
    assert folded(told) == changed.status
    assert worked == told[-2:]


async def two_of_one(place: Place) -> tuple[Asker, list[Case]]:
    """Who reported two posts of one member, and their cases."""
    ann, bob = await place.members("ann", "bob")
    posts = [await bob.post(text) for text in ("one", "two")]
    await report(ann, bob, posts[0]["id"], harm="spam")
    await report(ann, bob, posts[1]["id"], harm="hate")
    return ann, await queue(place)


async def test_cases_are_merged_and_split_again(place: Place) -> None:
    _, (worse, other) = await two_of_one(place)
    merged = await working(place, work.merge, worse.id, other.id, ANN)
    assert merged.status.category == Category.HATE
    assert merged.status.reports_count == 2
    assert [case.id for case in await queue(place)] == [other.id]
    async with place.db.read() as reader:
        assert len(await access.report_ids(reader, other.id)) == 2
    apart = await working(place, work.split, worse.id, ANN)
    assert apart.status.state == CaseState.OPEN
    assert len(await queue(place)) == 2
    with pytest.raises(Invalid):
        await working(place, work.merge, worse.id, worse.id, ANN)


async def test_a_decided_case_is_worked_on_no_more(place: Place) -> None:
    _, (case, _other) = await two_of_one(place)
    await decide(place, [case.id], ruling(ActionKind.NONE))
    for verb in (work.claim, work.release, work.skip):
        with pytest.raises(Conflict):
            await working(place, verb, case.id, ANN)
    with pytest.raises(Conflict):
        await decide(place, [case.id], ruling(ActionKind.NONE))


_times = st.integers(min_value=1, max_value=10**12)
_events = st.builds(
    Event,
    kind=st.sampled_from(list(EventKind)),
    at=_times,
    actor_id=st.integers(0, 3),
    source=st.sampled_from([int(sender) for sender in Sender]),
    category=st.sampled_from([int(category) for category in Category]),
    severity=st.sampled_from([int(severity) for severity in Severity]),
    weight=st.integers(0, 5_000),
    deadline_at=_times,
    reach=st.integers(0, 10**9),
    holder_id=st.integers(0, 3),
    until=_times,
    other_id=st.integers(1, 9),
    decision_id=st.integers(1, 9),
)


@given(st.lists(_events, max_size=30), st.integers(0, 30))
def test_the_fold_is_the_same_at_once_and_step_by_step(events: list[Event], cut: int) -> None:
    stepped = Status()
    for event in events:
        stepped = after(stepped, event)
    assert folded(events) == stepped
    assert folded(events[cut:], folded(events[:cut])) == stepped


@given(st.lists(_events, max_size=10), _events)
def test_more_harm_never_moves_a_case_back(events: list[Event], more: Event) -> None:
    told = Event(
        kind=EventKind.REPORTED,
        at=1,
        weight=1_000,
        category=more.category,
        deadline_at=more.deadline_at,
    )
    status = folded([told, *events])
    again = Event(
        kind=EventKind.REPORTED,
        at=more.at,
        source=status.sources.bit_length() - 1,
        category=status.category,
        weight=more.weight,
        reach=more.reach,
        deadline_at=status.deadline_at,
    )
    assert rank_of(after(status, again))[0] <= rank_of(status)[0]
