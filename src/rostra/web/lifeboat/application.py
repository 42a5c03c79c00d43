"""The lifeboat as an ASGI application: one process, which looks out and answers."""

import asyncio
import logging
from collections.abc import Mapping
from functools import partial
from typing import Final

from rostra.hosting.ark.keys import KeysError
from rostra.hosting.lifeboat.book import Book
from rostra.hosting.lifeboat.watch import LOOK_S, Report, Watch
from rostra.http.request import Receive, Scope, Send
from rostra.http.response import Response
from rostra.web.lifeboat.answers import Answers, Asked

_EMPTY: Final = frozenset({204, 304})
_log = logging.getLogger(__name__)


class Application:
    """Answers while it looks out."""

    def __init__(self, answers: Answers, watch: Watch, book: Book) -> None:
        self._answers = answers
        self._watch = watch
        self._book = book
        self._looking: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._looking = asyncio.create_task(self._look_out())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._looking.cancel()
        await asyncio.gather(self._looking, return_exceptions=True)
        await send({"type": "lifespan.shutdown.complete"})

    async def _look_out(self) -> None:
        while True:
            try:
                await self._watch.look(partial(turned, self._book))
            except Exception:  # noqa: BLE001 (a lifeboat that stops looking shows what is not so)
                _log.exception("the places could not be looked at")
            await asyncio.sleep(LOOK_S)

    async def _http(self, scope: Scope, send: Send) -> None:
        headers: Mapping[bytes, bytes] = dict(scope["headers"])

        def header(name: bytes) -> str:
            return headers.get(name, b"").decode("latin-1")

        asked = Asked(
            method=scope["method"],
            path=scope["raw_path"].decode("latin-1") if scope.get("raw_path") else scope["path"],
            host=header(b"host").lower(),
            accept=header(b"accept").lower(),
            etag=header(b"if-none-match"),
        )
        await _send(await self._answers.answer(asked), asked.method, send)


def turned(book: Book, report: Report) -> None:
    """Read on in the newest extract."""
    if report.head is None:
        return
    try:
        book.turn_to(report.head)
    except KeysError as error:
        _log.error("%s", error)


async def _send(response: Response, method: str, send: Send) -> None:
    length = (b"content-length", str(len(response.body)).encode())
    headers = [*response.headers, *(() if response.status in _EMPTY else (length,))]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else response.body})
