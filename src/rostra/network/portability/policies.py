"""Interaction policies in archives: of new posts as clients read them, of a post as servers do.

Source: docs.gotosocial.org/en/latest/federation/interaction_controls (`interactionPolicy`).
"""

from collections.abc import Sequence
from typing import Any, Final

from rostra.network.posts.interaction import (
    Circle,
    DefaultPolicies,
    InteractionPolicy,
    Kind,
    Rule,
    told,
)
from rostra.network.posts.model import Visibility

PUBLIC: Final = "https://www.w3.org/ns/activitystreams#Public"
CONTEXT: Final = {
    "gts": "https://gotosocial.org/ns#",
    **{
        name: {"@id": f"gts:{name}", "@type": "@id"}
        for name in (
            "interactionPolicy",
            "canLike",
            "canReply",
            "canAnnounce",
            "automaticApproval",
            "manualApproval",
        )
    },
}
_CAN: Final = {Kind.FAVOURITE: "canLike", Kind.REPLY: "canReply", Kind.REBLOG: "canAnnounce"}


def of_new_posts(packed: DefaultPolicies) -> dict[str, Any]:
    """What a member wants for new posts, as `PUT /api/v1/interaction_policies/defaults` takes it.

    None where it is nothing in particular.
    """
    wanted = zip(Visibility, packed, strict=False)  # what is held is no choice
    return {each.wire: _document(policy) for each, policy in wanted}


def _document(packed: int) -> dict[str, Any] | None:
    if not told(packed):
        return None
    policy = InteractionPolicy.unpack(packed)
    found = {}
    for kind in Kind:
        at_once, asking = policy.of(kind).names(kind)
        found[f"can_{kind.wire}"] = {"always": at_once, "with_approval": asking}
    return found


def of_post(packed: int, actor: str, named: Sequence[str]) -> dict[str, Any]:
    """What a note says of the policy of its post; nothing where that is everybody's.

    Args:
        packed: the policy.
        actor: the name of the author, below which their followers stand.
        named: the names of whom the post mentions or answers.
    """
    if not told(packed):
        return {}
    policy = InteractionPolicy.unpack(packed)
    said = {_CAN[kind]: _rule(policy.of(kind).holding(kind), actor, named) for kind in Kind}
    return {"interactionPolicy": said}


def _rule(rule: Rule, actor: str, named: Sequence[str]) -> dict[str, list[str]]:
    at_once = _sets(rule.automatic, actor, named)
    return {
        "automaticApproval": at_once if Circle.PUBLIC in rule.automatic else [actor, *at_once],
        "manualApproval": _sets(rule.manual, actor, named),
    }


def _sets(circle: Circle, actor: str, named: Sequence[str]) -> list[str]:
    """The names of sets of people; that of mutuals is ours, for nobody else has one."""
    found = [PUBLIC] if Circle.PUBLIC in circle else []
    for each in (Circle.FOLLOWERS, Circle.FOLLOWING, Circle.MUTUALS):
        if each in circle:
            found += [f"{actor}/{name}" for name in each.wire]
    return [*found, *named] if Circle.MENTIONED in circle else found
