"""The cookies of the pages, and what is derived from them: the CSRF token and the flash.

No key of the server is needed. A browser's own secret (its session, or a visitor's random cookie,
both HttpOnly) is the key, so a token or a flash made for one browser is worth nothing to another.
"""

from typing import Final

import msgspec

from rostra.http.request import Request
from rostra.http.response import Header, cookie
from rostra.http.site import Site
from rostra.kernel import crypto
from rostra.kernel.clock import MINUTE
from rostra.web.views.shell import Flash, Theme

SESSION: Final = "rostra_session"
VISITOR: Final = "rostra_visitor"
DEVICE: Final = "rostra_device"
FLASH: Final = "rostra_flash"
THEME: Final = "rostra_theme"
_YEAR_S: Final = 31_536_000
_FLASH_LASTS_MS: Final = MINUTE
_TOKEN_MAX: Final = 512
_THEMES: Final[dict[str, Theme]] = {"light": "light", "dark": "dark"}


class Secret(msgspec.Struct, frozen=True):
    """A browser's own secret; `new` where it was made for this answer and must be set."""

    value: str
    new: bool = False


def session_token(request: Request) -> str:
    """The secret of the browser's session; empty without one."""
    token = request.cookies.get(SESSION, "")
    return token if len(token) <= _TOKEN_MAX else ""


def browser_secret(request: Request, *, signed_in: bool) -> Secret:
    """The secret that CSRF tokens and flashes of this browser hang on."""
    if signed_in:
        return Secret(session_token(request))
    known = request.cookies.get(VISITOR, "")
    if len(known) == len(crypto.new_token()):
        return Secret(known)
    return Secret(crypto.new_token(), new=True)


def csrf_token(secret: Secret) -> str:
    """What a form of this browser must carry."""
    return crypto.signature(secret.value.encode(), "csrf").hex()


def csrf_matches(secret: Secret, given: object) -> bool:
    """Whether a form carries what :func:`csrf_token` gave this browser."""
    return isinstance(given, str) and crypto.constant_time_equal(given, csrf_token(secret))


def session_cookie(site: Site, token: str, days: int) -> Header:
    """Keep a session in the browser."""
    return cookie(site, SESSION, token, max_age_s=days * 86_400)


def no_session_cookie(site: Site) -> Header:
    """Forget the session."""
    return cookie(site, SESSION, "", max_age_s=0)


def device_cookie(site: Site, value: str, days: int) -> Header:
    """Keep what tells a browser in which a member was signed in; it stays when they sign out."""
    return cookie(site, DEVICE, value, max_age_s=days * 86_400)


def device_of(request: Request) -> str:
    """What :func:`device_cookie` left; empty without it."""
    return request.cookies.get(DEVICE, "")


def visitor_cookie(site: Site, secret: Secret) -> Header:
    """Keep a visitor's secret until the browser is closed."""
    return cookie(site, VISITOR, secret.value)


def theme_of(request: Request) -> Theme:
    """Light, dark, or as the device says."""
    return _THEMES.get(request.cookies.get(THEME, ""), "")


def theme_cookie(site: Site, theme: str) -> Header:
    """Remember the colours; anything but light and dark forgets them."""
    known = _THEMES.get(theme, "")
    return cookie(site, THEME, known, max_age_s=_YEAR_S if known else 0)


def flash_cookie(site: Site, secret: Secret, flash: Flash, now: int) -> Header:
    """Carry a message over one redirect. It ends after a minute, read or not."""
    value = msgspec.json.encode(flash).decode()
    sealed = crypto.seal(secret.value.encode(), "flash", value, now + _FLASH_LASTS_MS)
    return cookie(site, FLASH, sealed, max_age_s=_FLASH_LASTS_MS // 1000)


def no_flash_cookie(site: Site) -> Header:
    """The message was shown."""
    return cookie(site, FLASH, "", max_age_s=0)


def flash_of(request: Request, secret: Secret, now: int) -> Flash | None:
    """The message that a redirect left for this browser."""
    sealed = request.cookies.get(FLASH, "")
    if not sealed:
        return None
    value = crypto.unseal(secret.value.encode(), "flash", sealed, now)
    if value is None:
        return None
    try:
        return msgspec.json.decode(value, type=Flash)
    except msgspec.MsgspecError:
        return None
