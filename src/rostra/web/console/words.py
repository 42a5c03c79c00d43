"""What the console says: reasons, events, actions and decisions in words."""

from collections.abc import Iterable
from typing import Final

from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.safety.cases.model import Case, Event, EventKind, Reason
from rostra.safety.categories.facts import facts_of
from rostra.safety.categories.model import Sender, Severity
from rostra.safety.decisions.model import Action, ActionKind, Decision, DecisionKind, DecisionState
from rostra.safety.decisions.strikes import Outlook, Threshold
from rostra.safety.reports.model import ORDINARY
from rostra.safety.subjects import SubjectKind
from rostra.web.views.console import HoldView, ReasonView
from rostra.web.words import long_date, long_time

KINDS: Final = {
    SubjectKind.POST: "Post",
    SubjectKind.ACCOUNT: "Account",
    SubjectKind.MEDIA: "Attachment",
}
SENDERS: Final = {
    Sender.MEMBER: "A member",
    Sender.OUTSIDER: "Somebody from outside",
    Sender.TRUSTED_FLAGGER: "A trusted flagger",
    Sender.RULE: "A rule of this place",
    Sender.PROVIDER: "A provider",
    Sender.STORE: "An app store",
    Sender.REGISTRAR: "A registrar",
    Sender.AUTHORITY: "An authority",
}
ACTIONS: Final = {
    ActionKind.NONE: ("No action", "Nothing is wrong with it; those who reported it hear so"),
    ActionKind.LABEL: ("Label", "A line of words stands over it"),
    ActionKind.SENSITIVE: ("Mark as sensitive", "Covered until somebody asks for it"),
    ActionKind.REACH: ("Limit its reach", "Out of public timelines, trends and search"),
    ActionKind.HIDE_ON: ("Hide in some apps", "Not there in the apps that you name, or on the web"),
    ActionKind.HOLD: ("Hold", "Its author alone sees it, until it is decided for good"),
    ActionKind.REMOVE: ("Remove", "Nobody sees it any more"),
    ActionKind.WITHHOLD: ("Withhold the file", "Its place stays, with the description"),
    ActionKind.WARN: ("Warn", "The member is told, and nothing else happens"),
    ActionKind.WARN_REPORTER: ("Warn the reporter", "Their reports were plainly unfounded"),
    ActionKind.MUTE_REPORTER: ("Set their reports aside", "They weigh nothing for a time"),
    ActionKind.FIELDS: ("Blank the profile", "The fields that you choose, until they write others"),
    ActionKind.SENSITIVE_ACCOUNT: ("All media sensitive", "Whatever the member posts is covered"),
    ActionKind.LIMIT_ACCOUNT: ("Limit the account", "Only followers meet what the member posts"),
    ActionKind.SLOW: ("Slow down", "The member posts only so often, for a time"),
    ActionKind.FREEZE: ("Freeze", "The member can't sign in; what they posted stays"),
    ActionKind.SUSPEND: ("Suspend", "The account and all its posts are gone from view"),
    ActionKind.DELETE_ACCOUNT: ("Delete the account", "Suspended now, deleted for good later"),
}
STATES: Final = {
    DecisionState.IN_FORCE: "In force",
    DecisionState.PROPOSED: "Waits for a second person",
    DecisionState.REFUSED: "Refused by the second person",
    DecisionState.BEING_APPLIED: "Being carried out",
    DecisionState.UNDONE: "Taken back",
    DecisionState.BEING_UNDONE: "Being taken back",
}
_EVENTS: Final = {
    EventKind.OPENED: "Opened",
    EventKind.SIGNALLED: "A machine found something",
    EventKind.LOOKED: "Looked at",
    EventKind.CLAIMED: "Taken",
    EventKind.RELEASED: "Given back",
    EventKind.SKIPPED: "Put aside",
    EventKind.ESCALATED: "Escalated",
    EventKind.CALMED: "Back in the ordinary queue",
    EventKind.NOTED: "Note",
    EventKind.REACHED: "Seen by more people",
    EventKind.MERGED: "Merged into another case",
    EventKind.ABSORBED: "Another case was merged into it",
    EventKind.PROPOSED: "A decision waits for a second person",
    EventKind.DECLINED: "The second person did not agree",
    EventKind.DATED: "What asks for it is due at another time",
    EventKind.PANELLED: "Sent to a panel of members",
    EventKind.RETURNED: "Back from its panel",
    EventKind.LET_GO: "It waits no more: it is seen again",
    EventKind.DECIDED: "Decided",
    EventKind.REOPENED: "Opened again",
}
ENDS: Final = (
    ("", "for good", 0),
    ("1h", "for an hour", HOUR),
    ("1d", "for a day", DAY),
    ("7d", "for 7 days", 7 * DAY),
    ("30d", "for 30 days", 30 * DAY),
)
_FEW: Final = 100


