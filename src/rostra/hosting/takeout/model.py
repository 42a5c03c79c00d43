"""What an export says of itself, and what a line of each table looks like."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any, Final, Literal

import msgspec

from rostra.store.dump.model import Row, Shape

FORMAT: Final = "rostra-network"
VERSION: Final = 1
"""Of the format. What a later one adds must not change what is here."""

LONGEST_LINE: Final = 16 << 20
"""Bytes of a line: many times what a row ever has."""
MANIFEST: Final = "manifest.json"
MEDIA_LIST: Final = "media.jsonl"
_TYPES: Final[dict[str, type]] = {"int": int, "text": str, "bytes": bytes}
# All that may lie in an export, so that a hostile one writes nothing elsewhere.
_PATH: Final = re.compile(
    r"manifest\.json|(?:media|actors|notes|announces|follows|likes)\.jsonl|tables/[a-z0-9_]{1,60}\.jsonl|"
    r"files/[a-z][a-z0-9-]{0,40}\.(?:key|checkpoints)|media/([0-9a-f]{2})/\1[0-9a-f]{62}"
)


class TakeoutError(Exception):
    """An export can't be written or read; the text says what is wrong with what."""


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One file of an export: its path in it, its bytes, and the SHA-256 of them."""

    path: str
    size: int
    sha256: str


class TableFile(File, frozen=True, kw_only=True):
    """The rows of a table, a line each."""

    shape: Shape
    rows: int


class MediaList(File, frozen=True, kw_only=True):
    """The list of media, a line each (`Medium`).

    Attributes:
        count: how many.
        content_bytes: of all of them.
        held: whether they are in the export, or only named.
    """

    count: int
    content_bytes: int
    held: bool


class Medium(msgspec.Struct, frozen=True):
    """A stored file: its key, its size, and its SHA-256, by which it lies in the export.

    The hash is empty where the file is not in it.
    """

    key: str
    size: int
    sha256: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What is in an export.

    Attributes:
        format: `rostra-network`.
        version: of the format.
        software: the version of the program that has made it.
        revision: of the schema that the tables have.
        domain: of the network.
        made_at: UTC ms; the rows are those of this moment.
        tables: one for each table.
        files: keys and the ends of the ledger.
        media: the list of media.
    """

    format: str = FORMAT
    version: int = VERSION
    software: str
    revision: str
    domain: str
    made_at: int
    tables: tuple[TableFile, ...]
    files: tuple[File, ...]
    media: MediaList

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(each.rows for each in self.tables)

    @property
    def roots(self) -> dict[str, str]:
        """A hash of each table: equal where two hold the same, whatever database they are in."""
        return {each.shape.name: each.sha256 for each in self.tables}


def checked_path(path: str) -> str:
    """The path of a file in an export; raises TakeoutError for any other."""
    if _PATH.fullmatch(path) is None:
        raise TakeoutError(f"{path[:80]!r} is no file of an export")
    return path


def lines_in(file: IO[bytes], path: str) -> Iterator[bytes]:
    """The lines of a file of an export; raises TakeoutError at one that no row ever is."""
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise TakeoutError(f"{path} has a line of more than {LONGEST_LINE >> 20} MiB")
        yield line


def media_path(sha256: str) -> str:
    """Where a medium lies in an export."""
    return f"media/{sha256[:2]}/{sha256}"


class Lines:
    """The rows of a table as JSON: an object a line, a member a column, in their order.

    An integer is a JSON integer of up to 64 bits, bytes are Base64, nothing is null.
    """

    def __init__(self, shape: Shape) -> None:
        fields = [
            (each.name, _TYPES[each.type] | None if each.null else _TYPES[each.type])
            for each in shape.columns
        ]
        # Read as strictly as it was written: no member more or less, none of another type.
        self._row: Callable[..., Any] = msgspec.defstruct("Row", fields, forbid_unknown_fields=True)
        self._encode = msgspec.json.Encoder().encode_lines
        self._decode: Any = msgspec.json.Decoder(self._row).decode_lines

    def encoded(self, rows: Sequence[Row]) -> bytes:
        """The lines of these rows."""
        made = self._row
        return self._encode([made(*row) for row in rows])

    def decoded(self, lines: bytes) -> list[Row]:
        """The rows of these lines; raises msgspec.MsgspecError."""
        return [msgspec.structs.astuple(row) for row in self._decode(lines)]


Kind = Literal["table", "media", "file"]
Tell = Callable[[int, str], None]
