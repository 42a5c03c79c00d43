"""Strikes are computed from the decisions that gave them, never counted in place."""

import msgspec

from rostra.kernel.clock import DAY
from rostra.safety.decisions import queries
from rostra.safety.decisions.model import ActionKind
from rostra.safety.edge import Reader, Services

_NAMES = {
    kind.wire: kind for kind in (ActionKind.FREEZE, ActionKind.SUSPEND, ActionKind.DELETE_ACCOUNT)
}


class Strike(msgspec.Struct, frozen=True):
    """A strike that still counts."""

    decision_id: int
    points: int
    until: int  # UTC ms


class Threshold(msgspec.Struct, frozen=True):
    """What is proposed from so many points on."""

    points: int
    action: ActionKind
    days: int = 0  # 0: until it is taken back


class Outlook(msgspec.Struct, frozen=True):
    """Where a member stands, and what a decision would make of it."""

    points: int
    after: int
    proposed: Threshold | None  # that is reached by the decision
    next: Threshold | None  # that comes after it


async def strikes(reader: Reader, services: Services, account_id: int) -> list[Strike]:
    """The strikes of a member that still count, the newest first (200 at most)."""
    now = services.clock.now()
    rows = await reader.all(queries.STRIKES, account=account_id, now=now)
    return [Strike(*row) for row in rows]


async def outlook(reader: Reader, services: Services, account_id: int, more: int) -> Outlook:
    """What would be proposed if a decision gave a member this many points more."""
    points = sum(each.points for each in await strikes(reader, services, account_id))
    steps = thresholds(services.settings.moderation.strike_thresholds)
    after = points + more
    reached = [each for each in steps if points < each.points <= after]
    ahead = [each for each in steps if each.points > after]
    return Outlook(points, after, reached[-1] if reached else None, ahead[0] if ahead else None)


def thresholds(given: tuple[str, ...]) -> tuple[Threshold, ...]:
    """The thresholds of the settings, the lowest first.

    Raises:
        ValueError: one of them is none.
    """
    found: list[Threshold] = []
    for text in given:
        points, _, rest = text.partition(":")
        name, _, days = rest.partition(":")
        if name not in _NAMES or not points.isdecimal() or not (days or "0").isdecimal():
            raise ValueError(f"{text!r} is no threshold: points:action or points:action:days")
        found.append(Threshold(int(points), _NAMES[name], int(days or 0)))
    return tuple(sorted(found, key=lambda each: each.points))


def until(threshold: Threshold, now: int) -> int:
    """When what a threshold proposes ends, if it begins now (UTC ms); 0: never by itself."""
    return now + threshold.days * DAY if threshold.days else 0
