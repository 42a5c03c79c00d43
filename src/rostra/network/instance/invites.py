"""Invitations: made by members or operators, used at sign-up."""

from rostra.kernel import crypto
from rostra.kernel.errors import Fault, Invalid, NotFound
from rostra.network.edge import Services, Transaction
from rostra.network.instance import queries
from rostra.network.instance.model import Invite

MAX_USES = 10_000


async def create_invite(
    services: Services, tx: Transaction, *, owner_id: int, max_uses: int = 0, expires_at: int = 0
) -> str:
    """Make an invitation; its code as people type it.

    Args:
        services: the house's parts.
        tx: the transaction.
        owner_id: the account that invites; 0: the place itself.
        max_uses: how many may come; 0: any number.
        expires_at: UTC ms; 0: never.

    Raises:
        Invalid: a number of uses or an end that makes no sense.
    """
    if not 0 <= max_uses <= MAX_USES:
        raise Invalid("max_uses", f"must be between 0 and {MAX_USES}")
    if expires_at and expires_at <= services.clock.now():
        raise Invalid("expires_at", "lies in the past")
    code = crypto.new_invite_code()
    await tx.run(
        queries.ADD_INVITE,
        id=services.ids.next(),
        code=crypto.invite_code_key(code),
        created_by=owner_id,
        max_uses=max_uses,
        uses=0,
        expires_at=expires_at,
        revoked_at=0,
    )
    return code


async def revoke_invite(
    services: Services, tx: Transaction, *, invite_id: int, owner_id: int
) -> None:
    """End an invitation of one's own; operators pass 0 for ``owner_id`` and may end any.

    Raises:
        NotFound: there is no such invitation of this owner that is still open.
    """
    now = services.clock.now()
    if not await tx.run(queries.REVOKE_INVITE, id=invite_id, owner=owner_id, now=now):
        raise NotFound(f"invite {invite_id} of {owner_id}")


async def redeem_invite(services: Services, tx: Transaction, code: str) -> Invite:
    """Take one place of an invitation, as part of the sign-up's transaction.

    Raises:
        Invalid: on `invite_code`: unknown, ended, revoked or used up; which of it is not told.
    """
    invite = await tx.first(queries.INVITE_BY_CODE, code=crypto.invite_code_key(code))
    now = services.clock.now()
    if invite is None or not await tx.run(queries.USE_INVITE, id=invite.id, now=now):
        raise Invalid.many([Fault("invite_code", "is not valid any more", "ERR_INVALID")])
    return invite


async def forget_owner(tx: Transaction, owner_id: int) -> None:
    """Nobody comes by the invitation of somebody who is not there."""
    await tx.run(queries.DROP_INVITES_OF, owner=owner_id)


def shown(code: str) -> str:
    """A code as people read it, in groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
