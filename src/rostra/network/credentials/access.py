"""Whose token, whose session: the one statement that runs with every request."""

from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache

from rostra.kernel import crypto
from rostra.kernel.clock import DAY
from rostra.network.accounts.model import AccountState
from rostra.network.credentials import queries, seen
from rostra.network.credentials.model import MemberState, Standing, Viewer
from rostra.network.edge import Reader, Services


async def viewer_by_token(reader: Reader, services: Services, token: str) -> Viewer | None:
    """The viewer that a bearer token stands for; None: unknown or revoked. One statement.

    The day on which the member was last seen is written after the answer, once a day.
    """
    found = await reader.first(queries.VIEWER_BY_TOKEN, hash=crypto.token_hash(token))
    if found is None:
        return None
    today = services.clock.now() // DAY
    if found.account_id == 0:
        if found.used_day < today:
            seen.note(services, token_id=found.token_id, day=today)
        return Viewer(token_id=found.token_id, app_id=found.app_id, scopes=_scopes(found.scopes))
    if found.account_state is None or found.role is None:
        return None  # the account is being deleted
    if found.used_day < today or found.seen_day < today:
        seen.note(
            services,
            account_id=found.account_id,
            token_id=found.token_id,
            day=today,
        )
    return Viewer(
        account_id=found.account_id,
        token_id=found.token_id,
        app_id=found.app_id,
        scopes=_scopes(found.scopes),
        role=found.role,
        state=_state(found),
        accepted_terms=found.accepted_terms,
        filters_version=found.filters_version,
        followed_tags=found.followed_tags,
    )


async def alive(reader: Reader, token_ids: Sequence[int]) -> dict[int, int]:
    """Those of the tokens that still open their member's account. One query.

    Returns:
        To each the version of the terms that the member has accepted; 0: none.
    """
    found = await reader.all(queries.ALIVE, ids=token_ids)
    return {each.token_id: each.accepted_terms for each in found}


async def viewer_by_session(reader: Reader, services: Services, token: str) -> Viewer | None:
    """The viewer that a browser's session cookie stands for; None: unknown, ended or too old.

    A session has no scopes: pages may do all that their member may.
    """
    found = await reader.first(queries.VIEWER_BY_SESSION, hash=crypto.token_hash(token))
    if found is None or found.role is None:
        return None
    now = services.clock.now()
    if found.last_seen_at < now - services.settings.accounts.session_days * DAY:
        return None
    today = now // DAY
    if found.last_seen_at // DAY < today or found.seen_day < today:
        seen.note(
            services,
            account_id=found.account_id,
            session_id=found.session_id,
            day=today,
        )
    return Viewer(
        account_id=found.account_id,
        session_id=found.session_id,
        role=found.role,
        state=_state(found),
        accepted_terms=found.accepted_terms,
        filters_version=found.filters_version,
        followed_tags=found.followed_tags,
        duties=found.duties,
    )


def authenticator(services: Services) -> Callable[[str], Awaitable[Viewer | None]]:
    """What the API's edge asks for each token."""

    async def authenticate(token: str) -> Viewer | None:
        async with services.db.read() as reader:
            return await viewer_by_token(reader, services, token)

    return authenticate


def _state(standing: Standing) -> int:
    return int(
        member_state(
            standing.account_state or 0,
            standing.confirmed_at,
            standing.approved_at,
            standing.disabled_at,
        )
    )


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
