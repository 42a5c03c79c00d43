"""Whose token, whose session: the one statement that runs with every request."""

from collections.abc import Awaitable, Callable
from functools import lru_cache

from rostra.kernel import crypto
from rostra.kernel.clock import DAY
from rostra.network.accounts.model import AccountState
from rostra.network.credentials import queries, seen
from rostra.network.credentials.model import MemberState, Viewer
from rostra.network.edge import Reader, Services


async def viewer_by_token(reader: Reader, services: Services, token: str) -> Viewer | None:
    """The viewer that a bearer token stands for; None: unknown or revoked. One statement.

    The day on which the member was last seen is written behind the answer, once a day.
    """
    row = await reader.first(queries.VIEWER_BY_TOKEN, hash=crypto.token_hash(token))
    if row is None:
        return None
    token_id, app_id, account_id, scopes, used_day, *standing = row
    today = services.clock.now() // DAY
    if account_id == 0:
        if used_day < today:
            seen.note(services, token_id=token_id, day=today)
        return Viewer(token_id=token_id, app_id=app_id, scopes=_scopes(scopes))
    role, confirmed_at, approved_at, disabled_at, seen_day, account_state, *known = standing
    accepted, filters, tags = known
    if account_state is None or role is None:
        return None  # the account is being deleted
    if used_day < today or seen_day < today:
        seen.note(services, account_id=account_id, token_id=token_id, day=today, before=seen_day)
    return Viewer(
        account_id=account_id,
        token_id=token_id,
        app_id=app_id,
        scopes=_scopes(scopes),
        role=role,
        followed_tags=tags,
        state=int(member_state(account_state, confirmed_at, approved_at, disabled_at)),
        accepted_terms=accepted,
        filters_version=filters,
    )


async def viewer_by_session(reader: Reader, services: Services, token: str) -> Viewer | None:
    """The viewer that a browser's session cookie stands for; None: unknown, ended or too old.

    A session has no scopes: pages may do all that their member may.
    """
    row = await reader.first(queries.VIEWER_BY_SESSION, hash=crypto.token_hash(token))
    if row is None:
        return None
    session_id, account_id, last_seen_at, *standing = row
    role, confirmed_at, approved_at, disabled_at, seen_day, account_state, *known = standing
    accepted, filters, tags = known
    now = services.clock.now()
    if last_seen_at < now - services.settings.accounts.session_days * DAY:
        return None
    today = now // DAY
    if last_seen_at // DAY < today or seen_day < today:
        seen.note(
            services, account_id=account_id, session_id=session_id, day=today, before=seen_day
        )
    return Viewer(
        account_id=account_id,
        session_id=session_id,
        role=role,
        followed_tags=tags,
        state=int(member_state(account_state, confirmed_at, approved_at, disabled_at)),
        accepted_terms=accepted,
        filters_version=filters,
    )


def authenticator(services: Services) -> Callable[[str], Awaitable[Viewer | None]]:
    """What the API's edge asks for each token."""

    async def authenticate(token: str) -> Viewer | None:
        async with services.db.read() as reader:
            return await viewer_by_token(reader, services, token)

    return authenticate


def member_state(
    account_state: int, confirmed_at: int, approved_at: int, disabled_at: int
) -> MemberState:
    """What a member may do so far."""
    if account_state == AccountState.SUSPENDED:
        return MemberState.SUSPENDED
    if disabled_at or account_state == AccountState.DISABLED:
        return MemberState.DISABLED
    if account_state == AccountState.LEAVING:
        return MemberState.LEAVING
    if not confirmed_at:
        return MemberState.UNCONFIRMED
    if not approved_at:
        return MemberState.UNAPPROVED
    return MemberState.ACTIVE


@lru_cache(maxsize=512)
def _scopes(text: str) -> frozenset[str]:
    return frozenset(text.split())
