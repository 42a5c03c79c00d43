"""What becomes of a notification by the policy of whom it is for, as a condition of statements."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, not_, or_, select

from rostra.network.accounts.limits import Limit
from rostra.network.accounts.sql import free_of
from rostra.store.query import const, number
from rostra.store.tables.accounts import accounts
from rostra.store.tables.relations import follows
from rostra.store.tables.timelines import notification_permissions, notification_policies

ACCEPTED, SET_ASIDE, DROPPED = map(const, (0, 1, 2))


SENDER = number("from_account")


def verdict(recipient: Any) -> ColumnElement[int]:
    """0: told, 1: set aside, 2: dropped. Two keyed look-ups for whoever has no policy.

    Parameters: ``from_account``; ``unasked`` (1: a private mention), unless it answers a post of
    account ``answered``; ``since_new`` (UTC ms: accounts made later are new); ``since_follower``
    (an id: who follows since later does not count as a follower yet).
    """
    policy, permission = notification_policies.alias(), notification_permissions.alias()
    rules = _rules(policy, recipient)

    def says(outcome: ColumnElement[int]) -> ColumnElement[bool]:
        any_rule = or_(*(and_(column == outcome, holds) for column, holds in rules))
        return exists(select(const(1)).where(policy.c.account_id == recipient, any_rule))

    permitted = exists(
        select(const(1)).where(
            permission.c.account_id == recipient, permission.c.from_account_id == SENDER
        )
    )
    has_policy = exists(select(const(1)).where(policy.c.account_id == recipient))
    return case(
        (or_(not_(has_policy), permitted), ACCEPTED),
        (says(DROPPED), DROPPED),
        (says(SET_ASIDE), SET_ASIDE),
        else_=ACCEPTED,
    )


def _rules(policy: Any, recipient: Any) -> tuple[tuple[Any, ColumnElement[bool]], ...]:
    """Each part of a policy, and when it holds for a sender.

    The recipient is a column of the statement that asks, two levels above: so `correlate_except`.
    """
    author, following, follower = accounts.alias(), follows.alias(), follows.alias()
    limited = accounts.alias()
    not_following = not_(
        exists(
            select(const(1))
            .where(following.c.account_id == recipient, following.c.target_id == SENDER)
            .correlate_except(following)
        )
    )
    not_follower = not_(
        exists(
            select(const(1))
            .where(
                follower.c.account_id == SENDER,
                follower.c.target_id == recipient,
                follower.c.id <= number("since_follower"),
            )
            .correlate_except(follower)
        )
    )
    is_new = exists(
        select(const(1)).where(
            author.c.id == SENDER, author.c.created_at > number("since_new"), not_following
        )
    )
    is_limited = exists(
        select(const(1)).where(
            limited.c.id == SENDER, not_(free_of(Limit.REACH, limited.c)), not_following
        )
    )
    unasked = and_(number("unasked") == const(1), number("answered") != recipient, not_following)
    return (
        (policy.c.for_not_following, not_following),
        (policy.c.for_not_followers, not_follower),
        (policy.c.for_new_accounts, is_new),
        (policy.c.for_private_mentions, unasked),
        (policy.c.for_limited_accounts, is_limited),
    )
