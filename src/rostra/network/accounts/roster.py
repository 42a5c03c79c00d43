"""The roster: accounts of this place in whatever state, for those who run it. Not for viewers."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import msgspec

from rostra.kernel.errors import NotFound
from rostra.kernel.paging import Page
from rostra.kernel.text import names
from rostra.network.accounts.limits import Limit
from rostra.network.accounts.model import AccountRow, User
from rostra.network.accounts.queries import roster as queries
from rostra.network.edge import Reader

_ROW, _USER = len(AccountRow.__struct_fields__), len(User.__struct_fields__)


class Standing(IntEnum):
    """How members are sought by what they may do."""

    ANY = 0
    ACTIVE = 1
    PENDING = 2
    DISABLED = 3
    SUSPENDED = 4


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """Whom an operator looks for; what is left at its default leaves nobody out.

    Attributes:
        limited: one of these restrictions holds for them.
        username: or its beginning.
        display_name: or a part of it.
        email: or its beginning.
        least_role: a `Role`.
    """

    standing: Standing = Standing.ANY
    limited: Limit = Limit(0)
    username: str = ""
    display_name: str = ""
    email: str = ""
    least_role: int = 0


class Kept(msgspec.Struct, frozen=True):
    """An account, its user, and what decisions restrict it to."""

    account: AccountRow
    user: User
    limits: Limit


async def sought(reader: Reader, wanted: Sought, page: Page) -> list[Kept]:
    """A page of those who are sought, in the order in which it is read. May read all members."""
    statement = queries.SOUGHT_FORWARD if page.ascending else queries.SOUGHT
    rows = await reader.all(
        statement,
        limit_bit=int(wanted.limited),
        standing=int(wanted.standing),
        role=wanted.least_role,
        name=_beginning(names.username_key(wanted.username)),
        shown_name=_part(wanted.display_name.lower()),
        email=_beginning(wanted.email.strip().lower()),
        below=page.below,
        above=page.above,
        limit=page.limit,
    )
    return list(map(_kept, rows))


async def by_ids(reader: Reader, ids: Sequence[int]) -> dict[int, Kept]:
    """Those of the accounts that are of this place. One statement."""
    if not ids:
        return {}
    return {kept.account.id: kept for kept in map(_kept, await reader.all(queries.BY_IDS, ids=ids))}


async def one(reader: Reader, account_id: int) -> Kept:
    """An account of this place.

    Raises:
        NotFound: there is none.
    """
    found = await by_ids(reader, [account_id])
    if account_id not in found:
        raise NotFound(f"no member {account_id}")
    return found[account_id]


async def head_rows(reader: Reader, ids: Sequence[int]) -> list[tuple[int, ...]]:
    """As `cards.head_rows`, of accounts in whatever state."""
    return await reader.all(queries.HEADS, ids=ids) if ids else []


def _kept(row: Sequence[Any]) -> Kept:
    account, user = row[:_ROW], row[_ROW : _ROW + _USER]
    return Kept(AccountRow(*account), User(*user), Limit(row[-1] & 0xFF))


def _beginning(text: str) -> str:
    return f"{_escaped(text)}%" if text else ""


def _part(text: str) -> str:
    return f"%{_escaped(text)}%" if text else ""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
