"""What tells of media that came and went between two copies: a signed record at every place.

A record names its pieces, so that anybody can check and keep them; what they are is told in it,
sealed. It is stored after them, so that a place that has it has all of it.
"""

from typing import Final

import msgspec

from rostra.hosting import signed as envelope
from rostra.hosting.ark.manifest import FOLDER, Entry
from rostra.hosting.ark.read import ArkError
from rostra.hosting.ark.seal import Damaged, Sealer

RECORDS: Final = f"{FOLDER}/media"
SLACK_MS: Final = 3_600_000
"""By so much earlier than a copy what belongs to it may have been told of: clocks are set."""
_PURPOSE: Final = b"rostra ark media\n"
_EPOCH_DIGITS: Final = 10
_TIME_DIGITS: Final = 15


class Delta(msgspec.Struct, frozen=True):
    """What has changed.

    Attributes:
        added: files that are new, or may be others than before.
        removed: keys of media that are gone.
    """

    added: list[Entry] = []
    removed: list[str] = []


class MediaRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Media that came or went.

    Attributes:
        epoch: of the fence by which it was written; 0: there was none.
        at: when; UTC ms by the clock of the host.
        pieces: of the media that came.
        sealed: the sealed `Delta`.
        key: the public key that has signed it; hexadecimal digits.
    """

    epoch: int
    at: int
    pieces: tuple[str, ...]
    sealed: bytes
    key: str

    @property
    def mark(self) -> str:
        """What it is called: marks are in order as texts."""
        return f"{self.epoch:0{_EPOCH_DIGITS}d}-{self.at:0{_TIME_DIGITS}d}"


def record_key(mark: str) -> str:
    """Where a record stands."""
    return f"{RECORDS}/{mark}"


def mark_at(key: str) -> str | None:
    """The mark of the record that stands there; None: none does."""
    mark = key.removeprefix(f"{RECORDS}/")
    epoch, _, at = mark.partition("-")
    whole = len(epoch) == _EPOCH_DIGITS and len(at) == _TIME_DIGITS
    return mark if whole and f"{epoch}{at}".isdecimal() else None


def time_of(mark: str) -> int:
    """When the record of a mark was written; UTC ms."""
    return int(mark.rpartition("-")[2])


def signed(record: MediaRecord, private: bytes) -> bytes:
    """A record as it stands at the places."""
    return envelope.signed(record, private, _PURPOSE)


def read(content: bytes, mark: str, signer: str) -> MediaRecord | None:
    """The record in an object; None: it is none of this mark that this key has signed."""
    record = envelope.read_by(content, MediaRecord, _PURPOSE, signer)
    return record if record is not None and record.mark == mark else None


def sealed_of(sealer: Sealer, delta: Delta) -> bytes:
    """What has changed, as it stands in a record."""
    return sealer.seal(msgspec.json.encode(delta))


def opened(record: MediaRecord, sealer: Sealer) -> Delta:
    """What a record tells; raises ArkError where it does not open."""
    try:
        return msgspec.json.decode(sealer.open(record.sealed), type=Delta)
    except (Damaged, msgspec.MsgspecError) as error:
        raise ArkError(f"what was told of media at {record.mark} does not open") from error
