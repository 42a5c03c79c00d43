"""Checking the stored ledger: the chain, its checkpoints, and the records that it stands for."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import msgspec

from rostra.kernel.clock import HOUR
from rostra.safety.appeals import access as appeals
from rostra.safety.appeals.model import Appeal
from rostra.safety.decisions import access as decisions
from rostra.safety.edge import Reader, Services
from rostra.safety.ledger import access, keys, queries, records
from rostra.safety.ledger.chain import Entry, EntryKind, Head
from rostra.safety.ledger.checkpoints import Checkpoint
from rostra.safety.ledger.commitments import Fact, opens
from rostra.safety.ledger.model import Salt
from rostra.safety.ledger.sign import origin
from rostra.safety.ledger.verify import Fault, Finding, Verifier

PAGE: Final = 1000
_LISTED: Final = 10
_OF_DECISIONS: Final = (EntryKind.DECIDED, EntryKind.UNDONE, EntryKind.RELEASED)

_OF_APPEALS: Final[dict[int, Callable[[Appeal], dict[str, Fact]]]] = {
    EntryKind.APPEALED: records.filed_of,
    EntryKind.ANSWERED: records.answered_of,
}


class Audit(msgspec.Struct, frozen=True):
    """What was found, and what was looked at."""

    findings: list[Finding]
    head: Head
    covered: int  # the last line that a genuine checkpoint covers
    points: int
    records: int  # that were compared with their lines
    erased: int


class _Count(msgspec.Struct):
    records: int = 0
    erased: int = 0
    erased_decisions: int = 0


class _Erasures:
    """Salts that are gone, by the line that tells of it."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._told: dict[int, int] = {}
        self._gone: Counter[int] = Counter()

    def told(self, seq: int, salts: object) -> None:
        """A line says so many."""
        self._told[seq] = salts if isinstance(salts, int) else -1

    def gone(self, salt: Salt) -> Finding | None:
        """A salt is erased; what is wrong about that."""
        if salt.erased_in:
            self._gone[salt.erased_in] += 1
        elif salt.erased_at + HOUR < self._now:  # a job tells of it, after a moment
            return Finding(salt.seq, Fault.RECORD_GONE, "its salt is gone, and no line tells of it")
        return None

    def findings(self) -> Iterable[Finding]:
        """Where lines and salts do not agree."""
        for seq in sorted(self._told.keys() | self._gone.keys()):
            told, gone = self._told.get(seq, 0), self._gone[seq]
            if told != gone:
                text = f"it tells of {told} erased salts, and {gone} are"
                yield Finding(seq, Fault.RECORD_GONE, text)


async def audit(
    services: Services, *, more_keys: Sequence[bytes] = (), kept: Sequence[Checkpoint] = ()
) -> Audit:
    """Read everything again. Takes as long as there are lines; nothing waits for it.

    Raises:
        Unavailable: the key of the place can't be read.
    """

    async def work(reader: Reader) -> Audit:
        return await _audit(services, reader, more_keys, kept)

    return await services.db.slowly(work)


async def _audit(
    services: Services, reader: Reader, more_keys: Sequence[bytes], kept: Sequence[Checkpoint]
) -> Audit:
    points = await _points(reader)
    head = await access.head(reader)
    both = list({(point.seq, point.signature): point for point in (*points, *kept)}.values())
    known = [keys.public_key(services), *more_keys]
    verifier = Verifier(origin(services), known, both, all_points=True)
    erasures, count = _Erasures(services.clock.now()), _Count()
    # What is added meanwhile is not read: it would have no end.
    while verifier.head.seq < head.seq:
        page = await _page(reader, verifier.head.seq, head.seq)
        if not page:
            break
        await _take(reader, verifier, page, erasures, count)
    if (verifier.head.seq, verifier.head.hash) != (head.seq, head.hash):
        text = f"the last line is {verifier.head.seq}, and it should be {head.seq}"
        verifier.findings.append(Finding(head.seq, Fault.CUT_OFF, text))
    verifier.findings.extend(erasures.findings())
    verifier.findings.extend(await _unrecorded(reader, count))
    return Audit(
        verifier.finish(),
        verifier.head,
        verifier.newest_point,
        len(both),
        count.records,
        count.erased,
    )


