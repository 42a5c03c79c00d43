"""What people have removed is remembered, so that a copy of it is known when it is published.

Only what a person has decided is: a rule, or a decision that stands, learns nothing from itself.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from rostra.network.screening import joined
from rostra.safety.copies import remember
from rostra.safety.copies.sketch import Sketch, sketch_of
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions.events import DecisionApplied, MemberReleased
from rostra.safety.decisions.model import ActionKind, Decision, DecisionKind, SubjectState
from rostra.safety.edge import Reader, Services, Transaction
from rostra.safety.signals.normal import normalise
from rostra.safety.standing import queries
from rostra.store.outbox.kinds import JobKind

AT_ONCE: Final = 100


class Learn(msgspec.Struct, frozen=True):
    """Look at what a decision is about, behind a post."""

    decision_id: int
    after: int = 0


async def decision_applied(_: Services, tx: Transaction, event: DecisionApplied) -> None:
    """All of it is done, or taken back."""
    await _leave(tx, Learn(event.decision_id))


async def member_released(_: Services, tx: Transaction, event: MemberReleased) -> None:
    """It is taken back for one."""
    await _leave(tx, Learn(event.decision_id))


async def _leave(tx: Transaction, job: Learn) -> None:
    """What is done and what is taken back of one decision is looked at in turns."""
    await tx.enqueue("standing.learn", job, group_key=f"standing.learn:{job.decision_id}")


async def learn(services: Services, job: Learn) -> None:
    """Remember what is removed, forget what no longer is; the next job goes on behind it."""
    async with services.db.read() as reader:
        decision = await decisions_access.one(reader, job.decision_id)
    if decision.undoes_id:
        async with services.db.write() as tx:
            await _leave(tx, Learn(decision.undoes_id))
    elif _teaches(decision):
        await _look(services, decision, job.after)


async def _look(services: Services, decision: Decision, after: int) -> None:
    """Read the words, then go by how far the decision is with each at the moment of writing."""
    async with services.db.read() as reader:
        rows = await reader.all(queries.REMOVED, id=decision.id, after=after, limit=AT_ONCE)
        more = await _more(reader, [row[0] for row in rows])
    sketches: dict[int, Sketch | None] = {}
    for post_id, warning, text in rows:
        beside = more.get(post_id, ())
        written = normalise(joined((warning, text)))
        whole = normalise(joined((warning, text, *beside))) if beside else written
        sketches[post_id] = sketch_of(written, whole)
    async with services.db.write() as tx:
        states = await tx.all(queries.STATES, id=decision.id, ids=list(sketches))
        done = [post_id for post_id, state in states if state == SubjectState.DONE]
        removed = [(each, of) for each in done if (of := sketches[each]) is not None]
        taken_back = [post_id for post_id, state in states if state == SubjectState.TAKEN_BACK]
        await remember.remember(services, tx, decision.id, decision.category, removed)
        await remember.forget(tx, decision.id, taken_back)
        if len(rows) == AT_ONCE:
            await _leave(tx, Learn(decision.id, rows[-1][0]))


async def _more(reader: Reader, ids: Sequence[int]) -> dict[int, list[str]]:
    """What posts say beside their text, as it is screened: choices of polls, descriptions."""
    found: dict[int, list[str]] = {}
    for statement in (queries.OPTIONS, queries.DESCRIPTIONS):
        for post_id, words in await reader.all(statement, ids=ids):
            found.setdefault(post_id, []).append(words)
    return found


def _teaches(decision: Decision) -> bool:
    """Whether a person has removed posts by it."""
    return (
        decision.kind == DecisionKind.DECISION
        and not decision.rule_id
        and not decision.machine_decided
        and any(action.kind == ActionKind.REMOVE for action in decision.done)
    )


JOBS = (JobKind("standing.learn", Learn, learn),)
