"""What is signed is read by its key and its purpose alone, whatever else stands at a place."""

import itertools
import json

import msgspec
import pytest

from rostra.hosting.signed import read, read_by, signed
from rostra.kernel import ed25519

PRIVATE = bytes(range(ed25519.KEY_BYTES))
KEY = ed25519.public_of(PRIVATE).hex()
PURPOSE = b"rostra test\n"


class Said(msgspec.Struct, frozen=True):
    """Something that is said."""

    text: str
    key: str


class Other(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something else."""

    number: int
    key: str


SAID = Said("left for „Ünder“", KEY)
WRITTEN = signed(SAID, PRIVATE, PURPOSE)


def test_it_is_read_as_it_was_written() -> None:
    assert read(WRITTEN, Said, PURPOSE) == SAID
    assert read_by(WRITTEN, Said, PURPOSE, KEY) == SAID


def test_another_key_purpose_or_kind_is_none() -> None:
    stranger = ed25519.new_key()
    assert read_by(WRITTEN, Said, PURPOSE, ed25519.public_of(stranger).hex()) is None
    assert read(signed(SAID, stranger, PURPOSE), Said, PURPOSE) is None
    assert read(WRITTEN, Said, b"rostra other\n") is None
    assert read(WRITTEN, Other, PURPOSE) is None


def test_one_letter_more_is_noticed() -> None:
    given = json.loads(WRITTEN)
    given["body"] = given["body"].replace("left", "Left")
    assert read(json.dumps(given).encode(), Said, PURPOSE) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"x": %b%b}' % (b"[" * 100_000, b"]" * 100_000),
        json.dumps({"body": "[" * 100_000, "signature": "00"}).encode(),
        json.dumps({"body": '{"x": ' + "[" * 9_000 + "]" * 9_000 + "}", "signature": ""}).encode(),
        b"\xff\xfe",
        b"[]",
        b'{"body": 1, "signature": ""}',
        b'{"body": "\xed\xa0\x80", "signature": ""}',
        json.dumps({"body": "{}", "signature": "00"}).encode(),
        json.dumps({"body": '{"text": "", "key": "no key"}', "signature": "00"}).encode(),
        json.dumps({"body": json.dumps({"text": "", "key": KEY}), "signature": "é"}).encode(),
        json.dumps({"body": json.dumps({"text": "", "key": KEY[:8]}), "signature": "00"}).encode(),
    ],
    ids=itertools.count(),
)
def test_what_is_no_such_thing_is_none(content: bytes) -> None:
    assert read(content, Said, PURPOSE) is None
    assert read_by(content, Said, PURPOSE, KEY) is None
    assert read_by(content, Said, PURPOSE, "no key") is None
