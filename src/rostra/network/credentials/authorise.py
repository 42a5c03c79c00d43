"""The authorise page's verbs: is the request sound, what is asked for, yes or no.

Errors that tell of a wrong client or a wrong address are shown here and never redirect (RFC 6749,
4.1.2.1); all others are the app's to know. Anybody can register an app, with any address: so nobody
is sent there by a link alone, without having been asked (RFC 9700, 4.11.2).
"""

from urllib.parse import urlencode, urlsplit

import msgspec

from rostra.kernel import crypto
from rostra.kernel.clock import MINUTE
from rostra.kernel.errors import Invalid
from rostra.network.credentials import apps, queries, scopes
from rostra.network.credentials.apps import OUT_OF_BAND
from rostra.network.credentials.model import App
from rostra.network.edge import Reader, Services, Transaction

CODE_LASTS_MS = 10 * MINUTE
_CHALLENGE_LENGTH = 43


class AuthoriseRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What an app sends a member's browser with."""

    response_type: str = ""
    client_id: str = ""
    redirect_uri: str = ""
    scope: str = ""
    state: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""
    force_login: bool = False
    lang: str = ""


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """A sound request: what the member is asked. Fields of the request travel with the form."""

    app: App
    request: AuthoriseRequest
    granted: frozenset[str]

    @property
    def redirect_host(self) -> str:
        """Where the member is sent afterwards; empty for out-of-band, else host or scheme."""
        return _host(self.request.redirect_uri)


class SendBack(msgspec.Struct, frozen=True):
    """What the app is to be told, by sending the member back to it.

    Attributes:
        url: with a refusal in it; empty for out-of-band.
        host: of that address, or its scheme.
        reason: what the app is told, as a sentence.
    """

    url: str
    host: str
    reason: str


class Granted(msgspec.Struct, frozen=True):
    """The member said yes: send them to ``url``, or show ``code`` where it is empty."""

    code: str
    url: str


async def examine(reader: Reader, request: AuthoriseRequest) -> Consent | SendBack:
    """Read a request: a consent to ask for, or a refusal that belongs to the app.

    Raises:
        Invalid: unknown client or address; show it, and send nobody anywhere.
    """
    app = await apps.app_by_client(reader, request.client_id) if request.client_id else None
    if app is None:
        raise Invalid.plain("This app is not known here", "invalid_client")
    if request.redirect_uri not in app.uris:
        message = "The app asks to send you to an address that it has not registered"
        raise Invalid.plain(message, "invalid_redirect_uri")
    if request.response_type != "code":
        return _refused(request, "unsupported_response_type", "Only `code` is offered.")
    allowed = frozenset(app.scopes.split())
    asked = scopes.parse(request.scope) if request.scope.strip() else scopes.DEFAULT
    if asked is None or not scopes.within(asked, allowed):
        return _refused(request, "invalid_scope", "The app has not declared what it asks for.")
    if (request.code_challenge or request.code_challenge_method) and (
        request.code_challenge_method != "S256" or len(request.code_challenge) != _CHALLENGE_LENGTH
    ):
        return _refused(request, "invalid_request", "code_challenge_method must be S256.")
    return Consent(app=app, request=request, granted=asked)


async def grant(services: Services, tx: Transaction, consent: Consent, account_id: int) -> Granted:
    """The member says yes: a code that works once, for ten minutes."""
    code, request = crypto.new_token(), consent.request
    await tx.run(
        queries.ADD_CODE,
        code_hash=crypto.token_hash(code),
        app_id=consent.app.id,
        account_id=account_id,
        scopes=scopes.show(consent.granted),
        redirect_uri=request.redirect_uri,
        challenge=request.code_challenge,
        expires_at=services.clock.now() + CODE_LASTS_MS,
    )
    if request.redirect_uri == OUT_OF_BAND:
        return Granted(code, "")
    return Granted(code, _with_query(request, {"code": code}))


def deny(consent: Consent) -> SendBack:
    """The member says no."""
    message = "The resource owner or authorization server denied the request."
    return _refused(consent.request, "access_denied", message)


def _refused(request: AuthoriseRequest, error: str, description: str) -> SendBack:
    """Back to the app; nowhere (an empty address) for out-of-band."""
    if request.redirect_uri == OUT_OF_BAND:
        return SendBack("", "", description)
    url = _with_query(request, {"error": error, "error_description": description})
    return SendBack(url, _host(request.redirect_uri), description)


def _host(uri: str) -> str:
    if uri == OUT_OF_BAND:
        return ""
    parts = urlsplit(uri)
    return parts.netloc or f"{parts.scheme}:"


def _with_query(request: AuthoriseRequest, params: dict[str, str]) -> str:
    if request.state:
        params = {**params, "state": request.state}
    glue = "&" if "?" in request.redirect_uri else "?"
    return f"{request.redirect_uri}{glue}{urlencode(params)}"
