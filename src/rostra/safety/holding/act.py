"""Does what live rules ask for. Hears `RulesCaught`.

Whatever restricts is a decision of its own, which names the rule and its version. It closes no
case: what was reported is held as well, and left to people.
"""

from collections.abc import Collection
from typing import Final

import msgspec

from rostra.network.credentials.model import Role
from rostra.safety.cases.signal import signalled
from rostra.safety.categories.facts import category_of
from rostra.safety.categories.model import Category, Sender
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions.decide import decide_subjects
from rostra.safety.decisions.model import Action, ActionKind, Decision, Ruling
from rostra.safety.edge import Services, Transaction
from rostra.safety.holding import access, queries, words
from rostra.safety.holding.model import HoldState
from rostra.safety.holding.notify import notify
from rostra.safety.holding.slow import fitting
from rostra.safety.rules.outcome import Effect, EffectKind
from rostra.safety.screening.events import RulesCaught
from rostra.safety.screening.model import Caught
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.model import Actor

_DONE: Final = {
    EffectKind.HOLD: ActionKind.HOLD,
    EffectKind.LABEL: ActionKind.LABEL,
    EffectKind.LIMIT: ActionKind.REACH,
    EffectKind.SLOW: ActionKind.SLOW,
}
_LASTING: Final = frozenset({EffectKind.LABEL, EffectKind.LIMIT})
_RELEASE: Final = "release"


class _Asked(msgspec.Struct, frozen=True):
    """What a rule asks for, one of each kind."""

    caught: Caught
    wanted: dict[EffectKind, Effect]

    @property
    def restricting(self) -> dict[EffectKind, Effect]:
        """What only a decision does."""
        return {kind: each for kind, each in self.wanted.items() if kind in _DONE}

    @property
    def holds(self) -> bool:
        """Whether nobody is to see it."""
        return EffectKind.HOLD in self.wanted

    def without(self, done: Collection[int]) -> "_Asked":
        """The same but for the labels and limits that there are already: their end stays."""
        wanted = {
            kind: each
            for kind, each in self.wanted.items()
            if not (kind in _LASTING and _DONE[kind] in done)
        }
        return _Asked(self.caught, wanted)

    def to_look_at(self, *, restricted: bool) -> Effect | None:
        """For what somebody has to look at it; what could not be done is for people."""
        if EffectKind.CASE in self.wanted:
            return self.wanted[EffectKind.CASE]
        if restricted:
            return self.wanted.get(EffectKind.HOLD)
        return next(iter(self.restricting.values()), None)


async def rules_caught(services: Services, tx: Transaction, event: RulesCaught) -> None:
    """Do what they ask for. Hears `RulesCaught`.

    Whatever restricts comes before any case, which says whether it waits; and of that what holds
    comes first: a post that was never seen is released as soon as nothing holds it. Profiles are
    never restricted so.
    """
    subject = event.subject
    asked = [await _asked(tx, event.account_id, caught) for caught in event.caught]
    restricted = subject.kind == SubjectKind.POST
    if restricted:
        restricting = [each for each in asked if each.restricting]
        done = await _done(tx, subject) if restricting else {}
        for each in sorted(restricting, key=lambda each: not each.holds):
            # Anew: what the rule before has decided may slow its author down enough.
            now = await _asked(tx, event.account_id, each.caught)
            now = now.without(done.get(_by(each.caught), frozenset()))
            if now.restricting:
                await _restrict(services, tx, subject, event.account_id, now)
    for each in asked:
        await _call(services, tx, subject, each, restricted=restricted)


def _by(caught: Caught) -> tuple[int, str]:
    """A rule, and what its decisions say that they were caught by: that names its version."""
    return caught.rule_id, words.facts(caught)


async def _done(tx: Transaction, subject: Subject) -> dict[tuple[int, str], set[int]]:
    """What rules and others do to a post now, by who does it: see `_by`. One statement or two.

    A new post costs one; what is edited is decided on once, not each time that it is caught anew.
    """
    in_force = await decisions_access.in_force_on(tx, subject.kind, [subject.id])
    found: dict[tuple[int, str], set[int]] = {}
    if in_force:
        by = await decisions_access.by_ids(tx, sorted({each.decision_id for each in in_force}))
        for each in in_force:
            decision = by[each.decision_id]
            found.setdefault((decision.rule_id, decision.facts), set()).add(each.action)
    return found


async def _asked(tx: Transaction, account_id: int, caught: Caught) -> _Asked:
    wanted = {each.kind: each for each in reversed(caught.effects)}
    if EffectKind.SLOW in wanted:
        wanted = await fitting(tx, account_id, wanted)
    return _Asked(caught, wanted)


async def _restrict(
    services: Services, tx: Transaction, subject: Subject, account_id: int, asked: _Asked
) -> None:
    decision = await _decide(services, tx, subject, asked.caught, asked.restricting)
    if asked.holds:
        hold = asked.wanted[EffectKind.HOLD]
        await _keep(services, tx, decision, subject, account_id, asked.caught, hold)


async def _call(
    services: Services, tx: Transaction, subject: Subject, asked: _Asked, *, restricted: bool
) -> None:
    """Call whoever has to look at it, or to know of it."""
    to_look_at = asked.to_look_at(restricted=restricted)
    if to_look_at is not None:
        await signalled(
            services,
            tx,
            subject,
            category_of(to_look_at.category) or Category.OTHER,
            words.asked(asked.caught),
            waits=restricted and asked.holds,
        )
    if EffectKind.NOTIFY in asked.wanted:
        await notify(services, tx, asked.caught, asked.wanted[EffectKind.NOTIFY].words)


async def _decide(
    services: Services,
    tx: Transaction,
    subject: Subject,
    caught: Caught,
    restricting: dict[EffectKind, Effect],
) -> Decision:
    usual = await access.usual_ms(services, tx) if EffectKind.HOLD in restricting else None
    first = next(iter(restricting.values()))
    ruling = Ruling(
        actions=tuple(_action(services, each, usual) for each in restricting.values()),
        category=category_of(first.category) or Category.OTHER,
        facts=words.facts(caught),
        words="\n\n".join(dict.fromkeys(each.message for each in restricting.values())),
        source=int(Sender.RULE),
        machine_found=True,
        rule_id=caught.rule_id,
    )
    return await decide_subjects(
        services, tx, Actor(caught.actor_id, Role.ADMIN), ruling, [subject]
    )


def _action(services: Services, effect: Effect, usual_ms: int | None) -> Action:
    """What a decision does; a hold that is kept beyond its limit has no end."""
    ends_at = services.clock.now() + effect.lasts_ms
    if effect.kind is EffectKind.HOLD:
        let_go = services.settings.screening.hold_overdue == _RELEASE
        note = words.note(effect.message, usual_ms)
        return Action(kind=ActionKind.HOLD, ends_at=ends_at if let_go else 0, label=note)
    return Action(
        kind=_DONE[effect.kind],
        ends_at=ends_at,
        label=effect.words,
        posts=effect.posts,
        per_ms=effect.per_ms,
    )


async def _keep(  # noqa: PLR0917 (what a hold is)
    services: Services,
    tx: Transaction,
    decision: Decision,
    subject: Subject,
    account_id: int,
    caught: Caught,
    hold: Effect,
) -> None:
    now = services.clock.now()
    await tx.run(
        queries.ADD,
        decision_id=decision.id,
        post_id=subject.id,
        account_id=account_id,
        rule_id=caught.rule_id,
        rule_version=caught.version,
        held_at=now,
        due_at=now + hold.lasts_ms,
        state=int(HoldState.WAITING),
        settled_at=0,
    )
