"""Leaving, as far as access goes: all of it ends, and a letter says how to come back."""

from rostra.network.accounts.leaving import hide_and_leave
from rostra.network.credentials.ending import end_everything
from rostra.network.credentials.letters import send_letter
from rostra.network.credentials.writing import Purpose
from rostra.network.edge import Services, Transaction


async def begin_leaving(services: Services, tx: Transaction, account_id: int) -> int:
    """Hide the account, sign everything out, and delete it in some days; when (0: now).

    Raises:
        NotFound: there is no such account here.
        Conflict: the last owner would be gone.
    """
    leaves_at = await hide_and_leave(services, tx, account_id)
    if leaves_at:
        await end_everything(tx, account_id)
        if services.mailer.configured:
            await send_letter(tx, account_id, Purpose.LEAVING)
    return leaves_at
