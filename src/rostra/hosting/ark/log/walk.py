"""The records behind a copy, in their order, each checked; and why there are no more of them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Final

import msgspec

from rostra.hosting.ark.log.lines import enough_of
from rostra.hosting.ark.log.records import (
    RECORDS,
    Kept,
    Record,
    read,
    record_at,
    record_key,
)
from rostra.hosting.ark.manifest import LogPoint, shown
from rostra.hosting.ark.order import in_order
from rostra.hosting.places import reach
from rostra.hosting.places.listing import Listing
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store
from rostra.hosting.places.together import NO_ANSWER, together

_NEXT: Final = 1 << 32
_DEADLINE_S: Final = 5.0  # of one request, in a hurry; else a place has its own


class Hole(msgspec.Struct, frozen=True):
    """The log does not go on as it should; the text names what is missing or wrong, and where."""

    what: str


class Step(msgspec.Struct, frozen=True):
    """A record that goes on from the one before.

    Attributes:
        kept: it.
        counts: whether the copy has not got all of it.
    """

    kept: Kept
    counts: bool


async def walk(
    stores: Sequence[Store], point: LogPoint, signer: str, *, hurry: bool = False
) -> AsyncIterator[Step | Hole]:
    """The records of the run that a copy stands in, from the last one that it holds on.

    A hole ends them: something is missing, or may be, because too many places can't be asked. That
    another run has begun since is told as a hole: what stands in it goes on from another copy.

    Args:
        stores: the places; each record is taken from the first that has it unharmed.
        point: where the copy stands.
        signer: the public key that must have signed.
        hurry: a place that hangs is not waited for, once the others can show all that counted.
    """
    places = _Places(stores, hurry=hurry)
    marks, faults = await places.marks(point.after or point.run)
    before: Kept | None = None
    counts = False

    async def given() -> AsyncIterator[str]:
        for mark in marks:
            yield mark

    async def one(mark: str) -> tuple[str, Kept | str]:
        return mark, await places.record(mark, signer)

    async for mark, found in in_order(given(), one):
        first = isinstance(found, Kept) and not counts and _begins(found.record, point)
        fault = _fault(mark, found, point, before, first=first)
        if fault or isinstance(found, str):
            yield Hole("; ".join([fault, *faults]))
            return
        counts = counts or first
        yield Step(found, counts)
        before = found
    if point.after and before is None:
        yield Hole("; ".join([f"record {shown(point.after)} is missing", *faults]))
    elif faults and len(faults) >= enough_of(len(stores)):
        # What counted may stand at these alone.
        yield Hole("; ".join(["there may be more", *faults]))


class _Places:
    """The places of one walk."""

    def __init__(self, stores: Sequence[Store], *, hurry: bool) -> None:
        self._stores = tuple(stores)
        self._hurry = hurry

    async def marks(self, since: str) -> tuple[list[str], list[str]]:
        """The marks from one on at all places together, in order; what went wrong."""
        found: set[str] = set()

        async def of(store: Store) -> bool:
            """Add those at a place; what it has shown before it failed is used as well."""
            after = record_key(since)
            async with self._in_time():
                if await store.read(after) is not None:
                    found.add(since)
            listing = Listing(store, RECORDS, after=after)
            while True:
                async with self._in_time():
                    page = await listing.page()
                if not page:
                    return True
                found.update(mark for key in page if (mark := record_at(key)) is not None)

        def enough(answers: Sequence[bool]) -> bool:
            """Whether what counted can't stand at the others alone."""
            return self._hurry and len(self._stores) - len(answers) < enough_of(len(self._stores))

        faults = []
        answers = await together(self._stores, of, enough)
        for store, answer in zip(self._stores, answers, strict=True):
            if isinstance(answer, PlaceFailed):
                reach.failed(store)
                faults.append(f"{store.name} can't be asked: {answer.why}")
        return sorted(found), faults

    async def record(self, mark: str, signer: str) -> Kept | str:
        """A record from the first place that has it unharmed, or what is wrong everywhere."""
        why = []
        for store in reach.likely_first(self._stores):
            try:
                async with self._in_time():
                    stored = await store.read(record_key(mark))
            except (PlaceFailed, TimeoutError) as error:
                reach.failed(store)
                told = error.why if isinstance(error, PlaceFailed) else NO_ANSWER
                why.append(f"{store.name}: {told}")
                continue
            found = None if stored is None else read(stored.content, mark)
            if stored is None:
                why.append(f"{store.name}: it is missing")
            elif found is None:
                why.append(f"{store.name}: it is damaged")
            elif found.record.key != signer:
                why.append(f"{store.name}: it is signed by another key")
            else:
                return found
        return "; ".join(why)

    def _in_time(self) -> contextlib.AbstractAsyncContextManager[object]:
        return asyncio.timeout(_DEADLINE_S if self._hurry else None)


def _fault(
    mark: str, found: Kept | str, point: LogPoint, before: Kept | None, *, first: bool
) -> str:
    """Why a record does not go on from what was there; empty: it does.

    Args:
        mark: of it.
        found: it, or why it can't be had.
        point: where the copy stands.
        before: the record before.
        first: it is the first that has something which the copy has not.
    """
    missing = _missing(before, point, mark)
    if isinstance(found, str):
        return missing or f"record {shown(mark)} can't be had: {found}"
    record, another = found.record, f"from record {shown(mark)} on it goes on from another copy"
    if record.run != point.run:
        return f"{missing}; {another}" if missing else another
    if missing:
        return missing
    if before is not None and record.previous != before.hash:
        return f"record {shown(mark)} follows another one than {shown(before.record.mark)}"
    if first and record.after > (point.frame if record.salt == point.salt else 0):
        return f"what was written between the copy and that is missing: {another}"
    return ""


def _missing(before: Kept | None, point: LogPoint, mark: str) -> str:
    """What should stand before this record, and does not; empty: nothing."""
    wanted = before.record.mark if before is not None else point.after or point.run
    epoch, number = wanted.split("-")
    next_number = int(number) + (before is not None)
    if mark.startswith(f"{epoch}-") and int(mark.rpartition("-")[2]) > next_number:
        return f"record {int(epoch)}-{next_number} is missing"
    return ""


def _begins(record: Record, point: LogPoint) -> bool:
    """Whether a record has something that was written after the copy was made."""
    if record.salt == point.salt:
        return record.to > point.frame
    # The next run of SQLite's own log: its first salt is counted up. Those before it are older.
    return int(record.salt[:8], 16) == (int(point.salt[:8], 16) + 1) % _NEXT
