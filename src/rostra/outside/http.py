"""The one client for requests to the outside (law 11).

A host is resolved once, every address of it must be public or in a network that the operator
named, and the connection goes to an address that was checked: another answer to a later question
(DNS rebinding) changes nothing. One deadline holds for all of it, redirects and the last byte of
the body included.
"""

import asyncio
import ipaddress
import re
import socket
import ssl
import zlib
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from typing import Protocol

import httpx2
import msgspec

from rostra.kernel.errors import RostraError
from rostra.outside import addresses
from rostra.outside.egress import Egress

CHANNEL = "fetch"

_SCHEMES = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_KEPT_ACROSS_ORIGINS = frozenset({"accept", "accept-language", "user-agent"})
_MOST_ADDRESSES = 4
_LONGEST_URL = 4096
# No user name, no escapes in the host, and nothing that two parsers could read differently.
_ORDINARY = re.compile(r"[a-zA-Z]+://[^/?#@%\s\\]+([/?#][^\s\\\x00-\x20\x7f]*)?")
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32


class FetchRefused(RostraError):
    """We do not call this address, or do not take this answer: asking again changes nothing."""

    status = 422
    default_safe = "The address can't be fetched"
    default_code = "fetch_refused"


class FetchFailed(RostraError):
    """The other side can't be reached or did not answer properly in time: ask again later."""

    status = 503
    default_safe = "The other server can't be reached"
    default_code = "fetch_failed"


Permit = Callable[[str], Awaitable[None]]
"""Lets a host be called, or raises."""


class Resolver(Protocol):
    """Turns a host name into addresses."""

    async def __call__(self, host: str, port: int, /) -> list[str]:
        """All addresses, the preferred first; raises OSError when there are none."""
        ...


class Policy(msgspec.Struct, frozen=True):
    """What may be called and how much may come back.

    Attributes:
        ports: the only ports that are called.
        schemes: the only schemes.
        allowed: networks (CIDR) that are called although they are not public.
        allowed_ports: ports that are called in those networks alone, by http as well.
        deadline_s: seconds for one fetch from the first look-up to the last byte.
        max_bytes: most bytes of a body, as sent and unpacked.
        max_redirects: how many redirects are followed; only for GET and HEAD.
        user_agent: who we say we are.
    """

    ports: frozenset[int] = frozenset({80, 443})
    schemes: frozenset[str] = frozenset({"http", "https"})
    allowed: tuple[str, ...] = ()
    allowed_ports: frozenset[int] = frozenset()
    deadline_s: float = 10.0
    max_bytes: int = 1 << 20
    max_redirects: int = 3
    user_agent: str = "Rostra"


class Fetched(msgspec.Struct, frozen=True):
    """An answer: whatever its status, the caller judges it."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes


async def system_resolver(host: str, port: int) -> list[str]:
    """Ask the system; raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in found]


@cache
def _system_trust() -> ssl.SSLContext:
    """The certificates that the system believes: 140 of them, read once for all clients."""
    return ssl.create_default_context()