async def _points(reader: Reader) -> list[Checkpoint]:
    found: list[Checkpoint] = []
    while True:
        after = found[-1].seq if found else 0
        page = await reader.all(queries.POINTS_AFTER, after=after, limit=PAGE)
        found.extend(page)
        if len(page) < PAGE:
            return found


async def _page(reader: Reader, after: int, until: int) -> list[Entry]:
    page = await reader.all(queries.LINES, after=after, limit=PAGE)
    return [entry for entry in page if entry.seq <= until]


async def _take(
    reader: Reader,
    verifier: Verifier,
    page: Sequence[Entry],
    erasures: _Erasures,
    count: _Count,
) -> None:
    found = await reader.all(queries.SALTS, after=page[0].seq - 1, until=page[-1].seq)
    salts = {salt.seq: salt for salt in found}
    known = await _records(reader, page, salts)
    for entry in page:
        verifier.take(entry)
        salt = salts.get(entry.seq)
        if salt is None:
            if entry.kind != EntryKind.CHECKPOINT:
                verifier.record(entry, there=False, opens=False)
        elif salt.erased_at:
            count.erased += 1
            count.erased_decisions += entry.kind in _OF_DECISIONS
            if finding := erasures.gone(salt):
                verifier.findings.append(finding)
        else:
            record = known.get(entry.seq, salt.said if entry.kind == EntryKind.ERASED else None)
            there = record is not None
            verifier.record(entry, there=there, opens=there and _same(salt, record or {}, entry))
            if entry.kind == EntryKind.ERASED:
                erasures.told(entry.seq, salt.said.get("salts"))
            count.records += 1


async def _records(
    reader: Reader, page: Sequence[Entry], salts: Mapping[int, Salt]
) -> dict[int, dict[str, Fact]]:
    """What the lines of a page were written for, as it stands now; by line."""
    opened = [(entry, salts[entry.seq]) for entry in page if entry.seq in salts]
    decided = [(entry, salt) for entry, salt in opened if entry.kind in _OF_DECISIONS]
    appealed = [(entry, salt) for entry, salt in opened if entry.kind in _OF_APPEALS]
    found: dict[int, dict[str, Fact]] = {}
    made = await decisions.by_ids(reader, [salt.ref_id for _, salt in decided])
    for entry, salt in decided:
        decision = made.get(salt.ref_id)
        if decision is not None:
            told = salt.said.get("root")
            root = str(told) if salt.partial else await records.root(reader, decision.id)
            found[entry.seq] = records.record_of(decision, root)
    said = await appeals.by_ids(reader, [salt.ref_id for _, salt in appealed])
    for entry, salt in appealed:
        appeal = said.get(salt.ref_id)
        if appeal is not None:
            found[entry.seq] = _OF_APPEALS[entry.kind](appeal)
    return found


def _same(salt: Salt, record: dict[str, Fact], entry: Entry) -> bool:
    try:
        return opens(salt.salt, record, entry.commitment)
    except TypeError:
        return False


async def _unrecorded(reader: Reader, count: _Count) -> list[Finding]:
    """What no line tells of: decisions, beyond those whose salts are erased, and appeals."""
    return [*await _decisions(reader, count), *await _appeals(reader)]


async def _appeals(reader: Reader) -> list[Finding]:
    found = await reader.all(queries.UNRECORDED_APPEALS, limit=_LISTED)
    if not found:
        return []
    many = f"at least {len(found)}" if len(found) == _LISTED else f"{len(found)}"
    some = ", ".join(map(str, found))
    text = f"{many} appeals, or their answers, stand in no line: {some}"
    return [Finding(0, Fault.UNRECORDED, text)]


async def _decisions(reader: Reader, count: _Count) -> list[Finding]:
    limit = count.erased_decisions + _LISTED
    found = await reader.all(queries.UNRECORDED, limit=limit)
    more = len(found) - count.erased_decisions
    if more <= 0:
        return []
    some = "" if count.erased_decisions else f": {', '.join(map(str, found))}"
    many = f"at least {more}" if more == _LISTED else f"{more}"
    return [Finding(0, Fault.UNRECORDED, f"{many} decisions stand in no line{some}")]
