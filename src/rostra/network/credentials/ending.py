"""Ending access: everything at once, one session, one app."""

from rostra.kernel.errors import NotFound
from rostra.kernel.ids import MAX_ID
from rostra.network.accounts.events import AccountRemoved, AccountsRestricted
from rostra.network.accounts.limits import Limit
from rostra.network.credentials import queries
from rostra.network.credentials.events import AccessEnded
from rostra.network.edge import Services, Transaction


async def end_everything(tx: Transaction, account_id: int, *, kept_session: int = 0) -> None:
    """End every token, code, letter and session of a member but ``kept_session``."""
    # What is being opened at this moment is there behind this lock, and ends too.
    await tx.first(queries.LOCK_MEMBER, account=account_id)
    tokens = tuple(token.id for token in await tx.all(queries.TOKENS_OF, account=account_id))
    listed = await tx.all(queries.SESSIONS, account=account_id)
    sessions = tuple(session.id for session in listed if session.id != kept_session)
    await tx.run(queries.DROP_TOKENS, account=account_id)
    await tx.run(queries.DROP_CODES, account=account_id)
    await tx.run(queries.DROP_SESSIONS, account=account_id, kept=kept_session)
    await drop_letters(tx, account_id)
    if kept_session:
        if tokens or sessions:
            await tx.emit(AccessEnded(account_id, tokens, sessions))
    else:
        await tx.emit(AccessEnded(account_id))


async def end_session(tx: Transaction, account_id: int, session_id: int) -> None:
    """End one browser's session.

    Raises:
        NotFound: the member has no such session.
    """
    if not await tx.run(queries.DROP_SESSION, account=account_id, session=session_id):
        raise NotFound(f"session {session_id} of {account_id}")
    await tx.emit(AccessEnded(account_id, (), (session_id,)))


async def end_other_sessions(tx: Transaction, account_id: int, kept_session: int) -> int:
    """End all browsers' sessions but one; how many."""
    listed = await tx.all(queries.SESSIONS, account=account_id)
    others = tuple(session.id for session in listed if session.id != kept_session)
    ended = await tx.run(queries.DROP_SESSIONS, account=account_id, kept=kept_session)
    if others:
        await tx.emit(AccessEnded(account_id, (), others))
    return ended


async def revoke_app(tx: Transaction, account_id: int, app_id: int) -> None:
    """Take all access to a member's account from an app.

    Raises:
        NotFound: the app has none.
    """
    tokens = await tx.all(queries.TOKENS_OF_APP, account=account_id, app=app_id)
    codes = await tx.run(queries.DROP_CODES_OF_APP, account=account_id, app=app_id)
    if not tokens and not codes:
        raise NotFound(f"app {app_id} of {account_id}")
    await tx.run(queries.DROP_TOKENS_OF_APP, account=account_id, app=app_id)
    if tokens:
        await tx.emit(AccessEnded(account_id, tuple(row[0] for row in tokens)))


async def drop_letters(tx: Transaction, account_id: int) -> None:
    """Make the secrets in all letters to a member worthless, and what passkeys were asked."""
    await tx.run(queries.DROP_ALL_LETTER_TOKENS, account=account_id)
    await tx.run(queries.DROP_CHALLENGES, account=account_id)


async def forget_once(tx: Transaction) -> None:
    """Forget what opens something once: codes of apps, links of letters, everybody's.

    In an old copy there may be some that were used since, or taken back.
    """
    await tx.run(queries.DROP_OLD_CODES, before=MAX_ID)
    await tx.run(queries.DROP_OLD_LETTER_TOKENS, before=MAX_ID)


async def drop_passkeys(tx: Transaction, account_id: int) -> None:
    """Forget every passkey of a member: who lost an account may find keys of others in it."""
    await tx.run(queries.DROP_PASSKEYS, account=account_id)


async def shut_out(_services: Services, tx: Transaction, event: AccountsRestricted) -> None:
    """Subscriber: whoever is frozen or suspended is signed out everywhere."""
    for each in event.accounts:
        if each.begins(Limit.FROZEN) or each.begins(Limit.SUSPENDED):
            await end_everything(tx, each.account_id)


async def forget_credentials(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Subscriber: an account is deleted, and nothing that opened it is kept."""
    await end_everything(tx, event.account_id)
    await tx.run(queries.DROP_RECOVERY_CODES, account=event.account_id)
    await drop_passkeys(tx, event.account_id)
