"""Requests to an application in this process: no socket, no address, nothing leaves."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

_ADDRESS: Final = ("127.0.0.1", 1)
_DEADLINE_S: Final = 60.0
Asgi = Callable[..., Awaitable[None]]


class Answer(msgspec.Struct, frozen=True):
    """What came back."""

    status: int
    body: bytes


class Asker:
    """Asks an ASGI application as one member would."""

    def __init__(self, app: Asgi, base_url: str, token: str) -> None:
        at = urlsplit(base_url)
        self._app = app
        self._scheme, self._netloc = at.scheme, at.netloc
        self._server = (at.hostname or "", at.port or (443 if at.scheme == "https" else 80))
        self._token = token

    async def get(self, path: str, query: str = "") -> Answer:
        """GET a path.

        Raises:
            TimeoutError: no answer within a minute.
        """
        over = asyncio.Event()
        asked = False
        status, parts = 0, list[bytes]()

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if asked:
                await over.wait()
                return {"type": "http.disconnect"}
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
                if not message.get("more_body", False):
                    over.set()

        async with asyncio.timeout(_DEADLINE_S):
            await self._app(self._scope(path, query), receive, send)
        return Answer(status, b"".join(parts))

    def _scope(self, path: str, query: str) -> dict[str, Any]:
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": self._scheme,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [
                (b"host", self._netloc.encode()),
                (b"authorization", f"Bearer {self._token}".encode()),
            ],
            "server": self._server,
            "client": _ADDRESS,
            "root_path": "",
        }
