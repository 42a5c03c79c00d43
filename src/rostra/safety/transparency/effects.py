"""What our actions are called in the transparency database."""

from collections.abc import Iterable
from typing import Final

from rostra.safety.categories.facts import facts_of
from rostra.safety.categories.model import MastodonCategory, Sender
from rostra.safety.decisions.model import OWN_INITIATIVE, Action, ActionKind
from rostra.safety.transparency.statement import Effect
from rostra.safety.transparency.words import Account, Origin, Visibility

VISIBILITY: Final[dict[ActionKind, Visibility]] = {
    ActionKind.LABEL: Visibility.LABELLED,
    ActionKind.SENSITIVE: Visibility.OTHER,
    ActionKind.REACH: Visibility.DEMOTED,
    ActionKind.HIDE_ON: Visibility.OTHER,
    ActionKind.HOLD: Visibility.DISABLED,
    ActionKind.REMOVE: Visibility.REMOVED,
    ActionKind.WITHHOLD: Visibility.DISABLED,
    ActionKind.FIELDS: Visibility.REMOVED,
    ActionKind.SENSITIVE_ACCOUNT: Visibility.OTHER,
    ActionKind.LIMIT_ACCOUNT: Visibility.DEMOTED,
    ActionKind.SLOW: Visibility.OTHER,
}
ACCOUNT: Final[dict[ActionKind, Account]] = {
    ActionKind.FREEZE: Account.SUSPENDED,
    ActionKind.SUSPEND: Account.SUSPENDED,
    ActionKind.DELETE_ACCOUNT: Account.TERMINATED,
}
_OTHER: Final[dict[ActionKind, str]] = {
    ActionKind.SENSITIVE: "It is shown behind a warning.",
    ActionKind.HIDE_ON: "It is not shown on some surfaces (named apps, or the web).",
    ActionKind.SENSITIVE_ACCOUNT: "All media of the account are shown behind a warning.",
    ActionKind.SLOW: "The account can post only so often for a time.",
}


def effect_of(actions: Iterable[Action], *, with_subject: bool, with_account: bool) -> Effect:
    """What actions come to: what was done to the subject itself, and to its account."""
    wanted = [
        action
        for action in actions
        if (with_account if ActionKind(action.kind).of_account else with_subject)
    ]
    seen = [action for action in wanted if action.kind in VISIBILITY]
    accounts = [action for action in wanted if action.kind in ACCOUNT]
    visibility = dict.fromkeys(VISIBILITY[ActionKind(action.kind)] for action in seen)
    other = (_OTHER.get(ActionKind(action.kind), "") for action in seen)
    # Terminated is more than suspended, whatever stands first.
    worst = max((ACCOUNT[ActionKind(action.kind)] for action in accounts), default=None)
    return Effect(
        visibility=tuple(visibility),
        other=" ".join(dict.fromkeys(text for text in other if text)),
        account=worst,
        visibility_ends=_end(seen),
        account_ends=0 if worst is Account.TERMINATED else _end(accounts),
    )


def origin_of(source: int, category: int) -> Origin:
    """Who pointed to it, in the database's words."""
    if source in {OWN_INITIATIVE, Sender.RULE}:
        return Origin.VOLUNTARY
    if source == Sender.TRUSTED_FLAGGER:
        return Origin.TRUSTED_FLAGGER
    illegal = facts_of(category).mastodon is MastodonCategory.LEGAL
    if source == Sender.OUTSIDER or (source == Sender.MEMBER and illegal):
        return Origin.ARTICLE_16
    return Origin.OTHER_NOTIFICATION


def _end(actions: Iterable[Action]) -> int:
    """When the last of them ends; 0: one of them does not."""
    ends = [action.ends_at for action in actions]
    return max(ends) if ends and all(ends) else 0
