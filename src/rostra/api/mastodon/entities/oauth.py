"""Apps, tokens and what the OAuth endpoints answer."""

import msgspec


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """A client program, without its secret."""

    id: str
    name: str
    website: str | None
    scopes: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    redirect_uri: str  # all of them, one a line: the form before Mastodon 4.3
    vapid_key: str = ""


class CredentialApplication(Application, frozen=True, kw_only=True):
    """A client program as it is told once, with its secret."""

    client_id: str
    client_secret: str
    client_secret_expires_at: int = 0  # never


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """An access token; ``created_at`` in unix seconds."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 (the name of a kind)
    scope: str
    created_at: int


class OAuthProblem(msgspec.Struct, frozen=True):
    """A refusal in the form of RFC 6749, 5.2."""

    error: str
    error_description: str


class UserInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in (OpenID Connect Core, 5.1)."""

    iss: str
    sub: str
    name: str
    preferred_username: str
    profile: str
    picture: str


class AuthorizationServer(msgspec.Struct, frozen=True, kw_only=True):
    """How apps get tokens here (RFC 8414)."""

    issuer: str
    service_documentation: str
    authorization_endpoint: str
    token_endpoint: str
    app_registration_endpoint: str
    revocation_endpoint: str
    userinfo_endpoint: str
    scopes_supported: tuple[str, ...]
    response_types_supported: tuple[str, ...] = ("code",)
    response_modes_supported: tuple[str, ...] = ("query",)
    grant_types_supported: tuple[str, ...] = ("authorization_code", "client_credentials")
    token_endpoint_auth_methods_supported: tuple[str, ...] = (
        "client_secret_basic",
        "client_secret_post",
    )
    code_challenge_methods_supported: tuple[str, ...] = ("S256",)
