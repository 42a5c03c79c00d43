"""Foreign sites on loopback, which the guarded client of a test may call by made-up names."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from tests.harness.loopback import listening
from tests.harness.patience import PATIENCE_S

from rostra.outside.egress import Egress
from rostra.outside.http import Fetched, HttpClient, Policy

Write = Callable[[bytes], Awaitable[None]]
Answer = tuple[int, str, bytes] | Callable[[Write], Awaitable[None]]


class Open:
    """A gate that lets everything out, or says why not."""

    def __init__(self) -> None:
        self.asked = 0

    def check(self, channel: str) -> None:
        """Let it out."""
        assert channel == "fetch"
        self.asked += 1


class Site:
    """A web server whose pages are a table; every name below `.test` leads to it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.pages: dict[str, Answer] = {}
        self.names: dict[str, str] = {}
        self.asked: list[str] = []

    def url(self, path: str, host: str = "site.test") -> str:
        """An address here."""
        return f"http://{host}:{self.port}{path}"

    def page(self, path: str, head: str, *, lang: str = "en", body: str = "") -> str:
        """Put a page there; its address."""
        html = f"<!doctype html><html lang={lang}><head>{head}</head><body>{body}</body></html>"
        self.pages[path] = (200, "text/html; charset=utf-8", html.encode())
        return self.url(path)

    async def resolve(self, host: str, _port: int) -> list[str]:
        """Names below `.test` are here, unless the table says otherwise."""
        if host in self.names:
            return [self.names[host]]
        if host.endswith(".test"):
            return ["127.0.0.1"]
        raise OSError("no such host")

    def client(self, egress: Egress | None = None, **policy: float) -> HttpClient:
        """A client that may call this server, and whatever is public; it has time."""
        given = Policy(
            ports=frozenset({80, 443, self.port}),
            allowed=("127.0.0.1/32",),
            deadline_s=policy.get("deadline_s", PATIENCE_S),
            max_bytes=int(policy.get("max_bytes", 4 << 20)),
        )
        return HttpClient(egress or Open(), given, resolver=self.resolve)

    async def answer(self, path: str, write: Write) -> None:
        """Answer one request."""
        found = self.pages.get(path, (404, "text/plain", b"nothing"))
        if callable(found):
            await found(write)
            return
        status, kind, body = found
        head = f"HTTP/1.1 {status} OK\r\ncontent-length: {len(body)}\r\n"
        more = f"location: {kind}\r\n" if status in {301, 302} else f"content-type: {kind}\r\n"
        await write(f"{head}{more}\r\n".encode() + body)


class Hasty(HttpClient):
    """A client with time for every address, but for those with one path."""

    def __init__(self, patient: HttpClient, hasty: HttpClient, path: str) -> None:
        self._patient = patient
        self._hasty = hasty
        self._path = path

    async def request(self, method: str, url: str, **given: Any) -> Fetched:
        """The answer, by one of the two."""
        path = urlsplit(url).path
        client = self._hasty if path == self._path else self._patient
        return await client.request(method, url, **given)

    def check(self, url: str) -> None:
        """As both do."""
        self._patient.check(url)


@asynccontextmanager
async def foreign_site() -> AsyncIterator[Site]:
    """A site that answers as long as the block runs."""
    sites: list[Site] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def write(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        try:
            path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
            sites[0].asked.append(path)
            await sites[0].answer(path, write)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async with listening(serve) as port:
        sites.append(Site(port))
        yield sites[0]
