"""Answers: bytes, streams, redirects within our own house, cookies, security headers."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final
from urllib.parse import urlsplit

from rostra.http.request import Receive, Scope, Send
from rostra.http.site import Site

AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]
Headers = tuple[Header, ...]

JSON: Final[Header] = (b"content-type", b"application/json; charset=utf-8")
HTML: Final[Header] = (b"content-type", b"text/html; charset=utf-8")
PLAIN: Final[Header] = (b"content-type", b"text/plain; charset=utf-8")
NOT_STORED: Final[Header] = (b"cache-control", b"private, no-store")

_COOKIE_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_COOKIE_VALUE = re.compile(r"[A-Za-z0-9!#$%&'()*+./:<=>?@^_`{|}~\[\]-]{0,4000}")


class Response:
    """A status, headers and a body in bytes. The dispatcher adds length, id and fixed headers."""

    __slots__ = ("body", "headers", "status")

    def __init__(
        self, body: bytes = b"", status: int = 200, headers: Sequence[Header] = ()
    ) -> None:
        self.body = body
        self.status = status
        self.headers: list[Header] = list(headers)

    def add(self, name: str, value: str) -> None:
        """Add one header.

        Raises:
            ValueError: the value would break out of its line.
        """
        if "\r" in value or "\n" in value or "\0" in value:
            raise ValueError("a header value holds a line break")
        self.headers.append((name.lower().encode(), value.encode("latin-1", "replace")))


class Stream(Response):
    """An answer sent piece by piece: downloads, server-sent events."""

    __slots__ = ("pieces",)

    def __init__(
        self, pieces: AsyncIterator[bytes], status: int = 200, headers: Sequence[Header] = ()
    ) -> None:
        super().__init__(b"", status, headers)
        self.pieces = pieces


class Delegated(Response):
    """An answer that another ASGI application gives, such as Starlette's StaticFiles."""

    __slots__ = ("app", "path")

    def __init__(self, app: AsgiApp, path: str) -> None:
        super().__init__()
        self.app = app
        self.path = path


def redirect(site: Site, target: str, status: int = 303) -> Response:
    """A redirect to a path of ours; anything that leads elsewhere leads to `/` instead.

    CVE-2026-33868: open redirect.
    """
    response = Response(b"", status, (NOT_STORED,))
    response.add("location", own_target(site, target))
    return response


def own_target(site: Site, target: str) -> str:
    """`target` as an absolute address of ours when it is one, else our front page."""
    front = f"{site.base_url}/"
    if any(ord(letter) <= 32 or letter in "\\\x7f" for letter in target):  # noqa: PLR2004 (blanks)
        return front
    if target.startswith(front) or target == site.base_url:
        return target
    if not target.startswith("/") or target.startswith("//"):
        return front
    try:
        parts = urlsplit(target)
    except ValueError:
        return front
    return front if parts.scheme or parts.netloc else site.base_url + _escaped(target)


def cookie(
    site: Site, name: str, value: str, *, max_age_s: int | None = None, path: str = "/"
) -> Header:
    """A `Set-Cookie` header: HttpOnly, SameSite=Lax, Secure whenever the site is served by TLS.

    Args:
        site: decides on Secure.
        name: of the cookie.
        value: characters that need no quoting only, such as a token.
        max_age_s: lifetime; None ends with the browser, 0 removes it.
        path: to which paths it is sent.

    Raises:
        ValueError: name or value hold a character that does not belong there.
    """
    if not _COOKIE_NAME.fullmatch(name) or not _COOKIE_VALUE.fullmatch(value):
        raise ValueError(f"cookie {name!r} cannot be written")
    parts = [f"{name}={value}", f"Path={path}", "HttpOnly", "SameSite=Lax"]
    if max_age_s is not None:
        parts.append(f"Max-Age={max_age_s}")
    if site.secure:
        parts.append("Secure")
    return (b"set-cookie", "; ".join(parts).encode())


def security_headers(site: Site, *, page: bool = False) -> Headers:
    """The headers that every answer carries; pages get those that browsers mind on documents."""
    headers: list[Header] = [(b"x-content-type-options", b"nosniff")]
    if site.secure:
        headers.append((b"strict-transport-security", b"max-age=31536000"))
    if page:
        headers += [
            (b"referrer-policy", b"same-origin"),
            (b"x-frame-options", b"DENY"),
            (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
        ]
    return tuple(headers)


def _escaped(target: str) -> str:
    return "".join(
        c if c.isascii() else "".join(f"%{b:02X}" for b in c.encode(errors="replace"))
        for c in target
    )
