"""Reads the address or the handle of something local in what was typed into a search box."""

import re
from urllib.parse import urlsplit

import msgspec

from rostra.kernel import ids
from rostra.kernel.text.names import is_username, parse_acct
from rostra.settings import Settings

_PROFILE = re.compile(r"/(?:@|users/)([A-Za-z0-9_]{1,64})/?")
_POST = re.compile(r"/(?:@[A-Za-z0-9_]{1,64}|users/[A-Za-z0-9_]{1,64}/statuses)/([0-9]{1,19})/?")
_LONGEST = 512


class Named(msgspec.Struct, frozen=True):
    """What was named: an account or a post of this place; with neither, something elsewhere."""

    username: str = ""
    post_id: int = 0


def named(settings: Settings, text: str) -> Named | None:
    """What a text names: an address of this place, or a handle with a domain; None: words."""
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    if text.startswith(("http://", "https://")):
        return _at_address(settings, text)
    handle = text.removeprefix("acct:").removeprefix("@")
    if "@" not in handle or any(char.isspace() for char in handle):
        return None
    name, _, domain = handle.partition("@")
    if domain.lower() == settings.domain:  # may have a port, which no handle elsewhere has
        return Named(username=name if is_username(name) else "")
    acct = parse_acct(text)
    if acct is None:
        return None
    here = {settings.domain, urlsplit(settings.site.base_url).hostname}
    return Named(username=acct.username) if acct.domain in here else Named()


def _at_address(settings: Settings, text: str) -> Named:
    base = settings.site.base_url.rstrip("/")
    if not text.startswith(base + "/"):
        return Named()
    path = text[len(base) :].partition("?")[0].partition("#")[0]
    post = _POST.fullmatch(path)
    if post:
        return Named(post_id=ids.parse(post[1]) or 0)
    profile = _PROFILE.fullmatch(path)
    return Named(username=profile[1]) if profile else Named()
