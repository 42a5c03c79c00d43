"""Drive an ASGI application by hand: one request in, status, headers and body out."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import unquote

import msgspec

Message = MutableMapping[str, Any]
App = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]


class Answer(msgspec.Struct):
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return ", ".join(value for key, value in self.headers if key == name)

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)


def _raw_headers(
    headers: Iterable[tuple[str, str]], kind: str, size: int | None
) -> list[tuple[bytes, bytes]]:
    """The headers as a server hands them over; a body of no known size comes in chunks."""
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    if kind:
        raw.append((b"content-type", kind.encode()))
    if size is None:
        raw.append((b"transfer-encoding", b"chunked"))
    elif size:
        raw.append((b"content-length", str(size).encode()))
    return raw


def _scope(
    method: str, target: str, raw: list[tuple[bytes, bytes]], client: tuple[str, int] | None
) -> Message:
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "method": method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": raw,
        "client": client,
        "scheme": "http",
        "server": ("127.0.0.1", 1),
        "http_version": "1.1",
    }


async def ask(
    app: App,
    method: str,
    target: str,
    *,
    headers: Iterable[tuple[str, str]] = (),
    body: bytes | Iterable[bytes] = b"",
    kind: str = "",
    client: tuple[str, int] | None = ("192.0.2.7", 4711),
    gone_after: int | None = None,
) -> Answer:
    """Send one request; `gone_after` pieces of the body the client hangs up."""
    pieces = [body] if isinstance(body, bytes) else list(body)
    sized = len(body) if isinstance(body, bytes) else None
    scope = _scope(method, target, _raw_headers(headers, kind, sized), client)
    sent = 0

    async def receive() -> Message:
        nonlocal sent
        if sent == gone_after:
            return {"type": "http.disconnect"}
        if sent >= len(pieces):
            await asyncio.Event().wait()  # the client waits for its answer
        sent += 1
        more = sent < len(pieces)
        return {"type": "http.request", "body": pieces[sent - 1], "more_body": more}

    out = Answer(0, [], b"")

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            assert out.status == 0, "a second start"
            out.status = message["status"]
            out.headers = [(k.decode(), v.decode("latin-1")) for k, v in message["headers"]]
        else:
            out.body += message.get("body", b"")

    await app(scope, receive, send)
    return out
