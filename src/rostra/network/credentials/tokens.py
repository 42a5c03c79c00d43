"""Access tokens: issued for a code, for an app itself, by an operator; revoked by their app."""

import msgspec

from rostra.kernel import crypto
from rostra.kernel.clock import DAY
from rostra.kernel.errors import Forbidden, RostraError, Unauthorized
from rostra.network.credentials import apps, queries, scopes
from rostra.network.credentials.events import AccessEnded
from rostra.network.credentials.model import App, Token
from rostra.network.credentials.sign_in import Identity, still_let_in, still_valid
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.instance import access as instance_access


class OAuthError(RostraError):
    """A refusal in the form of RFC 6749, 5.2: `code` is its `error`, `safe` its description."""

    status = 400
    default_code = "invalid_request"
    default_safe = "The request is missing a required parameter or is otherwise malformed."

    @property
    def http_status(self) -> int:
        """401 for a client that did not prove itself, 403 for another client's token, else 400."""
        return {"invalid_client": 401, "unauthorized_client": 403}.get(self.code, 400)


class TokenRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a client sends to the token endpoint."""

    grant_type: str = ""
    client_id: str = ""
    client_secret: str = ""
    code: str = ""
    redirect_uri: str = ""
    code_verifier: str = ""
    scope: str = ""


class Issued(msgspec.Struct, frozen=True):
    """A new access token; the secret is kept nowhere here."""

    token_id: int
    access_token: str
    scope: str
    created_at: int  # UTC ms


_BAD_CLIENT = "Client authentication failed due to unknown client or a wrong secret."
_BAD_GRANT = "The authorization code is invalid, expired, used or belongs to another client."
_BAD_SCOPE = "The requested scope is invalid, unknown, or malformed."


async def issue_token(
    services: Services, tx: Transaction, *, app_id: int, account_id: int, granted: frozenset[str]
) -> Issued:
    """Make a token. Whether this is allowed is the caller's to know."""
    secret, now = crypto.new_token(), services.clock.now()
    token = Issued(services.ids.next(), secret, scopes.show(granted), now)
    await tx.run(
        queries.ADD_TOKEN,
        id=token.token_id,
        token_hash=crypto.token_hash(secret),
        app_id=app_id,
        account_id=account_id,
        scopes=token.scope,
        created_at=now,
        last_used_day=now // DAY,
    )
    if account_id:
        await tx.run(queries.USE_APP, app=app_id, now=now)
    return token


async def exchange(
    services: Services, tx: Transaction, request: TokenRequest, identity: Identity | None = None
) -> Issued:
    """Give a token for what the client sent.

    ``identity`` is whoever the password grant is for, checked before the transaction.

    Raises:
        OAuthError: in the words of RFC 6749.
    """
    app = await authenticated(tx, request.client_id, request.client_secret)
    match request.grant_type:
        case "authorization_code":
            return await _by_code(services, tx, app, request)
        case "client_credentials":
            granted = _scopes_for(app, request.scope)
            return await issue_token(services, tx, app_id=app.id, account_id=0, granted=granted)
        case "password" if identity is not None:
            await password_grant_allowed(services, tx)
            try:
                await still_valid(tx, identity)
            except (Unauthorized, Forbidden) as error:
                raise OAuthError(error.inside, safe=_BAD_GRANT, code="invalid_grant") from error
            granted = _scopes_for(app, request.scope)
            return await issue_token(
                services, tx, app_id=app.id, account_id=identity.account_id, granted=granted
            )
        case "":
            raise OAuthError(safe="Missing required parameter: grant_type.")
        case _:
            raise unsupported_grant()


async def authenticated(reader: Reader, client_id: str, client_secret: str) -> App:
    """The app that proves itself with its secret.

    Raises:
        OAuthError: `invalid_client`.
    """
    app = await apps.app_by_client(reader, client_id, client_secret)
    if app is None:
        raise OAuthError(safe=_BAD_CLIENT, code="invalid_client")
    return app


async def password_grant_allowed(services: Services, reader: Reader) -> None:
    """Pass where the operators have switched on OAuth's password grant.

    Raises:
        OAuthError: `unsupported_grant_type`.
    """
    if not (await instance_access.settings(services, reader)).password_grant:
        raise unsupported_grant()


def unsupported_grant() -> OAuthError:
    """The refusal of a grant that is not offered."""
    message = "The authorization grant type is not supported by the authorization server."
    return OAuthError(safe=message, code="unsupported_grant_type")


async def revoke_token(tx: Transaction, *, client_id: str, client_secret: str, token: str) -> None:
    """Revoke a token at the wish of the app that it belongs to; an unknown one is revoked already.

    Raises:
        OAuthError: `unauthorized_client`: the app does not prove itself, or the token is another's.
    """
    message = "You are not authorized to revoke this token"
    app = await apps.app_by_client(tx, client_id, client_secret)
    if app is None:
        raise OAuthError(safe=message, code="unauthorized_client")
    known = await tx.first(queries.TOKEN_BY_HASH, hash=crypto.token_hash(token))
    if known is None:
        return
    if known.app_id != app.id:
        raise OAuthError(safe=message, code="unauthorized_client")
    await tx.run(queries.DROP_TOKEN, token=known.id)
    await tx.emit(AccessEnded(known.account_id, (known.id,)))


async def tokens_of(reader: Reader, account_id: int) -> list[Token]:
    """The tokens of a member, for operators; without their secrets, which nobody has."""
    return await reader.all(queries.TOKENS_OF, account=account_id)


async def _by_code(services: Services, tx: Transaction, app: App, request: TokenRequest) -> Issued:
    hashed = crypto.token_hash(request.code)
    row = await tx.first(queries.CODE, hash=hashed)
    if row is None:
        raise OAuthError(safe=_BAD_GRANT, code="invalid_grant")
    _, app_id, account_id, granted, redirect_uri, challenge, expires_at = row
    fits = (
        app_id == app.id
        and expires_at > services.clock.now()
        and redirect_uri == request.redirect_uri
        and _verified(challenge, request.code_verifier)
    )
    if fits:
        await _let_in(tx, account_id)
    # One use: of two that come at once, only the one that deletes the row goes on.
    if not fits or not await tx.run(queries.DROP_CODE, hash=hashed):
        raise OAuthError(safe=_BAD_GRANT, code="invalid_grant")
    return await issue_token(
        services, tx, app_id=app.id, account_id=account_id, granted=frozenset(granted.split())
    )


async def _let_in(tx: Transaction, account_id: int) -> None:
    """Pass where the member may still be signed in; what ends everything meanwhile waits.

    Raises:
        OAuthError: `invalid_grant`.
    """
    try:
        await still_let_in(tx, account_id)
    except (Unauthorized, Forbidden) as error:
        raise OAuthError(error.inside, safe=_BAD_GRANT, code="invalid_grant") from error


def _verified(challenge: str, verifier: str) -> bool:
    """A code with a challenge needs its verifier, one without none (RFC 9700, 2.1.1)."""
    if not challenge:
        return not verifier
    return crypto.pkce_matches(verifier, challenge, "S256")


def _scopes_for(app: App, asked: str) -> frozenset[str]:
    """The scopes that were asked for, all of them within the app's own; by default `read`.

    Raises:
        OAuthError: `invalid_scope`.
    """
    allowed = frozenset(app.scopes.split())
    wanted = scopes.parse(asked) if asked.strip() else scopes.DEFAULT
    if wanted is None or not scopes.within(wanted, allowed):
        raise OAuthError(safe=_BAD_SCOPE, code="invalid_scope")
    return wanted
