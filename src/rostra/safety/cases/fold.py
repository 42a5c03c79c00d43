"""What a case is follows from what happened to it: one pure function, for one case and for many."""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from rostra.safety.cases.model import CaseState, Event, EventKind, Status
from rostra.safety.categories.facts import facts_of

NEW = Status()


def folded(events: Iterable[Event], status: Status = NEW) -> Status:
    """The status after these events."""
    for event in events:
        status = after(status, event)
    return status


def after(status: Status, event: Event) -> Status:
    """The status after one more event."""
    change = _CHANGES.get(event.kind)
    changed = status if change is None else change(status, event)
    return replace(changed, events_count=status.events_count + 1)


def _opened(status: Status, event: Event) -> Status:
    return replace(
        status,
        opened_at=event.at,
        reach=max(status.reach, event.reach),
        decision_id=event.decision_id,
    )


def _told(status: Status, event: Event) -> Status:
    """Somebody, or a machine, has told of it: the worst that is said counts, and the first date."""
    first = status.reports_count == 0 and status.sources == 0
    worse = first or _worse(event, status)
    return replace(
        status,
        category=event.category if worse and event.category else status.category,
        severity=max(status.severity, event.severity or int(facts_of(event.category).severity)),
        deadline_at=_sooner(status.deadline_at, event.deadline_at),
        sources=status.sources | 1 << event.source,
        reports_count=status.reports_count + int(event.kind == EventKind.REPORTED),
        weight=status.weight + event.weight,
        reach=max(status.reach, event.reach),
        score=max(status.score, event.score),
        waits=status.waits | event.waits,
    )


def _worse(event: Event, status: Status) -> bool:
    ours, theirs = facts_of(status.category).severity, facts_of(event.category).severity
    return theirs > ours


def _sooner(one: int, other: int) -> int:
    return min(one, other) if one and other else one or other


def _looked(status: Status, event: Event) -> Status:
    return replace(status, looked_at=status.looked_at or event.at)


def _claimed(status: Status, event: Event) -> Status:
    return replace(
        status,
        holder_id=event.holder_id or event.actor_id,
        held_until=event.until,
        looked_at=status.looked_at or event.at,
    )


def _handed(status: Status, event: Event) -> Status:
    return replace(status, holder_id=event.holder_id, held_until=event.until)


def _released(status: Status, _: Event) -> Status:
    return replace(status, holder_id=0, held_until=0)


def _escalated(status: Status, _: Event) -> Status:
    return replace(status, escalated=1, holder_id=0, held_until=0)


def _calmed(status: Status, _: Event) -> Status:
    return replace(status, escalated=0)


def _recategorised(status: Status, event: Event) -> Status:
    """A person knows better than what was said: better or worse."""
    return replace(
        status,
        category=event.category,
        severity=event.severity,
        deadline_at=event.deadline_at or status.deadline_at,
    )


def _dated(status: Status, event: Event) -> Status:
    return replace(status, deadline_at=event.deadline_at or status.deadline_at)


def _reached(status: Status, event: Event) -> Status:
    return replace(status, reach=max(status.reach, event.reach))


def _merged(status: Status, event: Event) -> Status:
    return replace(
        status,
        state=CaseState.MERGED,
        merged_into=event.other_id,
        holder_id=0,
        held_until=0,
        panel_id=0,
    )


def _absorbed(status: Status, event: Event) -> Status:
    return replace(
        status,
        category=event.category if _worse(event, status) else status.category,
        severity=max(status.severity, event.severity),
        deadline_at=_sooner(status.deadline_at, event.deadline_at),
        sources=status.sources | event.sources,
        reports_count=status.reports_count + event.reports,
        weight=status.weight + event.weight,
        reach=max(status.reach, event.reach),
        score=max(status.score, event.score),
        waits=status.waits | event.waits,
    )


def _let_go(status: Status, _: Event) -> Status:
    return replace(status, waits=0)


def _proposed(status: Status, event: Event) -> Status:
    return replace(_looked(status, event), proposed_id=event.decision_id, holder_id=0, held_until=0)


def _declined(status: Status, _: Event) -> Status:
    return replace(status, proposed_id=0)


def _panelled(status: Status, event: Event) -> Status:
    """Whoever sends it has looked at it."""
    return replace(
        status,
        panel_id=event.panel_id,
        advice_id=0,
        holder_id=0,
        held_until=0,
        looked_at=status.looked_at or (event.at if event.actor_id else 0),
    )


def _returned(status: Status, event: Event) -> Status:
    """It is back; with the panel's advice, if its votes agreed."""
    return replace(status, panel_id=0, advice_id=event.panel_id)


def _decided(status: Status, event: Event) -> Status:
    return replace(
        status,
        state=CaseState.DECIDED,
        decision_id=event.decision_id,
        proposed_id=0,
        panel_id=0,
        decided_at=event.at,
        looked_at=status.looked_at or (event.at if event.actor_id else 0),
        escalated=0,
        holder_id=0,
        held_until=0,
        waits=0,
    )


def _reopened(status: Status, event: Event) -> Status:
    return replace(
        status,
        state=CaseState.OPEN,
        advice_id=0,
        decided_at=0,
        merged_into=0,
        deadline_at=event.deadline_at or status.deadline_at,
    )


_CHANGES: dict[int, Callable[[Status, Event], Status]] = {
    EventKind.OPENED: _opened,
    EventKind.REPORTED: _told,
    EventKind.SIGNALLED: _told,
    EventKind.LOOKED: _looked,
    EventKind.CLAIMED: _claimed,
    EventKind.RELEASED: _released,
    EventKind.SKIPPED: _released,
    EventKind.ESCALATED: _escalated,
    EventKind.CALMED: _calmed,
    EventKind.HANDED: _handed,
    EventKind.RECATEGORISED: _recategorised,
    EventKind.DATED: _dated,
    EventKind.REACHED: _reached,
    EventKind.MERGED: _merged,
    EventKind.LET_GO: _let_go,
    EventKind.ABSORBED: _absorbed,
    EventKind.PROPOSED: _proposed,
    EventKind.DECLINED: _declined,
    EventKind.PANELLED: _panelled,
    EventKind.RETURNED: _returned,
    EventKind.DECIDED: _decided,
    EventKind.REOPENED: _reopened,
}
