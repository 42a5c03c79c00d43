"""Whether what somebody wants to decide can be decided, and by them."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from rostra.kernel.clock import DAY, SECOND
from rostra.kernel.errors import Invalid
from rostra.kernel.text.clean import normalise
from rostra.safety.decisions import queries
from rostra.safety.decisions.model import PROFILE_FIELDS, Action, ActionKind, Ground, Ruling
from rostra.safety.edge import Services, Transaction
from rostra.safety.subjects import SubjectKind
from rostra.safety.team.model import Actor, Permission

MAX_FACTS = 5_000
MAX_LEGAL_GROUND = 500
MAX_WORDS = 5_000
MAX_NOTE = 5_000
MAX_LABEL = 200
MAX_STRIKES = 100
MAX_SURFACES = 10
MAX_MUTE_MS = 365 * DAY
"""The longest for which somebody's reports may be set aside."""
MAX_SLOW_MS = 30 * DAY
"""The longest for which somebody may be slowed down."""
MAX_POSTS = 1_000

ENDLESS = {
    ActionKind.NONE,
    ActionKind.WARN,
    ActionKind.DELETE_ACCOUNT,
    ActionKind.WARN_REPORTER,
}

_FITS = {
    SubjectKind.POST: {
        ActionKind.LABEL,
        ActionKind.SENSITIVE,
        ActionKind.REACH,
        ActionKind.HIDE_ON,
        ActionKind.HOLD,
        ActionKind.REMOVE,
    },
    SubjectKind.MEDIA: {ActionKind.WITHHOLD},
    SubjectKind.ACCOUNT: set[ActionKind](),
}
# What needs an end, within so long.
_LONGEST = {ActionKind.MUTE_REPORTER: MAX_MUTE_MS, ActionKind.SLOW: MAX_SLOW_MS}
_TEXTS = {
    "facts": MAX_FACTS,
    "legal_ground": MAX_LEGAL_GROUND,
    "words": MAX_WORDS,
    "note": MAX_NOTE,
}


def checked(services: Services, ruling: Ruling, kinds: Collection[int]) -> Ruling:
    """The ruling with its texts cleaned, for subjects of these kinds.

    Raises:
        Invalid: on `actions`, `ground`, `facts`, `legal_ground`, `words`, `note` or `strikes`.
    """
    texts = {name: _text(name, getattr(ruling, name), most) for name, most in _TEXTS.items()}
    if not 0 <= ruling.strikes <= MAX_STRIKES:
        raise Invalid("strikes", f"must lie between 0 and {MAX_STRIKES}", "ERR_INVALID")
    actions = _actions(services, ruling.actions, kinds)
    ruling = msgspec.structs.replace(ruling, actions=actions, **texts)
    if ruling.upholds:
        _grounds(ruling)
    return ruling


def permitted(actor: Actor, ruling: Ruling, *, subjects: int) -> None:
    """Let pass who may decide this.

    Raises:
        Forbidden: it is not theirs to decide.
    """
    actor.require(Permission.DECIDE)
    if any(action.kind > ActionKind.WARN for action in ruling.actions):
        actor.require(Permission.DECIDE_ACCOUNTS)
    if subjects > 1:
        actor.require(Permission.DECIDE_MANY)


async def about_others(tx: Transaction, actor: Actor, decision_id: int) -> None:
    """Let pass whoever the decision is not about. One statement.

    Raises:
        Forbidden: it is about themselves.
    """
    if await tx.first(queries.IS_ABOUT, id=decision_id, account=actor.own) is not None:
        actor.require_other(actor.own)


def _grounds(ruling: Ruling) -> None:
    """Who is restricted must be told why (DSA Art. 17)."""
    if ruling.ground is Ground.NONE:
        raise Invalid("ground", "can't be blank", "ERR_BLANK")
    if ruling.ground is Ground.LAW and not ruling.legal_ground:
        raise Invalid("legal_ground", "can't be blank", "ERR_BLANK")
    if not ruling.facts:
        raise Invalid("facts", "can't be blank", "ERR_BLANK")


