"""Apps: client programs that ask to be known here."""

import re

import msgspec

from rostra.kernel import crypto
from rostra.kernel.errors import Fault, Invalid
from rostra.kernel.text import clean
from rostra.network.credentials import queries, scopes
from rostra.network.credentials.model import App, AuthorisedApp
from rostra.network.edge import Reader, Services, Transaction

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
MAX_NAME = 60
MAX_URI = 2000
MAX_URIS = 30
MAX_ALL_URIS = 4096  # characters of all together: strangers register apps
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>.+)", re.DOTALL)
_FORBIDDEN_CHARACTER = re.compile(r"[\s\x00-\x20\x7f-\xa0\\<>\"`{}|^\u200b-\u200f\u2028-\u202e]")
# Schemes that a browser runs, shows or reads files with; GHSA-x2rc-v5wx-g3m5.
_BROWSER_SCHEMES = """
about blob chrome data file filesystem ftp jar javascript mailto resource sms tel vbscript
view-source ws wss
"""
_REFUSED = frozenset(_BROWSER_SCHEMES.split())


class NewApp(msgspec.Struct, frozen=True):
    """A registered app with its secret, which is shown this once."""

    app: App
    secret: str


async def register_app(
    services: Services,
    tx: Transaction,
    *,
    name: str,
    redirect_uris: str | list[str],
    scopes_asked: str = "",
    website: str = "",
) -> NewApp:
    """Register an app; ``redirect_uris`` is a list, or a text with one address a line.

    Raises:
        Invalid: names each field that cannot be used.
    """
    faults: list[Fault] = []
    name = clean.display_name(name)
    if not name:
        faults.append(Fault("client_name", "can't be blank", "ERR_BLANK"))
    elif len(name) > MAX_NAME:
        message = f"is too long (maximum is {MAX_NAME} characters)"
        faults.append(Fault("client_name", message, "ERR_TOO_LONG"))
    uris = split_uris(redirect_uris)
    faults += uri_faults(uris)
    granted = scopes.parse(scopes_asked) if scopes_asked.strip() else scopes.DEFAULT
    if granted is None:
        faults.append(Fault("scopes", "doesn't match configured on the server."))
    link = website.strip()
    if link and clean.safe_url(link) is None:
        faults.append(Fault("website", "must be a valid URL"))
    if faults:
        raise Invalid.many(faults)
    secret = crypto.new_token()
    app = App(
        id=services.ids.next(),
        client_id=crypto.new_token(),
        secret_hash=crypto.token_hash(secret),
        name=name,
        website=link,
        redirect_uris=msgspec.json.encode(uris).decode(),
        scopes=scopes.show(granted or ()),
        created_at=services.clock.now(),
    )
    await tx.run(queries.ADD_APP, **msgspec.structs.asdict(app))
    return NewApp(app, secret)


def split_uris(given: str | list[str]) -> list[str]:
    """The addresses in a list, or in a text with one a line (blanks separate them as well)."""
    parts = given.split() if isinstance(given, str) else [text.strip() for text in given]
    return list(dict.fromkeys(part for part in parts if part))


def uri_faults(uris: list[str]) -> list[Fault]:
    """What keeps these from being addresses that a member may be sent back to."""
    if not uris:
        return [Fault("redirect_uris", "can't be blank", "ERR_BLANK")]
    if len(uris) > MAX_URIS:
        return [Fault("redirect_uris", f"are too many (maximum is {MAX_URIS})", "ERR_TOO_MANY")]
    if sum(map(len, uris)) > MAX_ALL_URIS:
        message = f"are too long together (maximum is {MAX_ALL_URIS} characters)"
        return [Fault("redirect_uris", message, "ERR_TOO_LONG")]
    if not all(is_redirect_uri(uri) for uri in uris):
        return [Fault("redirect_uris", "must be an absolute URI.")]
    return []


def is_redirect_uri(uri: str) -> bool:
    """Whether a member may be sent to this address with a code.

    Absolute, without a fragment (RFC 6749, 3.1.2); http(s) with a host and no user name; any
    scheme of an app's own; none that a browser would run or show by itself.
    """
    if uri == OUT_OF_BAND:
        return True
    if len(uri) > MAX_URI or "#" in uri or _FORBIDDEN_CHARACTER.search(uri):
        return False
    match = _SCHEME.fullmatch(uri)
    if match is None or match["scheme"].lower() in _REFUSED:
        return False
    if match["scheme"].lower() in {"http", "https"}:
        return clean.safe_url(uri) is not None
    return True


async def app_by_client(reader: Reader, client_id: str, secret: str | None = None) -> App | None:
    """The app with this client id and, where one is given, this secret."""
    app = await reader.first(queries.APP_BY_CLIENT_ID, client_id=client_id)
    if app is None or secret is None:
        return app
    same = crypto.constant_time_equal(app.secret_hash, crypto.token_hash(secret))
    return app if same else None


async def app_by_id(reader: Reader, app_id: int) -> App | None:
    """The app with this id."""
    return await reader.first(queries.APP_BY_ID, app=app_id)


async def authorised_apps(reader: Reader, account_id: int) -> list[AuthorisedApp]:
    """The apps that hold tokens of a member, the newest token first."""
    found: dict[int, AuthorisedApp] = {}
    for app_id, name, website, text, created_at, used in await reader.all(
        queries.AUTHORISED, account=account_id
    ):
        other = found.get(app_id)
        granted = {*text.split(), *(other.scopes if other else ())}
        found[app_id] = AuthorisedApp(
            app_id=app_id,
            name=name or "Command line",
            website=website or "",
            scopes=tuple(sorted(granted)),
            created_at=min(created_at, other.created_at) if other else created_at,
            last_used_day=max(used, other.last_used_day) if other else used,
        )
    return list(found.values())
