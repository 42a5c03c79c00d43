"""What holds for a subject: the fold of all that is in force for it, whatever decided it."""

from collections.abc import Iterable

from rostra.network.accounts.limits import AccountLimits, ProfileField, Slow
from rostra.network.media.restrict import MediaLimits
from rostra.network.posts.limits import PostLimits
from rostra.safety.decisions.model import ActionKind, Restriction
from rostra.safety.reports.model import Standing


def on_post(restrictions: Iterable[Restriction]) -> PostLimits:
    """The limits of a post. Of several labels the latest is shown.

    While it is held, that is what the hold says of why and how long, whatever else labels it.
    """
    kinds, label, held, surfaces = set[int](), "", "", set[str]()
    for each in sorted(restrictions, key=lambda restriction: restriction.id):
        kinds.add(each.action)
        label = each.what.label or label
        if each.action == ActionKind.HOLD:
            held = each.what.label or held
        surfaces.update(each.what.surfaces)
    return PostLimits(
        sensitive=ActionKind.SENSITIVE in kinds,
        reach=ActionKind.REACH in kinds,
        label=held or label,
        held=ActionKind.HOLD in kinds,
        removed=ActionKind.REMOVE in kinds,
        hidden_on=tuple(sorted(surfaces)),
    )


def on_account(restrictions: Iterable[Restriction]) -> AccountLimits:
    """The limits of an account. Of several paces the slowest holds."""
    kinds, fields, deletes_at = set[int](), set[ProfileField](), 0
    paces: list[Slow] = []
    for each in restrictions:
        kinds.add(each.action)
        fields.update(each.what.fields)
        if each.action == ActionKind.DELETE_ACCOUNT:
            deletes_at = min(deletes_at or each.what.at, each.what.at)
        if each.action == ActionKind.SLOW:
            paces.append(Slow(each.what.posts, each.what.per_ms, each.ends_at))
    return AccountLimits(
        sensitive=ActionKind.SENSITIVE_ACCOUNT in kinds,
        reach=ActionKind.LIMIT_ACCOUNT in kinds,
        fields=tuple(sorted(fields)),
        frozen=ActionKind.FREEZE in kinds,
        suspended=bool(kinds & {ActionKind.SUSPEND, ActionKind.DELETE_ACCOUNT}),
        slow=min(paces, key=lambda pace: pace.rate, default=None),
        deletes_at=deletes_at,
    )


def on_reporter(restrictions: Iterable[Restriction]) -> Standing:
    """How a member stands as a reporter."""
    warned_at = muted_until = 0
    for each in restrictions:
        if each.action == ActionKind.WARN_REPORTER:
            warned_at = max(warned_at, each.created_at)
        if each.action == ActionKind.MUTE_REPORTER:
            muted_until = max(muted_until, each.ends_at)
    return Standing(warned_at, muted_until)


def on_medium(restrictions: Iterable[Restriction]) -> MediaLimits:
    """The limits of a picture, video or recording."""
    return MediaLimits(withheld=any(each.action == ActionKind.WITHHOLD for each in restrictions))