def _text(name: str, given: str, most: int) -> str:
    text = normalise(given).strip()
    if len(text) > most:
        raise Invalid(name, f"is too long (most: {most} characters)", "ERR_TOO_LONG")
    return text


def _actions(
    services: Services, actions: Sequence[Action], kinds: Collection[int]
) -> tuple[Action, ...]:
    if not actions:
        raise Invalid("actions", "can't be blank", "ERR_BLANK")
    seen = {action.kind for action in actions}
    if len(seen) < len(actions):
        raise Invalid("actions", "name the same action twice", "ERR_INVALID")
    if any(ActionKind(kind).of_reporter for kind in seen):
        _of_reporter(seen, kinds)
    if ActionKind.NONE in seen and len(seen) > 1:
        raise Invalid("actions", "name something beside no action", "ERR_INVALID")
    return tuple(_action(services, action, kinds) for action in actions)


def _of_reporter(seen: Collection[int], kinds: Collection[int]) -> None:
    """What somebody reports is decided on apart from what they post."""
    if set(kinds) != {SubjectKind.ACCOUNT}:
        raise Invalid("actions", "name a reporter, who is an account", "ERR_INVALID")
    if len(seen) > 1:
        raise Invalid("actions", "name something beside what is done about reports", "ERR_INVALID")


def _action(services: Services, action: Action, kinds: Collection[int]) -> Action:
    kind, now = ActionKind(action.kind), services.clock.now()
    fits = kind is ActionKind.NONE or kind.of_account
    if not fits and not all(kind in _FITS[SubjectKind(each)] for each in kinds):
        raise Invalid("actions", f"{kind.wire} does not fit what is decided on", "ERR_INVALID")
    if action.ends_at and action.ends_at <= now:
        raise Invalid("actions", f"{kind.wire} ends before it begins", "ERR_INVALID")
    longest = _LONGEST.get(kind, 0)
    if longest and not now < action.ends_at <= now + longest:
        days = longest // DAY
        raise Invalid("actions", f"{kind.wire} needs an end within {days} days", "ERR_INVALID")
    if action.ends_at and kind in ENDLESS:
        raise Invalid("actions", f"{kind.wire} has no end", "ERR_INVALID")
    if kind is ActionKind.DELETE_ACCOUNT:
        at = now + services.settings.moderation.delete_after_days * DAY
        return Action(kind=kind, at=at)
    return Action(kind=kind, ends_at=action.ends_at, **_details(kind, action))


def _details(kind: ActionKind, action: Action) -> dict[str, Any]:
    if kind is ActionKind.LABEL:
        label = _text("label", action.label, MAX_LABEL)
        if not label:
            raise Invalid("label", "can't be blank", "ERR_BLANK")
        return {"label": label}
    if kind is ActionKind.HOLD and action.label:  # its author reads it as long as it is held
        return {"label": _text("label", action.label, MAX_LABEL)}
    if kind is ActionKind.HIDE_ON:
        surfaces = tuple(sorted({_text("surfaces", each, 100) for each in action.surfaces} - {""}))
        if not 0 < len(surfaces) <= MAX_SURFACES:
            raise Invalid("surfaces", f"must be 1 to {MAX_SURFACES}", "ERR_INVALID")
        return {"surfaces": surfaces}
    if kind is ActionKind.FIELDS:
        fields = tuple(sorted(set(action.fields)))
        if not fields or not PROFILE_FIELDS.issuperset(fields):
            words = ", ".join(sorted(PROFILE_FIELDS))
            raise Invalid("fields", f"must be some of {words}", "ERR_INCLUSION")
        return {"fields": fields}
    return _pace(action) if kind is ActionKind.SLOW else {}


def _pace(action: Action) -> dict[str, Any]:
    if not 1 <= action.posts <= MAX_POSTS:
        raise Invalid("posts", f"must lie between 1 and {MAX_POSTS}", "ERR_INVALID")
    if not SECOND <= action.per_ms <= DAY:
        raise Invalid("per_seconds", f"must lie between 1 and {DAY // SECOND}", "ERR_INVALID")
    return {"posts": action.posts, "per_ms": action.per_ms}
