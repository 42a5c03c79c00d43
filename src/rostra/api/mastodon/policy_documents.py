"""Interaction policies from what clients send, and into what they read."""

from functools import lru_cache

import msgspec
from msgspec import UNSET, UnsetType

from rostra.api.mastodon.entities.policies import InteractionPolicy, InteractionRule
from rostra.kernel.errors import Invalid
from rostra.network.posts.interaction import NOBODY, Circle, Kind, Rule
from rostra.network.posts.interaction import InteractionPolicy as Policy

Names = tuple[str, ...] | UnsetType


class RuleParams(msgspec.Struct, frozen=True, kw_only=True):
    """Who may at once, and who with approval; of the two names of each the newer one counts."""

    always: Names = UNSET
    automatic_approval: Names = UNSET
    with_approval: Names = UNSET
    manual_approval: Names = UNSET


class PolicyParams(msgspec.Struct, frozen=True, kw_only=True):
    """A policy; what it does not say whoever sees the post may do at once."""

    can_favourite: RuleParams | None = None
    can_reply: RuleParams | None = None
    can_reblog: RuleParams | None = None


def policy_of(params: PolicyParams | None, field: str) -> Policy:
    """The policy in these parameters, which came as ``field``.

    Raises:
        Invalid: naming the set that names somebody unknown.
    """
    if params is None:
        return Policy()
    return Policy(
        favourite=_rule(params.can_favourite, f"{field}.can_favourite"),
        reply=_rule(params.can_reply, f"{field}.can_reply"),
        reblog=_rule(params.can_reblog, f"{field}.can_reblog"),
    )


def packed_of(params: PolicyParams | None, field: str = "interaction_policy") -> int | None:
    """The packed policy in these parameters; None: nothing was said. Raises as `policy_of`."""
    return None if params is None else policy_of(params, field).pack()


def _rule(params: RuleParams | None, field: str) -> Rule:
    if params is None or params == RuleParams():
        return Rule()
    automatic = _circle(params.automatic_approval, params.always, f"{field}.automatic_approval")
    manual = _circle(params.manual_approval, params.with_approval, f"{field}.manual_approval")
    return Rule(automatic, manual).tidy()


def _circle(newer: Names, older: Names, field: str) -> Circle:
    names = older if newer is UNSET else newer
    if names is UNSET:
        return NOBODY
    circle = Circle.from_wire(name for name in names if name)
    if circle is None:
        raise Invalid(field, "names somebody who is not known here", "ERR_INCLUSION")
    return circle


@lru_cache(maxsize=1024)
def policy_document(packed: int) -> InteractionPolicy:
    """A packed policy as clients read it."""
    policy = Policy.unpack(packed)
    favourite, reply, reblog = (_document(policy.of(kind), kind) for kind in Kind)
    return InteractionPolicy(can_favourite=favourite, can_reply=reply, can_reblog=reblog)


def _document(rule: Rule, kind: Kind) -> InteractionRule:
    at_once, asking = rule.names(kind)
    return InteractionRule(
        always=at_once, automatic_approval=at_once, with_approval=asking, manual_approval=asking
    )
