"""One event in the forms in which it leaves, each made once however many read it."""

import msgspec

from rostra.http.stream_head import chunk
from rostra.http.stream_socket import Kind
from rostra.http.websocket import framed

_escaped = msgspec.json.Encoder().encode


class Pieces:
    """An event: `payload` is JSON, or an id; None where the event has none."""

    __slots__ = ("_event", "_made", "_payload", "_text")

    def __init__(self, event: str, payload: bytes | None) -> None:
        self._event = event
        self._payload = payload
        self._text = b""
        self._made: dict[tuple[Kind, bytes], bytes] = {}

    def piece(self, kind: Kind, names: bytes) -> bytes:
        """The bytes for a connection of this kind; `names` is the stream it came by, as JSON."""
        key = (kind, names if kind == "websocket" else b"")
        made = self._made.get(key)
        if made is None:
            made = self._frame(names) if kind == "websocket" else self._chunk()
            self._made[key] = made
        return made

    def _frame(self, names: bytes) -> bytes:
        head = b'{"stream":' + names + b',"event":"' + self._event.encode() + b'"'
        if self._payload is None:
            return framed(head + b"}")
        if not self._text:
            self._text = _escaped(self._payload.decode())
        return framed(head + b',"payload":' + self._text + b"}")

    def _chunk(self) -> bytes:
        # Mastodon sends this word where there is nothing; JSON of ours holds no line breaks.
        payload = b"undefined" if self._payload is None else self._payload
        return chunk(b"event: " + self._event.encode() + b"\ndata: " + payload + b"\n\n")


def refusal(message: str, status: int) -> bytes:
    """What a WebSocket is told of a subscription that is not possible."""
    return framed(_escaped({"error": message, "status": status}))
