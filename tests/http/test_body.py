"""Bodies of requests: what they may be, and how much of them is read."""

import asyncio
import time
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.http.driver import Answer, ask
from tests.http.house import make

from rostra.http.body import parse_json
from rostra.http.dispatcher import Dispatcher
from rostra.http.failures import BadRequest
from rostra.http.site import Site

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTI = "multipart/form-data; boundary=B"


def part(name: str, value: str, extra: str = "") -> bytes:
    head = f'--B\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'
    return (head + value + "\r\n").encode()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (JSON, b'{"poll": {"options": ["a", "b"]}, "x": "1"}'),
        ("application/ld+json", b'{"poll": {"options": ["a", "b"]}, "x": "1"}'),
        (FORM, b"poll[options][]=a&poll%5Boptions%5D[]=b&x=1"),
        (f"{FORM}; charset=utf-8", b"poll[options][]=a&poll[options][]=b&x=1"),
        (MULTI, part("poll[options][]", "a") + part("poll[options][]", "b") + part("x", "1")
         + b"--B--\r\n"),
    ],
)  # fmt: skip
async def test_three_kinds_of_body_mean_the_same(app: Dispatcher, kind: str, body: bytes) -> None:
    answer = await ask(app, "POST", "/api/echo", body=body, kind=kind)
    assert answer.json == {"poll": {"options": ["a", "b"]}, "x": "1"}


async def test_files(app: Dispatcher) -> None:
    body = part("f", "data", '; filename="a\0.png"\r\nContent-Type: image/png') + b"--B--\r\n"
    answer = await ask(app, "POST", "/api/echo", body=[body[:50], body[50:]], kind=MULTI)
    assert answer.json["f"]["file"] == "data"
    assert (answer.json["f"]["size"], answer.json["f"]["type"]) == (4, "image/png")


async def refused(app: Dispatcher, body: bytes, kind: str, **more: Any) -> Answer:
    answer = await ask(app, "POST", "/api/echo", body=body, kind=kind, **more)
    assert answer.json["error"]
    return answer


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (JSON, b"{", 400),
        (JSON, b"x" * 10_001, 413),
        (FORM, b"a=1&a[b]=2", 400),
        (FORM, b"&".join([b"a=1"] * 1500), 400),
        ("multipart/form-data", b"x", 400),
        (MULTI, b"rubbish", 400),
        (MULTI, b"--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--\r\n", 400),
        (MULTI, b'--B\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n'
         + b"x" * 20_000, 413),
        (MULTI, b"".join(part("f", "x", '; filename="x"') for _ in range(9)) + b"--B--\r\n", 400),
        ("text/plain", b"x", 415),
        ("", b"x", 415),
    ],
)  # fmt: skip
async def test_bad_bodies(app: Dispatcher, kind: str, body: bytes, status: int) -> None:
    assert (await refused(app, body, kind)).status == status


@pytest.mark.parametrize(
    "bomb",
    [
        b'{"a":[' + b"[]," * 4000 + b"[" * 16_001,  # no JSON at all, which costs nothing to know
        b'{"a":[' + b"[]," * 13_000 + b"[]]}",
        b'{"a":[' + b"0," * 25_000 + b"0]}",
        b'{"a":[' + b'"",' * 25_000 + b'""]}',
        b'{"a":[' + b'"\\\\",' * 25_000 + b'""]}',
    ],
)
def test_bombs_are_not_even_decoded(bomb: bytes) -> None:
    began = time.process_time()
    with pytest.raises(BadRequest, match="too many values"):
        parse_json(bomb)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "text",
    ["a, [b] {c} " * 20_000, '"quoted", ' * 20_000, "\\," * 40_000, '\\", [' * 20_000, "\\" * 99],
)
def test_what_stands_in_texts_is_no_bomb(text: str) -> None:
    told = {"text": text, "more": [text, {"a": text}], "empty": [[]] * 4_900 + [{}] * 4_900}
    assert parse_json(msgspec.json.encode(told)) == told


async def test_fields_are_bounded_together(tmp_path: Path) -> None:
    site = Site(max_body_bytes=4000)
    app = make(tmp_path, site)
    fields = b"".join(part(f"f{at}", "x" * 900) for at in range(4))
    file = part("file", "x" * 6000, '; filename="a.png"')
    fits = await ask(app, "POST", "/api/echo", body=fields + file + b"--B--\r\n", kind=MULTI)
    assert fits.status == 200, fits.body
    more = fields + part("f5", "x" * 900)
    for body in (more + b"--B--\r\n", more + file + b"--B--\r\n", file + more + b"--B--\r\n"):
        assert (await refused(app, body, MULTI)).status == 413
    named = "".join(f'; a{at}="{"x" * 500}"' for at in range(8))
    assert (await refused(app, part("f", "x", named) + b"--B--\r\n", MULTI)).status in {400, 413}


async def test_truncated_multipart_is_no_upload(app: Dispatcher) -> None:
    body = part("f", "data", '; filename="a.png"')[:-4]
    answer = await ask(app, "POST", "/api/echo", body=body, kind=MULTI)
    assert answer.status == 400


async def test_compressed_bodies(app: Dispatcher) -> None:
    answer = await refused(app, b"{}", JSON, headers=[("content-encoding", "gzip")])
    assert answer.status == 415


async def test_no_body_is_no_parameters(app: Dispatcher) -> None:
    assert (await ask(app, "POST", "/api/echo")).json == {}
    assert (await ask(app, "POST", "/api/echo", kind=JSON)).json == {}


async def test_chunks_count_together(app: Dispatcher) -> None:
    body = [b"x" * 3000] * 4
    assert (await ask(app, "POST", "/api/echo", body=body, kind=JSON)).status == 413
    assert (await ask(app, "POST", "/api/size", body=body)).body == b"12000"


async def test_who_hangs_up_gets_no_answer(app: Dispatcher) -> None:
    answer = await ask(app, "POST", "/api/size", body=[b"a", b"b"], gone_after=1)
    assert answer.status == 0


async def test_a_slow_body_is_given_up(tmp_path: Path) -> None:
    app = make(tmp_path, Site(body_deadline_s=0.01, slowest_bytes_s=1_000_000_000))
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        await asyncio.sleep(0.004)
        return {"type": "http.request", "body": b"a", "more_body": True}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http", "method": "POST", "path": "/api/size", "query_string": b"",
        "headers": [], "client": None,
    }  # fmt: skip
    await app(scope, receive, send)
    assert sent[0]["status"] == 408
