"""What the endpoints of moderation share: who asks, and how its things are told."""

from typing import Any, Final

import msgspec

from rostra.api.endpoint import Call
from rostra.api.mastodon.times import iso, iso_or_none
from rostra.api.safety import entities
from rostra.kernel.clock import SECOND
from rostra.kernel.errors import Invalid
from rostra.network.edge import Reader
from rostra.safety.cases.model import Case, CaseState, Event, EventKind
from rostra.safety.categories.facts import category_of, facts_of
from rostra.safety.categories.model import Category, Sender, Severity
from rostra.safety.decisions.model import (
    OWN_INITIATIVE,
    Action,
    ActionKind,
    Decision,
    DecisionState,
    Ground,
)
from rostra.safety.reports.model import ORDINARY, Report, ReportState
from rostra.safety.subjects import SubjectKind
from rostra.safety.team import access as team_access
from rostra.safety.team.model import Actor, Permission

BASE: Final = "/api/rostra/v1/safety"
READ: Final = ("admin:read:reports",)
WRITE: Final = ("admin:write:reports",)
_SHOWN_APART: Final = frozenset({"kind", "at", "actor_id", "words"})


async def actor_of(call: Call[Any], reader: Reader, *needed: Permission) -> Actor:
    """Who asks, if they are trusted with all of this.

    Raises:
        Forbidden: they are not.
    """
    actor = await team_access.actor(reader, call.viewer.account_id)
    for permission in needed:
        actor.require(permission)
    return actor


def category_named(slug: str, field: str = "category") -> Category:
    """The category of this name.

    Raises:
        Invalid: there is none.
    """
    found = category_of(slug)
    if found is None:
        raise Invalid(field, "is not included in the list", "ERR_INCLUSION")
    return found


def id_or_none(number: int) -> str | None:
    """An id, or null for none."""
    return str(number) if number else None


def senders_of(bits: int) -> tuple[str, ...]:
    """The names of those who told of something."""
    return tuple(sender.name.lower() for sender in Sender if bits >> sender & 1)


def case_entity(case: Case) -> entities.Case:
    """A case as programs read it."""
    status = case.status
    return entities.Case(
        id=str(case.id),
        subject_type=SubjectKind(case.subject_kind).wire,
        subject_id=str(case.subject_id),
        account_id=str(case.account_id),
        state=CaseState(status.state).wire,
        category=facts_of(status.category).slug,
        severity=Severity(status.severity).name.lower(),
        language=case.language,
        sources=senders_of(status.sources),
        reports_count=status.reports_count,
        weight=status.weight / ORDINARY,
        reach=status.reach,
        deadline_at=iso_or_none(status.deadline_at),
        escalated=bool(status.escalated),
        holder_id=id_or_none(status.holder_id),
        held_until=iso_or_none(status.held_until),
        cluster_id=id_or_none(case.cluster_id),
        merged_into=id_or_none(status.merged_into),
        decision_id=id_or_none(status.decision_id),
        proposed_id=id_or_none(status.proposed_id),
        panel_id=id_or_none(status.panel_id),
        advice_id=id_or_none(status.advice_id),
        opened_at=iso(status.opened_at),
        looked_at=iso_or_none(status.looked_at),
        decided_at=iso_or_none(status.decided_at),
        rank_at=iso(max(0, case.rank)),
        reasons=tuple(
            entities.Reason(each.name, each.sooner_ms // 1000, _value(each.name, each.value))
            for each in case.why
        ),
    )


def _value(name: str, value: int) -> str | None:
    if name == "deadline":
        return iso_or_none(value)
    if name == "severity":
        return Severity(value).name.lower()
    return str(value) if value else None


def event_entity(event: Event) -> entities.Event:
    """Something that happened to a case, with what belongs to its kind."""
    given = msgspec.to_builtins(event)
    return entities.Event(
        kind=EventKind(event.kind).wire,
        at=iso(event.at),
        actor_id=id_or_none(event.actor_id),
        words=event.words,
        details={name: str(value) for name, value in given.items() if name not in _SHOWN_APART},
    )


def report_entity(report: Report) -> entities.CaseReport:
    """What somebody said."""
    row = report.row
    return entities.CaseReport(
        id=str(row.id),
        source=Sender(row.source).name.lower(),
        account_id=id_or_none(row.account_id),
        category=facts_of(row.category).slug,
        comment=row.comment,
        weight=row.weight / ORDINARY,
        state=ReportState(row.state).wire,
        post_ids=tuple(map(str, report.post_ids)),
        rule_ids=tuple(map(str, report.rule_ids)),
        created_at=iso(row.created_at),
    )


def action_entity(action: Action) -> entities.Action:
    """One thing that a decision does."""
    return entities.Action(
        action=ActionKind(action.kind).wire,
        ends_at=iso_or_none(action.ends_at),
        label=action.label,
        surfaces=action.surfaces,
        fields=action.fields,
        deletes_at=iso_or_none(action.at),
        posts=action.posts,
        per_seconds=action.per_ms // SECOND,
    )


def decision_entity(decision: Decision) -> entities.Decision:
    """What was decided, and why."""
    source = decision.source
    return entities.Decision(
        id=str(decision.id),
        state=DecisionState(decision.state).wire,
        undoes_id=id_or_none(decision.undoes_id),
        undone_by=id_or_none(decision.undone_by),
        case_id=id_or_none(decision.case_id),
        cluster_id=id_or_none(decision.cluster_id),
        actions=tuple(map(action_entity, decision.done)),
        category=facts_of(decision.category).slug,
        ground=Ground(decision.ground).wire,
        rule_id=id_or_none(decision.clause_id),
        clause=decision.clause,
        rules_version=decision.clause_version or None,
        legal_ground=decision.legal_ground,
        facts=decision.facts,
        words=decision.words,
        note=decision.note,
        language=decision.language,
        source="own_initiative" if source == OWN_INITIATIVE else Sender(source).name.lower(),
        automated_detection=bool(decision.machine_found),
        automated_decision=bool(decision.machine_decided),
        strikes=decision.strikes,
        ends_at=iso_or_none(decision.ends_at),
        actor_id=id_or_none(decision.actor_id),
        second_id=id_or_none(decision.second_id),
        panel_id=id_or_none(decision.panel_id),
        subjects_count=decision.subjects_count,
        done_count=decision.done_count,
        created_at=iso(decision.created_at),
        applied_at=iso_or_none(decision.applied_at),
    )
