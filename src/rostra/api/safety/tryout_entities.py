"""Try-outs of rules as programs read them, and what they send."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from rostra.api.mastodon.times import iso, iso_or_none
from rostra.api.safety.common import id_or_none
from rostra.http.params import Count, Id
from rostra.kernel import ids
from rostra.safety.tryout.access import Shown
from rostra.safety.tryout.kept import State, Tryout
from rostra.safety.tryout.model import Group, Result, Side

StateName = Literal["waiting", "running", "done", "cancelled", "failed"]


class RuleParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of which rule."""

    rule_id: Id


class OneParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which try-out."""

    id: Id


class BeginParams(RuleParams, frozen=True, kw_only=True):
    """What is tried: a version of the rule (0: the one that it has) or another `source`.

    `against`: a version beside which it is tried; `days`: how far back.
    """

    version: Count = Count(0)
    source: str = ""
    against: Count = Count(0)
    days: Count = Count(30)


class TriedPost(msgspec.Struct, frozen=True, kw_only=True):
    """A post that was caught, of those that their authors showed to everybody."""

    id: str
    account_id: str
    username: str
    created_at: str
    words: str


class TriedGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Posts that have something in common; `samples`: some that are there and for all."""

    posts: int
    members: int
    samples: tuple[TriedPost, ...]


class TriedRule(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule would have said.

    `version`: null for a source that is not kept. `missing`: what it lacked where it was skipped,
    and for how many posts. `precision`: of what it caught and people decided, the share that they
    acted on; `recall`: of what they acted on for its harms, the share that it caught; null where
    nobody has decided. `micros`: microseconds of processor time for a post.
    """

    version: int | None
    caught: TriedGroup
    skipped: int
    missing: dict[str, int]
    right: int
    wrong: int
    sought: int
    found: int
    precision: float | None
    recall: float | None
    micros: float | None


class TryoutResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a try-out; the groups of two rules are null where there is one."""

    posts: int
    members: int
    edited: int
    decided: int
    acted: int
    exported: bool
    rules: tuple[TriedRule, ...]
    both: TriedGroup | None
    first_only: TriedGroup | None
    second_only: TriedGroup | None


class RuleTryout(msgspec.Struct, frozen=True, kw_only=True):
    """A try-out; `total` is 0 until its posts are counted."""

    id: str
    rule_id: str
    version: int | None
    against: int | None
    since: str
    until: str
    state: StateName
    total: int
    done: int
    failure: str
    asked_by: str | None
    created_at: str
    ended_at: str | None
    result: TryoutResult | None


def one(tryout: Tryout, shown: Mapping[int, Shown]) -> RuleTryout:
    """A try-out, with the posts that it shows."""
    found = tryout.found
    return RuleTryout(
        id=str(tryout.id),
        rule_id=str(tryout.rule_id),
        version=tryout.version or None,
        against=tryout.against or None,
        since=iso(tryout.since),
        until=iso(tryout.until),
        state=State(tryout.state).wire,  # type: ignore[arg-type] # its names
        total=tryout.total,
        done=tryout.done,
        failure=tryout.failure,
        asked_by=id_or_none(tryout.actor_id),
        created_at=iso(ids.time_of(tryout.id)),
        ended_at=iso_or_none(tryout.ended_at),
        result=_result(tryout, found, shown) if found else None,
    )


def _result(tryout: Tryout, found: Result, shown: Mapping[int, Shown]) -> TryoutResult:
    versions = (tryout.version or None, tryout.against)
    rules = zip(versions, found.sides, strict=False)
    groups = [
        _group(group, shown) if tryout.against else None
        for group in (found.both, found.first_only, found.second_only)
    ]
    return TryoutResult(
        posts=found.seen,
        members=found.members,
        edited=found.edited,
        decided=found.decided,
        acted=found.acted,
        exported=found.exported,
        rules=tuple(_rule(version, side, shown) for version, side in rules),
        both=groups[0],
        first_only=groups[1],
        second_only=groups[2],
    )


def _rule(version: int | None, side: Side, shown: Mapping[int, Shown]) -> TriedRule:
    return TriedRule(
        version=version,
        caught=_group(side.caught, shown),
        skipped=side.skipped,
        missing=side.missing,
        right=side.right,
        wrong=side.wrong,
        sought=side.sought,
        found=side.found,
        precision=side.precision,
        recall=side.recall,
        micros=side.micros,
    )


def _group(group: Group, shown: Mapping[int, Shown]) -> TriedGroup:
    there = [shown[each.post_id] for each in group.samples if each.post_id in shown]
    return TriedGroup(
        posts=group.posts,
        members=group.members,
        samples=tuple(
            TriedPost(
                id=str(each.post_id),
                account_id=str(each.account_id),
                username=each.username,
                created_at=iso(ids.time_of(each.post_id)),
                words=each.words,
            )
            for each in there
        ),
    )
