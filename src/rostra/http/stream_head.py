"""The head of a request to the port of the streams, and the head of an answer.

Streams are long and many, so they have a listener of their own; see docs/streaming.md. It
reads no bodies and answers one request per connection, which leaves little to get wrong.
"""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote_to_bytes

from rostra.http.failures import BadRequest
from rostra.http.request import MAX_HEADERS, Message, Scope
from rostra.http.response import Header

MAX_HEAD: Final = 16_384
_LINE = re.compile(rb"([A-Z]{1,16}) (/[!-~]{0,8000}) HTTP/1\.[01]")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}):[ \t]*([^\x00\r\n]*)")


def scope_of(head: bytes, peer: str | None) -> Scope:
    """The request of a head (without the empty line at its end), as ASGI has it.

    Raises:
        BadRequest: it can't be read, or announces a body.
    """
    first, *lines = head.split(b"\r\n")
    line = _LINE.fullmatch(first)
    if line is None or len(lines) > MAX_HEADERS:
        raise BadRequest
    headers: list[Header] = []
    for each in lines:
        field = _FIELD.fullmatch(each)
        if field is None:
            raise BadRequest
        name, value = field[1].lower(), field[2].rstrip(b" \t")
        if name == b"transfer-encoding" or (name == b"content-length" and value != b"0"):
            raise BadRequest(safe="No body is read here")
        headers.append((name, value))
    path, _, query = line[2].partition(b"?")
    return {
        "type": "http",
        "method": line[1].decode(),
        "path": unquote_to_bytes(path).decode("utf-8", "replace"),
        "query_string": query,
        "headers": headers,
        "client": (peer, 0) if peer else None,
    }


async def no_body() -> Message:
    """What a request without a body receives."""
    return {"type": "http.request", "body": b"", "more_body": False}


def head_of(status: int, headers: Iterable[Header]) -> bytes:
    """The head of an answer, with the empty line at its end."""
    lines = [b"HTTP/1.1 %d %s" % (status, HTTPStatus(status).phrase.encode())]
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join((*lines, b"", b""))


def chunk(piece: bytes) -> bytes:
    """A piece of a body of unknown length, as HTTP/1.1 sends it."""
    return b"%x\r\n%b\r\n" % (len(piece), piece)
