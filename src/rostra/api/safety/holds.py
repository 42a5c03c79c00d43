"""What rules hold until somebody has looked at it."""

from typing import Any

import msgspec

from rostra.api.endpoint import GET, Auth, Call, Endpoint
from rostra.api.mastodon.times import iso
from rostra.api.safety.common import BASE, READ, actor_of
from rostra.http.params import NoParams
from rostra.safety.holding import access
from rostra.safety.holding.model import Hold
from rostra.safety.team.model import Permission

_MS = 1_000


class HoldEntity(msgspec.Struct, frozen=True, kw_only=True):
    """A post that waits."""

    decision_id: str
    post_id: str
    account_id: str
    rule_id: str
    rule_version: int
    held_at: str
    due_at: str  # until when somebody should have looked
    overdue: bool


class HoldsEntity(msgspec.Struct, frozen=True, kw_only=True):
    """How holds do."""

    waiting: int
    overdue: int  # of these, those that nobody has looked at within their limit
    settled: dict[str, int]  # of 30 days: released, kept, let_go (nobody had looked), gone
    median_s: int | None  # half of those that somebody looked at waited no longer
    holds: tuple[HoldEntity, ...]  # the first that is due first, 40 at most


async def show(call: Call[NoParams]) -> HoldsEntity:
    """What waits because of rules, and how long that takes, of what the asker may see."""
    now = call.services.clock.now()
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        found = await access.overview(call.services, reader, actor)
    return HoldsEntity(
        waiting=found.waiting,
        overdue=found.overdue,
        settled={state.wire: count for state, count in found.settled.items()},
        median_s=None if found.median_ms is None else found.median_ms // _MS,
        holds=tuple(_hold(each, now) for each in found.holds),
    )


def _hold(hold: Hold, now: int) -> HoldEntity:
    return HoldEntity(
        decision_id=str(hold.decision_id),
        post_id=str(hold.post_id),
        account_id=str(hold.account_id),
        rule_id=str(hold.rule_id),
        rule_version=hold.rule_version,
        held_at=iso(hold.held_at),
        due_at=iso(hold.due_at),
        overdue=hold.due_at <= now,
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        f"{BASE}/screening/holds",
        show,
        auth=Auth.USER,
        scopes=READ,
        answer=HoldsEntity,
        summary="What rules hold until somebody has looked at it",
    ),
)
