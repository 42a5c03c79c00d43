"""What a drill found: signed, kept here and at the places, and green only if all was verified."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

import msgspec

from rostra.hosting.ark.manifest import FOLDER
from rostra.hosting.ark.verify import Fault
from rostra.hosting.signed import UNREADABLE
from rostra.kernel import ed25519

RESULTS: Final = f"{FOLDER}/drill"
_PURPOSE: Final = b"rostra drill result\n"
HERE: Final = "here"


class Stage(StrEnum):
    """The stages of a drill, in order."""

    FIND = "find"
    FETCH = "fetch"
    CHECK = "check"
    OPEN = "open"
    ANSWER = "answer"
    WALK = "walk"
    PLACES = "places"


class Check(StrEnum):
    """What a drill must have verified. One that is left out is a fault, whatever the reason."""

    MANIFESTS = "manifests"
    AGE = "age"
    LOG = "log"
    JOURNAL = "journal"
    KEYS = "keys"
    DATABASE = "database"
    TABLES = "tables"
    REPLAY = "replay"
    LEDGER = "ledger"
    MEMBERS = "members"
    POSTS = "posts"
    MEDIA = "media"
    PIECES = "pieces"


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What a drill found. Times are UTC ms, durations ms.

    Attributes:
        begun_at: when it began.
        took: the whole of it.
        copy: the mark of the copy; empty: none was found.
        copy_made_at: when that was made.
        domain: whose it is.
        software: the version that ran the drill.
        key: what opened the copy: `host`, or `recipient` (a key that is not the host's).
        places: from which it was restored.
        left_out: places that were not asked.
        rpo: how old the newest of what was restored is: a loss of the host at `begun_at` would have
            cost what was written since, if anything was.
        rto: from the beginning to the first answer; 0: there was none.
        stages: what each took.
        read_bytes: from each place.
        restored_bytes: that were written.
        checked: what was verified, with how much of it: tables, lines, members, posts, pieces.
        faults: none: it is green.
        notes: what somebody should know.
    """

    begun_at: int
    took: int
    copy: str = ""
    copy_made_at: int = 0
    domain: str = ""
    software: str
    key: str
    places: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    rpo: int = 0
    rto: int = 0
    stages: dict[str, int] = {}
    read_bytes: dict[str, int] = {}
    restored_bytes: int = 0
    checked: dict[str, int] = {}
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def green(self) -> bool:
        """Whether all was verified, and nothing is wrong."""
        return not self.faults and all(check in self.checked for check in Check)


class Signed(msgspec.Struct, frozen=True):
    """A result as it stands at the places.

    Attributes:
        body: the result as JSON.
        key: the public key of the ark, in hexadecimal digits; empty: it is not signed.
        signature: in hexadecimal digits.
    """

    body: str
    key: str = ""
    signature: str = ""


def signed(result: Result, private: bytes | None) -> Signed:
    """A result, signed with the key of the ark; None: nobody could open it, it is not signed."""
    body = msgspec.json.encode(result)
    if private is None:
        return Signed(body.decode())
    signature = ed25519.sign(private, _PURPOSE + body)
    return Signed(body.decode(), ed25519.public_of(private).hex(), signature.hex())


def read(given: Signed, signer: str = "") -> Result | None:
    """The result; None: it is none, or not signed by this key (empty: by its own)."""
    try:
        public, signature = bytes.fromhex(given.key), bytes.fromhex(given.signature)
        result = msgspec.json.decode(given.body, type=Result)
    except UNREADABLE:
        return None
    ours = signer in {"", given.key}
    if not ours or not ed25519.signed_by(public, _PURPOSE + given.body.encode(), signature):
        return None
    return result


def result_key(begun_at: int) -> str:
    """Where the result of a drill stands that began then (UTC ms); later ones come behind."""
    at = datetime.fromtimestamp(begun_at / 1_000, UTC)
    return f"{RESULTS}/{at:%Y%m%dT%H%M%S}-{begun_at % 1_000:03d}.json"
