"""A folder at a WebDAV server (RFC 4918): a Nextcloud, a storage box, a web server with DAV.

An object is put beside its place and then moved to it. `Overwrite: F` must keep a move from
replacing; `If-None-Match` on a PUT says as much, but fewer servers hold to it, and a PUT that
breaks off leaves half an object under the name. `rostra ark probe` finds out who keeps the word.
"""

import asyncio
import secrets
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from email.utils import parsedate_to_datetime
from functools import cache
from http import HTTPStatus
from typing import Final, TypeVar
from urllib.parse import quote, unquote

import httpx2
import msgspec

from rostra.hosting.places.model import LARGEST, PlaceFailed, Unsupported, not_marked
from rostra.hosting.places.multistatus import NotListed, listed
from rostra.hosting.places.port import Stored
from rostra.hosting.places.tree import INCOMING, MARK, MARKED, in_order, may_hold, parts_of

DEADLINE_S: Final = 30.0
_CONNECT_S: Final = 10.0
_SLOWEST: Final = 32_768  # bytes a second that a transfer may take beyond the deadline
_LARGEST_LIST: Final = 64 << 20
_MARK_HOLDS_S: Final = 60.0  # how long the mark is not looked for again
_LOCKED_S: Final = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)  # between tries, while somebody else moves there
_MARK_BEGINS: Final = MARKED.splitlines()[0]  # some servers answer everything with a page
_ASKED: Final = (
    b'<?xml version="1.0" encoding="utf-8"?>'
    b'<propfind xmlns="DAV:"><prop><resourcetype/></prop></propfind>'
)
T = TypeVar("T")


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where the folder is, and who asks.

    Attributes:
        url: of the folder, https.
        user: for Basic; empty: the secret is a bearer token.
        secret: the password.
    """

    url: str
    user: str
    secret: str

    def __repr__(self) -> str:
        """The address without the secret."""
        return f"Address({self.url!r})"


class Answer(msgspec.Struct, frozen=True):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


@cache
def _trust() -> ssl.SSLContext:
    """The certificates that the system believes, read once."""
    return ssl.create_default_context()


class _Line:
    """A connection for as long as one question takes."""

    def __init__(self, address: Address, transport: httpx2.AsyncHTTPTransport) -> None:
        self._address = address
        self._transport = transport

    async def ask(
        self,
        method: str,
        url: str,
        content: bytes = b"",
        headers: dict[str, str] | None = None,
        most: int = LARGEST,
    ) -> Answer:
        """Ask, and read the answer up to a size; redirects are answers.

        Raises:
            httpx2.HTTPError: it did not answer properly.
            ValueError: the answer is larger.
        """
        timeout = {"connect": _CONNECT_S, "read": None, "write": None, "pool": None}
        request = httpx2.Request(
            method,
            url,
            headers={"accept-encoding": "identity", **self._who(), **(headers or {})},
            content=content or (b"" if method == "PUT" else None),
            extensions={"timeout": timeout},  # the deadline of the whole holds for the rest
        )
        response = await self._transport.handle_async_request(request)
        body = bytearray()
        try:
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > most:
                    raise ValueError(f"an answer of more than {most:,} bytes")
        finally:
            await response.aclose()
        return Answer(response.status_code, dict(response.headers), bytes(body))

    def _who(self) -> dict[str, str]:
        if not self._address.user:
            return {"authorization": f"Bearer {self._address.secret}"}
        auth = httpx2.BasicAuth(self._address.user, self._address.secret)
        asked = next(auth.auth_flow(httpx2.Request("GET", self._address.url)))
        return {"authorization": asked.headers["authorization"]}


class WebdavStore:
    """Files below a folder that was marked."""

    def __init__(self, name: str, address: Address, *, deadline_s: float = DEADLINE_S) -> None:
        self._name = name
        self._address = address
        self._root = address.url.rstrip("/")
        self._deadline_s = deadline_s
        self._marked_until = 0.0

    @property
    def name(self) -> str:
        """What the place is called."""
        return self._name

    async def create(self, key: str, content: bytes) -> bool:
        """Store it if nothing is there; whether it was."""
        url = self._url(key)
        return await self._do(lambda line: self._stored(line, url, content, "F"), len(content))

    async def put(self, key: str, content: bytes) -> None:
        """Store it, whatever is there."""
        url = self._url(key)
        await self._do(lambda line: self._stored(line, url, content, "T"), len(content))

    async def replace(self, key: str, content: bytes, version: str) -> bool:  # noqa: ARG002 (the port's)
        """Never: a move knows no versions.

        Raises:
            Unsupported: always.
        """
        raise Unsupported(self._name, "a WebDAV place has no conditional updates")

    async def read(self, key: str) -> Stored | None:
        """What is there; None: nothing."""
        url = self._url(key)

        async def read(line: _Line) -> Stored | None:
            answer = await line.ask("GET", url)
            if answer.status == HTTPStatus.NOT_FOUND:
                return None
            self._expect(answer, {200}, "GET")
            return Stored(answer.body, "", _stored_at(answer))

        return await self._do(read)

    async def keys(self, prefix: str, *, after: str = "", limit: int = 1_000) -> list[str]:
        """The keys below a prefix, in order."""
        self._url(prefix)

        async def keys(line: _Line) -> list[str]:
            found: list[str] = []
            async for key in self._below(line, prefix, after):
                if key > after:
                    found.append(key)
                if len(found) >= limit:
                    break
            return found

        return await self._do(keys)

    async def delete(self, key: str) -> None:
        """Remove it; nothing there is as well."""
        url = self._url(key)

        async def delete(line: _Line) -> None:
            self._expect(await line.ask("DELETE", url), {200, 204, 404}, "DELETE")

        await self._do(delete)

    async def mark(self) -> bool:
        """Say that this folder is the place; whether nothing had said so before.

        Raises:
            PlaceFailed: the folder is not there, or can't be written.
        """

        async def mark(line: _Line) -> bool:
            if await self._has_mark(line):
                return False
            self._expect(await line.ask("PUT", self._at(MARK), MARKED), {200, 201, 204}, "PUT")
            return True

        return await self._do(mark, unmarked=True)

    def _url(self, key: str) -> str:
        return self._at(*parts_of(key))

    def _at(self, *parts: str) -> str:
        return "/".join((self._root, *(quote(part, safe="") for part in parts)))

    async def _do(
        self, work: Callable[[_Line], Awaitable[T]], size: int = 0, *, unmarked: bool = False
    ) -> T:
        seconds = self._deadline_s + size / _SLOWEST
        try:
            async with (
                asyncio.timeout(seconds),
                httpx2.AsyncHTTPTransport(verify=_trust(), trust_env=False) as transport,
            ):
                line = _Line(self._address, transport)
                if not unmarked and time.monotonic() >= self._marked_until:
                    if not await self._has_mark(line):
                        raise not_marked(self._name, self._root)
                    self._marked_until = time.monotonic() + _MARK_HOLDS_S
                return await work(line)
        except TimeoutError as error:
            raise PlaceFailed(self._name, f"no answer in {seconds:.0f} s") from error
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            raise PlaceFailed(self._name, str(error) or type(error).__name__) from error

    async def _has_mark(self, line: _Line) -> bool:
        answer = await line.ask("GET", self._at(MARK), most=1 << 20)
        self._expect(answer, {200, 404}, "GET")
        return answer.status == HTTPStatus.OK and answer.body.startswith(_MARK_BEGINS)

    async def _stored(self, line: _Line, url: str, content: bytes, overwrite: str) -> bool:
        """Put it beside its place and move it there; whether it came there."""
        new = self._at(INCOMING, secrets.token_hex(8))
        put = await self._in_its_folder(line, new, lambda: line.ask("PUT", new, content))
        self._expect(put, {200, 201, 204}, "PUT")
        headers = {"destination": url, "overwrite": overwrite}
        answer = await self._in_its_folder(line, url, lambda: line.ask("MOVE", new, b"", headers))
        for pause in _LOCKED_S:
            if answer.status != HTTPStatus.LOCKED:
                break
            await asyncio.sleep(pause)
            answer = await line.ask("MOVE", new, b"", headers)
        if answer.status in {201, 204}:
            return True
        await line.ask("DELETE", new)
        self._expect(answer, {412}, "MOVE")
        return False

    async def _in_its_folder(
        self, line: _Line, url: str, work: Callable[[], Awaitable[Answer]]
    ) -> Answer:
        """Do it; where the folder of an address is missing, make it and do it again."""
        answer = await work()
        if answer.status not in {404, 409}:
            return answer
        inside = url.removeprefix(self._root + "/").split("/")[:-1]
        for count in range(1, len(inside) + 1):
            made = await line.ask("MKCOL", "/".join((self._root, *inside[:count])))
            self._expect(
                made, {200, 201, 301, 302, 405, 409, 423}, "MKCOL"
            )  # there already, mostly
        return await work()

    async def _below(self, line: _Line, folder: str, after: str) -> AsyncIterator[str]:
        url = self._url(folder) + "/"
        answer = await line.ask("PROPFIND", url, _ASKED, _LISTING, _LARGEST_LIST)
        if answer.status == HTTPStatus.NOT_FOUND:
            return
        self._expect(answer, {207}, "PROPFIND")
        path = unquote(httpx2.URL(url).raw_path.decode("ascii"))
        try:
            entries = listed(answer.body, path)
        except NotListed as error:
            raise PlaceFailed(self._name, str(error)) from error
        for name, is_folder in in_order(entries):
            key = f"{folder}/{name}"
            if not is_folder:
                yield key
            elif may_hold(key, after):
                async for below in self._below(line, key, after):
                    yield below

    def _expect(self, answer: Answer, statuses: set[int], method: str) -> None:
        if answer.status in statuses:
            return
        if answer.status in {401, 403}:
            who = self._address.user or "the token"
            raise PlaceFailed(self._name, f"it refuses {who}: {answer.status} to {method}")
        raise PlaceFailed(self._name, f"it answers {answer.status} to {method}")


_LISTING: Final = {"depth": "1", "content-type": "application/xml; charset=utf-8"}


def _stored_at(answer: Answer) -> int:
    """When it was stored; 0 where the server does not say."""
    try:
        return round(parsedate_to_datetime(answer.headers["last-modified"]).timestamp() * 1_000)
    except (KeyError, ValueError, TypeError):
        return 0
