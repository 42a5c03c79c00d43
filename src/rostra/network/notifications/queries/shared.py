"""What the statements of this slice have in common."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    exists,
    literal_column,
    not_,
    or_,
    select,
)

from rostra.network.notifications.model import Notification
from rostra.store.query import const, number
from rostra.store.tables.relations import blocks, mutes
from rostra.store.tables.timelines import notifications

VIEWER, NOW, FROM, POST, LIMIT = map(number, ("viewer", "now", "from_account", "post", "limit"))
KIND = bindparam("kind", type_=Text())
GONE = number("gone")


def not_shunned(recipient: Any, sender: Any) -> ColumnElement[bool]:
    """The recipient neither blocks the sender nor mutes their notifications."""
    block, mute = blocks.alias(), mutes.alias()
    return and_(
        not_(
            exists(
                select(const(1)).where(block.c.account_id == recipient, block.c.target_id == sender)
            )
        ),
        not_(
            exists(
                select(const(1)).where(
                    mute.c.account_id == recipient,
                    mute.c.target_id == sender,
                    mute.c.notifications == const(1),
                    or_(mute.c.expires_at == const(0), mute.c.expires_at > NOW),
                )
            )
        ),
    )


def shown(told: Any = notifications) -> ColumnElement[bool]:
    """The viewer neither blocks the sender of a notification nor mutes their notifications."""
    # Most members block and mute nobody: that is asked once for the whole statement.
    any_block, any_mute = blocks.alias(), mutes.alias()
    shuns = or_(
        exists(select(const(1)).where(any_block.c.account_id == VIEWER)),
        exists(select(const(1)).where(any_mute.c.account_id == VIEWER)),
    )
    return or_(not_(shuns), not_shunned(VIEWER, told.c.from_account_id))


def rows() -> Select[Any]:
    """Notifications of the viewer that they may be shown."""
    return select(*[notifications.c[name] for name in Notification.__struct_fields__]).where(
        notifications.c.account_id == VIEWER, shown()
    )


def listed(told: Any = notifications) -> ColumnElement[bool]:
    """Not set aside, unless those are asked for too (``set_aside`` 1, or ``also`` a mark)."""
    return or_(told.c.set_aside <= number("set_aside"), told.c.set_aside == number("also"))


# The key of a group, and that of what stands alone.
KEY: Any = bindparam("key", type_=Text())
ALONE = literal_column("''", Text())
