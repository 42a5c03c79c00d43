"""Frames and handshake, without a connection."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.harness.streams import masked

from rostra.http.websocket import (
    MAX_MESSAGE,
    Broken,
    Code,
    Frame,
    FrameReader,
    Op,
    accept_key,
    closing,
    framed,
    is_upgrade,
)


@given(
    st.lists(st.tuples(st.sampled_from([1, 2, 9, 10]), st.binary(max_size=125)), max_size=8),
    st.integers(1, 50),
)
def test_frames_are_read_however_they_are_cut(said: list[tuple[int, bytes]], size: int) -> None:
    raw = b"".join(masked(payload, kind) for kind, payload in said)
    reader, found = FrameReader(), []
    for at in range(0, len(raw), size):
        found += reader.feed(raw[at : at + size])
    assert found == [Frame(Op(kind), payload) for kind, payload in said]


@given(st.binary(max_size=600))
def test_any_bytes_are_frames_or_broken(data: bytes) -> None:
    with suppress(Broken):
        FrameReader().feed(data)


def test_a_message_in_several_frames_with_a_ping_between() -> None:
    reader = FrameReader()
    raw = masked(b"one ", 1, final=False) + masked(b"?", 9) + masked(b"two", 0)
    assert reader.feed(raw) == [Frame(Op.PING, b"?"), Frame(Op.TEXT, b"one two")]
    assert reader.feed(masked(b"x" * MAX_MESSAGE)) == [Frame(Op.TEXT, b"x" * MAX_MESSAGE)]


BROKEN = (
    (b"\x81\x05hello", Code.PROTOCOL),  # not masked
    (b"\xc1\x80\0\0\0\0", Code.PROTOCOL),  # an extension
    (b"\x83\x80\0\0\0\0", Code.PROTOCOL),  # an unknown kind
    (b"\x09\x80\0\0\0\0", Code.PROTOCOL),  # a ping in parts
    (b"\x89\xfe\0\x7e\0\0\0\0", Code.PROTOCOL),  # a long ping
    (masked(b"more", 0), Code.PROTOCOL),  # of nothing
    (masked(b"a", 1, final=False) + masked(b"b", 1), Code.PROTOCOL),
    (masked(b"x", 8), Code.PROTOCOL),  # half a code
    (masked((1005).to_bytes(2), 8), Code.PROTOCOL),  # a code that is never sent
    (masked((1000).to_bytes(2) + b"\xff", 8), Code.BAD_TEXT),
    (b"\x81\xfe\xff\xff", Code.TOO_BIG),  # before any of it has come
    (b"\x81\xff" + b"\x7f" * 8, Code.TOO_BIG),
    (masked(b"x" * 4000, 1, final=False) + masked(b"x" * 4000, 0), Code.TOO_BIG),
)


@pytest.mark.parametrize(("raw", "code"), BROKEN, ids=range(len(BROKEN)))
def test_what_breaks_the_protocol_is_named(raw: bytes, code: Code) -> None:
    with pytest.raises(Broken) as broken:
        FrameReader().feed(raw)
    assert broken.value.code == code


def test_what_the_server_sends() -> None:
    assert framed(b"hello") == b"\x81\x05hello"
    assert framed(b"x" * 200)[:4] == b"\x81\x7e\x00\xc8"
    assert framed(b"x" * 70_000)[:10] == b"\x81\x7f" + (70_000).to_bytes(8)
    assert closing(1008, "no") == b"\x88\x04\x03\xf0no"
    assert len(closing(1000, "é" * 200)) == 127
    # the example of RFC 6455, 1.3
    assert accept_key(b"dGhlIHNhbXBsZSBub25jZQ==") == b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert accept_key(b"") is accept_key(b"c2hvcnQ=") is accept_key(b"\xff!") is None


def test_who_wants_a_websocket() -> None:
    assert is_upgrade({b"connection": b"keep-alive, Upgrade", b"upgrade": b"WebSocket"})
    assert not is_upgrade({b"connection": b"keep-alive", b"upgrade": b"websocket"})
    assert not is_upgrade({b"connection": b"upgrade", b"upgrade": b"h2c"})
    assert not is_upgrade({})
