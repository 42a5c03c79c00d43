"""Reading the journal back from every place: what is missing or damaged where."""

from collections.abc import Sequence
from typing import Final

import msgspec

from rostra.hosting.ark.verify import EVERYWHERE, Fault
from rostra.hosting.journal.chain import NOTHING, Known
from rostra.hosting.journal.listed import marks
from rostra.hosting.journal.part import Found, key_of, read, shown
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store

_NOTHING: Final = "is damaged, or not signed"


class Checked(msgspec.Struct, frozen=True):
    """What was read back.

    Attributes:
        parts: of the journal, wherever they stand.
        notes: in them.
        last: the newest note.
        faults: what is wrong.
    """

    parts: int
    notes: int
    last: int
    faults: tuple[Fault, ...]


async def verify(stores: Sequence[Store], signer: str = "", *, known: Known = NOTHING) -> Checked:
    """Read all parts of the journal back from every place. Needs no key.

    Args:
        stores: the places; those that do not answer are named.
        signer: the public key that must have signed; empty: that of the newest part.
        known: how far the journal is known to have come.
    """
    faults: list[Fault] = []
    held: dict[str, dict[str, Found | None]] = {}
    for store in stores:
        try:
            held[store.name] = await _held(store)
        except PlaceFailed as error:
            faults.append(Fault(store.name, error.why))
    good = {
        mark: found for there in held.values() for mark, found in there.items() if found is not None
    }
    signer = signer or (good[max(good)].part.key if good else "")
    good = {mark: found for mark, found in good.items() if found.part.key == signer}
    for place, there in held.items():
        faults += _at(place, there, good, signer)
    faults += _in_all(good, known)
    return Checked(
        parts=len(good),
        notes=sum(found.part.last - found.part.first + 1 for found in good.values()),
        last=max((found.part.last for found in good.values()), default=0),
        faults=tuple(faults),
    )


async def _held(store: Store) -> dict[str, Found | None]:
    found: dict[str, Found | None] = {}
    for mark in await marks(store):
        stored = await store.read(key_of(mark))
        found[mark] = None if stored is None else read(stored.content, mark)
    return found


def _at(
    place: str, there: dict[str, Found | None], good: dict[str, Found], signer: str
) -> list[Fault]:
    """What is wrong at one place."""
    faults = []
    for mark, found in there.items():
        named = f"part {shown(mark)} of the journal"
        if found is None:
            faults.append(Fault(place, f"{named} {_NOTHING}"))
        elif found.part.key != signer:
            faults.append(Fault(place, f"{named} is signed by another key"))
        elif found.hash != good[mark].hash:
            faults.append(Fault(place, f"{named} is another one than elsewhere"))
    faults += [
        Fault(place, f"part {shown(mark)} of the journal is missing")
        for mark in sorted(set(good) - set(there))
    ]
    return faults


def _in_all(good: dict[str, Found], known: Known) -> list[Fault]:
    """What is wrong with the journal as all places together have it."""
    faults = []
    oldest = min(good, default="")
    for mark, found in sorted(good.items()):
        before = good.get(found.part.before)
        if mark != oldest and found.part.before and before is None:
            missing = f"part {shown(found.part.before)} of the journal is missing"
            faults.append(Fault(EVERYWHERE, f"{missing}, which part {shown(mark)} follows"))
        elif before is not None and before.hash != found.part.previous:
            faults.append(Fault(EVERYWHERE, f"part {shown(mark)} of the journal follows another"))
    end = good[max(good)].part if good else None
    if known.is_more_than(end):
        ends = f"ends with entry {end.last:,}" if end else "is gone"
        lost = f"the journal {ends}, and had come to entry {known.last:,} once"
        faults.append(Fault(EVERYWHERE, lost))
    return faults
