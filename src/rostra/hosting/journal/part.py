"""A part of the journal as it stands at the places: some notes in order, sealed and signed.

Each names the one before it, by its mark and its hash, so that none can be left out unseen. The
epoch of the fence is in its name: two installations that both go on write two branches, and only
the one that is gone on with is the journal.
"""

import base64
import hashlib
from typing import Final

import msgspec

from rostra.hosting import signed as envelope
from rostra.hosting.ark.manifest import FOLDER as ARK
from rostra.hosting.ark.seal import Damaged, Sealer
from rostra.store.journal import Note

FOLDER: Final = f"{ARK}/journal"
_EPOCH: Final = 10
_SEQ: Final = 16
_PURPOSE: Final = b"rostra ark journal\n"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Some notes.

    Attributes:
        epoch: of the fence by which it was written; 0: there was none.
        first: the number of its first note.
        last: of its last one.
        before: the mark of the part before; empty: it is the first of all.
        previous: the hash of that.
        made_at: UTC ms by the clock of the host; its notes are older.
        wrapped: the data key, wrapped with age; hexadecimal digits.
        sealed: the notes; base64.
        key: the public key that has signed it; hexadecimal digits.
    """

    epoch: int
    first: int
    last: int
    before: str
    previous: str
    made_at: int
    wrapped: str
    sealed: str
    key: str

    @property
    def mark(self) -> str:
        """What it is called: marks of one branch are in order as texts."""
        return f"{self.epoch:0{_EPOCH}d}-{self.first:0{_SEQ}d}"


class Found(msgspec.Struct, frozen=True):
    """A part as it stands at a place, with its hash."""

    part: Part
    hash: str
    content: bytes


def key_of(mark: str) -> str:
    """Where a part stands."""
    return f"{FOLDER}/{mark}.json"


def mark_at(key: str) -> str | None:
    """The mark of the part that stands there; None: none does."""
    name, _, end = key.removeprefix(f"{FOLDER}/").partition(".")
    epoch, _, first = name.partition("-")
    digits = len(epoch) == _EPOCH and len(first) == _SEQ and (epoch + first).isdecimal()
    return name if end == "json" and digits else None


def first_of(mark: str) -> int:
    """The number of the first note of a part."""
    return int(mark.partition("-")[2])


def epoch_of(mark: str) -> int:
    """The epoch by which a part was written."""
    return int(mark.partition("-")[0])


def shown(mark: str) -> str:
    """A mark for people: `4-1017`."""
    return "-".join(str(int(each)) for each in mark.split("-"))


def seal(sealer: Sealer, notes: list[Note]) -> str:
    """Notes, sealed."""
    return base64.b64encode(sealer.seal(msgspec.json.encode(notes))).decode()


def opened(sealer: Sealer, part: Part) -> list[Note]:
    """The notes of a part.

    Raises:
        Damaged: this key does not open it.
    """
    try:
        content = sealer.open(base64.b64decode(part.sealed))
        return msgspec.json.decode(content, type=list[Note])
    except (ValueError, msgspec.MsgspecError) as error:
        raise Damaged("it holds no notes") from error


def signed(part: Part, private: bytes) -> bytes:
    """A part as it stands at the places."""
    return envelope.signed(part, private, _PURPOSE)


def read(content: bytes, mark: str) -> Found | None:
    """The part in an object; None: it is none of this mark, or not signed by its key."""
    part = envelope.read(content, Part, _PURPOSE)
    if part is None or part.mark != mark:
        return None
    return Found(part, hashlib.sha256(content).hexdigest(), content)
