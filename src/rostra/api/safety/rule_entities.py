"""Rules for screening as programs read them, and what they send."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec

from rostra.api.mastodon.times import iso, iso_or_none
from rostra.api.safety.common import id_or_none
from rostra.http.params import Count, Id
from rostra.kernel import ids
from rostra.safety.rules import words
from rostra.safety.rules.faults import Fault, Faulty
from rostra.safety.rules.model import (
    HOURLY,
    JUMP,
    Lack,
    LogEntry,
    State,
    StoredRule,
    Tally,
    Version,
    What,
)
from rostra.safety.rules.outcome import Effect
from rostra.safety.rules.place import Words
from rostra.safety.rules.spans import span_words
from rostra.safety.rules.vocabulary import MOST_COST

StateName = Literal["off", "shadow", "live"]


class OneParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which rule."""

    id: Id


class CheckParams(msgspec.Struct, frozen=True, kw_only=True):
    """The source of a rule."""

    source: str = ""


class NewParams(msgspec.Struct, frozen=True, kw_only=True):
    """A rule, why it is added, and how much it may catch; `jump` 0: its share is not looked at."""

    name: str = ""
    source: str = ""
    reason: str = ""
    most_an_hour: Count = Count(HOURLY)
    jump: Count = Count(JUMP)


class ChangeParams(OneParams, frozen=True, kw_only=True):
    """What it says now, and why; `version` is the one that was changed."""

    version: Count
    source: str = ""
    reason: str = ""
    stay_live: bool = False


class BoundsParams(OneParams, frozen=True, kw_only=True):
    """How much it may catch, and why."""

    most_an_hour: Count
    jump: Count
    reason: str = ""


class SwitchParams(OneParams, frozen=True, kw_only=True):
    """What it is to be, and why; `untried`: it goes live without having been tried (owners)."""

    version: Count
    state: StateName
    reason: str = ""
    untried: bool = False


class RuleFault(msgspec.Struct, frozen=True):
    """What is wrong with a source. Lines and columns count from 1, columns in characters."""

    line: int
    column: int
    words: str


class RuleEffect(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule asks for; what does not belong to its kind is null or empty."""

    kind: str
    category: str | None
    words: str
    lasts: str | None
    message: str


class RuleCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a source: faults, or what it needs, costs and does."""

    faults: tuple[RuleFault, ...]
    description: str = ""
    cost: int = 0
    most_cost: int = MOST_COST
    examples: int = 0
    needs: tuple[str, ...] = ()
    effects: tuple[RuleEffect, ...] = ()


class RuleDay(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule was asked on a day, and answered; `spent_us` is all of it together."""

    day: str
    asked: int
    caught: int
    skipped: int
    spent_us: int


class ScreeningRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule; `faults`: it should be asked, and is no rule any more."""

    id: str
    name: str
    state: StateName
    version: int
    since: str
    switched_by: str | None
    most_an_hour: int
    jump: int
    created_at: str
    faults: tuple[RuleFault, ...]
    days: tuple[RuleDay, ...]


class WholeRule(ScreeningRule, frozen=True, kw_only=True):
    """A rule with what it says, and what became of that when it was checked now."""

    source: str
    tried: bool  # this version may go live
    lacks: tuple[Lack, ...]  # what it was not tried on
    check: RuleCheck


class RuleVersion(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule said from a time on."""

    version: int
    source: str
    reason: str
    author_id: str | None
    created_at: str
    shadowed_at: str | None


class RuleLog(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was done with a rule, and the state that it is in since."""

    what: str
    version: int
    state: StateName
    at: str
    actor_id: str | None
    reason: str


def one(rule: StoredRule, days: Sequence[Tally], found: Iterable[Fault]) -> ScreeningRule:
    """A rule in the list."""
    return ScreeningRule(**_plain(rule, days), faults=_faults(found))


def whole(
    rule: StoredRule, now: Version, lacks: tuple[Lack, ...], days: Sequence[Tally], known: Words
) -> WholeRule:
    """A rule by itself."""
    result = checked(now.source, known)
    return WholeRule(
        **_plain(rule, days),
        faults=result.faults,
        source=now.source,
        tried=not lacks,
        lacks=lacks,
        check=result,
    )


def _plain(rule: StoredRule, days: Sequence[Tally]) -> dict[str, Any]:
    return {
        "id": str(rule.id),
        "name": rule.name,
        "state": rule.state.wire,
        "version": rule.version,
        "since": iso(rule.state_at),
        "switched_by": id_or_none(rule.switched_by),
        "most_an_hour": rule.most_an_hour,
        "jump": rule.jump,
        "created_at": iso(rule.created_at),
        "days": tuple(map(_day, days)),
    }


def _day(tally: Tally) -> RuleDay:
    return RuleDay(
        day=iso(tally.at)[:10],
        asked=tally.asked,
        caught=tally.caught,
        skipped=tally.skipped,
        spent_us=tally.spent_ns // 1_000,
    )


def _faults(found: Iterable[Fault]) -> tuple[RuleFault, ...]:
    return tuple(RuleFault(each.line, each.column, each.words) for each in found)


def checked(source: str, known: Words) -> RuleCheck:
    """What becomes of a source at this place."""
    try:
        rule = known.read(source)
    except Faulty as faulty:
        return RuleCheck(faults=_faults(faulty.faults))
    return RuleCheck(
        faults=(),
        description=rule.description,
        cost=rule.cost,
        examples=len(rule.examples),
        needs=tuple(words.needs(rule)),
        effects=tuple(map(_effect, rule.effects)),
    )


def _effect(effect: Effect) -> RuleEffect:
    return RuleEffect(
        kind=effect.kind.value,
        category=effect.category or None,
        words=effect.words or effect.signal,
        lasts=span_words(effect.lasts_ms) if effect.lasts_ms else None,
        message=effect.message,
    )


def version(found: Version) -> RuleVersion:
    """One of a rule's versions."""
    return RuleVersion(
        version=found.number,
        source=found.source,
        reason=found.reason,
        author_id=id_or_none(found.author_id),
        created_at=iso(found.created_at),
        shadowed_at=iso_or_none(found.shadowed_at),
    )


def entry(found: LogEntry) -> RuleLog:
    """A line of a rule's log."""
    return RuleLog(
        what=What(found.what).wire,
        version=found.version,
        state=State(found.state).wire,  # type: ignore[arg-type] # its names are these
        at=iso(ids.time_of(found.id)),
        actor_id=id_or_none(found.actor_id),
        reason=found.reason,
    )
