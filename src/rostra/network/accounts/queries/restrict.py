"""The SQL of restrictions: every statement takes as many accounts as are given."""

from typing import NamedTuple

from sqlalchemy import delete, func, select

from rostra.network.accounts.limits import Slow
from rostra.store.query import const, in_ids, insert, number, query, query_rows, upsert
from rostra.store.tables.accounts import accounts, slowed_accounts, users, withheld_profiles


class Held(NamedTuple):
    """An account whose row is locked."""

    id: int
    state: int
    disabled_at: int
    limits: int
    deletes_at: int
    leaves_at: int


# In one order everywhere: two decisions over the same accounts must not wait for each other.
LOCK = query(
    select(
        accounts.c.id,
        accounts.c.state,
        func.coalesce(users.c.disabled_at, const(0)),
        accounts.c.limits,
        accounts.c.deletes_at,
        func.coalesce(users.c.leaves_at, const(0)),
    )
    .select_from(accounts.outerjoin(users, users.c.account_id == accounts.c.id))
    .where(in_ids(accounts.c.id, "ids"))
    .order_by(accounts.c.id)
    .with_for_update(of=accounts),
    Held,
)
APPLY = query_rows(
    "UPDATE accounts SET state = {state}, limits = {limits}, deletes_at = {deletes_at},"
    " version = version + 1 FROM {rows} WHERE accounts.id = {id}",
    "id",
    "state",
    "limits",
    "deletes_at",
)
SET_DISABLED = query_rows(
    "UPDATE users SET disabled_at = {disabled_at} FROM {rows} WHERE users.account_id = {id}",
    "id",
    "disabled_at",
)
KEPT = query(
    select(withheld_profiles.c.account_id, withheld_profiles.c.kept).where(
        in_ids(withheld_profiles.c.account_id, "ids")
    )
)
KEEP = insert(withheld_profiles)
DROP_KEPT = query(delete(withheld_profiles).where(in_ids(withheld_profiles.c.account_id, "ids")))

# What was posted in the present span stays counted when the pace changes.
SET_SLOW = upsert(slowed_accounts, ["account_id"], ["account_id", *Slow.__struct_fields__])
CLEAR_SLOW = query(delete(slowed_accounts).where(in_ids(slowed_accounts.c.account_id, "ids")))


class Turn(NamedTuple):
    """How often somebody may post, and how much of that they have used."""

    posts: int
    per_ms: int
    ends_at: int
    began_at: int
    posted: int


TURN = query(
    select(*(slowed_accounts.c[name] for name in Turn._fields))
    .where(slowed_accounts.c.account_id == number("account"))
    .with_for_update(),
    Turn,
)
TAKE_TURN = query(
    slowed_accounts.update()
    .where(slowed_accounts.c.account_id == number("account"))
    .values(began_at=number("began"), posted=number("posted"))
)