def reasons_of(case: Case, now: int) -> tuple[ReasonView, ...]:
    """Why a case stands where it stands, for people."""
    shown = [_reason(reason, now) for reason in case.why]
    return tuple(reason for reason in shown if reason is not None)


def _reason(reason: Reason, now: int) -> ReasonView | None:
    value = reason.value
    match reason.name:
        case "deadline":
            return due(value, now) if value else None
        case "severity":
            severity = Severity(value)
            tone = {Severity.CRITICAL: "bad", Severity.HIGH: "warn"}.get(severity, "")
            made = ReasonView(words=f"severity {severity.name.lower()}", tone=tone)
        case "letter":
            made = ReasonView(words="a letter asks for it", tone="warn")
        case "trusted":
            made = ReasonView(words="a trusted flagger", tone="warn")
        case "decided_before":
            made = ReasonView(words="decided before")
        case "waits":
            made = ReasonView(words="its author waits", tone="warn")
        case "signals":
            made = ReasonView(words=f"signals {value / 1_000:.0%}")
        case "reach":
            made = ReasonView(words=f"seen by about {about(value)}")
        case "reports":
            words = "1 report" if value == 1 else f"{value:,} reports"
            weightless = reason.sooner_ms < 0
            made = ReasonView(words=f"{words} without weight" if weightless else words)
        case _:
            made = ReasonView(words=reason.name)
    return made


def due(deadline: int, now: int) -> ReasonView:
    """When it is due, and how soon that is."""
    left = deadline - now
    if left < 0:
        return ReasonView(words=f"late by {span(-left)}", tone="bad", at=deadline)
    tone = "warn" if left < 4 * HOUR else ""
    if left < DAY:
        clock = long_time(deadline).rpartition(", ")[2]
        return ReasonView(words=f"due {clock}, in {span(left)}", tone=tone, at=deadline)
    return ReasonView(words=f"due {long_date(deadline)}", at=deadline)


def span(ms: int) -> str:
    """How long something lasts, in its largest unit."""
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        number = ms // unit
        if number:
            return f"{number} {name}" if number == 1 else f"{number} {name}s"
    return "a moment"


def about(number: int) -> str:
    """A number of which only the first two digits are known."""
    if number >= _FEW:
        unit = 10 ** (len(str(number)) - 2)
        number = number // unit * unit
    return f"{number:,}"


def weight(thousandths: int) -> str:
    """How much a report counts."""
    if thousandths == ORDINARY:
        return "ordinary weight"
    if thousandths <= 0:
        return "no weight"
    return f"weighs {thousandths / ORDINARY:.1f}".removesuffix(".0")


def event(happened: Event, names: dict[int, str]) -> str:
    """What happened, in a few words."""
    kind = EventKind(happened.kind)
    if kind is EventKind.OPENED and happened.decided_at:
        return f"Opened; it was decided before, {long_time(happened.decided_at)}"
    if kind is EventKind.REPORTED:
        return f"Reported as {facts_of(happened.category).name.lower()}"
    if kind is EventKind.RECATEGORISED:
        return f"Category: {facts_of(happened.category).name}"
    if kind is EventKind.HANDED:
        return f"Handed to {names.get(happened.holder_id, 'somebody')}"
    return _EVENTS[kind]


def does(actions: Iterable[Action]) -> str:
    """What a decision does, in a line."""
    return ", ".join(ACTIONS[ActionKind(action.kind)][0] for action in actions)


def act(action: Action) -> str:
    """One action with its details."""
    name = ACTIONS[ActionKind(action.kind)][0]
    more = action.label or ", ".join(action.surfaces) or ", ".join(action.fields)
    return f"{name}: {more}" if more else name


def hold(action: Action) -> HoldView:
    """One action with its end."""
    lasts = ActionKind(action.kind).holds
    return HoldView(words=act(action), ends_at=action.ends_at, lasts=lasts)


def decided(decision: Decision) -> str:
    """A decision in a line."""
    if decision.kind == DecisionKind.UNDO:
        return "Takes a decision back"
    if decision.kind == DecisionKind.REOPENING:
        return "Takes a decision back, and opens its cases again"
    if decision.kind == DecisionKind.RELEASE:
        return "Takes a decision back for one member"
    return does(decision.done) or "Strikes alone"


def threshold(step: Threshold) -> str:
    """What the house proposes from so many points on."""
    name = ACTIONS[step.action][0].lower()
    return f"{name} for {span(step.days * DAY)}" if step.days else f"{name} for good"


def outlook(found: Outlook, who: str = "") -> str:
    """Where a member's strikes are, and where they would be."""
    whose = f"@{who}: " if who else ""
    words = f"{whose}{found.points} now, {found.after} after this."
    if found.proposed:
        step = found.proposed
        words += f" From {step.points} on the house proposes: {threshold(step)}."
    if found.next:
        words += f" Next at {found.next.points}: {threshold(found.next)}."
    return words
