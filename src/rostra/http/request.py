"""A request as api and web see it: what it says of itself, checked, and nothing from `Host`."""

import os
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qsl

from rostra.http.address import UNKNOWN, AddressBook
from rostra.http.brackets import MAX_NAMES, Tree, nest
from rostra.http.failures import BadRequest, HeadersTooLarge
from rostra.http.router import NO_PARAMS
from rostra.http.site import Site

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MAX_HEADERS: Final = 100
MAX_HEADER_BYTES: Final = 32_768
MAX_QUERY_BYTES: Final = 16_384
MAX_COOKIE_BYTES: Final = 8_192
# One to four plain names and values: most queries there are, without any of the work below.
_SIMPLE_FORM = re.compile(rb"[a-z_]{1,40}=[A-Za-z0-9_.-]*(&[a-z_]{1,40}=[A-Za-z0-9_.-]*){0,3}")
_REQUEST_ID = re.compile(rb"[A-Za-z0-9-]{1,64}")


class Request:
    """One request. Headers are read once into a dict; everything else when it is asked for."""

    __slots__ = (
        "_address", "_addresses", "_cookies", "_query", "_raw_headers", "allow",
        "extra", "finish", "headers", "method", "params", "path", "query_string", "receive",
        "request_id", "scope", "site",
    )  # fmt: skip

    def __init__(self, scope: Scope, receive: Receive, site: Site, addresses: AddressBook) -> None:
        self.scope = scope
        self.receive = receive
        self.site = site
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query_string: bytes = scope["query_string"]
        self.params: Mapping[str, str] = NO_PARAMS
        # What the router says about a path that does not answer this method.
        self.allow: tuple[str, ...] = ()
        # Headers for whatever the answer will be, an error too (rate limits).
        self.extra: tuple[tuple[bytes, bytes], ...] = ()
        # Called when the answer has left.
        self.finish: list[Callable[[], None]] = []
        self._raw_headers: list[tuple[bytes, bytes]] = scope["headers"]
        self.headers: dict[bytes, bytes] = dict(self._raw_headers)
        self._addresses = addresses
        self._address = ""
        self._query: Tree | None = None
        self._cookies: dict[str, str] | None = None
        offered = self.headers.get(b"x-request-id")
        if offered is not None and _REQUEST_ID.fullmatch(offered):
            self.request_id = offered
        else:
            self.request_id = os.urandom(10).hex().encode()

    def check_headers(self) -> None:
        """Refuse more headers than anybody needs.

        Raises:
            HeadersTooLarge: too many, or too long together.
        """
        if len(self._raw_headers) > MAX_HEADERS:
            raise HeadersTooLarge
        if sum(map(len, self.headers.values())) > MAX_HEADER_BYTES:
            raise HeadersTooLarge

    def header(self, name: str) -> str:
        """The value of a header (any case), empty when absent; of a repeated one, the last."""
        value = self.headers.get(name.lower().encode())
        return "" if value is None else value.decode("latin-1").strip()

    @property
    def base_url(self) -> str:
        """Our scheme and host, from the settings."""
        return self.site.base_url

    @property
    def address(self) -> str:
        """The client's address, `UNKNOWN` where there is none."""
        if not self._address:
            client = self.scope.get("client")
            peer = client[0] if client else None
            self._address = (
                self._addresses.client(peer, self._joined(b"x-forwarded-for")) or UNKNOWN
            )
        return self._address

    @property
    def query(self) -> Tree:
        """The query's parameters, brackets nested.

        Raises:
            BadRequest: too many or impossible ones.
        """
        if self._query is None:
            self._query = (
                parse_form(self.query_string, MAX_QUERY_BYTES) if self.query_string else {}
            )
        return self._query

    @property
    def cookies(self) -> dict[str, str]:
        """The request's cookies; an unreadable header counts as none."""
        if self._cookies is None:
            self._cookies = _cookies(self._joined(b"cookie", "; "))
        return self._cookies

    def _joined(self, name: bytes, glue: str = ",") -> str:
        if name not in self.headers:
            return ""
        values = [value for key, value in self._raw_headers if key == name]
        return glue.join(value.decode("latin-1") for value in values)


def parse_form(raw: bytes, cap: int) -> Tree:
    """An urlencoded query or body, brackets nested; what is not UTF-8 is replaced, NUL dropped.

    Raises:
        BadRequest: longer than `cap` bytes, too many names, impossible nesting.
    """
    if len(raw) > cap:
        raise BadRequest("The parameters are too long")
    if _SIMPLE_FORM.fullmatch(raw):
        return dict(pair.split("=") for pair in raw.decode().split("&"))
    text = raw.decode("utf-8", "replace")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=MAX_NAMES)
    except ValueError:
        raise BadRequest("Too many parameters") from None
    if "%00" in text or "\0" in text:
        pairs = [(name.replace("\0", ""), value.replace("\0", "")) for name, value in pairs]
    return nest(pairs)


def _cookies(header: str) -> dict[str, str]:
    if not header or len(header) > MAX_COOKIE_BYTES:
        return {}
    out: dict[str, str] = {}
    for chunk in header.split(";"):
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(chunk.strip())
        except CookieError:
            continue
        out |= {name: morsel.value for name, morsel in jar.items()}
    return out
