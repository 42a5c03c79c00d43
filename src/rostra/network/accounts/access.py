"""The one loader of accounts for viewers: who is not there for them does not exist.

Pending, suspended and disabled accounts, and those that block the viewer, are NotFound; one's own
account always exists. The operators' loaders (`any_…`, `user…`) are for commands, jobs and verbs.
"""

from collections.abc import Iterable, Sequence

import msgspec

from rostra.kernel.errors import NotFound
from rostra.kernel.paging import MAX_BOUND
from rostra.kernel.text import names
from rostra.network.accounts import queries
from rostra.network.accounts.model import AccountRow, Invited, Profile, User
from rostra.network.edge import Reader, Transaction
from rostra.settings import Settings

LOCAL = ""
_ROW_WIDTH = len(AccountRow.__struct_fields__)


async def public(reader: Reader, viewer_id: int, account_id: int) -> AccountRow:
    """The account, if it exists for the viewer.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    found = await reader.first(queries.VISIBLE_BY_IDS, ids=[account_id], viewer=viewer_id)
    if found is None:
        raise NotFound(f"account {account_id} for viewer {viewer_id}")
    return found


async def by_ids(reader: Reader, viewer_id: int, ids: Sequence[int]) -> dict[int, AccountRow]:
    """The accounts among ``ids`` that exist for the viewer."""
    if not ids:
        return {}
    found = await reader.all(queries.VISIBLE_BY_IDS, ids=ids, viewer=viewer_id)
    return {row.id: row for row in found}


async def by_username(reader: Reader, username: str, viewer_id: int = 0) -> AccountRow | None:
    """The local account of this name, if it exists for the viewer; case does not count."""
    return await reader.first(
        queries.VISIBLE_BY_NAME,
        name=names.username_key(username),
        domain=LOCAL,
        viewer=viewer_id,
    )


async def by_usernames(
    reader: Reader, usernames: Iterable[str], viewer_id: int = 0
) -> dict[str, AccountRow]:
    """Local accounts by their name in lower case, for mentions in a text; one query."""
    keys = sorted({names.username_key(name) for name in usernames})
    if not keys:
        return {}
    found = await reader.all(queries.VISIBLE_BY_NAMES, names=keys, domain=LOCAL, viewer=viewer_id)
    return {names.username_key(row.username): row for row in found}


async def profiles(reader: Reader, ids: Sequence[int]) -> dict[int, Profile]:
    """The long parts of accounts that the caller has already been allowed to see."""
    if not ids:
        return {}
    return {row.account_id: row for row in await reader.all(queries.PROFILES, ids=ids)}


async def directory(
    reader: Reader, viewer_id: int, *, newest: bool, limit: int, offset: int, now: int
) -> list[int]:
    """Ids of those who want to be found, by their last post or by when they joined.

    Without those whom the viewer blocks or (at ``now``, UTC ms) mutes.
    """
    statement = queries.DIRECTORY_NEW if newest else queries.DIRECTORY_ACTIVE
    rows = await reader.all(
        statement, viewer=viewer_id, domain=LOCAL, limit=limit, offset=offset, now=now
    )
    return [row[0] for row in rows]


async def follow_requests_count(reader: Reader, account_id: int) -> int:
    """How many wait for this account's yes."""
    return int(await reader.value(queries.FOLLOW_REQUESTS, id=account_id))


def local_username(settings: Settings, acct: str) -> str | None:
    """The user name in `name`, `@name` or `acct:name@domain`; None for others and nonsense."""
    text, own = acct.strip(), f"@{settings.domain}"
    if text.lower().endswith(own):  # the domain may carry a port, which no handle elsewhere does
        text = text[: -len(own)]
    parsed = names.parse_acct(text)
    return parsed.username if parsed is not None and parsed.domain is None else None


async def any_by_id(reader: Reader, account_id: int) -> AccountRow | None:
    """The account in whatever state; not for viewers."""
    return await reader.first(queries.ANY_BY_ID, id=account_id)


async def locked(tx: Transaction, account_id: int) -> AccountRow | None:
    """The account in whatever state, which stays so until the transaction ends; not for viewers.

    Whoever decides from what an account is, and then writes, begins with this.
    """
    return await tx.first(queries.LOCK, id=account_id)


async def any_by_username(reader: Reader, username: str) -> AccountRow | None:
    """The local account in whatever state; not for viewers."""
    return await reader.first(queries.ANY_BY_NAME, name=names.username_key(username), domain=LOCAL)


async def signing_in_from(reader: Reader, account_id: int) -> AccountRow | None:
    """The first member from this id on who can sign in, unrestricted; not for viewers."""
    return await reader.first(queries.SIGNING_IN_FROM, id=account_id)


async def user(reader: Reader, account_id: int) -> User:
    """Whoever signs in to this account; not for viewers other than themselves.

    Raises:
        NotFound: it is no account of this place.
    """
    found = await reader.first(queries.USER_BY_ID, id=account_id)
    if found is None:
        raise NotFound(f"no user for account {account_id}")
    return found


async def locked_user(tx: Transaction, account_id: int) -> User:
    """Whoever signs in to this account, with what opens it; it stays so until the transaction ends.

    Who locks the account as well (:func:`locked`) does that first.

    Raises:
        NotFound: it is no account of this place.
    """
    found = await tx.first(queries.LOCK_USER, id=account_id)
    if found is None:
        raise NotFound(f"no user for account {account_id}")
    return found


async def user_by_login(reader: Reader, login: str) -> User | None:
    """Whoever signs in with this e-mail address or user name."""
    if "@" in login.strip().removeprefix("@"):
        return await user_by_email(reader, login)
    name = names.username_key(login.strip().removeprefix("@"))
    return await reader.first(queries.USER_BY_NAME, name=name, domain=LOCAL)


async def user_by_email(reader: Reader, email: str) -> User | None:
    """Whoever signed up with this address."""
    key = names.email_key(email)
    if key is None:
        return None
    return await reader.first(queries.USER_BY_EMAIL, key=key)


class Member(msgspec.Struct, frozen=True):
    """An account of this place together with its user, for operators."""

    account: AccountRow
    user: User


async def members(
    reader: Reader,
    *,
    state: int = -1,
    least_role: int = 0,
    limit: int = 100,
    below: int = MAX_BOUND,
) -> list[Member]:
    """Accounts of this place, newest first; ``state`` -1 is any; pages by ``below`` (an id)."""
    rows = await reader.all(queries.MEMBERS, state=state, role=least_role, limit=limit, below=below)
    return [Member(AccountRow(*row[:_ROW_WIDTH]), User(*row[_ROW_WIDTH:])) for row in rows]


async def invited(reader: Reader, invites: Sequence[int]) -> dict[int, list[Invited]]:
    """Who came by these invitations, the newest first (a thousand at most); not for viewers."""
    found: dict[int, list[Invited]] = {}
    if invites:
        for each in await reader.all(queries.INVITED, invites=invites):
            found.setdefault(each.invite_id, []).append(each)
    return found
