"""While a flood is on, the first public posts of new accounts wait for a look.

Each is held by a decision of its own, made by the terms that an admin has agreed to, with an end;
it opens a case. Who decides the case otherwise lets the post go; so does the end of the measure.
"""

from collections.abc import Mapping
from typing import Final

from rostra.kernel import ids
from rostra.kernel.clock import DAY
from rostra.network.credentials.model import Role
from rostra.network.instance import access as instance_access
from rostra.network.instance.model import Measure
from rostra.network.posts.events import PostPublished
from rostra.network.posts.model import Visibility
from rostra.safety.cases import access as cases_access
from rostra.safety.cases import close as closing
from rostra.safety.cases import keep
from rostra.safety.cases.model import Case, EventKind
from rostra.safety.cases.signal import signalled
from rostra.safety.categories.model import Category, Sender
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions import ends
from rostra.safety.decisions.decide import decide_subjects
from rostra.safety.decisions.events import Decided
from rostra.safety.decisions.model import Action, ActionKind, Ruling
from rostra.safety.edge import Services, Transaction
from rostra.safety.pace import queries, surge
from rostra.safety.pace.surge import Release
from rostra.safety.pace.surge_model import MeasureKind
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.model import Actor

NEW_MS: Final = 7 * DAY
FIRST: Final = 3
"""As long as no more posts of a new account are shown, its next one waits."""

_AT_ONCE: Final = 100
_SEEN: Final = frozenset({Visibility.PUBLIC, Visibility.UNLISTED})
_FACTS: Final = (
    "While more is reported here than people can look at, the first posts of new accounts wait"
    " until somebody has looked at them, or until this measure ends."
)
_KEPT: Final = frozenset({ActionKind.HOLD, ActionKind.REMOVE})


def _running(services: Services) -> Measure | None:
    """The measure, if it is in force; no statement."""
    place = instance_access.lately(services)
    return place.surge.in_force("hold_first_posts", services.clock.now()) if place else None


async def post_published(services: Services, tx: Transaction, event: PostPublished) -> None:
    """Hold the post, if it is one of the first of a new account. Hears `PostPublished`."""
    if event.let_go or event.reblog_of_id or event.visibility not in _SEEN:
        return
    now = services.clock.now()
    if now - ids.time_of(event.account_id) >= NEW_MS:
        return
    measure = _running(services)
    if measure is None or not await _is_first(tx, event.account_id):
        return
    today = {"switch": measure.switch_id, "since": ids.floor_at(now - DAY), "limit": measure.most}
    if len(await tx.all(queries.HELD_SINCE, **today)) >= measure.most:
        return
    agreed = (await surge.terms(tx)).get(MeasureKind.HOLD_FIRST_POSTS)
    if agreed is not None:
        await _hold(services, tx, event.post_id, measure, agreed.agreed_by)


async def _is_first(tx: Transaction, account_id: int) -> bool:
    """Whether fewer than `FIRST` posts before this one are shown to everybody. One statement.

    Reblogs, and what followers or those mentioned alone see, are no such posts.
    """
    found = await tx.first(queries.NEWCOMER, account=account_id, limit=FIRST + 1)
    return found is not None and found[0] <= FIRST and found[1] == Role.MEMBER


async def _hold(
    services: Services, tx: Transaction, post_id: int, measure: Measure, agreed_by: int
) -> None:
    subject = Subject(SubjectKind.POST, post_id)
    ruling = Ruling(
        actions=(Action(kind=ActionKind.HOLD, ends_at=measure.until),),
        category=Category.OTHER,
        facts=_FACTS,
        source=int(Sender.RULE),
        machine_found=True,
        rule_id=measure.switch_id,
    )
    actor = Actor(agreed_by, Role.ADMIN)
    made = await decide_subjects(services, tx, actor, ruling, [subject])
    await tx.run(
        queries.ADD_HOLD,
        switch_id=measure.switch_id,
        decision_id=made.id,
        post_id=post_id,
        released_at=0,
    )
    words = "A first post of a new account"
    await signalled(services, tx, subject, Category.OTHER, words, decision_id=made.id)


async def decided(services: Services, tx: Transaction, event: Decided) -> None:
    """Let go of what somebody has decided otherwise. Hears `Decided`."""
    if _running(services) is None:
        return
    held = await tx.all(queries.HOLDS_OF_DECISION, decision=event.decision_id)
    if not held:
        return
    decision = await decisions_access.one(tx, event.decision_id)
    if not _KEPT & {action.kind for action in decision.done}:
        for switch_id in {switch_id for switch_id, _ in held}:
            of_it = [decision_id for each, decision_id in held if each == switch_id]
            await _let_go(services, tx, switch_id, of_it)


async def _let_go(
    services: Services, tx: Transaction, switch_id: int, decision_ids: list[int]
) -> None:
    await ends.end_of(services, tx, decision_ids)
    await tx.run(queries.RELEASED, switch=switch_id, ids=decision_ids, now=services.clock.now())


async def _of_holds_alone(
    services: Services, tx: Transaction, by_post: Mapping[int, int]
) -> list[Case]:
    """The open cases of posts that are there because of these holds, and for nothing else.

    What signals, lists, banks, adapters or rules have found is for people, and so is what somebody
    works on, or has said something about.
    """
    open_ = await keep.open_of(tx, [Subject(SubjectKind.POST, each) for each in by_post])
    now = services.clock.now()
    free = [case for case in open_.values() if not case.status.held_at(now)]
    said = await cases_access.said_of(tx, [case.id for case in free])
    return [
        case
        for case in free
        if [(each.kind, each.decision_id) for each in said.get(case.id, ())]
        == [(EventKind.SIGNALLED, by_post[case.subject_id])]
    ]


async def release(services: Services, tx: Transaction, job: Release) -> None:
    """Let go of what still waits; the cases that nothing else speaks of are closed with it."""
    rows = await tx.all(queries.LEFT_OF_SWITCH, switch=job.switch_id, limit=_AT_ONCE)
    if not rows:
        return
    await _let_go(services, tx, job.switch_id, [decision_id for decision_id, _ in rows])
    by_post = {post_id: decision_id for decision_id, post_id in rows}
    for case in await _of_holds_alone(services, tx, by_post):
        await closing.close(services, tx, by_post[case.subject_id], 0, case_ids=[case.id])
    if len(rows) == _AT_ONCE:
        await tx.enqueue("pace.release", job)
