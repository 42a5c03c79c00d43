"""The SQL of the roster: accounts in whatever state, for operators."""

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from rostra.network.accounts.card_model import AccountHead
from rostra.network.accounts.model import AccountRow, User
from rostra.store.query import Query, const, in_ids, number, query
from rostra.store.tables.accounts import accounts, profiles, users

HEADS = query(
    select(*[accounts.c[name] for name in AccountHead.__struct_fields__]).where(
        in_ids(accounts.c.id, "ids")
    )
)
_COLUMNS: list[Any] = [
    *(accounts.c[name] for name in AccountRow.__struct_fields__),
    *(users.c[name] for name in User.__struct_fields__),
    accounts.c.limits,
]
_JOINED = accounts.join(users, users.c.account_id == accounts.c.id)
BY_IDS = query(select(*_COLUMNS).select_from(_JOINED).where(in_ids(accounts.c.id, "ids")))

# 0 (for texts: empty) leaves a condition out.
_SOUGHT = (
    or_(number("limit_bit") == const(0), accounts.c.limits.op("&")(number("limit_bit")) > const(0)),
    or_(
        number("standing") == const(0),
        and_(
            number("standing") == const(1),
            accounts.c.state == const(0),
            users.c.disabled_at == const(0),
        ),
        and_(number("standing") == const(2), users.c.approved_at == const(0)),
        and_(number("standing") == const(3), users.c.disabled_at > const(0)),
        and_(number("standing") == const(4), accounts.c.state == const(2)),
    ),
    users.c.role >= number("role"),
    or_(bindparam("name") == "", accounts.c.username_key.like(bindparam("name"), escape="\\")),
    or_(
        bindparam("shown_name") == "",
        func.lower(profiles.c.display_name).like(bindparam("shown_name"), escape="\\"),
    ),
    or_(bindparam("email") == "", users.c.email_key.like(bindparam("email"), escape="\\")),
    accounts.c.id < number("below"),
    accounts.c.id > number("above"),
)


def _sought(order: ColumnElement[int]) -> Query[tuple[Any, ...]]:
    return query(
        select(*_COLUMNS)
        .select_from(_JOINED.join(profiles, profiles.c.account_id == accounts.c.id))
        .where(*_SOUGHT)
        .order_by(order)
        .limit(number("limit"))
    )


SOUGHT = _sought(accounts.c.id.desc())
SOUGHT_FORWARD = _sought(accounts.c.id.asc())
