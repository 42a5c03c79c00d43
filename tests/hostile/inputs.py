"""Hostile values, and requests that put them wherever an endpoint reads something."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx2
import msgspec

from rostra.api.endpoint import Endpoint
from rostra.api.matrices import fill

MARKS = "".join(chr(code) for code in range(0x300, 0x370))
UNICODE = (
    "a" + MARKS * 890,  # one letter under 100 kB of accents
    "\u202e\u2066\u200d\ufeff" * 8_000,  # directions and joiners
    "👩\u200d👩\u200d👧\u200d👦" * 4_000,
    "\ufdfa" * 33_000,  # grows eighteenfold when normalised
    "@" * 100_000,
    "#" * 50_000 + "a#" * 25_000,
    "http://" * 14_000,
    "(" * 100_000,
)
TEXTS = (
    "\x00",
    "a\x00b",
    "\u0000\u202e\ufffe\uffff",
    "%00%ff%c0%ae",
    "'\";--<script>{{7*7}}${x}\\",
    "\x1b[31m\r\nx-injected: 1",
    "x" * 2_000,  # clients send no longer addresses than 64 kB
)
NUMBERS = (
    "0", "-1", "-9223372036854775809", "9223372036854775807", "9223372036854775808",
    "18446744073709551616", "9" * 400, "1e309", "NaN", "-Infinity", "1.5", "0x10", "\u0663",
    "\uff11", " 1 ", "null", "true", "[]", "1;2", "../1",
)  # fmt: skip
SHAPES: tuple[Any, ...] = (
    None, True, -1, 2**63, 2**64, 1e308, [], {}, [[]], [None], {"a": {"b": []}}, {"0": "x"},
    ["x"] * 1001, [{"id": 2**63}], "",
)  # fmt: skip


def names_of(endpoint: Endpoint[Any]) -> list[str]:
    """The names that an endpoint reads from query or body."""
    fields = msgspec.structs.fields(endpoint.params)
    return [each.encode_name for each in fields if each.encode_name not in endpoint.path_params]


_LONGEST_QUERY = 60_000


def requests_of(endpoint: Endpoint[Any], known: str) -> Iterator[dict[str, Any]]:
    """Requests with each hostile value in every name at once, and in the path."""
    method = endpoint.methods[0]
    path = fill(endpoint.path, {}, known)
    names = names_of(endpoint)
    for value in (*TEXTS, *NUMBERS):
        if endpoint.path_params:
            hostile = fill(endpoint.path, {}, quote(value[:300], safe=""))
            yield {"method": method, "url": hostile}
        if names:
            several = dict.fromkeys(names, value) | {f"{name}[]": value for name in names}
            if endpoint.has_body:
                yield {"method": method, "url": path, "data": several}
                yield {"method": method, "url": path, "json": dict.fromkeys(names, value)}
            else:
                for some in _short(several):
                    yield {"method": method, "url": path, "params": some}
    if endpoint.has_body:
        for shape in SHAPES:
            yield {"method": method, "url": path, "json": dict.fromkeys(names, shape)}
        lone = b"{%s}" % b",".join(b'"%s":"\\ud800"' % name.encode() for name in names)
        for body in (lone, b'{"a":', b"[]", b"\xff\xfe", b'"', b"null"):
            headers = {"content-type": "application/json"}
            yield {"method": method, "url": path, "content": body, "headers": headers}


def _short(params: dict[str, str]) -> Iterator[dict[str, str]]:
    """As few queries as the client can ask: it takes no address of more than 64 kB."""
    some: dict[str, str] = {}
    length = 0
    for name, value in params.items():
        more = len(quote(name)) + len(quote(value, errors="surrogatepass")) + 2
        if some and length + more > _LONGEST_QUERY:
            yield some
            some, length = {}, 0
        some[name] = value
        length += more
    yield some


def told_clearly(answer: httpx2.Response, about: object) -> None:
    """An answer is never the server's fault, and a refusal of the API says why in JSON.

    Raises:
        AssertionError: it is, or does not.
    """
    what = f"{about}: {answer.status_code} {answer.text[:300]}"
    assert answer.status_code < 500, what
    path = answer.url.path
    if answer.status_code >= 400 and path.startswith(("/api/", "/oauth/token")):
        assert answer.headers["content-type"].startswith("application/json"), what
        assert answer.json()["error"], what
