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
    path, _, query = target.partition("?")
    pieces = [body] if isinstance(body, bytes) else list(body)
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    if kind:
        raw.append((b"content-type", kind.encode()))
    if isinstance(body, bytes) and body:
        raw.append((b"content-length", str(len(body)).encode()))
    elif not isinstance(body, bytes):
        raw.append((b"transfer-encoding", b"chunked"))
    scope: Message = {
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
