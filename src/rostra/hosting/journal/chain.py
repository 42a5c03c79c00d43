"""The journal as the places hold it: every part checked, none left out unseen."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import msgspec

from rostra.hosting.ark.read import ArkError
from rostra.hosting.journal.listed import Parts, listed
from rostra.hosting.journal.part import Found, Part, epoch_of, first_of, shown
from rostra.hosting.places.port import Store


class Chain(msgspec.Struct, frozen=True):
    """The journal from some note on.

    Attributes:
        after: the note that it begins behind.
        parts: in order; none: there is no journal.
        aside: parts behind that note which are of no use: branches that nobody went on with.
        strange: what few places list and nobody has, a sentence each: it was left out.
    """

    after: int
    parts: tuple[Found, ...]
    aside: tuple[Found, ...]
    strange: tuple[str, ...] = ()

    @property
    def last(self) -> int:
        """The newest note."""
        return self.parts[-1].part.last if self.parts else 0


class Known(msgspec.Struct, frozen=True):
    """How far the journal is known to have come, from the newest copy.

    Attributes:
        last: the note.
        epoch: by which it was written; a journal that a later one goes on with may have left it.
    """

    last: int = 0
    epoch: int = 0

    def is_more_than(self, end: Part | None) -> bool:
        """Whether a journal that ends with this part (None: there is none) has lost its end."""
        return self.last > 0 if end is None else self.last > end.last and self.epoch >= end.epoch


NOTHING: Final = Known()


async def newest(stores: Sequence[Store], signer: str) -> Found | None:
    """The part that the journal ends with; None: there is none.

    Raises:
        ArkError: no place answers.
    """
    there = await listed(stores)
    parts = Parts(stores, signer, there)
    for mark in reversed(there.marks):
        found = await parts.one(mark)
        if found is not None:
            return found
    return None


async def chain(
    stores: Sequence[Store],
    signer: str,
    *,
    after: int = 0,
    epoch: int | None = None,
    known: Known = NOTHING,
) -> Chain:
    """The journal behind a note.

    Args:
        stores: the places.
        signer: the public key that must have signed.
        after: the note; the part that holds it may come along.
        epoch: by which that note was written; None: by the newest. What a host wrote when somebody
            else went on already is not in the journal, so it begins where they did.
        known: how far the journal is known to have come.

    Raises:
        ArkError: no place answers, or a part is missing or damaged everywhere: which one.
    """
    there = await listed(stores)
    parts = Parts(stores, signer, there)
    if epoch is not None:
        ahead = [mark for mark in there.marks if epoch_of(mark) > epoch]
        await parts.read(mark for mark in reversed(ahead) if there.is_rare(mark))
        later = [first_of(mark) for mark in ahead if mark not in parts.strange]
        after = min([after, *(first - 1 for first in later)])
    wanted = _behind(parts.marks(), after)
    while not parts.tried.issuperset(wanted):
        await parts.read(reversed(wanted))
        # What is strange may have stood before one that is needed.
        wanted = _behind(parts.marks(), after)
    found = {mark: parts.found[mark] for mark in wanted if mark in parts.found}
    lost = [mark for mark in wanted if mark not in found]
    way = _way(found, after)
    # What stands there and can't be read may be the very end.
    if lost and (not way or lost[-1] > way[-1].part.mark):
        names = ", ".join(there.by[lost[-1]])
        part = f"part {shown(lost[-1])} of the journal"
        raise ArkError(f"{part} is damaged at every place, or not shown; listed by {names}")
    end = found[max(found)].part if found else None
    if known.is_more_than(end):
        ends = f"ends with part {shown(end.mark)}" if end else "is gone"
        raise ArkError(f"the journal {ends}, and had come to entry {known.last:,} once")
    return Chain(after, tuple(way), _aside(found, way, after), parts.told())


def _behind(marks_: Sequence[str], after: int) -> list[str]:
    """Those of the marks, in order, whose parts can hold notes behind one."""
    behind = [
        mark
        for mark, following in pairwise(marks_)
        if epoch_of(mark) != epoch_of(following) or first_of(following) > after + 1
    ]
    return [*behind, *marks_[-1:]]


def _aside(found: dict[str, Found], way: Sequence[Found], after: int) -> tuple[Found, ...]:
    """Parts behind a note that are not on the way."""
    on_it = {each.part.mark for each in way}
    return tuple(
        each
        for each in found.values()
        if each.part.mark not in on_it and each.part.last > after and way
    )


def _way(found: dict[str, Found], after: int) -> list[Found]:
    """From the newest part back to the one that follows a note; in order."""
    if not found:
        return []
    at = found[max(found)]
    way = [at]
    while at.part.first > after + 1 and at.part.before:
        before = found.get(at.part.before)
        if before is None or before.hash != at.part.previous:
            why = "is missing or damaged" if before is None else "is another than was followed"
            raise ArkError(f"part {shown(at.part.before)} of the journal {why} at every place")
        at = before
        way.append(at)
    return [each for each in reversed(way) if each.part.last > after]
