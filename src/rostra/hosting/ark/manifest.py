"""What a copy consists of: numbered, signed, each naming the hash of the one before.

A manifest can be checked by anybody: it names every piece. What the pieces are is told by one of
them, the listing, which only a key opens. The epoch of the fence stands before the number: what an
installation writes that no longer holds the fence never is the newest copy, and overwrites none.
"""

import hashlib
from typing import Final

import msgspec

from rostra.hosting import signed as envelope

FOLDER: Final = "ark/v1"
MANIFESTS: Final = f"{FOLDER}/manifest"
PIECES: Final = f"{FOLDER}/piece"
_DIGITS: Final = 10
_PURPOSE: Final = b"rostra ark manifest\n"


class LogPoint(msgspec.Struct, frozen=True):
    """Where the log goes on behind a copy, see `ark/log`.

    Attributes:
        run: the run of records that was being written.
        after: a record that the copy holds already, as all before it; empty: none.
        salt: of SQLite's log at the moment of the copy.
        frame: its last one then.
    """

    run: str
    after: str
    salt: str
    frame: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A copy.

    Attributes:
        epoch: of the fence by which it was made; 0: there was none.
        number: from 1 on, through all epochs.
        previous: the hash of the manifest before; empty: there was none.
        made_at: when the database was copied, by the clock of the host; UTC ms.
        domain: whose copy it is.
        software: the version that has made it.
        schema: of the database.
        wrapped: the data key, wrapped with age; hexadecimal digits.
        listing: the pieces that say what the others are, in order.
        index: the pieces with the names of all others, 32 bytes each, unsealed.
        pieces: how many others there are.
        content_bytes: of all that is in the copy.
        roots: the piece, one of the others, with the hash of each table of the database; empty: the
            copy was made before there were any.
        key: the public key that has signed it; hexadecimal digits.
        journal: the note that the journal had come to before the database was copied.
        log: where the log goes on behind it; None: nobody sends one.
    """

    epoch: int
    number: int
    previous: str
    made_at: int
    domain: str
    software: str
    schema: str
    wrapped: str
    listing: tuple[str, ...]
    index: tuple[str, ...]
    pieces: int
    content_bytes: int
    key: str
    roots: str = ""
    journal: int = 0
    log: LogPoint | None = None

    @property
    def mark(self) -> str:
        """What it is called: marks are in order as texts."""
        return mark_of(self.epoch, self.number)


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """A file of the copy.

    Attributes:
        kind: `database`, `media` or `file`.
        path: of a medium its key, else where it lies in the data directory.
        size: its bytes.
        pieces: in order.
        stored_at: of a medium when it was stored, by whoever holds it; UTC ms; 0: not known.
    """

    kind: str
    path: str
    size: int
    pieces: tuple[str, ...]
    stored_at: int = 0


class Found(msgspec.Struct, frozen=True):
    """A manifest as it stands at a place, with its hash."""

    manifest: Manifest
    hash: str


def mark_of(epoch: int, number: int) -> str:
    """What a copy is called."""
    return f"{epoch:0{_DIGITS}d}-{number:0{_DIGITS}d}"


def shown(mark: str) -> str:
    """The same for people: `4-17`."""
    return "-".join(str(int(part)) for part in mark.split("-"))


def written(text: str) -> str | None:
    """The mark that people wrote as `4-17`; None: it is none."""
    epoch, _, number = text.partition("-")
    ordinary = all(each.isdecimal() and len(each) <= _DIGITS for each in (epoch, number))
    return mark_of(int(epoch), int(number)) if ordinary else None


def manifest_key(mark: str) -> str:
    """Where a manifest stands."""
    return f"{MANIFESTS}/{mark}.json"


def mark_at(key: str) -> str | None:
    """The mark of the manifest that stands there; None: no manifest does."""
    name, _, end = key.removeprefix(f"{MANIFESTS}/").partition(".")
    return name if end == "json" and len(name) == 2 * _DIGITS + 1 and written(name) else None


def piece_key(name: str) -> str:
    """Where a piece stands."""
    return f"{PIECES}/{name[:2]}/{name}"


def signed(manifest: Manifest, private: bytes) -> bytes:
    """A manifest as it stands at the places."""
    return envelope.signed(manifest, private, _PURPOSE)


def read(content: bytes, mark: str) -> Found | None:
    """The manifest in an object; None: it is none of this mark, or not signed by its key."""
    manifest = envelope.read(content, Manifest, _PURPOSE)
    if manifest is None or manifest.mark != mark:
        return None
    return Found(manifest, hashlib.sha256(content).hexdigest())
