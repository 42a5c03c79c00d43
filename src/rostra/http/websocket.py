"""WebSocket frames of a server, and its side of the handshake. Source: RFC 6455.

No extension is offered. What a server sends to many is framed once and sent to all of them as the
same bytes: frames of a server are not masked.
"""

import base64
import binascii
from collections.abc import Mapping
from enum import IntEnum
from hashlib import sha1
from typing import Final, NamedTuple

MAX_MESSAGE: Final = 4096  # bytes; a subscription takes about a hundred
_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_SHORT, _MEDIUM, _LONG = 125, 126, 127
_KEY_BYTES: Final = 16
_REASON_BYTES: Final = 123
_FINAL, _RESERVED, _MASKED, _OPCODE, _LENGTH = 0x80, 0x70, 0x80, 0x0F, 0x7F
_SENDABLE: Final = frozenset({*range(1000, 1004), *range(1007, 1012)})
_OWN_CODES: Final = range(3000, 5000)


class Op(IntEnum):
    """Kinds of frames."""

    MORE = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class Code(IntEnum):
    """Why a connection ends (RFC 6455, 7.4.1)."""

    NORMAL = 1000
    GOING_AWAY = 1001
    PROTOCOL = 1002
    NOT_TEXT = 1003
    BAD_TEXT = 1007
    POLICY = 1008
    TOO_BIG = 1009


class Broken(Exception):
    """The client does not keep to the protocol; `code` tells it why."""

    def __init__(self, code: Code, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Frame(NamedTuple):
    """A whole message, or a control frame."""

    op: Op
    payload: bytes


def framed(payload: bytes, op: Op = Op.TEXT) -> bytes:
    """One frame as a server sends it."""
    length = len(payload)
    if length <= _SHORT:
        head = bytes((_FINAL | op, length))
    elif length < 1 << 16:
        head = bytes((_FINAL | op, _MEDIUM)) + length.to_bytes(2)
    else:
        head = bytes((_FINAL | op, _LONG)) + length.to_bytes(8)
    return head + payload


def closing(code: int, reason: str = "") -> bytes:
    """A close frame."""
    return framed(code.to_bytes(2) + reason.encode()[:_REASON_BYTES], Op.CLOSE)


PING: Final = framed(b"", Op.PING)


def accept_key(key: bytes) -> bytes | None:
    """The answer to a `Sec-WebSocket-Key`; None for one that is none."""
    try:
        if len(base64.b64decode(key, validate=True)) != _KEY_BYTES:
            return None
    except binascii.Error:
        return None
    return base64.b64encode(sha1(key + _GUID, usedforsecurity=False).digest())


def is_upgrade(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a request wants to become a WebSocket."""
    wanted = {token.strip().lower() for token in headers.get(b"connection", b"").split(b",")}
    return b"upgrade" in wanted and headers.get(b"upgrade", b"").strip().lower() == b"websocket"


class FrameReader:
    """Frames of a client, from bytes as they come."""

    __slots__ = ("_begun", "_op", "_waiting")

    def __init__(self) -> None:
        self._waiting = b""
        self._begun = b""  # of a message in several frames
        self._op = Op.MORE  # what kind it is; MORE: there is none

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are complete now.

        Raises:
            Broken: the client does not keep to the protocol, or says too much at once.
        """
        data = self._waiting + data if self._waiting else data
        found: list[Frame] = []
        at = 0
        while (size := _size_of(data, at)) and len(data) - at >= size:
            frame = self._whole(data[at], _payload(data, at, size))
            if frame is not None:
                found.append(frame)
            at += size
        self._waiting = data[at:]
        return found

    def _whole(self, first: int, payload: bytes) -> Frame | None:
        op = _op_of(first)
        if op >= Op.CLOSE:
            if op is Op.CLOSE:
                payload = _checked_close(payload)
            return Frame(op, payload)
        if (op is Op.MORE) != (self._op is not Op.MORE):
            raise Broken(Code.PROTOCOL, "a fragment out of place")
        op = self._op if op is Op.MORE else op
        payload = self._begun + payload
        if len(payload) > MAX_MESSAGE:
            raise Broken(Code.TOO_BIG, "the message is too long")
        if not first & _FINAL:
            self._op, self._begun = op, payload
            return None
        self._op, self._begun = Op.MORE, b""
        return Frame(op, payload)


def _op_of(first: int) -> Op:
    """The kind of frame that a first byte tells."""
    try:
        op = Op(first & _OPCODE)
    except ValueError:
        raise Broken(Code.PROTOCOL, "an unknown kind of frame") from None
    if first & _RESERVED or (op >= Op.CLOSE and not first & _FINAL):
        raise Broken(Code.PROTOCOL, "a frame that is not allowed")
    return op


def _size_of(data: bytes, at: int) -> int:
    """How long the frame is that starts there, head included; 0: not known yet."""
    if len(data) - at < 2:  # noqa: PLR2004 (the two bytes that every frame has)
        return 0
    op, length = _op_of(data[at]), data[at + 1] & _LENGTH
    if not data[at + 1] & _MASKED:
        raise Broken(Code.PROTOCOL, "a client's frames must be masked")
    if op >= Op.CLOSE and length > _SHORT:
        raise Broken(Code.PROTOCOL, "a control frame is too long")
    head = 6
    if length > _SHORT:
        extra = 2 if length == _MEDIUM else 8
        if len(data) - at < 2 + extra:
            return 0
        length = int.from_bytes(data[at + 2 : at + 2 + extra])
        head += extra
    if length > MAX_MESSAGE:
        raise Broken(Code.TOO_BIG, "the message is too long")
    return head + length


def _payload(data: bytes, at: int, size: int) -> bytes:
    """The payload of the frame of this size that starts there, unmasked."""
    length = data[at + 1] & _LENGTH
    start = at + 6 + (0 if length <= _SHORT else 2 if length == _MEDIUM else 8)
    masked, mask = data[start : at + size], data[start - 4 : start]
    if not masked:
        return b""
    key = (mask * (len(masked) // 4 + 1))[: len(masked)]
    return (int.from_bytes(masked) ^ int.from_bytes(key)).to_bytes(len(masked))


def _checked_close(payload: bytes) -> bytes:
    """The code of a close frame, as it is to be sent back; empty where none was given."""
    if not payload:
        return b""
    code = int.from_bytes(payload[:2])
    if len(payload) == 1 or (code not in _SENDABLE and code not in _OWN_CODES):
        raise Broken(Code.PROTOCOL, "a close frame that is not allowed")
    try:
        payload[2:].decode()
    except UnicodeDecodeError:
        raise Broken(Code.BAD_TEXT, "the reason is no text") from None
    return payload[:2]
