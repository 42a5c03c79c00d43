"""Addresses of links: in one spelling, so that one page has one preview."""

from urllib.parse import urlsplit, urlunsplit

import idna

from rostra.kernel.text.entities import Entity, Kind

LONGEST = 2048
_PORTS = {"http": 80, "https": 443}


def address_of(link: str) -> str:
    """The spelling under which a link is filed; empty for what is not fetched.

    Scheme and host in lower case, the host in ASCII, no fragment, no usual port, no user.
    """
    try:
        parts = urlsplit(link)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        ascii_host = host if host.isascii() else idna.encode(host, uts46=True).decode()
    except (ValueError, UnicodeError):
        return ""
    usual = _PORTS.get(parts.scheme.lower())
    if usual is None or not ascii_host or parts.username is not None:
        return ""
    netloc = ascii_host.lower() if port in {None, usual} else f"{ascii_host.lower()}:{port}"
    full = urlunsplit((parts.scheme.lower(), netloc, parts.path or "/", parts.query, ""))
    return full if len(full) <= LONGEST and full.isprintable() and " " not in full else ""


def first_link(found: tuple[Entity, ...], domain: str) -> str:
    """The link that a post is previewed by: its first one that does not lead to this place."""
    for entity in found:
        if entity.kind is Kind.URL:
            address = address_of(entity.value)
            if address and urlsplit(address).netloc != domain:
                return address
    return ""


def host_of(address: str) -> str:
    """The host in an address."""
    return urlsplit(address).hostname or ""
