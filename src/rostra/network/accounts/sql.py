"""What queries of slices to the right share of accounts."""

from typing import Any

from sqlalchemy import ColumnElement

from rostra.network.accounts.limits import Limit
from rostra.store.query import const


def free_of(limit: Limit, account: Any) -> ColumnElement[bool]:
    """No decision restricts ``account``, the columns of one, in any of these ways."""
    free: ColumnElement[bool] = account.limits.bitwise_and(const(limit)) == const(0)
    return free