class HttpClient:
    """Calls public addresses, one connection a request; holds nothing that needs closing."""

    def __init__(
        self,
        egress: Egress,
        policy: Policy | None = None,
        *,
        resolver: Resolver = system_resolver,
        tls: ssl.SSLContext | None = None,
        channel: str = CHANNEL,
    ) -> None:
        """Make a client; raises ValueError for a policy with a bad network.

        Args:
            egress: asked for the channel before each connection.
            policy: the limits.
            resolver: what answers for host names.
            tls: which certificates are believed; without it those the system believes.
            channel: what the egress gate is asked for.
        """
        self._egress = egress
        self._channel = channel
        self._policy = policy or Policy()
        self._allowed = addresses.networks(self._policy.allowed)
        self._resolver = resolver
        self._tls = tls or _system_trust()

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        permit: Permit | None = None,
    ) -> Fetched:
        """Send one request and read the whole answer.

        Args:
            method: GET, POST and the like.
            url: what to call.
            headers: beside our own.
            content: the body.
            permit: asked for the host before each call, those after redirects too; what it
                raises is raised.

        Raises:
            Unavailable: the egress gate is closed.
            FetchRefused: the address, a redirect or the size of the answer is not acceptable.
            FetchFailed: no such host, no connection, a broken answer, or the deadline.
        """
        try:
            async with asyncio.timeout(self._policy.deadline_s):
                return await self._follow(method.upper(), url, dict(headers or {}), content, permit)
        except TimeoutError as error:
            raise FetchFailed(f"no whole answer in time from {url[:200]!r}") from error

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        permit: Permit | None = None,
    ) -> Fetched:
        """Fetch an address; raises as `request` does."""
        return await self.request("GET", url, headers=headers, permit=permit)

    def check(self, url: str) -> None:
        """Pass for an address that may be called as it is written; no look-up yet.

        Raises:
            FetchRefused: it is malformed, or of a scheme or port that is not called.
        """
        self._checked(url)

    async def _follow(
        self,
        method: str,
        text: str,
        headers: dict[str, str],
        content: bytes,
        permit: Permit | None,
    ) -> Fetched:
        url = self._checked(text)
        for _ in range(self._policy.max_redirects + 1):
            if permit is not None:
                await permit(_host(url))
            answer = await self._once(method, url, headers, content)
            location = answer.headers.get("location", "")
            if answer.status not in _REDIRECTS or not location or method not in _SAFE_METHODS:
                return answer
            following = self._redirected(url, location)
            if _origin(following) != _origin(url):
                # A token for one host is none of another host's business.
                headers = {k: v for k, v in headers.items() if k.lower() in _KEPT_ACROSS_ORIGINS}
            url = following
        raise FetchRefused(f"more than {self._policy.max_redirects} redirects from {text[:200]!r}")

    def _redirected(self, url: httpx2.URL, location: str) -> httpx2.URL:
        try:
            following = self._checked(str(url.join(location)))
        except (httpx2.InvalidURL, ValueError) as error:
            raise FetchRefused(f"a redirect to {location[:200]!r}") from error
        if url.scheme == "https" and following.scheme != "https":
            raise FetchRefused(f"a redirect away from https to {location[:200]!r}")
        return following

    def _checked(self, text: str) -> httpx2.URL:
        """Parse an address and hold it against the policy; no look-up yet."""
        if len(text) > _LONGEST_URL or not _ORDINARY.fullmatch(text):
            raise FetchRefused(f"a malformed address: {text[:200]!r}")
        try:
            url = httpx2.URL(text)
            addresses.literal(_host(url))
        except (httpx2.InvalidURL, ValueError) as error:
            raise FetchRefused(f"a malformed address: {text[:200]!r}: {error}") from error
        if not self._everywhere(url) and not self._inside(url):
            what = "port" if url.scheme in self._policy.schemes else "scheme"
            raise FetchRefused(f"a {what} we do not use: {text[:200]!r}")
        return url.copy_with(fragment=None)

    def _everywhere(self, url: httpx2.URL) -> bool:
        """Whether scheme and port may be called at every address that may be."""
        return url.scheme in self._policy.schemes and _port(url) in self._policy.ports

    def _inside(self, url: httpx2.URL) -> bool:
        """Whether scheme and port may be called in the networks that the operator named."""
        return (
            bool(self._allowed)
            and url.scheme in _SCHEMES
            and _port(url) in self._policy.allowed_ports
        )

    async def _addresses(self, url: httpx2.URL) -> list[addresses.Address]:
        """The addresses of the host, looked up once; refused if a single one may not be called."""
        host = _host(url)
        own = addresses.literal(host)
        try:
            texts = [str(own)] if own else await self._resolver(host, _port(url))
            found = [ipaddress.ip_address(text) for text in dict.fromkeys(texts)]
        except (OSError, UnicodeError, ValueError) as error:
            raise FetchFailed(f"{host} can't be resolved: {error}") from error
        for address in found:
            if addresses.is_allowed(address, self._allowed):
                continue
            if not addresses.is_public(address):
                raise FetchRefused(f"{host} is at {address}, which is not public")
            if not self._everywhere(url):
                raise FetchRefused(f"{host} is at {address}, in no network with this port")
        if not found:
            raise FetchFailed(f"{host} has no address")
        return found[:_MOST_ADDRESSES]

    async def _once(
        self, method: str, url: httpx2.URL, headers: dict[str, str], content: bytes
    ) -> Fetched:
        """One request without redirects, to the first address that takes the connection."""
        self._egress.check(self._channel)
        failure: Exception | None = None
        for address in await self._addresses(url):
            try:
                return await self._call(method, url, address, headers, content)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                failure = error
            except httpx2.HTTPError as error:
                raise FetchFailed(f"{url} at {address}: {error!r}") from error
        raise FetchFailed(f"no connection to {url}: {failure!r}") from failure

    async def _call(
        self,
        method: str,
        url: httpx2.URL,
        address: addresses.Address,
        headers: dict[str, str],
        content: bytes,
    ) -> Fetched:
        """Speak to exactly this address; the name is in the Host header and the certificate."""
        request = httpx2.Request(
            method,
            url.copy_with(host=str(address)),
            headers={
                "user-agent": self._policy.user_agent,
                **{name.lower(): value for name, value in headers.items()},
                "host": url.netloc.decode("ascii"),
                "accept-encoding": "identity",
                "connection": "close",
            },
            content=content or None,
            extensions={
                "sni_hostname": _host(url),
                "timeout": dict.fromkeys(
                    ("connect", "read", "write", "pool"), self._policy.deadline_s
                ),
            },
        )
        # A transport for each request: a kept connection would belong to an address, not a host.
        async with httpx2.AsyncHTTPTransport(verify=self._tls, trust_env=False) as transport:
            response = await transport.handle_async_request(request)
            try:
                body = await self._body(method, response)
            finally:
                await response.aclose()
        return Fetched(str(url), response.status_code, dict(response.headers), body)

    async def _body(self, method: str, response: httpx2.Response) -> bytes:
        """Read the body within the size limit, unpacked by ourselves so that the limit holds."""
        packed = bytearray()
        async for chunk in response.aiter_raw():
            packed += chunk
            if len(packed) > self._policy.max_bytes:
                raise FetchRefused(f"an answer of more than {self._policy.max_bytes} bytes")
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if method == "HEAD" or encoding in {"", "identity"}:
            return bytes(packed)
        if encoding not in {"gzip", "x-gzip", "deflate"}:
            raise FetchRefused(f"an answer packed as {encoding[:50]!r}, which was not asked for")
        return _unpacked(bytes(packed), self._policy.max_bytes)


def _unpacked(packed: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        body = unpacker.decompress(packed, most + 1)
    except zlib.error as error:
        raise FetchFailed(f"a broken packed answer: {error}") from error
    if len(body) > most:
        raise FetchRefused(f"an answer that unpacks to more than {most} bytes")
    if not unpacker.eof:
        raise FetchFailed("a packed answer that ends early")
    return body


def _host(url: httpx2.URL) -> str:
    """The host in ASCII and lower case, without the dot of an absolute name."""
    return url.raw_host.decode("ascii").lower().removesuffix(".")


def _port(url: httpx2.URL) -> int:
    return _SCHEMES.get(url.scheme, 0) if url.port is None else url.port


def _origin(url: httpx2.URL) -> tuple[str, str, int]:
    return url.scheme, _host(url), _port(url)
