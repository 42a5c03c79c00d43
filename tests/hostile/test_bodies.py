"""Bodies that are too large, broken, too deep or not what they say."""

import pytest
from tests.harness.crowd import Town, good
from tests.hostile.inputs import told_clearly

MB = 1024 * 1024
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
FILE = b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n'

LARGE = {
    "json": (JSON, b'{"status":"' + b"a" * (8 * MB) + b'"}'),
    "form": (FORM, b"status=" + b"a" * (8 * MB)),
    "multipart": (PARTS, FILE + b"a" * (17 * MB) + b"\r\n--x--\r\n"),
}
BOMBS = {
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "wide list": b'{"media_ids":[' + b"1," * 200_000 + b"1]}",
    "wide object": b"{" + b",".join(b'"k%d":1' % at for at in range(60_000)) + b"}",
    "long number": b'{"status":' + b"9" * 500_000 + b"}",
    "long exponent": b'{"poll":{"expires_in":1e999999999}}',
    "same name": b"{" + b",".join([b'"status":"a"'] * 50_000) + b"}",
    "escapes": b'{"status":"' + b"\\u0000" * 100_000 + b'"}',
}
FORMS = {
    "deep brackets": b"a" + b"[b]" * 50_000 + b"=1",
    "many names": b"&".join(b"k%d=1" % at for at in range(60_000)),
    "many items": b"&".join([b"media_ids[]=1"] * 60_000),
    "huge index": b"media_ids[999999999999]=1&poll[options][-1]=x",
    "broken escapes": b"status=%zz%&%=%ff%00",
    "only signs": b"&=" * 100_000,
    "unbalanced": b"a[=1&b]]=2&[[c=3&[]=4",
}
BROKEN = {
    "no boundary": ("multipart/form-data", b"--x\r\n"),
    "other boundary": ("multipart/form-data; boundary=y", FILE + b"a\r\n--x--\r\n"),
    "never ends": (PARTS, FILE + b"a" * 1000),
    "no headers": (PARTS, b"--x\r\n\r\n\r\n--x--\r\n"),
    "headers without end": (PARTS, b"--x\r\n" + b"a: b\r\n" * 20_000),
    "long header": (PARTS, b"--x\r\ncontent-disposition: " + b"a" * 500_000),
    "many parts": (PARTS, (FILE + b"a\r\n") * 2_000 + b"--x--\r\n"),
    "no name": (PARTS, b"--x\r\ncontent-disposition: form-data\r\n\r\na\r\n--x--\r\n"),
    "long boundary": (f"multipart/form-data; boundary={'x' * 10_000}", FILE),
    "bad charset": (f"{FORM}; charset=utf-7", b"status=+AGEA-"),
    "nothing": (PARTS, b""),
    "text": ("text/plain", b"status=a"),
    "no type": ("", b"status=a"),
    "binary": ("application/octet-stream", bytes(range(256)) * 100),
}
TARGETS = ("/api/v1/statuses", "/api/v2/media", "/api/v1/apps", "/oauth/token", "/api/v1/markers")


@pytest.mark.parametrize("name", LARGE)
async def test_large_bodies_are_refused(town: Town, name: str) -> None:
    kind, body = LARGE[name]
    (ada,) = await town.members("ada")
    for path in TARGETS:
        answer = await ada.client.post(path, content=body, headers={"content-type": kind})
        told_clearly(answer, (name, path))
        takes_pictures = path == "/api/v2/media" and name != "multipart"
        assert answer.status_code == (422 if takes_pictures else 413), (name, path, answer.text)
    good(await ada.client.get("/api/v1/timelines/home"))


async def test_bombs_and_broken_bodies(town: Town) -> None:
    (ada,) = await town.members("ada")
    bodies = {name: (JSON, body) for name, body in BOMBS.items()}
    bodies |= {name: (FORM, body) for name, body in FORMS.items()}
    bodies |= BROKEN
    for name, (kind, body) in bodies.items():
        for path in TARGETS:
            answer = await ada.client.post(path, content=body, headers={"content-type": kind})
            told_clearly(answer, (name, path))
            assert answer.elapsed.total_seconds() < 5, (name, path)
    assert await town.post(ada, "still here")
