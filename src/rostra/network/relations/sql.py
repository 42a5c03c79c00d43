"""Conditions on relations that the queries of slices to the right share."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select

from rostra.store.query import const, number
from rostra.store.tables.relations import blocks, mutes

VIEWER = number("viewer")
NOW = number("now")


def not_hidden(*accounts: Any, viewer: Any = VIEWER) -> ColumnElement[bool]:
    """None of the account columns is one that the viewer blocks or mutes.

    The viewer is the parameter ``viewer`` (0: nobody), or a column of many viewers. A parameter of
    the statement is ``now`` (UTC ms, for mutes that end).
    That an account blocks the viewer is told by the loader of posts.
    """
    block, mute = blocks.alias(), mutes.alias()
    blocked = exists(
        select(const(1)).where(block.c.account_id == viewer, _one_of(block.c.target_id, accounts))
    )
    muted = exists(
        select(const(1)).where(
            mute.c.account_id == viewer,
            _one_of(mute.c.target_id, accounts),
            or_(mute.c.expires_at == const(0), mute.c.expires_at > NOW),
        )
    )
    blocks_any, mutes_any = hides_any(viewer)
    return and_(not_(and_(blocks_any, blocked)), not_(and_(mutes_any, muted)))


def hides_any(viewer: Any = VIEWER) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether the viewer blocks anybody, and whether they mute anybody.

    Most members do neither: that is asked once for the whole statement.
    """
    block, mute = blocks.alias(), mutes.alias()
    return (
        exists(select(const(1)).where(block.c.account_id == viewer)),
        exists(select(const(1)).where(mute.c.account_id == viewer)),
    )


def hides(account: Any, viewer: Any = VIEWER) -> ColumnElement[bool]:
    """The viewer blocks or mutes the account, a column of a part of the statement around.

    Parameters are those of :func:`not_hidden`.
    """
    block, mute = blocks.alias(), mutes.alias()
    blocked = (
        select(const(1))
        .where(block.c.account_id == viewer, block.c.target_id == account)
        .correlate_except(block)  # the viewer may be a row of the whole statement
    )
    muted = (
        select(const(1))
        .where(
            mute.c.account_id == viewer,
            mute.c.target_id == account,
            or_(mute.c.expires_at == const(0), mute.c.expires_at > NOW),
        )
        .correlate_except(mute)
    )
    return or_(exists(blocked), exists(muted))


def _one_of(column: Any, accounts: tuple[Any, ...]) -> ColumnElement[bool]:
    one: ColumnElement[bool] = column == accounts[0] if len(accounts) == 1 else column.in_(accounts)
    return one
