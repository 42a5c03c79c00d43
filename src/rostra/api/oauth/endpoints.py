"""Tokens given and revoked, who is signed in, and how all this works (RFC 6749, 7009, 8414)."""

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from rostra.api.endpoint import GET, POST, Answered, Auth, Call, Empty, Endpoint
from rostra.api.mastodon.entities.oauth import (
    AuthorizationServer,
    OAuthProblem,
    Token,
    UserInfo,
)
from rostra.http.params import NoParams
from rostra.http.response import Header
from rostra.kernel.errors import Forbidden, NotFound, Unauthorized
from rostra.network.accounts import cards
from rostra.network.addresses import addresses
from rostra.network.credentials import scopes, tokens, tries
from rostra.network.credentials.sign_in import Identity
from rostra.network.credentials.tokens import Issued, OAuthError, TokenRequest
from rostra.network.instance import access as instance_access

_CHALLENGE: Header = (b"www-authenticate", b'Basic realm="Rostra"')
_NO_CACHE: Header = (b"pragma", b"no-cache")
_BAD_SIGN_IN = "The name, the password or the second step is wrong, or the sign-in is not allowed."


class TokenParams(TokenRequest, frozen=True, kw_only=True):
    """What a client sends for a token; name and password only for the password grant."""

    username: str = ""
    password: str = ""


class RevokeParams(msgspec.Struct, frozen=True):
    """A token, and the app that it belongs to."""

    client_id: str = ""
    client_secret: str = ""
    token: str = ""


async def token(call: Call[TokenParams]) -> Answered | Token:
    """Give a token for a code, or to the app itself."""
    try:
        issued = await _issue(call)
    except OAuthError as error:
        return _problem(error)
    return Token(
        access_token=issued.access_token,
        scope=issued.scope,
        created_at=issued.created_at // 1000,
    )


async def _issue(call: Call[TokenParams]) -> Issued:
    params, services = call.params, call.services
    client_id, secret = _client(call, params.client_id, params.client_secret)
    request = msgspec.structs.replace(params, client_id=client_id, client_secret=secret)
    identity = await _identity(call, request) if params.grant_type == "password" else None
    async with services.db.write() as tx:
        return await tokens.exchange(services, tx, request, identity)


async def _identity(call: Call[TokenParams], request: TokenRequest) -> Identity:
    """Whoever the password grant is for; only where the operators have switched it on."""
    services, params = call.services, call.params
    async with services.db.read() as reader:
        await tokens.password_grant_allowed(services, reader)
        await tokens.authenticated(reader, request.client_id, request.client_secret)
    call.count("sign_in_address")
    try:
        identity = await tries.identify(services, call.limits, params.username, params.password)
    except (Unauthorized, Forbidden) as error:
        raise OAuthError(error.inside, safe=_BAD_SIGN_IN, code="invalid_grant") from error
    if identity.needs_code:
        # The password alone is not enough for this member, on any way in.
        raise OAuthError("second step", safe=_BAD_SIGN_IN, code="invalid_grant")
    return identity


async def revoke(call: Call[RevokeParams]) -> Answered | Empty:
    """Revoke a token of the app's own."""
    params, services = call.params, call.services
    client_id, secret = _client(call, params.client_id, params.client_secret)
    try:
        async with services.db.write() as tx:
            await tokens.revoke_token(
                tx, client_id=client_id, client_secret=secret, token=params.token
            )
    except OAuthError as error:
        return _problem(error)
    return Empty()


async def userinfo(call: Call[NoParams]) -> UserInfo:
    """Who is signed in."""
    viewer, services = call.viewer, call.services
    async with services.db.read() as reader:
        card = (await cards.cards(reader, [viewer.account_id])).get(viewer.account_id)
    if card is None:
        raise NotFound(f"account {viewer.account_id}")
    at = addresses(services.settings)
    return UserInfo(
        iss=f"{at.base}/",
        sub=at.actor_uri(card.username),
        name=card.display_name or card.username,
        preferred_username=card.username,
        profile=at.profile(card.acct),
        picture=at.blob(card.avatar_key) if card.avatar_key else at.static("avatar.png"),
    )


async def metadata(call: Call[NoParams]) -> AuthorizationServer:
    """How apps get tokens here."""
    services = call.services
    base = addresses(services.settings).base
    async with services.db.read() as reader:
        place = await instance_access.settings(services, reader)
    grants = ("authorization_code", "client_credentials")
    return AuthorizationServer(
        issuer=f"{base}/",
        service_documentation=f"{base}/about/api",
        authorization_endpoint=f"{base}/oauth/authorize",
        token_endpoint=f"{base}/oauth/token",
        app_registration_endpoint=f"{base}/api/v1/apps",
        revocation_endpoint=f"{base}/oauth/revoke",
        userinfo_endpoint=f"{base}/oauth/userinfo",
        scopes_supported=tuple(sorted(scopes.KNOWN)),
        # Old scripts look here before they send a password.
        grant_types_supported=(*grants, "password") if place.password_grant else grants,
    )


def _client(call: Call[Any], client_id: str, secret: str) -> tuple[str, str]:
    """The client's id and secret, from the header (RFC 6749, 2.3.1) or from the body."""
    kind, _, coded = call.request.header("authorization").partition(" ")
    if kind.lower() != "basic":
        return client_id, secret
    try:
        text = base64.b64decode(coded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    name, _, word = text.partition(":")
    return unquote_plus(name), unquote_plus(word)


def _problem(error: OAuthError) -> Answered:
    status = error.http_status
    headers = (_NO_CACHE, _CHALLENGE) if status == 401 else (_NO_CACHE,)  # noqa: PLR2004 (HTTP)
    return Answered(OAuthProblem(error.code, error.safe), status, headers)


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        POST,
        "/oauth/token",
        token,
        auth=Auth.NONE,
        params=TokenParams,
        answer=Token,
        limits=("oauth_token_address",),
        errors=(400, 401),
        summary="Get a token",
    ),
    Endpoint(
        POST,
        "/oauth/revoke",
        revoke,
        auth=Auth.NONE,
        params=RevokeParams,
        answer=Empty,
        limits=("oauth_token_address",),
        errors=(403,),
        summary="Revoke a token",
    ),
    *(
        Endpoint(
            method,
            "/oauth/userinfo",
            userinfo,
            auth=Auth.USER,
            scopes=("profile",),
            answer=UserInfo,
            errors=(404,),
            summary="Who is signed in",
        )
        for method in (GET, POST)
    ),
    Endpoint(
        GET,
        "/.well-known/oauth-authorization-server",
        metadata,
        auth=Auth.NONE,
        answer=AuthorizationServer,
        cache="public, max-age=3600",
        summary="How apps get tokens here",
    ),
)
