"""Whom a member might want to follow: of those alone who want to be found."""

import msgspec

from rostra.network.accounts import access as accounts_access
from rostra.network.edge import Reader, Transaction
from rostra.network.relations import queries

FRIENDS = "friends_of_friends"
POPULAR = "most_followed"

_FOLLOWS_LOOKED_AT = 100  # of the member's own, the last ones
_ROWS_LOOKED_AT = 20_000
_ACTIVE_LOOKED_AT = 500


class Suggestion(msgspec.Struct, frozen=True):
    """An account, and why it is suggested."""

    account_id: int
    source: str


async def suggestions(reader: Reader, viewer_id: int, limit: int, *, now: int) -> list[Suggestion]:
    """Accounts for the viewer to follow; two queries that may take some milliseconds.

    First whom those follow whom the viewer follows, where they do not hide that; then the most
    followed of those who have posted lately. Nobody whom the viewer follows, has asked, blocks,
    mutes or has dismissed, or who blocks them. Call it within ``Database.slowly``.
    """
    found = await reader.all(
        queries.FRIENDS_OF_FRIENDS,
        viewer=viewer_id,
        now=now,
        follows=_FOLLOWS_LOOKED_AT,
        rows=_ROWS_LOOKED_AT,
        limit=limit,
    )
    offered = {account_id: Suggestion(account_id, FRIENDS) for account_id in found}
    if len(offered) < limit:
        more = await reader.all(
            queries.POPULAR, viewer=viewer_id, now=now, active=_ACTIVE_LOOKED_AT, limit=limit
        )
        for account_id in more:
            offered.setdefault(account_id, Suggestion(account_id, POPULAR))
    return list(offered.values())[:limit]


async def dismiss(tx: Transaction, account_id: int, target_id: int) -> None:
    """Suggest an account no more. Can be said twice.

    Raises:
        NotFound: there is no such account for this member.
    """
    await accounts_access.public(tx, account_id, target_id)
    await tx.run(queries.DISMISS, account_id=account_id, target_id=target_id)
