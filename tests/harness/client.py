"""A client of an application in this process, which goes a short way where a request is plain.

Most requests of the tests are a path, parameters and perhaps JSON. To take them through URLs,
cookie jars and streams costs twice what the application needs for the answer (measured on the
walks of tests/law), so these are handed to it as they are; all others go the client's own way.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import MutableMapping
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import httpx2
from tests.harness import answers

# What means the same in a URL, quoted or not.
_PLAIN_PATH = re.compile(r"/[A-Za-z0-9/_.~@-]*")
_PLAIN_QUERY = re.compile(r"[A-Za-z0-9_.~=&-]*")
_PORT = 40_000

# The transport looks for it at every request, in every folder of the path: it is not there.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type] # None says just that


class Answer(httpx2.Response):
    """An answer; its request is made when somebody asks for it."""

    asked: tuple[str, str] = ("GET", "/")

    @property
    def request(self) -> httpx2.Request:
        """What was asked."""
        if self._request is None:
            self._request = httpx2.Request(*self.asked)
        return self._request

    @request.setter
    def request(self, value: httpx2.Request) -> None:
        self._request = value


class Client(httpx2.AsyncClient):
    """A client whose answers are all held against the OpenAPI document."""

    def __init__(self, app: Any, *, base_url: str, headers: dict[str, str], address: str) -> None:
        super().__init__(
            transport=answers.Checked(app=app, client=(address, _PORT)),
            base_url=base_url,
            headers=headers,
        )
        self._app = app
        self._address = address

    async def request(self, method: str, url: Any, **given: Any) -> httpx2.Response:
        params, body, headers = given.get("params"), given.get("json"), given.get("headers")
        plain = {name for name, value in given.items() if value is not None and value is not _OWN}
        cookies = self._plain_cookies()
        if plain - {"params", "json", "headers"} or cookies is None or not isinstance(url, str):
            return await super().request(method, url, **given)
        path, asked, query = url.partition("?")
        if params is not None and not asked:
            query = str(httpx2.QueryParams(params))
        if (params is not None and asked) or not (
            _PLAIN_PATH.fullmatch(path) and (not asked or _PLAIN_QUERY.fullmatch(query))
        ):
            return await super().request(method, url, **given)
        sent = b"" if body is None else _encoded(body)
        scope = self._scope_of(method, path, query, self._joined(method, sent, headers, cookies))
        began = time.perf_counter()
        answer = self._heard(scope, *await _ask(self._app, scope, sent))
        answer.elapsed = timedelta(seconds=time.perf_counter() - began)
        return answer

    def _plain_cookies(self) -> str | None:
        """The cookies as they are sent; None: some are not for every page of the application."""
        kept = list(self.cookies.jar)
        if any(each.domain or each.path != "/" or each.expires for each in kept):
            return None
        return "; ".join(f"{each.name}={each.value}" for each in kept)

    def _joined(
        self, method: str, sent: bytes, headers: Any, cookies: str
    ) -> list[tuple[bytes, bytes]]:
        own = httpx2.Headers(self.headers)
        if headers is not None:
            own.update(headers)
        found = [(name.lower(), value) for name, value in own.raw]
        if sent:
            found.append((b"content-length", str(len(sent)).encode()))
            if "content-type" not in own:
                found.append((b"content-type", b"application/json"))
        elif method in {"POST", "PUT", "PATCH"}:
            found.append((b"content-length", b"0"))
        if cookies and "cookie" not in own:
            found.append((b"cookie", cookies.encode()))
        if "host" not in own:
            found.insert(0, (b"host", self.base_url.netloc))
        return found

    def _scope_of(
        self, method: str, path: str, query: str, headers: list[tuple[bytes, bytes]]
    ) -> dict[str, Any]:
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "headers": headers,
            "scheme": self.base_url.scheme,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "server": (self.base_url.host, self.base_url.port),
            "client": (self._address, _PORT),
            "root_path": "",
        }

    def _heard(
        self, scope: dict[str, Any], status: int, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> Answer:
        answer = Answer(status, headers=headers, content=body)
        path, query = scope["path"], scope["query_string"].decode()
        base = str(self.base_url).rstrip("/")
        answer.asked = (scope["method"], f"{base}{path}" + (f"?{query}" if query else ""))
        kind = answer.headers.get("content-type", "")
        answers.check(scope["method"], unquote(path), status, kind, body)
        if "set-cookie" in answer.headers:
            self.cookies.extract_cookies(answer)
        return answer


_OWN = httpx2.USE_CLIENT_DEFAULT


def _encoded(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


async def _ask(
    app: Any, scope: dict[str, Any], sent: bytes
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Hand one request to an ASGI application: status, headers and body of its answer."""
    over = asyncio.Event()
    read = False
    status, headers, parts = 0, list[tuple[bytes, bytes]](), list[bytes]()

    async def receive() -> dict[str, Any]:
        nonlocal read
        if read:
            await over.wait()
            return {"type": "http.disconnect"}
        read = True
        return {"type": "http.request", "body": sent, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            assert not status, "it began to answer twice"
            status, headers = message["status"], list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            assert not over.is_set(), "it went on after the end"
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                over.set()

    await app(scope, receive, send)
    assert status
    assert over.is_set()
    return status, headers, b"" if scope["method"] == "HEAD" else b"".join(parts)
