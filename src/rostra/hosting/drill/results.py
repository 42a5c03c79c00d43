"""Where results of drills stay: the last one here, the last hundred at every place."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from rostra.hosting.ark.keys import FOLDER
from rostra.hosting.drill.model import RESULTS, Result, Signed, result_key
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store
from rostra.hosting.signed import UNREADABLE
from rostra.kernel.clock import HOUR

LAST: Final = "drill.json"
KEPT: Final = 100


class Last(msgspec.Struct, frozen=True, kw_only=True):
    """The last drill as this host knows of it.

    Attributes:
        begun_at: UTC ms; 0: there was none.
        signed: its result; None: it ended without one.
        stored: the places that have it.
        failed: the others, and why.
        why: it ended without a result; empty: it did not.
    """

    begun_at: int = 0
    signed: Signed | None = None
    stored: tuple[str, ...] = ()
    failed: dict[str, str] = {}
    why: str = ""

    @property
    def result(self) -> Result | None:
        """What was found, as it is kept here; None: nothing is."""
        if self.signed is None:
            return None
        try:
            return msgspec.json.decode(self.signed.body, type=Result)
        except UNREADABLE:
            return None


class Standing(msgspec.Struct, frozen=True):
    """How the last drill stands to somebody who looks now.

    Attributes:
        good: it was green, is new enough, and the places have its result.
        text: a sentence without a full stop.
    """

    good: bool
    text: str


def last(data_dir: Path) -> Last:
    """What is known of the last drill."""
    try:
        return msgspec.json.decode((data_dir / FOLDER / LAST).read_bytes(), type=Last)
    except (OSError, msgspec.MsgspecError):
        return Last()


def remember(data_dir: Path, known: Last) -> None:
    """Keep what is known of the last drill; raises OSError where that can't be."""
    path = data_dir / FOLDER / LAST
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_suffix(".new")
    new.write_bytes(msgspec.json.encode(known))
    new.replace(path)


def standing(data_dir: Path, now: int, hours: int) -> Standing:
    """How the last drill stands.

    Args:
        data_dir: of the host.
        now: UTC ms.
        hours: between two drills; 0: nobody knows.
    """
    known = last(data_dir)
    if not known.begun_at:
        return Standing(False, "there was no drill yet: whether a copy works is not known")
    age = (now - known.begun_at) / HOUR
    result = known.result
    if result is None:
        return Standing(False, f"red, {age:.1f} h ago: {known.why or 'its result is lost'}")
    if not result.green:
        first = result.faults[0] if result.faults else None
        what = f"{first.place}: {first.what}" if first else "not all was verified"
        return Standing(False, f"red, {age:.1f} h ago, {len(result.faults)} things: {what}")
    text = (
        f"green, {age:.1f} h ago: {result.rpo / HOUR:.1f} h would have been lost, "
        f"first answer after {result.rto / 1_000:.1f} s"
    )
    if known.failed:
        return Standing(False, f"{text}; {', '.join(known.failed)} did not take the result")
    if hours and age > 2 * hours:
        return Standing(False, f"{text}; the next one is late")
    return Standing(True, text)


async def store(stores: Sequence[Store], signed: Signed, begun_at: int) -> dict[str, str]:
    """Store a result at places, and remove the oldest beyond a hundred; the faults by place."""
    content, failed = msgspec.json.encode(signed), {}
    for each in stores:
        try:
            if not await each.create(result_key(begun_at), content):
                failed[each.name] = "another result stands there"
            old = await each.keys(RESULTS)
            for key in old[:-KEPT]:
                await each.delete(key)
        except PlaceFailed as error:
            failed[each.name] = error.why
    return failed
