"""Reading the whole chain again: is anything changed, gone, added, or in another place?

One pass in constant memory, but for the checkpoints. It says where and what; why is for people.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

import msgspec

from rostra.kernel import ed25519
from rostra.safety.ledger import checkpoints
from rostra.safety.ledger.chain import Entry, EntryKind, Head, entry_hash, head_of
from rostra.safety.ledger.checkpoints import Checkpoint

MOST_FINDINGS: Final = 1000  # after so many nobody reads on


class Fault(StrEnum):
    """What is wrong with a line or a checkpoint."""

    CHANGED = "changed"  # what it says is not what was hashed
    MISSING = "missing"  # a number is left out
    OUT_OF_PLACE = "out of place"  # its number is not the next one
    UNLINKED = "unlinked"  # it does not name the line before it
    TIME = "time"  # it is older than the line before it
    RECORD = "record"  # the record is not the one it was written for
    RECORD_GONE = "record gone"  # the salt is there, but not the record
    REWRITTEN = "rewritten"  # a checkpoint saw another line there
    CUT_OFF = "cut off"  # a checkpoint saw more lines
    SIGNATURE = "signature"  # a checkpoint that nobody with a known key signed
    FOREIGN = "foreign"  # a checkpoint of another place
    UNRECORDED = "unrecorded"  # a decision, an appeal or its answer that no line tells of
    UNTOLD = "untold"  # a checkpoint that the chain tells of is not there, or is another one


class Finding(msgspec.Struct, frozen=True):
    """What is wrong, and where: the number of a line."""

    seq: int
    fault: Fault
    text: str


class Verifier:
    """Takes the lines in their stored order, one by one.

    `points` are checkpoints that were kept, wherever. `all_points`: those that the chain tells of
    are all among them.
    """

    def __init__(
        self,
        origin: str,
        keys: Iterable[bytes],
        points: Iterable[Checkpoint] = (),
        *,
        all_points: bool = False,
    ) -> None:
        self._all_points = all_points
        self.findings: list[Finding] = []
        self.head = Head()
        self.newest_point = 0  # the last line that a genuine checkpoint covers
        self._points: dict[int, list[Checkpoint]] = {}
        self._told: set[bytes] = set()
        self._expected: list[tuple[int, bytes]] = []
        by_id = {ed25519.key_id(key): key for key in keys}
        for point in points:
            self._take_point(origin, by_id, point)

    def take(self, entry: Entry) -> None:
        """Check the next line."""
        self._check_number(entry)
        if entry.hash != entry_hash(
            entry.seq, entry.at, entry.kind, entry.commitment, entry.previous
        ):
            self._find(entry.seq, Fault.CHANGED, "the line is not what was hashed")
        if entry.previous != self.head.hash:
            self._find(entry.seq, Fault.UNLINKED, "it does not follow from the line before it")
        if entry.at < self.head.at:
            self._find(entry.seq, Fault.TIME, "it is older than the line before it")
        for point in self._points.pop(entry.seq, ()):
            if point.hash != entry.hash:
                text = f"the checkpoint of {point.at} saw another line here"
                self._find(entry.seq, Fault.REWRITTEN, text)
        if self._all_points and entry.kind == EntryKind.CHECKPOINT:
            self._expected.append((entry.seq, entry.commitment))
        self.head = head_of(entry)

    def record(self, entry: Entry, *, there: bool, opens: bool) -> None:
        """Say of a line whose salt is kept whether its record is there, and is the same."""
        if not there:
            self._find(entry.seq, Fault.RECORD_GONE, "its salt is kept, but its record is gone")
        elif not opens:
            self._find(entry.seq, Fault.RECORD, "its record is not what it was")

    def finish(self) -> list[Finding]:
        """All that is wrong, by line."""
        for seq, points in self._points.items():
            text = f"a checkpoint saw line {seq}; the chain ends with {self.head.seq}"
            for _ in points:
                self._find(seq, Fault.CUT_OFF, text)
        for seq, commitment in self._expected:
            if commitment not in self._told:
                self._find(seq, Fault.UNTOLD, "the checkpoint that it tells of is not there")
        return sorted(self.findings, key=lambda finding: finding.seq)

    def _check_number(self, entry: Entry) -> None:
        wanted = self.head.seq + 1
        if entry.seq > wanted:
            last = entry.seq - 1
            gap = f"line {wanted} is" if wanted == last else f"lines {wanted} to {last} are"
            self._find(wanted, Fault.MISSING, f"{gap} missing")
        elif entry.seq < wanted:
            self._find(entry.seq, Fault.OUT_OF_PLACE, f"it stands where line {wanted} belongs")

    def _take_point(self, origin: str, keys: Mapping[str, bytes], point: Checkpoint) -> None:
        self._told.add(checkpoints.digest(point))
        key = keys.get(point.key)
        if point.origin != origin:
            text = f"a checkpoint of {point.origin}, not of {origin}"
            self._find(point.seq, Fault.FOREIGN, text)
        elif key is None or not checkpoints.is_genuine(key, point):
            text = f"nobody signed the checkpoint of {point.at} with key {point.key}"
            self._find(point.seq, Fault.SIGNATURE, text)
        else:
            self._points.setdefault(point.seq, []).append(point)
            self.newest_point = max(self.newest_point, point.seq)

    def _find(self, seq: int, fault: Fault, text: str) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(seq, fault, text))


def verify(
    entries: Iterable[Entry],
    origin: str,
    keys: Iterable[bytes] = (),
    points: Iterable[Checkpoint] = (),
    *,
    all_points: bool = False,
) -> list[Finding]:
    """All that is wrong with a chain and the checkpoints that were kept; empty: nothing."""
    verifier = Verifier(origin, keys, points, all_points=all_points)
    for entry in entries:
        verifier.take(entry)
    return verifier.finish()
