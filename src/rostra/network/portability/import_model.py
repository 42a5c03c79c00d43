"""What is brought in, as its owner sees it."""

from enum import IntEnum

import msgspec

from rostra.network.portability.sheets import Kind


class ImportState(IntEnum):
    """How far an import is; kept in `imports.state`."""

    SHOWN = 0  # read, and waits for its owner's yes
    RUNNING = 1
    DONE = 2
    CANCELLED = 3


class Phase(IntEnum):
    """What a running import is at."""

    LINES = 0
    REMOVING = 1  # what the file does not name, where it takes the place of all there was


class Outcome(IntEnum):
    """What has become of a line."""

    WAITING = 0
    MADE = 1
    SAME = 2  # it was so already
    ASKED = 3  # a request to follow waits for an answer
    FAILED = 4


class Line(msgspec.Struct, frozen=True, array_like=True):
    """One line of a file: its cells in the order of the kind's columns, and what became of it."""

    number: int
    cells: tuple[str, ...]
    outcome: Outcome = Outcome.WAITING
    field: str = ""  # of a failed one: the column that is at fault
    why: str = ""


class Import(msgspec.Struct, frozen=True):
    """What a member brings in. Times are UTC ms, 0: not yet; flags are 0 or 1."""

    id: int
    account_id: int
    kind: int
    state: int
    replaces: int  # what the file does not name is removed
    file_name: str
    seems: int  # the kind that the file looks like, plus one; 0: none but its own
    total: int  # lines
    chunks: int
    phase: int = 0
    place: int = 0  # the next chunk
    behind: int = 0  # removing has come up to here
    made: int = 0
    same: int = 0
    asked: int = 0
    failed: int = 0
    removed: int = 0
    day_from: int = 0  # when the day began whose new follows are counted
    in_day: int = 0
    waits_until: int = 0
    created_at: int = 0
    ended_at: int = 0
    expires_at: int = 0  # when it is forgotten

    @property
    def of(self) -> Kind:
        """What it holds."""
        return Kind(self.kind)

    @property
    def running(self) -> bool:
        """Whether it is at work."""
        return self.state == ImportState.RUNNING

    @property
    def done(self) -> int:
        """How many lines are through."""
        return self.made + self.same + self.asked + self.failed


class Chunk(msgspec.Struct, frozen=True):
    """Some lines of an import, as JSON."""

    place: int
    lines: str
    failed: int


_LINES = msgspec.json.Decoder(list[Line])


def lines_of(chunk: Chunk) -> list[Line]:
    """The lines of a chunk."""
    return _LINES.decode(chunk.lines)


def packed(lines: list[Line]) -> str:
    """Lines as a chunk keeps them."""
    return msgspec.json.encode(lines).decode()
